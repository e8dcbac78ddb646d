"""The page for those who embed the domain: its example runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent.parent / "docs" / "embedding.md"
EXAMPLE, *OTHERS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_example_flashes_two_modules(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(EXAMPLE, str(PAGE), "exec"), {"__name__": "example"})
    out, err = capsys.readouterr()
    assert "'system part 1', 'application'" in out
    assert " normal " in out
    assert "digitalwrite" in out.lower()
    assert err == ""


def test_the_example_is_short() -> None:
    assert len([line for line in EXAMPLE.splitlines() if line]) < 30


@pytest.mark.parametrize("snippet", OTHERS)
def test_the_other_snippets_name_what_there_is(snippet: str) -> None:
    imports = [line for line in snippet.splitlines() if line.startswith("from ")]
    assert imports
    exec("\n".join(imports), {})
