"""Who in the device uses the serial port: the application, or in listening mode the console."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from particle_cli.simulators.firmware.application import Step
from particle_cli.simulators.firmware.boot import BootRequest, Mode
from particle_cli.simulators.hardware.flash_driver import PowerCut
from particle_cli.simulators.serial_console.board import Board
from particle_cli.simulators.serial_console.console import Console
from particle_cli.simulators.serial_console.file_transfer import WITHOUT_YMODEM
from particle_cli.simulators.serial_console.program import ApplicationProgram
from particle_cli.simulators.system.bootloader_side import BootloaderSide
from particle_cli.simulators.system.system_version import system_version
from particle_cli.simulators.usb.serial_end import SerialEnd

DFU_BAUD_RATE: Final = 14400
LISTENING_BAUD_RATE: Final = 28800
"""For a file transfer that was to follow, as long as Device OS had YMODEM."""
_TOUCH_MS: Final = 20.0  # until the system thread comes to it


class SerialSide:
    """The firmware's side of the serial port, from the first use of the port to the end of the device.

    Attributes:
        end: the port.
    """

    def __init__(self, board: Board) -> None:
        """Serve the port of a device, whatever it is doing."""
        self._board = board
        self._console: Console | None = None
        self._program: ApplicationProgram | None = None
        self.end = SerialEnd(board.agenda, self)
        self.mode_changed()

    @property
    def console_busy(self) -> bool:
        """Whether a command of the console is being worked on, or waits for somebody to type."""
        return self._console is not None and self._console.busy

    # The device

    def mode_changed(self) -> None:
        """Let the application run in normal mode, and the console in listening mode."""
        mode = self._board.mode
        if mode is not Mode.LISTENING:
            self._end_console()
        if mode is Mode.NORMAL:
            if self._program is None:
                self._program = ApplicationProgram(self._board, self.end)
            self._program.run()
        elif self._program is not None:
            self._program.pause()

    def restarted(self) -> None:
        """Forget everything: the device resets or loses its power."""
        self._end_console()
        self._program = None
        self.end.shut()

    def cloud_reached(self) -> None:
        """Let an application go on that waits for the cloud."""
        if self._program is not None:
            self._program.cloud_reached()

    def perform(self, steps: Sequence[Step]) -> None:
        """Do what a handler of the application that runs does."""
        if self._program is not None:
            self._program.perform(steps)

    def _end_console(self) -> None:
        if self._console is not None:
            self._console.end()
            self._console = None

    # The port

    def received(self, data: bytes) -> None:
        """Hand bytes from the host to whoever reads now; where nobody does they are lost."""
        board = self._board
        if board.mode is Mode.NORMAL and board.serial_handler is not None:
            self.end.transmit(board.serial_handler(data))
        if board.mode is not Mode.LISTENING or BootloaderSide(board).protected:
            return
        if self._console is None:
            self._console = Console(board, self.end)
        try:
            self._console.feed(data)
        except PowerCut:
            board.lose_power()

    def opened(self) -> None:
        """Let an application go on that has nobody to talk to."""
        if self._program is not None:
            self._program.host_opened()

    def drained(self) -> None:
        """Let an application go on that has no room for its output."""
        if self._program is not None:
            self._program.host_fetched()

    def baud_rate_set(self, baud_rate: int) -> None:
        """Obey the two speeds that are commands."""
        board = self._board
        if not board.mode.runs_firmware:
            return
        if baud_rate == DFU_BAUD_RATE:
            board.agenda.set("reset", _TOUCH_MS, lambda: board.reset(BootRequest.DFU))
        elif baud_rate == LISTENING_BAUD_RATE and system_version(board) < WITHOUT_YMODEM:
            board.listen(True)
