"""A Particle device that is attached by USB."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from attrs import frozen

from particle_cli.domain.platforms.device_ids import device_id_in
from particle_cli.domain.platforms.names import display_name
from particle_cli.ports.usb import AttachedDevice

_NOT_PRINTABLE: Final = re.compile(r"[^\x20-\x7e]")


@frozen
class FoundDevice:
    """One enumeration of a Particle device.

    Attributes:
        attached: the enumeration.
        platform_id: its platform.
        dfu: whether it runs its bootloader, in DFU mode; it runs its firmware otherwise.
        id: its device id, 24 hex digits in lower case; the serial number as it is where that holds no id.
    """

    attached: AttachedDevice
    platform_id: int
    dfu: bool
    id: str

    @property
    def display_name(self) -> str:
        """What its kind is called, e.g. `B5-SoM`."""
        return display_name(self.platform_id)

    def returned(self, devices: Iterable[FoundDevice]) -> FoundDevice | None:
        """Return the enumeration of the same device that came after this one, or None."""
        return next(
            (
                device
                for device in devices
                if device.id == self.id and device.attached.arrival > self.attached.arrival
            ),
            None,
        )


def id_of(serial: str) -> str:
    """Return the device id in a USB serial number.

    Some old bootloaders put more around it; without 24 hex digits the whole is taken.
    """
    plain = _NOT_PRINTABLE.sub("", serial).lower()
    return device_id_in(plain) or plain


def label(device: FoundDevice, name: str | None = None, mode: str | None = None) -> str:
    """Return a device as it is shown in lists, e.g. `red [e00f…] (Boron, DFU)`.

    Args:
        device: the device.
        name: its name; None leaves it out.
        mode: the mode to show, "" for none; None shows DFU mode, and nothing otherwise.
    """
    shown = ("DFU" if device.dfu else "") if mode is None else mode
    kind = f"{device.display_name}, {shown}" if shown else device.display_name
    return f"{name} [{device.id}] ({kind})" if name else f"[{device.id}] ({kind})"
