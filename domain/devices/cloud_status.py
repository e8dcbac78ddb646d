"""A device's own word on its connection to the cloud, asked over USB once, or until it is the one wanted."""

from __future__ import annotations

from typing import Final

from particle_cli.domain.control.cloud_connection import ConnectionStatus, connection_status
from particle_cli.domain.devices.finding import find_device
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.support import NotControllable, request_channel
from particle_cli.domain.errors import DeviceProtected
from particle_cli.ports.clock import Clock, TimeIsUp
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.usb import Usb, UsbUnavailable

_BETWEEN_LOOKS_S: Final = 0.25
_ONE_LOOK_S: Final = 5.0


class StatusTimeout(TimeIsUp):
    """The device did not say in time what was waited for."""

    code = "cloud_status_timeout"


async def cloud_status(usb: Usb, clock: Clock, device: FoundDevice, *, timeout_s: float) -> ConnectionStatus:
    """Ask a device how it stands with its connection.

    Raises: StatusTimeout, WrongMode, NotControllable; as `ControlChannel.request`.
    """
    try:
        async with clock.timeout(timeout_s):
            return await _asked(usb, clock, device, timeout_s)
    except TimeIsUp as late:
        raise _timed_out(f"Device {device.id} did not answer.") from late


async def wait_for_cloud_status(
    usb: Usb, clock: Clock, number: str, wanted: ConnectionStatus, *, timeout_s: float
) -> None:
    """Ask a device again and again until its connection is as wanted.

    The device may be resetting, in DFU mode, or not even attached yet: no error but one that will not go away
    ends the wait.

    Args:
        usb: where to look.
        clock: the time that passes.
        number: the device's id.
        wanted: the status.
        timeout_s: how long to wait.

    Raises: StatusTimeout, DeviceProtected, NotControllable, UsbUnavailable.
    """
    last = f"Device {number} did not answer."
    try:
        async with clock.timeout(timeout_s):
            while True:
                try:
                    status = await _asked(usb, clock, await find_device(usb, number), _ONE_LOOK_S)
                except (DeviceProtected, NotControllable, UsbUnavailable):
                    raise
                except ParticleError as fault:
                    last = fault.message
                else:
                    if status is wanted:
                        return
                    last = f"Device {number} is {status.value}."
                await clock.sleep(_BETWEEN_LOOKS_S)
    except TimeIsUp as late:
        raise _timed_out(last) from late


async def _asked(usb: Usb, clock: Clock, device: FoundDevice, timeout_s: float) -> ConnectionStatus:
    async with request_channel(usb, clock, device) as channel:
        return await connection_status(channel, timeout_s=timeout_s)


def _timed_out(last: str) -> StatusTimeout:
    return StatusTimeout("Timed out waiting for status", next_step=last)
