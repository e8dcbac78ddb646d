"""A result that comes piece by piece: text for people, one JSON document a line for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.result import Plain
    from particle_cli.ports.person import Person


class Stream:
    """Where a command that follows something puts what comes; it then returns a `Streamed`.

    Each piece is given in both forms, by `text` and by `record`; the one that was asked for is printed, at
    once. Both return False once nobody reads any more (`particle serial monitor | head`): the command may
    end, and has ended well.
    """

    def __init__(self, person: Person, *, json: bool) -> None:
        """Keep whom to give it to, and in which form."""
        self._person = person
        self._json = json

    def text(self, piece: str, *, raw: bool = False) -> bool:
        """Give a piece of text, with its own line ends; `raw` lets control characters reach a terminal."""
        return True if self._json else self._person.pour(piece, raw=raw)

    def record(self, value: Plain) -> bool:
        """Give a value, as a line of its own."""
        if not self._json:
            return True
        line = json.dumps(value, ensure_ascii=False)
        return self._person.pour(line.encode("utf-8", "backslashreplace").decode() + "\n")
