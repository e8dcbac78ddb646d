"""How a device shows itself on the bus in the mode that it came up in."""

from __future__ import annotations

from particle_cli.simulators.control.mode import FirmwareMode
from particle_cli.simulators.dfu.mode import start_dfu
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.system.bootloader_side import BootloaderSide
from particle_cli.simulators.system.system import System
from particle_cli.simulators.usb.device_descriptors import dfu_descriptors, normal_descriptors
from particle_cli.simulators.usb.function import UsbFunction


def usb_function(device: System) -> UsbFunction:
    """Return the USB side of a device that has just come up: its bootloader's, or its firmware's."""
    side = BootloaderSide(device)
    platform = device.hardware.platform
    if device.mode is not Mode.DFU:
        descriptors = normal_descriptors(
            platform, device.hardware.device_id, protection=side.firmware_protection_letter
        )
        return UsbFunction(descriptors, FirmwareMode(device))
    descriptors = dfu_descriptors(
        platform,
        device.hardware.device_id,
        protection=side.protection_letter,
        locked=side.protected,
        old_dct_name=side.has_old_dct_name,
    )
    bootloader = start_dfu(
        device.hardware,
        device.agenda,
        side,
        system_whole=side.system_whole,
        service_mode=side.overridden,
        late_stall=device.late_stall,
    )
    return UsbFunction(descriptors, bootloader)
