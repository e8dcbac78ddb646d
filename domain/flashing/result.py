"""What came of a flash."""

from __future__ import annotations

from enum import Enum

from attrs import frozen

from particle_cli.domain.dfu.verification import Differs, NotVerified, Verified
from particle_cli.domain.flashing.plan import Plan
from particle_cli.domain.flashing.steps import Step


class ModeAfter(Enum):
    """What the device is doing once all is done."""

    NORMAL = "normal"
    LISTENING = "listening"
    SAFE = "safe"
    """Device OS runs, the application does not: something that it needs is missing."""
    DFU = "dfu"
    RUNNING = "running"
    """Device OS runs, and does not tell more."""


@frozen
class Unread:
    """Nothing was compared, because nobody wanted it."""


Check = Verified | NotVerified | Unread
"""Whether the device holds what was written to it."""


@frozen
class StepOutcome:
    """One step that was done.

    Attributes:
        step: the step.
        started_ms: when it began, in ms since the flash did.
        duration_ms: how long it took.
        check: for what was written or sent, whether it was found there; None for a change of mode.
        skipped: why there was nothing to do, or None.
    """

    step: Step
    started_ms: int
    duration_ms: int
    check: Check | None = None
    skipped: str | None = None


@frozen
class FlashResult:
    """A flash that came to its end.

    Attributes:
        plan: what was to be done.
        outcomes: what was done, step by step.
        elapsed_ms: how long it took, on the clock that it ran by.
        mode: what the device is doing now.
        warnings: what the person should know of, those of the plan included.
    """

    plan: Plan
    outcomes: tuple[StepOutcome, ...]
    elapsed_ms: int
    mode: ModeAfter
    warnings: tuple[str, ...]

    @property
    def unverified(self) -> tuple[StepOutcome, ...]:
        """The steps whose bytes could not be compared."""
        return tuple(outcome for outcome in self.outcomes if isinstance(outcome.check, NotVerified))


def difference_words(found: Differs) -> str:
    """Say where a memory differs from what was written."""
    return f"at {found.address:#010x} it holds {found.found:#04x} instead of {found.expected:#04x}"
