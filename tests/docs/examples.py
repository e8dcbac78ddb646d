"""The examples of a page: the code, and what the page says that it prints."""

from __future__ import annotations

import re
from pathlib import Path

from attrs import frozen

PAGES = Path(__file__).parent.parent.parent / "docs"
_EXAMPLE = re.compile(r"^## (.*?)\n.*?```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL | re.MULTILINE)


@frozen
class Example:
    """An example below a heading, with its output."""

    title: str
    source: str
    output: str


def examples(page: str) -> tuple[Example, ...]:
    """Return the examples of a page in docs/, those whose output it tells."""
    text = (PAGES / page).read_text(encoding="utf-8")
    return tuple(Example(*found.groups()) for found in _EXAMPLE.finditer(text))


def run(example: Example) -> None:
    """Run an example as a program of its own."""
    exec(compile(example.source, example.title, "exec"), {"__name__": "__main__"})
