"""Who in the device uses the serial port: the application, or in listening mode the console."""

from __future__ import annotations

from typing import Final

from particle_cli.simulators.firmware.boot import BootRequest, Mode
from particle_cli.simulators.serial_console.board import Board
from particle_cli.simulators.system.system_version import system_version
from particle_cli.simulators.usb.serial_end import SerialEnd

DFU_BAUD_RATE: Final = 14400
LISTENING_BAUD_RATE: Final = 28800
_TOUCH_MS: Final = 20.0  # until the system thread comes to it
_WITHOUT_YMODEM: Final = 6000
"""The version of Device OS (6.0.0) from which on 28800 bit/s mean nothing."""


class SerialSide:
    """The firmware's side of the serial port, from the first use of the port to the end of the device.

    Attributes:
        end: the port.
    """

    def __init__(self, board: Board) -> None:
        """Serve a device's port; nobody listens yet."""
        self._board = board
        self.end = SerialEnd(board.agenda, self)

    def received(self, data: bytes) -> None:
        """Hand bytes from the host to whoever reads now."""
        if self._board.mode is Mode.NORMAL and self._board.serial_handler is not None:
            self.end.transmit(self._board.serial_handler(data))

    def opened(self) -> None:
        """Do nothing: nobody waits for the host."""

    def drained(self) -> None:
        """Do nothing: nobody waits for room."""

    def baud_rate_set(self, baud_rate: int) -> None:
        """Obey the two speeds that are commands."""
        board = self._board
        if not board.mode.runs_firmware:
            return
        if baud_rate == DFU_BAUD_RATE:
            board.agenda.set("reset", _TOUCH_MS, lambda: board.reset(BootRequest.DFU))
        elif baud_rate == LISTENING_BAUD_RATE and system_version(board) < _WITHOUT_YMODEM:
            board.listen(True)

    def restarted(self) -> None:
        """Forget everything: the device resets or loses its power."""
        self.end.shut()
