"""The two faces of a result: lines for a person, plain data for a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from particle_cli.domain.dfu.verification import NotVerified, Verified
from particle_cli.domain.flashing.plan_report import Plain, duration, step_data
from particle_cli.domain.flashing.result import Check, FlashResult, ModeAfter, StepOutcome, Unread

_MODES = {
    ModeAfter.NORMAL: "The device runs its application again.",
    ModeAfter.LISTENING: "The device is in listening mode.",
    ModeAfter.SAFE: "The device is in safe mode.",
    ModeAfter.DFU: "The device is in DFU mode.",
    ModeAfter.RUNNING: "The device runs again.",
}


def result_lines(result: FlashResult) -> Iterator[str]:
    """Yield the result as lines of text; warnings are not among them."""
    for outcome in result.outcomes:
        if outcome.skipped:
            yield f"Skipping {outcome.step.name} because {outcome.skipped}"
        elif isinstance(outcome.check, NotVerified):
            yield f"{outcome.step.name} was written, but not verified: {outcome.check.reason}"
    for skipped in result.plan.skipped:
        yield f"Skipping {skipped.name} because {skipped.reason}"
    yield "Flash success!"
    yield f"{_MODES[result.mode]} ({duration(result.elapsed_ms)})"


def result_data(result: FlashResult) -> Mapping[str, Plain]:
    """Return the result as values that JSON knows. Addresses are numbers, times in ms."""
    plan = result.plan
    return {
        "device": plan.target.id,
        "platform": plan.target.platform.name,
        "steps": [_outcome_data(outcome) for outcome in result.outcomes],
        "skipped": [{"name": skipped.name, "reason": skipped.reason} for skipped in plan.skipped],
        "warnings": list(result.warnings),
        "estimateMs": plan.estimate_ms,
        "elapsedMs": result.elapsed_ms,
        "modeAfter": result.mode.value,
    }


def _outcome_data(outcome: StepOutcome) -> Mapping[str, Plain]:
    data: dict[str, Plain] = {
        **step_data(outcome.step),
        "startedMs": outcome.started_ms,
        "durationMs": outcome.duration_ms,
    }
    if outcome.skipped:
        data["skipped"] = outcome.skipped
    if outcome.check is not None:
        data["verification"] = check_data(outcome.check)
    return data


def check_data(check: Check) -> Mapping[str, Plain]:
    """Return what is known of the bytes on the device: `verified`, `not_verified` with a reason, or `off`."""
    match check:
        case Verified():
            return {"state": "verified", "bytes": check.size}
        case NotVerified():
            return {"state": "not_verified", "reason": check.reason}
        case Unread():
            return {"state": "off"}
