"""Which serial ports lead to Particle devices, and to which.

The rules and their order are those of the Node tool, so that its users find the same ports under the same
numbers; ids are compared without regard to case, which it forgets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from attrs import frozen

from particle_cli.domain.platforms.device_ids import device_id_in, is_device_id
from particle_cli.domain.platforms.names import compile_targets, display_name, entries, usb_identity
from particle_cli.ports.serial import SerialPort

CORE_KIND: Final = "Core"
"""What a port is called whose device is known by its maker's name alone."""

_MAKERS: Final = ("Particle", "Spark", "Photon")
_NAMELESS: Final = ("/dev/ttyACM", "/dev/cuaU")
_WINDOWS_IDS: Final = re.compile(r"VID_([0-9A-F]{4}).*PID_([0-9A-F]{4})", re.DOTALL)


@frozen
class DevicePort:
    """A serial port that leads to a Particle device, as far as one can tell.

    Attributes:
        path: its name, e.g. `/dev/ttyACM0`.
        kind: what the device is called, e.g. `Boron`; "" where only the port's name speaks for it.
        device_id: the device's id, or None.
        platform_id: the device's platform, or None.
    """

    path: str
    kind: str = ""
    device_id: str | None = None
    platform_id: int | None = None

    @property
    def label(self) -> str:
        """The port as it is shown in lists, e.g. `/dev/ttyACM0 - Photon - 3f0034000947343432313031`."""
        return " - ".join(filter(None, (self.path, self.kind, self.device_id)))


def device_ports(ports: Iterable[SerialPort]) -> tuple[DevicePort, ...]:
    """Return the ports that lead to Particle devices, in the order given.

    Those with the USB ids of a device that runs its firmware; those whose maker is Particle; and only where
    there are none of either, those whose names are given to any modem.
    """
    all_of_them = tuple(ports)
    found = tuple(filter(None, map(_device_port, all_of_them)))
    return found or tuple(DevicePort(port.path) for port in all_of_them if port.path.startswith(_NAMELESS))


def _device_port(port: SerialPort) -> DevicePort | None:
    platform_id = _platform(port)
    if platform_id is not None:
        return DevicePort(port.path, display_name(platform_id), _device_id(port, platform_id), platform_id)
    if any(maker in (port.manufacturer or "") for maker in _MAKERS):
        return DevicePort(port.path, CORE_KIND)
    return None


def _platform(port: SerialPort) -> int | None:
    """Return the platform whose USB ids the port has."""
    pairs = [(port.vendor_id, port.product_id)]
    if told := _WINDOWS_IDS.search((port.hardware_id or "").upper()):
        pairs.append((int(told[1], 16), int(told[2], 16)))
    for vendor_id, product_id in pairs:
        if vendor_id is None or product_id is None:
            continue
        number, dfu = usb_identity(vendor_id, product_id) or (None, True)
        if number in compile_targets() and not dfu:
            return number
    return None


def _device_id(port: SerialPort, platform_id: int) -> str | None:
    """Return the device's id: of generation 1 and 2 the digits within the serial number, else all of it."""
    if _generation(platform_id) <= 2:
        for text in (port.serial, port.hardware_id):
            if inside := device_id_in(text or ""):
                return inside
    if port.serial and is_device_id(port.serial):
        return port.serial.lower()
    return port.serial or None


def _generation(platform_id: int) -> int:
    told = next((entry["generation"] for entry in entries() if entry["id"] == platform_id), None)
    return told if isinstance(told, int) else 0


def port_named(word: str, found: Sequence[DevicePort]) -> DevicePort | None:
    """Return the port that a person means.

    Args:
        word: the place of the port in the list, counted from 1 (0 is the first, too), or its path.
        found: the ports of devices there are now.

    Returns: the port; one of which nothing but the path is known, where no device is on that path; None for
        a number that is too large.
    """
    if word.isascii() and word.isdigit():
        place = max(int(word[:9]), 1)
        return found[place - 1] if place <= len(found) else None
    exactly = next((port for port in found if port.path == word), None)
    nearly = next((port for port in found if port.path.lower() == word.lower()), None)  # com3 is COM3
    return exactly or nearly or DevicePort(word)


def port_of(device_id: str, found: Iterable[DevicePort]) -> DevicePort | None:
    """Return the port of the device with that id, or None."""
    return next((port for port in found if (port.device_id or "").lower() == device_id.lower()), None)
