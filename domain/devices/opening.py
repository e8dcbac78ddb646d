"""Opening a device for the protocol that it speaks now."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.devices.errors import WrongMode
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.ports.clock import Clock
from particle_cli.ports.usb import Usb

if TYPE_CHECKING:
    from particle_cli.domain.dfu.host import DfuHost


@asynccontextmanager
async def control_channel(usb: Usb, clock: Clock, device: FoundDevice) -> AsyncIterator[ControlChannel]:
    """Open the control-request channel of a running device while the body runs.

    Raises: WrongMode (in DFU mode, or of a platform without control requests); UsbGone, UsbAccessDenied,
    UsbBusy.
    """
    about = platform(device.platform_id).usb
    if device.dfu:
        raise WrongMode(
            f"Device {device.id} is in DFU mode.", next_step="Press and release its RESET button."
        )
    if about is None or "controlRequestsNotSupported" in about.quirks:
        raise WrongMode(f"Control requests are not supported by a {device.display_name}.")
    handle = await usb.open(device.attached)
    try:
        channel = ControlChannel(handle, clock, data_stage=about.needs_data_stage)
        await channel.open()
        yield channel
    finally:
        await handle.close()


@asynccontextmanager
async def dfu_host(usb: Usb, clock: Clock, device: FoundDevice) -> AsyncIterator[DfuHost]:
    """Open the bootloader of a device in DFU mode while the body runs.

    Raises: WrongMode; UsbGone, UsbAccessDenied, UsbBusy; as `DfuHost.open`.
    """
    if not device.dfu:
        raise WrongMode(
            f"Device {device.id} is not in DFU mode.", next_step=f"Run: particle usb dfu {device.id}"
        )
    from particle_cli.domain.dfu.host import DfuHost  # not needed to list devices

    handle = await usb.open(device.attached)
    try:
        yield await DfuHost.open(handle, clock)
    finally:
        await handle.close()
