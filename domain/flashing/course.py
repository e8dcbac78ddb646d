"""One flash on its way: where the device is now, and what has been done."""

from __future__ import annotations

from collections.abc import Sequence

from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.modes import reset, to_dfu, to_normal
from particle_cli.domain.flashing.meter import StepMeter
from particle_cli.domain.flashing.plan import Plan
from particle_cli.domain.flashing.result import Check, StepOutcome
from particle_cli.domain.flashing.steps import Mode, SendUpdate, Step, SwitchMode, WriteMemory
from particle_cli.domain.flashing.updating import send_update
from particle_cli.domain.flashing.writing import write_memory
from particle_cli.ports.clock import Clock
from particle_cli.ports.person import Progress
from particle_cli.ports.usb import Usb


class Course:
    """Takes the steps of a plan one by one.

    Attributes:
        device: the device in its present enumeration.
        under_way: the step that is being done, or None.
    """

    def __init__(self, plan: Plan, usb: Usb, clock: Clock, device: FoundDevice) -> None:
        """Begin with nothing done."""
        self.device = device
        self.under_way: Step | None = None
        self._plan = plan
        self._usb = usb
        self._clock = clock
        self._begun_s = clock.monotonic()
        self._outcomes: list[StepOutcome] = []

    @property
    def outcomes(self) -> Sequence[StepOutcome]:
        """Of the steps that are done."""
        return tuple(self._outcomes)

    @property
    def doing(self) -> str:
        """What is being done, as the beginning of a sentence."""
        match self.under_way:
            case None:
                return "Seeing what the device does now"
            case SwitchMode():
                return self.under_way.name
            case WriteMemory():
                return f"Writing {self.under_way.name} over DFU"
            case SendUpdate():
                return f"Sending {self.under_way.name}"

    def elapsed_ms(self) -> int:
        """Return the ms since the flash began."""
        return round((self._clock.monotonic() - self._begun_s) * 1000)

    async def take(self, step: Step, bar: Progress) -> None:
        """Do one step. Raises: whatever can go wrong with it; `under_way` then remains."""
        self.under_way = step
        started_ms = self.elapsed_ms()
        meter = StepMeter(bar, step)
        check: Check | None = None
        skipped: str | None = None
        meter.label(step.name if isinstance(step, SwitchMode) else f"Flashing {step.name}")
        match step:
            case SwitchMode():
                self.device = await self._switched(step)
            case WriteMemory():
                check = await self._written(step, meter)
            case SendUpdate():
                sent = await send_update(step, self.device, usb=self._usb, clock=self._clock, meter=meter)
                self.device, check, skipped = sent.device, sent.check, sent.skipped
        meter.finish()
        self._outcomes.append(StepOutcome(step, started_ms, self.elapsed_ms() - started_ms, check, skipped))
        self.under_way = None

    async def _written(self, step: WriteMemory, meter: StepMeter) -> Check:
        return await write_memory(
            step,
            self.device,
            usb=self._usb,
            clock=self._clock,
            platform=self._plan.target.platform,
            verify=self._plan.verify,
            meter=meter,
        )

    async def _switched(self, step: SwitchMode) -> FoundDevice:
        """Return the device as it comes back.

        After the last step it may come back in any mode: that is a result. Before, it has to run its
        firmware to take what comes next.
        """
        if step.to is Mode.DFU:
            return await to_dfu(self._usb, self._clock, self.device)
        if step is self._plan.steps[-1]:
            return await reset(self._usb, self._clock, self.device)
        return await to_normal(self._usb, self._clock, self.device)
