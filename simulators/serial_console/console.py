"""The console of listening mode: one key, one command.

There is neither prompt nor echo for commands, and keys that are none are passed over in silence. While a
dialogue waits for its answer, nothing else is read.
"""

from __future__ import annotations

from typing import Final

from particle_cli.simulators.serial_console.commands import ANSWERS, DIALOGUES
from particle_cli.simulators.serial_console.terminal import Program, Terminal
from particle_cli.simulators.system.system import System
from particle_cli.simulators.usb.serial_end import SerialEnd

_ALARM: Final = "serial console"


class Console:
    """The console of one device, from entering listening mode to leaving it.

    Attributes:
        busy: whether a command is being worked on, or waits for input.
    """

    def __init__(self, system: System, end: SerialEnd) -> None:
        """Begin to wait for a key."""
        self._system = system
        self._terminal = Terminal(end.transmit)
        self._pausing = False
        self._over = False
        self.busy = False
        self._program = self._serve()
        next(self._program)

    def feed(self, data: bytes) -> None:
        """Take what a host has sent."""
        self._terminal.received += data
        self._go_on()

    def end(self) -> None:
        """Stop: the device leaves listening mode."""
        self._over = True
        self._system.agenda.cancel(_ALARM)

    def _go_on(self) -> None:
        received = self._terminal.received
        while received and not self._pausing and not self._over:
            self._step(received.popleft())

    def _step(self, byte: int) -> None:
        """Let the program run until it waits again."""
        pause_ms = self._program.send(byte)
        if pause_ms is not None and not self._over:
            self._pausing = True
            self._system.agenda.set(_ALARM, pause_ms, self._resume)

    def _resume(self) -> None:
        self._pausing = False
        self._step(0)
        self._go_on()

    def _serve(self) -> Program[None]:
        system, terminal = self._system, self._terminal
        while True:
            self.busy = False
            key = yield None
            self.busy = True
            if answer := ANSWERS.get(key):
                terminal.print(answer(system))
            elif dialogue := DIALOGUES.get(key):
                yield from dialogue(system, terminal)
