"""Who is attached: Particle devices by their ids."""

from __future__ import annotations

from typing import Final

from particle_cli.domain.devices.found import FoundDevice, id_of
from particle_cli.domain.platforms.names import usb_identity
from particle_cli.ports.usb import (
    AttachedDevice,
    Usb,
    UsbAccessDenied,
    UsbBusy,
    UsbError,
    UsbGone,
    UsbUnavailable,
)

_SERIAL_TEXT_INDEX: Final = 3


class RollCall:
    """Turns enumerations into devices.

    Where the system does not tell serial numbers, a device is opened for its own, once for each enumeration.

    Attributes:
        unidentified: how many Particle devices of the last call could not be asked for their ids.
    """

    def __init__(self, usb: Usb) -> None:
        """Know nobody yet."""
        self._usb = usb
        self._ids: dict[int, str] = {}
        self.unidentified = 0

    async def devices(self, attached: tuple[AttachedDevice, ...]) -> tuple[FoundDevice, ...]:
        """Return the Particle devices among these, in order of arrival, as far as they can be identified."""
        found, self.unidentified = [], 0
        for one in attached:
            identity = usb_identity(one.vendor_id, one.product_id)
            if not identity:
                continue
            try:
                number = await self._id(one)
            except UsbGone:
                continue
            except UsbUnavailable:
                raise
            except UsbError:
                self.unidentified += 1
                continue
            found.append(FoundDevice(one, identity[0], identity[1], number))
        return tuple(found)

    async def _id(self, attached: AttachedDevice) -> str:
        if attached.serial is not None:
            return id_of(attached.serial)
        if attached.arrival not in self._ids:
            self._ids[attached.arrival] = id_of(await read_serial(self._usb, attached))
        return self._ids[attached.arrival]


async def read_serial(usb: Usb, attached: AttachedDevice) -> str:
    """Open a device, return its serial number, and close it again. Raises: UsbError."""
    handle = await usb.open(attached)
    try:
        return await handle.string(_SERIAL_TEXT_INDEX)
    finally:
        await handle.close()


async def attached_devices(usb: Usb) -> tuple[FoundDevice, ...]:
    """Return the Particle devices that are attached now, in order of arrival.

    Raises: UsbUnavailable; UsbAccessDenied or UsbBusy for a device that has to be opened to be identified.
    """
    attached = await usb.attached()
    roll = RollCall(usb)
    found = await roll.devices(attached)
    if roll.unidentified:
        await _say_why(usb, attached)
    return found


async def _say_why(usb: Usb, attached: tuple[AttachedDevice, ...]) -> None:
    """Raise the reason why a device cannot be asked, if it is one that a person can do something about."""
    for one in attached:
        if one.serial is None and usb_identity(one.vendor_id, one.product_id):
            try:
                await read_serial(usb, one)
            except (UsbAccessDenied, UsbBusy):
                raise
            except UsbError:
                continue
