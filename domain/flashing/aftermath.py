"""What a device does after a flash, whole or broken off."""

from __future__ import annotations

from typing import Final

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.firmware_update import cancel_firmware_update
from particle_cli.domain.control.modes import RunningMode, running_mode
from particle_cli.domain.control.module_info import ModuleStore, asset_info, module_info
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.opening import control_channel
from particle_cli.domain.devices.returning import Absence, wait_until_back
from particle_cli.domain.devices.roll_call import RollCall
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.flashing.result import ModeAfter
from particle_cli.domain.flashing.steps import SendUpdate, Step, SwitchMode, WriteMemory
from particle_cli.domain.flashing.survey import answered
from particle_cli.ports.clock import Clock
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.usb import Usb

_ASK_TIMEOUT_S: Final = 10.0
_REAPPEAR_S: Final = 5.0
"""How long to look for a device that may be restarting: somebody waits for the program to end."""
_TO_LEAVE_S: Final = 1.5
"""How long a device that was asked to restart stays on the bus."""
_APPLICATIONS: Final = (ModuleFunction.USER_PART, ModuleFunction.MONO_FIRMWARE)


async def mode_after(device: FoundDevice, *, usb: Usb, clock: Clock) -> ModeAfter:
    """Ask a device that is attached what it does; one that does not tell, runs.

    Device OS does not say that it is in safe mode. It is when a module fails a check, the application is
    missing, or one of its assets.
    """
    if device.dfu:
        return ModeAfter.DFU
    try:
        async with control_channel(usb, clock, device) as channel:
            return await _mode(channel)
    except ParticleError:
        return ModeAfter.RUNNING


async def _mode(channel: ControlChannel) -> ModeAfter:
    mode = await answered(lambda: running_mode(channel, timeout_s=_ASK_TIMEOUT_S))
    if mode is RunningMode.LISTENING:
        return ModeAfter.LISTENING
    modules = await answered(lambda: module_info(channel, timeout_s=_ASK_TIMEOUT_S))
    if modules is None:
        return ModeAfter.RUNNING
    main = [module for module in modules if module.store is ModuleStore.MAIN]
    application = any(module.function in _APPLICATIONS for module in main)
    if not application or not all(module.valid for module in main):
        return ModeAfter.SAFE
    assets = await answered(lambda: asset_info(channel, timeout_s=_ASK_TIMEOUT_S))
    return ModeAfter.SAFE if assets is not None and assets.missing else ModeAfter.NORMAL


async def left_behind(device: FoundDevice, step: Step | None, *, usb: Usb, clock: Clock) -> str:
    """Put an end to what a broken-off step has left under way, and say in what state the device is.

    Never raises a ParticleError; does not take long.
    """
    try:
        now = await _find(device, usb, clock)
        if now is not None and not now.dfu:
            now = await _calmed(now, step, usb=usb, clock=clock)
        if now is None:
            return "The device is not on the USB bus any more."
        if now.dfu:
            return _in_dfu(step)
    except ParticleError:
        return "The device does not answer."
    return "The device runs its firmware."


async def _calmed(now: FoundDevice, step: Step | None, *, usb: Usb, clock: Clock) -> FoundDevice | None:
    """Return a running device once it has nothing under way any more; None when it does not come back.

    Opening the channel takes all requests back. One to restart is carried out all the same, and the device
    then leaves a moment later.
    """
    async with control_channel(usb, clock, now) as channel:
        if isinstance(step, SendUpdate):
            await cancel_firmware_update(channel, timeout_s=_ASK_TIMEOUT_S)
    if not isinstance(step, SwitchMode):
        return now
    back = await wait_until_back(usb, clock, now, timeout_s=_TO_LEAVE_S)
    if isinstance(back, Absence):
        return now if back.stayed else await _find(now, usb, clock)
    return back


def _in_dfu(step: Step | None) -> str:
    partly = f"; {step.name} is written in part only" if isinstance(step, WriteMemory) else ""
    return f"The device is in DFU mode (it blinks yellow){partly}."


async def _find(device: FoundDevice, usb: Usb, clock: Clock) -> FoundDevice | None:
    """Return the present enumeration of a device, waiting a little for one that restarts."""
    roll = RollCall(usb)
    deadline = clock.monotonic() + _REAPPEAR_S
    seen = await usb.attached()
    while True:
        found = [one for one in await roll.devices(seen) if one.id == device.id]
        left_s = deadline - clock.monotonic()
        if found or left_s <= 0:
            return found[-1] if found else None
        seen = await usb.changed(seen, timeout_ms=max(1, round(left_s * 1000)))
