"""The udev rules by which Linux lets every user open Particle devices (udev(7))."""

from __future__ import annotations

from typing import Final

from attrs import frozen

FILE_NAME: Final = "50-particle.rules"
"""What the file is called in udev's folder, as in the Node CLI: one replaces the other."""


@frozen
class _Usb:
    """Devices by their USB ids, the product id as a pattern of udev's.

    Attributes:
        about: who they are, for the reader of the file.
        vendor_id, product_id: four hex digits each; `?` and `[…]` stand for one of several.
        ports: whether what hangs below the device, its serial ports above all, is meant as well; then
            ModemManager is told to leave them alone.
    """

    about: str
    vendor_id: str
    product_id: str
    ports: bool = True

    @property
    def rule(self) -> str:
        """The line that gives access to them."""
        matched = 'SUBSYSTEMS=="usb"' if self.ports else 'SUBSYSTEM=="usb"'
        ids = f'ATTRS{{idVendor}}=="{self.vendor_id}", ATTRS{{idProduct}}=="{self.product_id}"'
        ignored = ', ENV{ID_MM_DEVICE_IGNORE}="1"' if self.ports else ""
        return f'{matched}, {ids}, GROUP="plugdev", MODE="0666"{ignored}'


_DEVICES: Final = (
    _Usb("Core, running its firmware and in DFU mode", "1d50", "607[df]"),
    _Usb("All other devices, running their firmware and in DFU mode", "2b04", "[cd]0??"),
    _Usb("Programmer shield (FT2232)", "0403", "6010"),
    _Usb("Debugger (CMSIS-DAP)", "0d28", "0204"),
    _Usb("Tachyon, when it is being flashed (Qualcomm EDL)", "05c6", "9008", ports=False),
)


def udev_rules() -> str:
    """Return the text of the rules file."""
    lines = ["# Access to Particle devices for every user; written by: particle usb configure"]
    for device in _DEVICES:
        lines += ["", f"# {device.about}", device.rule]
    return "\n".join(lines) + "\n"
