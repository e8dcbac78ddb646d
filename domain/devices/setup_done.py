"""The setup done flag of Gen 3 devices: without it, old Device OS begins in listening mode every time."""

from __future__ import annotations

from typing import Final

from particle_cli.domain.control import modes
from particle_cli.domain.control.setup import set_setup_done
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.support import release_numbers, request_channel
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.ports.clock import Clock
from particle_cli.ports.usb import Usb

_GENERATION: Final = 3
_WITHOUT: Final = (4, 0, 0)
"""The first Device OS that has no such flag (Device OS 4.0 release notes)."""


async def mark_setup_done(usb: Usb, clock: Clock, device: FoundDevice, *, done: bool) -> str | None:
    """Set the flag and end listening mode, or clear it and begin listening mode.

    Args:
        usb: where the device is.
        clock: the time that passes.
        device: the device, which runs its firmware.
        done: whether the flag is to be set.

    Returns: why the device was left as it is, in a sentence; None when it was not.
    Raises: WrongMode, NotControllable; as `ControlChannel.request`.
    """
    if platform(device.platform_id).generation != _GENERATION:
        return "Nothing was changed: only Gen 3 devices have a setup done flag."
    async with request_channel(usb, clock, device) as channel:
        numbers = release_numbers(channel.system_version)
        if numbers and numbers >= _WITHOUT:
            return f"Nothing was changed: Device OS {channel.system_version} has no setup done flag."
        await set_setup_done(channel, done)
        if done:
            await modes.stop_listening(channel)
        else:
            await modes.start_listening(channel)
    return None
