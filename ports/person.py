"""The person at the terminal, or nobody."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from particle_cli.ports.errors import ParticleError, UsageError


class NobodyThere(UsageError):
    """A question would have to be asked, and there is nobody to answer it."""

    code = "nobody_there"


class NotConfirmed(ParticleError):
    """The person was asked, and said no."""

    code = "not_confirmed"


class Progress(Protocol):
    """Progress of one piece of work that takes a while."""

    def label(self, text: str) -> None:
        """Say what is being done now."""
        ...

    def advance(self, amount: float) -> None:
        """Add to what is done, in the unit of the total."""
        ...


class Person(Protocol):
    """Tells and asks. Each question names the flag that answers it where nobody is there."""

    @property
    def present(self) -> bool:
        """Whether questions can be asked."""
        ...

    def say(self, text: str) -> None:
        """Give a line of the result, as soon as it is known."""
        ...

    def pour(self, text: str, *, raw: bool = False) -> bool:
        """Give a piece of a result that comes as a stream, with no line end added.

        Args:
            text: the piece, in the form that was asked for; lone surrogates stand for bytes that are no text
                (as `surrogateescape` decodes them).
            raw: whether control characters reach even a terminal.

        Returns: False once nobody reads any more: the stream may end, and has ended well.
        """
        ...

    def note(self, text: str) -> None:
        """Tell what is going on; no part of the result."""
        ...

    def warn(self, text: str) -> None:
        """Tell what may be wrong without ending the work."""
        ...

    async def ask(self, question: str, *, flag: str, default: str | None = None) -> str:
        """Return a line typed; an empty one means the default. NobodyThere."""
        ...

    async def ask_secret(self, question: str, *, flag: str) -> str:
        """Return a line typed without echo. NobodyThere."""
        ...

    async def choose(self, question: str, choices: Sequence[str], *, flag: str) -> int:
        """Return the index of the choice taken. NobodyThere."""
        ...

    async def confirm(self, question: str, *, flag: str, default: bool) -> bool:
        """Return whether the answer is yes. NobodyThere."""
        ...

    def progress(self, label: str, total: float) -> AbstractContextManager[Progress]:
        """Show progress towards the total while the body of the `with` runs."""
        ...
