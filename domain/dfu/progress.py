"""How far the work on a device's memory has come."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from attrs import evolve, frozen


class Phase(Enum):
    """What is being done."""

    ERASE = "erase"
    WRITE = "write"
    READ = "read"


@frozen
class Progress:
    """How much of one phase is done.

    Attributes:
        phase: what is being done.
        done, total: bytes; every phase begins with 0 and ends with its total.
    """

    phase: Phase
    done: int
    total: int


Listener = Callable[[Progress], None]
"""Is told the progress each time it has changed, and once at the beginning of each phase."""


class Meter:
    """Counts one phase for a listener."""

    def __init__(self, listener: Listener | None, phase: Phase, total: int) -> None:
        """Announce the total."""
        self._listener = listener
        self._progress = Progress(phase, 0, total)
        self.add(0)

    def add(self, amount: int) -> None:
        """Tell that so many more bytes are done."""
        self._progress = evolve(self._progress, done=self._progress.done + amount)
        if self._listener:
            self._listener(self._progress)
