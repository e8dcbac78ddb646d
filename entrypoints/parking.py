"""Questions to a person, while others may use the embedded world."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

    from particle_cli.ports.person import Person, Progress


class ParkingPerson:
    """A person whose questions let others have the embedded world while they think."""

    def __init__(self, person: Person, parked: Callable[[], AbstractAsyncContextManager[None]]) -> None:
        """Keep the person, and what parks the world for the time of its body."""
        self._person = person
        self._parked = parked

    @property
    def present(self) -> bool:
        """Whether questions can be asked."""
        return self._person.present

    def say(self, text: str) -> None:
        """Give a line of the result."""
        self._person.say(text)

    def pour(self, text: str, *, raw: bool = False) -> bool:
        """Give a piece of a stream; False once nobody reads any more."""
        return self._person.pour(text, raw=raw)

    def note(self, text: str) -> None:
        """Tell what is going on."""
        self._person.note(text)

    def warn(self, text: str) -> None:
        """Tell what may be wrong."""
        self._person.warn(text)

    async def ask(self, question: str, *, flag: str, default: str | None = None) -> str:
        """Return a line typed. NobodyThere."""
        async with self._parked():
            return await self._person.ask(question, flag=flag, default=default)

    async def ask_secret(self, question: str, *, flag: str) -> str:
        """Return a line typed without echo. NobodyThere."""
        async with self._parked():
            return await self._person.ask_secret(question, flag=flag)

    async def choose(self, question: str, choices: Sequence[str], *, flag: str) -> int:
        """Return the index of the choice taken. NobodyThere."""
        async with self._parked():
            return await self._person.choose(question, choices, flag=flag)

    async def confirm(self, question: str, *, flag: str, default: bool) -> bool:
        """Return whether the answer is yes. NobodyThere."""
        async with self._parked():
            return await self._person.confirm(question, flag=flag, default=default)

    def progress(self, label: str, total: float) -> AbstractContextManager[Progress]:
        """Show progress."""
        return self._person.progress(label, total)
