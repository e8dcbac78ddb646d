"""Handing one module to a running device, and seeing that it has it after its restart."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.errors import RequestDropped, RequestTimeout
from particle_cli.domain.control.firmware_update import firmware_update
from particle_cli.domain.control.module_info import InstalledModule, ModuleStore, asset_info, module_info
from particle_cli.domain.devices.errors import DeviceLost
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.modes import to_normal
from particle_cli.domain.devices.opening import control_channel
from particle_cli.domain.devices.returning import Absence, wait_until_back
from particle_cli.domain.dfu.verification import NotVerified, Verified
from particle_cli.domain.errors import ProtocolError
from particle_cli.domain.flashing.errors import VerifyFailed
from particle_cli.domain.flashing.meter import StepMeter
from particle_cli.domain.flashing.result import Check
from particle_cli.domain.flashing.steps import SendUpdate
from particle_cli.domain.flashing.survey import answered, stored
from particle_cli.ports.clock import Clock
from particle_cli.ports.usb import Usb, UsbGone, UsbStall, UsbTimeout

ALREADY_THERE: Final = "it already exists on the device"
RESTART_TIMEOUT_S: Final = 60.0
"""How long a device may take to put a module in its place and restart."""
_TO_START_RESET_S: Final = 15.0
"""How long it may stay on the bus after the last request."""
_UNASKED_RESTART_S: Final = 10.0
"""How long to wait for one that has left the bus for no reason of ours, e.g. a loose cable."""
_ATTEMPTS: Final = 3
_ASK_TIMEOUT_S: Final = 10.0


@frozen
class Sent:
    """What came of it.

    Attributes:
        device: the device as it came back.
        check: whether the module was found there; None when nothing was sent.
        skipped: why nothing was sent, or None.
    """

    device: FoundDevice
    check: Check | None = None
    skipped: str | None = None


async def send_update(
    step: SendUpdate, device: FoundDevice, *, usb: Usb, clock: Clock, meter: StepMeter
) -> Sent:
    """Send a module by control requests, wait for the restart, and look for the module.

    An asset that the device holds already is not sent. What is lost on the wire is sent again.

    Raises: RequestFailed when the device does not want the module; VerifyFailed, DeviceLost; DeviceProtected,
    RequestTimeout, RequestDropped, ProtocolError, UsbError.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        meter.expect(step.size)
        last = attempt == _ATTEMPTS
        try:
            async with control_channel(usb, clock, device) as channel:
                if await _holds_asset(step, channel):
                    return Sent(device, skipped=ALREADY_THERE)
                confirmed = await firmware_update(channel, step.data, progress=meter.listen_update)
        except (UsbStall, UsbTimeout, RequestDropped, RequestTimeout, ProtocolError):
            if last:
                raise
            continue
        except UsbGone:
            if last:
                raise
            device = await _running_again(device, usb=usb, clock=clock)
            continue
        back = await _restarted(device, confirmed, usb=usb, clock=clock)
        if isinstance(back, Absence):
            if last or not back.stayed:
                raise _lost(device, back)
            continue  # the very last request was lost, and the device is still waiting for it
        device = back
        check = await _look(step, device, usb=usb, clock=clock)
        if check is not None:
            return Sent(device, check)
    raise VerifyFailed(
        f"The device restarted, but does not have {step.name} ({step.title}, version {step.version}).",
        next_step="Update Device OS first, if it is an old one.",
    )


async def _running_again(device: FoundDevice, *, usb: Usb, clock: Clock) -> FoundDevice:
    """Return a device that has restarted unasked, as it runs again. Raises: DeviceLost, WrongMode."""
    back = await wait_until_back(usb, clock, device, timeout_s=_UNASKED_RESTART_S)
    if isinstance(back, Absence):
        raise _lost(device, back)
    return await to_normal(usb, clock, back)


async def _restarted(
    device: FoundDevice, confirmed: bool, *, usb: Usb, clock: Clock
) -> FoundDevice | Absence:
    """Wait until the device is back; one that did not confirm is not expected to leave for long."""
    leaving_s = RESTART_TIMEOUT_S if confirmed else _TO_START_RESET_S
    back = await wait_until_back(usb, clock, device, timeout_s=leaving_s)
    if isinstance(back, Absence) and not back.stayed:
        back = await wait_until_back(usb, clock, device, timeout_s=RESTART_TIMEOUT_S)
    return back


async def _holds_asset(step: SendUpdate, channel: ControlChannel) -> bool:
    if step.asset is None:
        return False
    assets = await answered(lambda: asset_info(channel, timeout_s=_ASK_TIMEOUT_S))
    return assets is not None and step.asset in stored(assets)


async def _look(step: SendUpdate, device: FoundDevice, *, usb: Usb, clock: Clock) -> Check | None:
    """Look for the module on the device; None when it is not there."""
    if device.dfu:
        return NotVerified("the device came back in DFU mode, where it cannot be asked.")
    async with control_channel(usb, clock, device) as channel:
        if step.asset is not None:
            return Verified(step.size) if await _holds_asset(step, channel) else None
        modules = await answered(lambda: module_info(channel, timeout_s=_ASK_TIMEOUT_S))
    if modules is None:
        return NotVerified("the device does not tell which modules it has.")
    return Verified(step.size) if any(_is(step, module) for module in modules) else None


def _is(step: SendUpdate, module: InstalledModule) -> bool:
    same_hash = module.sha256 in (None, "", step.sha256)
    kind = (module.function, module.index, module.version) == (step.function, step.index, step.version)
    return kind and same_hash and module.store is ModuleStore.MAIN


def _lost(device: FoundDevice, absence: Absence) -> DeviceLost:
    if absence.stayed:
        return DeviceLost(
            f"Device {device.id} took the module, but does not restart.",
            next_step="Press its RESET button.",
        )
    return DeviceLost(
        f"Device {device.id} left the USB bus, and did not come back.",
        next_step="Unplug it and plug it in again.",
    )
