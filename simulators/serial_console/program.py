"""An application while it runs, as serial port and cloud show it: `setup()` once, then `loop()` for ever.

A loop that only prints turns while a host listens, and stands still otherwise: its output would be lost. One
that publishes turns always. Nobody has to wait for an application that never ends.

Not modelled: threads. In listening mode the application stands still, and where it is to publish something,
until the device is connected to the cloud.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from particle_cli.simulators.firmware.application import Action, Step
from particle_cli.simulators.serial_console.board import Board
from particle_cli.simulators.usb.serial_end import SerialEnd

TURN_MS: Final = 1.0
"""What the system does between two turns of the loop."""
_ALARM: Final = "application"


class ApplicationProgram:
    """The steps of one application from its start to the next reset; the session knows where it stands."""

    def __init__(self, board: Board, end: SerialEnd) -> None:
        """Get ready to run; `end` takes what is printed."""
        manifest = board.runtime.manifest
        self._board = board
        self._end = end
        self._steps = (*manifest.setup, *manifest.loop)
        self._loop_at = len(manifest.setup)
        self._loop_publishes = any(step.action.publishes for step in manifest.loop)
        self._awaits_cloud = False
        self._awaits_host = False
        self._has_awaited_host = False
        self._awaits_room = False

    @property
    def _at(self) -> int:
        """Number of the step that comes next, those of setup() first."""
        return self._board.session.step

    def run(self) -> None:
        """Go on, a moment later, from where it stands."""
        if self._at < len(self._steps):
            self._go_on_after(TURN_MS)

    def pause(self) -> None:
        """Stand still until `run`."""
        self._board.agenda.cancel(_ALARM)
        self._awaits_host = self._has_awaited_host = self._awaits_room = self._awaits_cloud = False

    def cloud_reached(self) -> None:
        """Go on if it has stood still because the device was not connected."""
        if self._awaits_cloud:
            self.run()

    def perform(self, steps: Sequence[Step]) -> None:
        """Do at once what a handler of events does; it does not wait."""
        for step in steps:
            self._take(step)

    def host_opened(self) -> None:
        """Go on if it has stood still because nobody listened."""
        if self._awaits_host:
            self.run()

    def host_fetched(self) -> None:
        """Go on if it has stood still because there was no room for its output."""
        if self._awaits_room:
            self.run()

    def _go_on_after(self, ms: float) -> None:
        self._board.agenda.set(_ALARM, ms, self._go_on, background=True)

    def _go_on(self) -> None:
        """Run to the next step that takes time."""
        self._awaits_host = self._awaits_room = self._awaits_cloud = False
        while self._at < len(self._steps):
            if self._end.congested:
                self._awaits_room = True
                return
            if self._at >= self._loop_at and not (self._end.is_open or self._loop_publishes):
                self._awaits_host = True
                return
            step = self._steps[self._at]
            if step.action.publishes and not self._board.connection.online:
                self._awaits_cloud = True
                return
            if step.action is Action.AWAIT_HOST and self._has_to_await_host(step):
                return
            waits_ms = self._take(step) + self._advance()
            if waits_ms:
                self._go_on_after(waits_ms)
                return

    def _advance(self) -> float:
        """Move to the next step; return how long that takes, in ms."""
        self._board.session.step += 1
        if self._at < len(self._steps) or self._loop_at == len(self._steps):
            return 0.0
        self._board.session.step = self._loop_at
        return TURN_MS

    def _has_to_await_host(self, step: Step) -> bool:
        """Begin to wait for a host, unless one is there or has been waited for long enough."""
        if self._end.is_open or self._has_awaited_host:
            self._has_awaited_host = False
            return False
        self._awaits_host = self._has_awaited_host = True
        longest_ms = float(step.value)
        if longest_ms >= 0:
            self._go_on_after(longest_ms)
        return True

    def _take(self, step: Step) -> float:
        """Do a step; return for how long it keeps the program waiting, in ms."""
        if step.action is Action.DELAY:
            return float(step.value)
        if step.action.publishes:
            publicly = step.action is Action.PUBLISH_PUBLICLY
            self._board.events.publish(str(step.value), step.data, publicly=publicly)
        elif step.action is not Action.AWAIT_HOST:
            text = self._logged(step) if step.action.logs else str(step.value)
            self._end.transmit(text.encode())
        return 0.0

    def _logged(self, step: Step) -> str:
        """Return a message as a SerialLogHandler prints it (Device OS spark_wiring_logging.cpp)."""
        now_ms = int(self._board.uptime_s * 1000)
        return f"{now_ms:010d} [app] {step.action.name}: {step.value}\r\n"
