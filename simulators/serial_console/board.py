"""The device as those see it who use its serial port."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from particle_cli.simulators.system.events import Events, Publisher


class Board(Publisher, Protocol):
    """A device with an application, which may write to the serial port and read from it."""

    @property
    def events(self) -> Events:
        """What it publishes, and is told of."""
        ...

    def lose_power(self) -> None:
        """Stop at once, in the middle of whatever is being done."""
        ...

    @property
    def serial_handler(self) -> Callable[[bytes], bytes] | None:
        """Python code in the place of an application that reads: takes what came, returns its answer."""
        ...
