"""One flash, spoilt at one point, and what must hold afterwards wherever that point is."""

from __future__ import annotations

from collections import Counter

from attrs import define, field
from tests.domain.flashing.laboratory import ANSWER, CORE, Laboratory

from particle_cli.domain.flashing.firmware_file import FirmwareFile
from particle_cli.domain.flashing.result import FlashResult
from particle_cli.ports.errors import ParticleError
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.device_state import DeviceState
from particle_cli.simulators.faults import Fault, FaultPlan
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.keeping import restored, state_of

WAYS_BACK = (Mode.NORMAL, Mode.SAFE, Mode.LISTENING, Mode.DFU)
INTERRUPTIONS = (Fault.CANCELLED_BEFORE, Fault.CANCELLED_AFTER)


@define
class Tally:
    """What came of all points tried."""

    points: int = 0
    outcomes: Counter[str] = field(factory=Counter)

    def __str__(self) -> str:
        """One line."""
        told = ", ".join(f"{count} {word}" for word, count in sorted(self.outcomes.items()))
        return f"{self.points} points: {told}"


class Ordeal:
    """A device as it was before, to be flashed again and again, each time with something else going wrong."""

    def __init__(self, before: SimulatedDevice, files: tuple[FirmwareFile, ...]) -> None:
        """Keep what every trial starts from."""
        self._state: DeviceState = state_of(before)
        self._sectors = dict(before.hardware.memory.changed())
        self._files = files
        self.tally = Tally()

    def _laboratory(self, faults: FaultPlan | None = None) -> Laboratory:
        device = restored(self._state, self._sectors.get)
        return Laboratory(device, faults=faults)

    async def measure(self) -> tuple[int, int]:
        """Flash without any fault; return the number of transfers, and of flash operations."""
        laboratory = self._laboratory()
        await laboratory.plug()
        begun = laboratory.device.hardware.flash.operations
        outcome = await laboratory.attempt(*self._files)
        assert isinstance(outcome, FlashResult), outcome
        operations = laboratory.device.hardware.flash.operations - begun
        await laboratory.bus.close()
        return len(laboratory.usb.seen), operations

    async def spoil_transfer(self, number: int, fault: Fault, *, times: int | None = 1) -> None:
        """Flash with a fault at one transfer, or from it on."""
        laboratory = self._laboratory(FaultPlan(fault, at=number, times=times))
        await laboratory.plug()
        await self._try(laboratory, f"{fault.name} at transfer {number}", interrupted=fault in INTERRUPTIONS)

    async def cut_power(self, operation: int, fraction: float) -> None:
        """Flash with the power failing inside an erase or a program."""
        laboratory = self._laboratory()
        await laboratory.plug()
        laboratory.device.cut_power_during(operation, fraction)
        await self._try(laboratory, f"power cut at operation {operation} ({fraction:g} done)")

    async def _try(self, laboratory: Laboratory, point: str, *, interrupted: bool = False) -> None:
        outcome = await laboratory.attempt(*self._files)
        await laboratory.bus.settle()
        self.tally.points += 1
        self.tally.outcomes[_word(outcome)] += 1
        device = laboratory.device
        assert device.mode in WAYS_BACK, (point, device.mode, device.verdict.reason)
        if isinstance(outcome, ParticleError):
            assert outcome.message, point
            assert outcome.next_step, (point, outcome)
        elif isinstance(outcome, FlashResult):
            assert device.mode is Mode.NORMAL, (point, device.mode, device.verdict.reason)
        else:
            assert interrupted, point
            assert laboratory.person.warnings or not laboratory.person.labels, point
        if device.platform_id == CORE and device.mode is not Mode.DFU:
            device.press("both", hold_s=3)  # it has no other way there
            await laboratory.bus.settle()
        again = await laboratory.flash(*self._files, usb=laboratory.bus)
        assert device.mode is Mode.NORMAL, (point, device.verdict.reason, again)
        assert device.call("answer", "") == ANSWER, point
        await laboratory.bus.close()


def _word(outcome: FlashResult | ParticleError | None) -> str:
    if outcome is None:
        return "interrupted"
    return "flashed all the same" if isinstance(outcome, FlashResult) else "failed with a way back"
