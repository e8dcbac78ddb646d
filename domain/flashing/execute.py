"""Carrying a plan out over the wires, and telling what became of the device when it cannot be ended."""

from __future__ import annotations

from contextlib import nullcontext

from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.flashing.aftermath import left_behind, mode_after
from particle_cli.domain.flashing.course import Course
from particle_cli.domain.flashing.errors import FlashFailed
from particle_cli.domain.flashing.plan import Plan
from particle_cli.domain.flashing.result import FlashResult, ModeAfter
from particle_cli.domain.flashing.steps import Mode, SendUpdate, Step, WriteMemory
from particle_cli.ports.clock import Clock
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.person import Person
from particle_cli.ports.usb import Usb


async def flash(
    plan: Plan,
    device: FoundDevice,
    *,
    usb: Usb,
    clock: Clock,
    person: Person | None = None,
    again: str | None = None,
) -> FlashResult:
    """Carry out a plan, and return what came of it.

    Whatever ends it early, an interruption included, leaves the device in a state that it can be flashed
    from again; the person is told which, and how.

    Args:
        plan: the plan, made for this device.
        device: the device, as it was when the plan was made.
        usb: where it is attached.
        clock: the time that passes.
        person: shown the progress; nobody needs to be.
        again: the command that does the same once more.

    Raises: FlashFailed, from the error that ended it.
    """
    course = Course(plan, usb, clock, device)
    again = again or f"particle flash --local {device.id} {' '.join(_names(plan))}"
    label = f"Flashing {plan.target.platform.name} {device.id}"
    with person.progress(label, plan.estimate_ms) if person else nullcontext(_NoBar()) as bar:
        try:
            for step in plan.steps:
                await course.take(step, bar)
            mode = await mode_after(course.device, usb=usb, clock=clock)
        except GeneratorExit:
            raise
        except ParticleError as cause:
            state = await left_behind(course.device, course.under_way, usb=usb, clock=clock)
            raise FlashFailed(
                f"Flash failed. {course.doing}: {cause.message} {state}",
                next_step=_next_step(cause, again),
            ) from cause
        except BaseException:
            state = await left_behind(course.device, course.under_way, usb=usb, clock=clock)
            if person:
                person.warn(f"The flash was interrupted. {course.doing} did not come to its end. {state}")
                person.warn(f"To flash it all the same, run again: {again}")
            raise
    return FlashResult(
        plan=plan,
        outcomes=tuple(course.outcomes),
        elapsed_ms=course.elapsed_ms(),
        mode=mode,
        warnings=(*plan.warnings, *_about(mode, plan)),
    )


class _NoBar:
    """Progress that nobody looks at."""

    def label(self, text: str) -> None:
        """Say nothing."""

    def advance(self, amount: float) -> None:
        """Draw nothing."""


def _next_step(cause: ParticleError, again: str) -> str:
    return f"{cause.next_step} Then run again: {again}" if cause.next_step else f"Run again: {again}"


def _names(plan: Plan) -> tuple[str, ...]:
    files = (step.name for step in plan.steps if isinstance(step, SendUpdate) or _is_file(step))
    return tuple(dict.fromkeys(files))


def _is_file(step: Step) -> bool:
    return isinstance(step, WriteMemory) and step.version is not None


def _about(mode: ModeAfter, plan: Plan) -> tuple[str, ...]:
    if mode is ModeAfter.SAFE:
        return (
            "The device came up in safe mode: something that its firmware needs is missing. Bring Device OS "
            "and application together again, e.g. with: particle flash --local tinker --target VERSION",
        )
    if mode is ModeAfter.DFU and plan.ends_in is Mode.NORMAL:
        return ("The device came up in DFU mode: it has no valid system firmware to run.",)
    return ()
