"""The device as those see it who use its serial port."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from particle_cli.simulators.system.system import System


class Board(System, Protocol):
    """A device with an application that may read its serial port."""

    @property
    def serial_handler(self) -> Callable[[bytes], bytes] | None:
        """Python code in the place of an application that reads: takes what came, returns its answer."""
        ...
