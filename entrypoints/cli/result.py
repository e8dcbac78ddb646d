"""What a command hands back: one result with two faces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from particle_cli.ports.errors import ParticleError

Plain = None | bool | int | float | str | Sequence["Plain"] | Mapping[str, "Plain"]
"""What JSON can say."""


def error_data(error: ParticleError) -> dict[str, Plain]:
    """Return an error as programs are told of it."""
    return {"code": error.code, "message": error.message, "hint": error.next_step}


class Result:
    """The outcome of a command, as text for people and as data for programs.

    Commands subclass it, or return a `Told`. Lines that were given through `Person.say` while the command
    ran stand before the text and have no part in the data.

    Attributes:
        failed: the command did all it could and yet has to end with exit code 1.
        errors: what went wrong with some of several things, told after the text; it failed if there are any.
            The data must hold them too.
        meta: what `--json` tells beside the data, such as which page of a list this is.
        streamed: all of it was given on the way, and nothing is left to print, not even with `--json`.
    """

    streamed: bool = False
    meta: Mapping[str, Plain] = {}
    failed: bool = False
    errors: Sequence[ParticleError] = ()

    def text(self, width: int) -> str:
        """Return what to print, without a final newline, for lines of that width; "" for nothing."""
        raise NotImplementedError

    def data(self) -> Plain:
        """Return the value for `--json`."""
        raise NotImplementedError


class Told(Result):
    """A result made of a text and a value that are at hand."""

    def __init__(self, text: str, data: Plain, *, failed: bool = False) -> None:
        """Keep the two faces."""
        self._text = text
        self._data = data
        self.failed = failed

    def text(self, width: int) -> str:
        """Return the text, whatever the width."""
        return self._text

    def data(self) -> Plain:
        """Return the value."""
        return self._data


class Streamed(Result):
    """A result that was given piece by piece, through a `Stream`."""

    streamed = True

    def text(self, width: int) -> str:
        """Return nothing."""
        return ""

    def data(self) -> Plain:
        """Return nothing."""
        return None
