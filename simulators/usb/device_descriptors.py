"""The descriptors of each family's bootloader and firmware."""

from __future__ import annotations

import struct

from attrs import frozen

from particle_cli.domain.platforms.values import Platform
from particle_cli.simulators.usb.descriptors import (
    DFU_FUNCTIONAL,
    PROTECTION_STRING,
    Descriptors,
    configuration_descriptor,
    device_descriptor,
    endpoint_descriptor,
    interface_descriptor,
)

ERROR_TEXT = "Device is in protected mode"

_DFU_ATTRIBUTES = 0x0B  # download, upload, will detach; not manifestation tolerant
_DETACH_MS = 255
_DFUSE_RELEASE = 0x011A


@frozen
class _DfuStyle:
    """What differs between the bootloaders of the families: texts by index, 0 for none."""

    usb_release: int
    configuration_text: int
    first_text: int
    error_text: int
    microsoft: bool


_DFU_STYLES = {
    "core": _DfuStyle(0x0100, 0, 4, 0, microsoft=False),
    "gen2": _DfuStyle(0x0200, 2, 6, 0, microsoft=True),
    "nrf52840": _DfuStyle(0x0200, 4, 6, 10, microsoft=True),
    "rtl872x": _DfuStyle(0x0200, 4, 5, 7, microsoft=True),
}


def error_text_index(platform: Platform) -> int:
    """Return the string that explains a refusal by Device Protection, or 0 where there is none."""
    return _DFU_STYLES[platform.family or ""].error_text


def dfu_descriptors(
    platform: Platform, device_id: str, *, protection: str | None, locked: bool, old_dct_name: bool = False
) -> Descriptors:
    """Return the bootloader's descriptors.

    Args:
        platform: a platform with DFU.
        device_id: 24 hexadecimal digits.
        protection: `o`, `s` or `p` for a bootloader that tells its Device Protection, else None.
        locked: whether the memory maps say that nothing can be read or written.
        old_dct_name: whether the bootloader calls its DCT `DCD`, as those of Device OS 4.0 and 5.0 do.
    """
    if platform.dfu is None:
        raise ValueError(f"{platform.name} has no DFU mode")
    style = _DFU_STYLES[platform.family or ""]
    maps = [
        (setting.descriptor_protected if locked else None) or setting.descriptor
        for setting in platform.dfu.alt_settings
    ]
    if old_dct_name:
        maps = [text.replace("@DCT", "@DCD") for text in maps]
    strings = _names(platform, device_id, suffix=" DFU Mode")
    if platform.family == "core":
        strings |= {1: "Spark Devices     ", 2: "CORE DFU "}
    strings |= {style.first_text + number: text for number, text in enumerate(maps)}
    if style.error_text:
        strings |= {4: strings[2], style.error_text: ERROR_TEXT}
    if protection:
        strings[PROTECTION_STRING] = f"sm={protection}".ljust(8, "\0")
    interfaces = b"".join(
        interface_descriptor(0, kind=(0xFE, 1, 2), text=style.first_text + number, alternate=number)
        for number in range(len(maps))
    )
    functional = struct.pack(
        "<BBBHHH", 9, DFU_FUNCTIONAL, _DFU_ATTRIBUTES, _DETACH_MS, platform.dfu.transfer_size, _DFUSE_RELEASE
    )
    return Descriptors(
        device=device_descriptor(
            platform,
            dfu=True,
            usb_release=style.usb_release,
            device_class=(0, 0, 0),
            release=platform.dfu.bcd_device,
        ),
        configuration=configuration_descriptor(
            interfaces, functional, interfaces=1, text=style.configuration_text
        ),
        functional=functional,
        strings=strings,
        microsoft=style.microsoft,
        control_interface=0,
    )


_NORMAL_RELEASES = {"core": 0x0200, "gen2": 0x0250, "nrf52840": 0x0102, "rtl872x": 0x0251}
_CONFIGURATION_TEXT, _SERIAL_TEXT, _CONTROL_TEXT = 4, 5, 6


def normal_descriptors(platform: Platform, device_id: str, *, protection: str | None) -> Descriptors:
    """Return the firmware's descriptors: a serial port, and but for the Core the control interface.

    Args:
        platform: a platform with USB.
        device_id: 24 hexadecimal digits.
        protection: `o`, `s` or `p` for firmware that tells its Device Protection in normal mode, else None.
    """
    family = platform.family or ""
    strings = _names(platform, device_id, suffix=" CDC Mode" if family == "nrf52840" else "")
    name = _product(platform)
    strings[_CONFIGURATION_TEXT] = strings[2]
    strings[_SERIAL_TEXT] = f"{name} USB Serial" if family == "rtl872x" else f"{name} Serial"
    strings[_CONTROL_TEXT] = f"{strings[2]} Control Interface"
    if protection:
        strings[PROTECTION_STRING] = f"sm={protection}".ljust(8, "\0")
    control_interface = 0 if family == "rtl872x" else 2
    control = interface_descriptor(control_interface, kind=(0xFF, 0xFF, 0xFF), text=_CONTROL_TEXT)
    if family == "core":
        parts: tuple[bytes, ...] = (_serial_port(0),)
    elif control_interface == 0:
        parts = (control, _serial_port(1))
    else:
        parts = (_serial_port(0), control)
    return Descriptors(
        device=device_descriptor(
            platform,
            dfu=False,
            usb_release=0x0200,
            device_class=(0xEF, 2, 1),
            release=_NORMAL_RELEASES[family],
        ),
        configuration=configuration_descriptor(
            *parts, interfaces=2 if family == "core" else 3, text=_CONFIGURATION_TEXT
        ),
        functional=b"",
        strings=strings,
        microsoft=family != "core",
        control_interface=control_interface,
    )


def _names(platform: Platform, device_id: str, *, suffix: str) -> dict[int, str]:
    return {1: "Particle", 2: _product(platform) + suffix, 3: device_id}


def _product(platform: Platform) -> str:
    return (platform.usb.product_string if platform.usb else None) or platform.display_name


def _serial_port(first: int) -> bytes:
    """Return a CDC-ACM function of two interfaces (USB CDC 1.2, PSTN 1.2)."""
    association = bytes((8, 11, first, 2, 0x02, 0x02, 0x01, _SERIAL_TEXT))
    functional = bytes((5, 0x24, 0x00, 0x10, 0x01))  # header, CDC 1.10
    functional += bytes((5, 0x24, 0x01, 0x00, first + 1))  # call management
    functional += bytes((4, 0x24, 0x02, 0x02))  # line coding and state
    functional += bytes((5, 0x24, 0x06, first, first + 1))  # union
    return b"".join(
        (
            association,
            interface_descriptor(first, kind=(0x02, 0x02, 0x01), text=_SERIAL_TEXT, endpoints=1),
            functional,
            endpoint_descriptor(0x82, kind=3, size=8, interval=16),
            interface_descriptor(first + 1, kind=(0x0A, 0, 0), text=0, endpoints=2),
            endpoint_descriptor(0x01, kind=2, size=64),
            endpoint_descriptor(0x81, kind=2, size=64),
        )
    )
