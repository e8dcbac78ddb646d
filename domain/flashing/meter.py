"""Progress of a whole flash on one scale: the estimated milliseconds of its plan."""

from __future__ import annotations

from particle_cli.domain.dfu.progress import Progress as MemoryProgress
from particle_cli.domain.flashing.steps import Step
from particle_cli.ports.person import Progress


class StepMeter:
    """Moves the bar by one step's share, as its bytes come along, and never beyond."""

    def __init__(self, bar: Progress, step: Step, expected_bytes: int = 0) -> None:
        """Take the step's share of the bar.

        Args:
            bar: counts estimated milliseconds.
            step: the step that begins.
            expected_bytes: the sum of all bytes that will be reported, over all phases.
        """
        self._bar = bar
        self._left = float(step.estimate_ms)
        self._per_byte = step.estimate_ms / expected_bytes if expected_bytes else 0.0
        self._done = 0

    def listen(self, progress: MemoryProgress) -> None:
        """Take in how far one phase has come; each begins with 0."""
        if progress.done <= self._done or not progress.done:
            self._done = 0
        self.add(progress.done - self._done)
        self._done = progress.done

    def add(self, amount: int) -> None:
        """Take in that so many more bytes are done."""
        moved = min(amount * self._per_byte, self._left)
        self._left -= moved
        self._bar.advance(moved)

    def finish(self) -> None:
        """Move to the end of the step."""
        self._bar.advance(self._left)
        self._left = 0.0
