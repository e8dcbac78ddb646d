"""`particle usb dfu|reset|safe-mode|start-listening|stop-listening`: devices from mode to mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.control import modes as control
from particle_cli.domain.devices import modes
from particle_cli.domain.devices.errors import WrongMode
from particle_cli.domain.devices.finding import NeededMode, fits, how_to_reach, several_devices
from particle_cli.domain.devices.opening import control_channel
from particle_cli.domain.platforms.names import platform_name
from particle_cli.entrypoints.cli.commands.device_names import names_for
from particle_cli.entrypoints.cli.result import Plain, Result
from particle_cli.ports.errors import ParticleError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from particle_cli.domain.devices.found import FoundDevice
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires
    from particle_cli.ports.clock import Clock
    from particle_cli.ports.usb import Usb

    Operation = Callable[[Usb, Clock, FoundDevice], Awaitable[object]]


class Switched(Result):
    """What became of each device: nothing more to say, or an error."""

    def __init__(self, devices: Sequence[FoundDevice], outcomes: Sequence[object]) -> None:
        """Keep devices and outcomes, in the same order."""
        self._outcomes = tuple(zip(devices, outcomes, strict=True))
        self.errors = tuple(outcome for outcome in outcomes if isinstance(outcome, ParticleError))

    def text(self, width: int) -> str:
        """Say that it is done, unless there is more to say."""
        return "" if self.errors else "Done."

    def data(self) -> Plain:
        """Return an entry for each device."""
        return [_entry(device, outcome) for device, outcome in self._outcomes]


def _entry(device: FoundDevice, outcome: object) -> dict[str, Plain]:
    about: dict[str, Plain] = {
        "id": device.id,
        "platform": platform_name(device.platform_id),
        "platformId": device.platform_id,
        "ok": True,
    }
    if isinstance(outcome, ParticleError):
        error = {"code": outcome.code, "message": outcome.message, "hint": outcome.next_step}
        about |= {"ok": False, "error": error}
    return about


async def dfu(given: Given, wires: Wires) -> Result:
    """Put devices into DFU mode; one that is there stays there."""
    return await _each(given, wires, modes.to_dfu, NeededMode.ANY)


async def reset(given: Given, wires: Wires) -> Result:
    """Restart devices, from any mode."""
    return await _each(given, wires, modes.reset, NeededMode.ANY)


async def safe_mode(given: Given, wires: Wires) -> Result:
    """Restart devices without their application."""
    return await _each(given, wires, modes.to_safe_mode, NeededMode.RUNNING)


async def start_listening(given: Given, wires: Wires) -> Result:
    """Put devices into listening mode."""
    return await _each(given, wires, _start_listening, NeededMode.RUNNING)


async def stop_listening(given: Given, wires: Wires) -> Result:
    """Let devices leave listening mode."""
    return await _each(given, wires, _stop_listening, NeededMode.RUNNING)


async def _start_listening(usb: Usb, clock: Clock, device: FoundDevice) -> None:
    async with control_channel(usb, clock, device) as channel:
        await control.start_listening(channel)


async def _stop_listening(usb: Usb, clock: Clock, device: FoundDevice) -> None:
    async with control_channel(usb, clock, device) as channel:
        await control.stop_listening(channel)


async def _each(given: Given, wires: Wires, operation: Operation, needed: NeededMode) -> Result:
    """Do something with every device that is meant, all at once; a failure of one stops no other."""
    words = (*given.rest("devices"), *given.texts("device"))
    usb, clock = wires.usb, wires.clock
    names = await names_for(wires, words)
    devices = await several_devices(usb, words, every=given.flag("all"), names=names)

    async def job(device: FoundDevice) -> object:
        if not fits(device, needed):
            raise WrongMode(f"Device {device.id} is in DFU mode.", next_step=how_to_reach(needed))
        return await operation(usb, clock, device)

    return Switched(devices, await clock.together(*map(job, devices)))
