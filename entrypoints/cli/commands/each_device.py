"""Doing something with several devices at once; what becomes of one does not concern the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import field, frozen

from particle_cli.domain.devices.errors import WrongMode
from particle_cli.domain.devices.finding import Missing, NeededMode, fits, how_to_reach
from particle_cli.domain.devices.found import FoundDevice, label
from particle_cli.domain.devices.support import check_support
from particle_cli.domain.platforms.device_ids import is_device_id
from particle_cli.domain.platforms.names import platform_name
from particle_cli.entrypoints.cli.commands.despite_protection import despite_protection
from particle_cli.entrypoints.cli.commands.device_choice import devices_meant
from particle_cli.entrypoints.cli.result import Plain, Result, error_data
from particle_cli.ports.errors import ParticleError

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires


@frozen
class Outcome:
    """What came of it with one device.

    Attributes:
        text: what to tell a person.
        data: what to tell programs, besides which device it is and that it went well.
        titled: whether the text says by itself which device it is about.
    """

    text: str = "Done."
    data: Mapping[str, Plain] = field(factory=dict)
    titled: bool = False


@frozen
class Job:
    """What a command does with each device.

    Attributes:
        carry_out: does it with one.
        needed: the mode in which a device has to be.
        plan: returns what would be done with one, for `--dry-run`; None for what changes nothing.
    """

    carry_out: Callable[[FoundDevice], Awaitable[Outcome]]
    needed: NeededMode = NeededMode.RUNNING
    plan: Callable[[FoundDevice], str] | None = None


class EachDevice(Result):
    """What became of each device."""

    def __init__(
        self,
        devices: Sequence[FoundDevice | Missing],
        outcomes: Sequence[Outcome | ParticleError],
        names: Mapping[str, str],
    ) -> None:
        """Keep devices and outcomes, in the same order, and the names that are known, by id."""
        self._rows = tuple(zip(devices, outcomes, strict=True))
        self._names = names
        self.errors = tuple(
            self._complaint(device, outcome)
            for device, outcome in self._rows
            if isinstance(outcome, ParticleError)
        )

    def text(self, width: int) -> str:
        """Tell of those with which it went well, by name where there are several."""
        return "\n".join(
            outcome.text
            if outcome.titled or len(self._rows) == 1
            else f"{self._label(device)}: {outcome.text}"
            for device, outcome in self._rows
            if isinstance(outcome, Outcome) and isinstance(device, FoundDevice)
        )

    def data(self) -> Plain:
        """Return an entry for each device."""
        return [_entry(device, outcome) for device, outcome in self._rows]

    def _label(self, device: FoundDevice) -> str:
        return label(device, self._names.get(device.id), "")  # its mode is, or may be, another by now

    def _complaint(self, device: FoundDevice | Missing, error: ParticleError) -> ParticleError:
        """Return the error as one among several: it says which device it is about."""
        if len(self._rows) == 1 or isinstance(device, Missing) or device.id in error.message:
            return error
        return ParticleError(f"{self._label(device)}: {error.message}", next_step=error.next_step)


def _entry(device: FoundDevice | Missing, outcome: Outcome | ParticleError) -> dict[str, Plain]:
    about: dict[str, Plain]
    if isinstance(device, Missing):
        about = {"id": device.word.lower() if is_device_id(device.word) else None, "device": device.word}
    else:
        number = device.platform_id
        about = {"id": device.id, "platform": platform_name(number), "platformId": number}
    if isinstance(outcome, Outcome):
        return {**about, "ok": True, **outcome.data}
    return {**about, "ok": False, "error": error_data(outcome)}


async def each_device(given: Given, wires: Wires, job: Job) -> Result:
    """Do a job with every device that is meant, with all at once.

    Args:
        given: says which devices: the parameter `devices`, the flags `device` and `all`.
        wires: where they are.
        job: what to do.

    Raises: as `devices_meant`, when it is not even clear which devices.
    """
    meant = await devices_meant(given, wires)

    async def one(device: FoundDevice | Missing) -> Outcome:
        if isinstance(device, Missing):
            raise device.error
        if not fits(device, job.needed):
            raise WrongMode(
                f"The device should not be in DFU mode: {label(device, meant.names.get(device.id))}",
                next_step=how_to_reach(job.needed),
            )
        if job.plan is not None and given.flag("dry-run"):
            await check_support(wires.usb, wires.clock, device)
            return Outcome(f"Would {job.plan(device)}.", {"dryRun": True, "would": job.plan(device)})
        return await despite_protection(wires, device, job.carry_out)

    outcomes = await wires.clock.together(*map(one, meant.devices))
    return EachDevice(meant.devices, outcomes, meant.names)
