"""Waiting for a device to come back after it has reset.

A device that resets leaves the bus and appears again, with the same serial number and a new arrival number;
its path may be another, and so may that of any other device. The bus tells when something changes.
"""

from __future__ import annotations

from typing import Final

from attrs import frozen

from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.roll_call import RollCall
from particle_cli.ports.clock import Clock
from particle_cli.ports.usb import Usb, UsbError, UsbGone

_SOON_S: Final = 0.1
"""Between two attempts at a device that has just arrived: the system may still be setting its permissions."""
_KEPT_BACK_S: Final = 2.0
"""How long that may take."""


@frozen
class Absence:
    """What became of a device that was waited for in vain.

    Attributes:
        stayed: whether it never left the bus.
    """

    stayed: bool


async def wait_until_back(
    usb: Usb, clock: Clock, device: FoundDevice, *, timeout_s: float
) -> FoundDevice | Absence:
    """Return the next enumeration of a device as soon as it can be opened, in whatever mode it is.

    Args:
        usb: where it was attached.
        clock: the time that passes.
        device: the device as it was before.
        timeout_s: how long to wait.

    Raises: UsbUnavailable.
    """
    roll = RollCall(usb)
    deadline = clock.monotonic() + timeout_s
    seen = await usb.attached()
    while True:
        back = device.returned(await roll.devices(seen))
        if back:
            await _until_it_opens(usb, clock, back, deadline)
            return back
        left_s = deadline - clock.monotonic()
        if left_s <= 0:
            return Absence(stayed=any(one.arrival == device.attached.arrival for one in seen))
        wait_s = min(left_s, _SOON_S) if roll.unidentified else left_s
        seen = await usb.changed(seen, timeout_ms=max(1, round(wait_s * 1000)))


async def _until_it_opens(usb: Usb, clock: Clock, device: FoundDevice, deadline: float) -> None:
    """Try a new arrival for as long as the system may keep it back; the rest shows when it is used."""
    patience = min(deadline, clock.monotonic() + _KEPT_BACK_S)
    while clock.monotonic() < patience:
        try:
            await (await usb.open(device.attached)).close()
            return
        except UsbGone:
            return
        except UsbError:
            await clock.sleep(_SOON_S)
