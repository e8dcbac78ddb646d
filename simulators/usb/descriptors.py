"""USB descriptors of a Particle device: what it tells about itself in one mode."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from attrs import field, frozen

from particle_cli.domain.platforms.values import Platform

US_ENGLISH = 0x0409
VENDOR_CODE = 0xEE
"""bRequest of the Microsoft descriptors, told in string 0xEE."""
PROTECTION_STRING = 0xFA
MICROSOFT_STRING = 0xEE

DEVICE, CONFIGURATION, STRING, INTERFACE, DFU_FUNCTIONAL = 0x01, 0x02, 0x03, 0x04, 0x21
_COMMUNICATION = (0x02, 0x02)

_GUIDS = {
    True: "{37fb5f90-1a34-4929-933b-8a27e1850033}",
    False: "{20b6cfa4-6dc7-468a-a8db-faa7c23ddea5}",
}


@frozen
class Descriptors:
    """All descriptors of one mode.

    Attributes:
        device: the 18 bytes of the device descriptor.
        configuration: configuration, interface and endpoint descriptors in one.
        functional: the DFU functional descriptor, or empty in normal mode.
        strings: texts by index; index 0, the list of languages, is not in here.
        microsoft: whether Microsoft's descriptors are there, so that Windows needs no driver.
        control_interface: number of the interface that Windows is to bind to.
    """

    device: bytes
    configuration: bytes
    functional: bytes
    strings: Mapping[int, str] = field(repr=False)
    microsoft: bool
    control_interface: int

    @property
    def interfaces(self) -> int:
        """How many interfaces there are (bNumInterfaces)."""
        return self.configuration[4]

    @property
    def serial_interface(self) -> int | None:
        """Number of the communication interface of the serial port (USB PSTN 1.2), or None without one."""
        at = 0
        while at < len(self.configuration):
            length, kind, number = self.configuration[at : at + 3]
            if kind == INTERFACE and tuple(self.configuration[at + 5 : at + 7]) == _COMMUNICATION:
                return number
            at += length
        return None

    def find(self, kind: int, index: int) -> bytes | None:
        """Return a whole descriptor (GET_DESCRIPTOR, USB 2.0, 9.4.3), or None where there is none."""
        if kind == DEVICE and index == 0:
            return self.device
        if kind == CONFIGURATION and index == 0:
            return self.configuration
        if kind == DFU_FUNCTIONAL:
            return self.functional or None
        if kind == STRING:
            return self._string(index)
        return None

    def _string(self, index: int) -> bytes | None:
        if index == 0:
            return bytes((4, STRING)) + US_ENGLISH.to_bytes(2, "little")
        if index == MICROSOFT_STRING and self.microsoft:
            return bytes((18, STRING)) + "MSFT100".encode("utf-16-le") + bytes((VENDOR_CODE, 0))
        text = self.strings.get(index)
        if text is None:
            return None
        encoded = text.encode("utf-16-le")
        return bytes((2 + len(encoded), STRING)) + encoded

    def find_microsoft(self, request_type: int, index: int, value: int) -> bytes | None:
        """Return Microsoft's compatible-id or extended-properties descriptor, or None."""
        if not self.microsoft:
            return None
        if request_type == 0xC0 and index == 0x0004:
            head = struct.pack("<IHHB7x", 40, 0x0100, 4, 1)
            return head + bytes((self.control_interface, 1)) + b"WINUSB".ljust(22, b"\0")
        if request_type == 0xC1 and index == 0x0005:
            properties = _extended_properties(_GUIDS[bool(self.functional)])
            return properties if value & 0xFF == self.control_interface else bytes(len(properties))
        return None


def device_descriptor(
    platform: Platform, *, dfu: bool, usb_release: int, device_class: tuple[int, int, int], release: int
) -> bytes:
    """Return a device descriptor with the platform's ids and strings 1 to 3.

    Args:
        platform: whose ids to use.
        dfu: those of DFU mode, or of normal mode.
        usb_release: bcdUSB.
        device_class: class, subclass and protocol.
        release: bcdDevice.
    """
    ids = platform.usb and (platform.usb.dfu if dfu else platform.usb.normal)
    if not ids:
        raise ValueError(f"{platform.name} has no USB ids for this mode")
    numbers = (64, ids.vendor_id, ids.product_id, release, 1, 2, 3, 1)
    return struct.pack("<BBHBBBBHHHBBBB", 18, DEVICE, usb_release, *device_class, *numbers)


def configuration_descriptor(*parts: bytes, interfaces: int, text: int) -> bytes:
    """Return a configuration of these parts, self-powered and drawing 100 mA at most."""
    size = 9 + sum(map(len, parts))
    head = struct.pack("<BBHBBBBB", 9, CONFIGURATION, size, interfaces, 1, text, 0xC0, 50)
    return head + b"".join(parts)


def interface_descriptor(
    number: int, *, kind: tuple[int, int, int], text: int, alternate: int = 0, endpoints: int = 0
) -> bytes:
    """Return an interface descriptor; `kind` is class, subclass and protocol, `text` a string's index."""
    return bytes((9, 4, number, alternate, endpoints, *kind, text))


def endpoint_descriptor(address: int, *, kind: int, size: int, interval: int = 0) -> bytes:
    """Return an endpoint descriptor; `kind` 2 is bulk, 3 interrupt."""
    return struct.pack("<BBBBHB", 7, 5, address, kind, size, interval)


def _extended_properties(guid: str) -> bytes:
    name = "DeviceInterfaceGUIDs\0".encode("utf-16-le")
    value = f"{guid}\0\0".encode("utf-16-le")
    strings_type = 7
    body = struct.pack("<IH", strings_type, len(name)) + name + struct.pack("<I", len(value)) + value
    return struct.pack("<IHHHI", 14 + len(body), 0x0100, 5, 1, 4 + len(body)) + body
