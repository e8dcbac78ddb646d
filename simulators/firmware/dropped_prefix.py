"""Modules that lie in flash without their prefix (DROP_MODULE_INFO), and where a device knows it from.

Boot stages of the RTL872x: the simulated bootloader notes their prefixes on the boot information page when it
writes them. The radio stack of the nRF52840 may also be written by a host, which leaves no such note; but a
SoftDevice tells its size and version itself, all such modules have the same needs, and so the prefix that it
had can be made again and the CRC behind it checked.
"""

from __future__ import annotations

import zlib

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Dependency
from particle_cli.domain.firmware.prefix import DROP_MODULE_INFO, NO_DEPENDENCY, PREFIX_SIZE, ModulePrefix
from particle_cli.domain.platforms.values import PlatformModule
from particle_cli.simulators.hardware.hardware import Hardware

SOFTDEVICE_NEEDS = (
    Dependency(ModuleFunction.BOOTLOADER, 0, 501),
    Dependency(ModuleFunction.SYSTEM_PART, 1, 1321),
)
"""What every SoftDevice module since Device OS 2.0 depends on."""
SUFFIX_SIZE, CRC_SIZE = 36, 4
"""Behind the SoftDevice: a suffix without product data, and the CRC."""

_INFO = 0x3000
"""Where the information structure lies (nRF52 SoftDevice specification)."""
_INFO_MAGIC = bytes.fromhex("dbe5b151")
_NOTE_SIZE = 32


def dropped_prefix(hardware: Hardware, slot: PlatformModule) -> bytes | None:
    """Return the prefix that the module in a slot had.

    None: modules in this slot keep theirs. Bytes that make no sense: there is no module.
    """
    if slot.function == ModuleFunction.RADIO_STACK:
        return _softdevice_prefix(hardware, slot)
    address = _note_address(hardware, slot)
    return None if address is None else hardware.memory.read(address, PREFIX_SIZE)


def note_prefix(hardware: Hardware, slot: PlatformModule, prefix: bytes) -> None:
    """Note the prefix of a boot stage that is written without it. Raises: PowerCut, with nothing changed."""
    address = _note_address(hardware, slot)
    if address is not None:
        hardware.flash.replace_file(address, prefix)


def _note_address(hardware: Hardware, slot: PlatformModule) -> int | None:
    region = hardware.region("boot_info")
    if region is None or slot.function != ModuleFunction.BOOTLOADER or slot.index == 0:
        return None
    return region.start + slot.index * _NOTE_SIZE


def _softdevice_prefix(hardware: Hardware, slot: PlatformModule) -> bytes:
    assert slot.start is not None
    info = hardware.memory.read(_INFO, 16)
    size = int.from_bytes(info[8:12], "little") - slot.start
    if info[4:8] != _INFO_MAGIC or not 0 < size <= (slot.max_size or 0):
        return bytes(PREFIX_SIZE)
    made = [
        ModulePrefix(
            start_address=slot.start,
            end_address=slot.start + PREFIX_SIZE + size + SUFFIX_SIZE,
            mcu_target=0,
            flags=DROP_MODULE_INFO,
            version=int.from_bytes(info[12:14], "little"),
            platform_id=hardware.platform.id,
            function=slot.function,
            index=slot.index,
            dependency1=needs[0],
            dependency2=needs[1],
        ).encoded()
        for needs in (SOFTDEVICE_NEEDS, (NO_DEPENDENCY, NO_DEPENDENCY))
    ]
    content = hardware.memory.read(slot.start, size + SUFFIX_SIZE)
    crc = hardware.memory.read(slot.start + size + SUFFIX_SIZE, CRC_SIZE)
    fitting = (one for one in made if zlib.crc32(content, zlib.crc32(one)).to_bytes(4, "big") == crc)
    return next(fitting, made[0])
