"""Baud rates that mean something to a device: it need not be listening, nor anything be sent."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from particle_cli.ports.clock import Clock
from particle_cli.ports.serial import Serial

_NOTICED_S: Final = 1.0


class SpecialRate(IntEnum):
    """A rate at which opening a port is a command (Device OS system_update.cpp, module-defaults.mk)."""

    DFU = 14400
    """Restart into DFU mode; an application may have chosen another rate for it."""
    LISTEN = 28800
    """Enter listening mode; Device OS up to 5.9, later ones take no notice."""


async def touch(serial: Serial, clock: Clock, path: str, rate: SpecialRate) -> None:
    """Open a port at a special rate, close it, and give the device the time to act on it.

    What came of it the bus tells: the device does not answer.

    Raises: SerialGone (no such port), SerialBusy, SerialAccessDenied.
    """
    line = await serial.open(path, baud_rate=rate)
    await line.close()
    await clock.sleep(_NOTICED_S)
