"""Which devices can be controlled over USB at all: those whose Device OS is new enough."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from particle_cli.domain.control import modes
from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.devices.errors import DeviceError
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.opening import control_channel
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.ports.clock import Clock
from particle_cli.ports.usb import Usb, UsbStall

_FIRST: Final[Mapping[int, tuple[int, int, int]]] = {2: (1, 0, 0), 3: (0, 9, 0)}
"""The first Device OS with these requests, by generation; every one of later generations has them."""
_NUMBERS: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)")


class NotControllable(DeviceError):
    """The device's firmware does not know the requests by which devices are controlled over USB."""

    code = "device_os_too_old"


@asynccontextmanager
async def request_channel(usb: Usb, clock: Clock, device: FoundDevice) -> AsyncIterator[ControlChannel]:
    """Open the control-request channel of a device that has one, as `control_channel` does.

    Raises: NotControllable; as `control_channel`.
    """
    _refuse_the_first_generation(device)
    async with control_channel(usb, clock, device) as channel:
        _refuse_the_old(device, channel.system_version)
        try:
            yield channel
        except UsbStall as stall:
            if channel.system_version is None:
                raise _too_old(device, None) from stall
            raise


async def check_support(usb: Usb, clock: Clock, device: FoundDevice) -> None:
    """Refuse a device that knows no control requests, before it is waited for; a bootloader is not asked.

    Raises: NotControllable; as `control_channel`.
    """
    _refuse_the_first_generation(device)
    if not device.dfu:
        async with request_channel(usb, clock, device) as channel:
            if channel.system_version is None:
                await modes.running_mode(channel)  # only to see whether it takes requests


def release_numbers(version: str | None) -> tuple[int, int, int] | None:
    """Return the three numbers that a Device OS version begins with; None for what is no version."""
    found = _NUMBERS.match(version or "")
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def _refuse_the_first_generation(device: FoundDevice) -> None:
    if platform(device.platform_id).generation == 1:
        raise NotControllable(
            f"Device {device.id} is a {device.display_name}, which cannot be controlled over USB.",
            next_step="Use its buttons. In DFU mode it can be flashed with: particle flash --local",
        )


def _refuse_the_old(device: FoundDevice, version: str | None) -> None:
    first = _FIRST.get(platform(device.platform_id).generation or 0)
    numbers = release_numbers(version)
    if first and numbers and numbers < first:
        raise _too_old(device, version)


def _too_old(device: FoundDevice, version: str | None) -> NotControllable:
    first = _FIRST.get(platform(device.platform_id).generation or 0, (0, 9, 0))
    runs = f"Device OS {version}" if version else "a Device OS that does not tell its version"
    return NotControllable(
        f"Device {device.id} runs {runs}; it can be controlled over USB from Device OS "
        f"{'.'.join(map(str, first))} on.",
        next_step="Put it in DFU mode by its buttons, then update it: "
        "particle flash --local tinker --target VERSION",
    )
