"""Where everything a command leaves behind is printed: its result, or the error it ended in."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from particle_cli.entrypoints.cli.result import Plain, Result
    from particle_cli.ports.errors import ParticleError

META: Mapping[str, Plain] = {"version": "1.0.0"}
_USUAL_WIDTH = 80
_ESCAPED = {code: f"\\x{code:02x}" for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}
"""Control characters, which must not act on somebody's terminal: names and events come from strangers."""


class Output:
    """The two ways to print: text for people, one JSON document for programs.

    Attributes:
        json: whether the document was asked for.
    """

    def __init__(self, *, json: bool) -> None:
        """Choose the way."""
        self.json = json

    def result(self, result: Result) -> None:
        """Print a result on stdout."""
        if self.json:
            self._document({"meta": META, "data": result.data()})
            return
        text = result.text(_width(sys.stdout))
        if text:
            _write(sys.stdout, text)

    def text(self, text: str, name: str) -> None:
        """Print a text that is the result; in JSON, an object with the text under that name."""
        if self.json:
            self._document({"meta": META, "data": {name: text.rstrip("\n")}})
        else:
            _write(sys.stdout, text.rstrip("\n"))

    def error(self, error: ParticleError, *, reminder: str | None = None) -> None:
        """Print an error with its next step: on stderr, or as the JSON document on stdout.

        Args:
            error: what ended the command.
            reminder: how the command is used, shown to people only.
        """
        if self.json:
            told = {"code": error.code, "message": error.message, "hint": error.next_step}
            self._document({"meta": META, "error": told})
            return
        for text in (error.message, reminder, error.next_step):
            if text:
                _write(sys.stderr, text)

    def _document(self, document: Mapping[str, Plain]) -> None:
        _write(sys.stdout, json.dumps(document, indent=4, ensure_ascii=False))


def _write(stream: TextIO, text: str) -> None:
    """Write the text and a newline, harmless where the stream is a terminal."""
    if stream.isatty():
        text = text.translate(_ESCAPED)
    stream.write(f"{text}\n")
    stream.flush()


def _width(stream: TextIO) -> int:
    """Return the columns of a terminal, 80 for anything else (`shutil` would import bz2 and lzma)."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_WIDTH
    except (OSError, ValueError):
        return _USUAL_WIDTH


def close_quietly() -> None:
    """Give up a stdout whose reader has gone, so that nothing complains at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):  # captured: no descriptor to silence
        pass
    finally:
        os.close(nowhere)
