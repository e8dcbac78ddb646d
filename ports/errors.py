"""The root of the one tree of errors that a person can meet."""

from __future__ import annotations

from typing import ClassVar


class ParticleError(Exception):
    """Something that went wrong and can be told to a person.

    Attributes:
        message: what happened, naming the device or file.
        next_step: what to do about it, or None where nothing sensible can be said.
        code: a stable machine code in snake_case; each class has its own.
    """

    code: ClassVar[str] = "failed"

    def __init__(self, message: str, *, next_step: str | None = None) -> None:
        """Keep the message and the next step."""
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    @property
    def in_one_line(self) -> str:
        """The message, and the next step if there is one."""
        return " ".join(filter(None, (self.message, self.next_step)))


class WireError(ParticleError):
    """A wire failed: the far end refused, stayed silent, went away or is not to be had."""

    code = "wire"


class UsageError(ParticleError):
    """The words given make no sense; ends with exit code 2."""

    code = "usage"
