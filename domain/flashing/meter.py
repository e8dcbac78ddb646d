"""Progress of a whole flash on one scale: the estimated milliseconds of its plan."""

from __future__ import annotations

from particle_cli.domain.control.firmware_update import UpdatePhase, UpdateProgress
from particle_cli.domain.dfu.progress import Progress as MemoryProgress
from particle_cli.domain.flashing.steps import Step
from particle_cli.ports.person import Progress


class StepMeter:
    """Moves the bar by one step's share, as its bytes come along, and never beyond."""

    def __init__(self, bar: Progress, step: Step) -> None:
        """Take the step's share of a bar that counts estimated milliseconds."""
        self._bar = bar
        self._left = float(step.estimate_ms)
        self._per_byte = 0.0
        self._done = 0

    def expect(self, total: int) -> None:
        """Learn how many bytes will be reported, over all phases."""
        self._per_byte = self._left / total if total else 0.0

    def label(self, text: str) -> None:
        """Say what is being done now."""
        self._bar.label(text)

    def listen(self, progress: MemoryProgress) -> None:
        """Take in how far one phase of work on a memory has come."""
        self._take(progress.done)

    def listen_update(self, progress: UpdateProgress) -> None:
        """Take in how far an update has come; sending is what takes time."""
        if progress.phase is UpdatePhase.SEND:
            self._take(progress.done)

    def finish(self) -> None:
        """Move to the end of the step."""
        self._bar.advance(self._left)
        self._left = 0.0

    def _take(self, done: int) -> None:
        """Move by what is done of a phase; each begins with 0."""
        if not done:
            self._done = 0
        moved = min((done - self._done) * self._per_byte, self._left)
        self._done = done
        self._left -= moved
        self._bar.advance(moved)
