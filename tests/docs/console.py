"""The console transcripts of a page: commands, and what the page says that they print."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from attrs import frozen

from particle_cli.entrypoints.cli.main import main

PAGES = Path(__file__).parent.parent.parent / "docs"
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@frozen
class Typed:
    """A command line without its `particle`, and what is to come of it on the terminal."""

    line: str
    output: str


def transcripts(page: str) -> Iterator[Typed]:
    """Yield the commands of a page in docs/, in order."""
    for block in _BLOCK.findall((PAGES / page).read_text(encoding="utf-8")):
        for part in re.split(r"^\$ particle ", block, flags=re.MULTILINE)[1:]:
            line, _, output = part.partition("\n")
            yield Typed(line, output)


def block_of(page: str, language: str) -> str:
    """Return the first block of a page in that language."""
    text = (PAGES / page).read_text(encoding="utf-8")
    found = re.search(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert found, f"{page} has no {language}"
    return found[1]


def run(line: str) -> str:
    """Run a command line in this process; return what a terminal would show, stdout and stderr mixed."""
    shown = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with redirect_stdout(shown), redirect_stderr(shown):
        main(shlex.split(line))
    shown.seek(0)
    return shown.read()
