"""The firmware modules in a device's flash, found and checked as the device itself does.

A device does not search: it looks at the places that its memory map names, and at fixed offsets in them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

from attrs import evolve, frozen

from particle_cli.domain.firmware.errors import FirmwareError
from particle_cli.domain.firmware.extensions import ExtensionType
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.locating import device_prefix_offset
from particle_cli.domain.firmware.module import Dependency, Module
from particle_cli.domain.firmware.prefix import DROP_MODULE_INFO, PREFIX_SIZE, ModulePrefix, read_prefix
from particle_cli.domain.firmware.suffix import read_suffix
from particle_cli.domain.platforms.values import PlatformModule
from particle_cli.simulators.firmware.dropped_prefix import dropped_prefix
from particle_cli.simulators.hardware.flash_driver import EXTERNAL_MCU
from particle_cli.simulators.hardware.hardware import Hardware

INTEGRITY, DEPENDENCIES, RANGE, PLATFORM = 0x02, 0x04, 0x08, 0x10
"""Validity flags, as Device OS numbers them in its describe messages."""
ALL_CHECKS = INTEGRITY | DEPENDENCIES | RANGE | PLATFORM

SYSTEM_STARTS = (0x28000, 0x30000)
"""Where the system part of an nRF52840 may start: from Device OS 6.2 on, and before."""
WIDE_SYSTEM_END = 0xD4000
"""Where it ended before Device OS 3.1, when applications had 128 KiB."""
FIRST_WITH_256K_APPLICATIONS = 3100

_MOST_BYTES = 0x40_0000
_LONGEST_VECTOR_TABLE = 0x200


@frozen
class InstalledModule:
    """A module found in flash.

    Attributes:
        slot: the place of the memory map that it is in.
        address: where it starts.
        prefix: its prefix, or what is known of it.
        module: all of it, or None where it is not whole enough to be read, or has no prefix in flash.
        passed: the checks it passes (INTEGRITY, …); DEPENDENCIES only after `with_dependencies`.
    """

    slot: PlatformModule
    address: int
    prefix: ModulePrefix
    module: Module | None
    passed: int

    @property
    def usable(self) -> bool:
        """Whether it is whole, in its place and for this platform, whatever it depends on."""
        return not (INTEGRITY | RANGE | PLATFORM) & ~self.passed

    @property
    def valid(self) -> bool:
        """Whether it passes all checks."""
        return self.passed == ALL_CHECKS

    @property
    def dependencies(self) -> tuple[Dependency, ...]:
        """What it needs."""
        return self.module.dependencies if self.module else ()

    @property
    def size(self) -> int:
        """Its size in bytes, CRC included."""
        return self.prefix.end_address - self.prefix.start_address + 4


def installed_modules(hardware: Hardware) -> tuple[InstalledModule, ...]:
    """Return the modules in a device's flash, in the order of its memory map, dependencies checked."""
    found = [
        module
        for slot in hardware.platform.modules
        for module in _find(hardware, slot)
        if (module.prefix.function, module.prefix.index) == (slot.function, slot.index)
    ]
    return with_dependencies(found)


def with_dependencies(modules: Sequence[InstalledModule]) -> tuple[InstalledModule, ...]:
    """Return the modules with the dependency check made among them."""
    return tuple(
        evolve(one, passed=one.passed | DEPENDENCIES) if not missing_of(one.dependencies, modules) else one
        for one in modules
    )


def missing_of(
    dependencies: Sequence[Dependency], modules: Sequence[InstalledModule]
) -> tuple[Dependency, ...]:
    """Return the dependencies that no usable module meets."""
    return tuple(
        need
        for need in dependencies
        if not any(
            one.usable
            and (one.prefix.function, one.prefix.index) == (need.function, need.index)
            and one.prefix.version >= need.version
            for one in modules
        )
    )


def slot_end(slot: PlatformModule, version: int) -> int:
    """Return the address that a module of this version must not pass, in a slot that has a fixed end."""
    is_nrf_system = slot.function == ModuleFunction.SYSTEM_PART and slot.start == SYSTEM_STARTS[0]
    if is_nrf_system and version < FIRST_WITH_256K_APPLICATIONS:
        return WIDE_SYSTEM_END
    return slot.end or 0


def _starts_of(hardware: Hardware, slot: PlatformModule) -> tuple[int, ...]:
    """Return the addresses at which a module of the slot may start; none where it grows left."""
    if slot.storage == "external_mcu":
        return (EXTERNAL_MCU,)
    if slot.grows_left:
        return ()
    if slot.start is None:  # Electron: system parts of any index in three equal slots
        return tuple(
            region.start
            for region in hardware.platform.flash_map
            if region.name.startswith("system_part_slot_")
        )
    if slot.function == ModuleFunction.SYSTEM_PART and slot.start == SYSTEM_STARTS[0]:
        return SYSTEM_STARTS
    return (slot.start,)


def _find(hardware: Hardware, slot: PlatformModule) -> Iterator[InstalledModule]:
    """Yield what lies in the slot: of several that pass for a module the first usable one, else the first."""
    starts = _starts_of(hardware, slot)
    if slot.grows_left:
        starts = _start_of_left_grower(hardware, slot)
    found = [one for start in starts if (one := _read_at(hardware, slot, start))]
    fitting = [one for one in found if one.prefix.index == slot.index]
    yield from [one for one in fitting if one.usable][:1] or fitting[:1]


def _read_at(hardware: Hardware, slot: PlatformModule, start: int) -> InstalledModule | None:
    dropped = dropped_prefix(hardware, slot)
    if dropped is None:
        head = hardware.memory.read(start, _LONGEST_VECTOR_TABLE + PREFIX_SIZE)
        offset = device_prefix_offset(hardware.platform.family, head)
    else:
        head, offset = dropped, 0
    size = (
        int.from_bytes(head[offset + 4 : offset + 8], "little")
        - int.from_bytes(head[offset : offset + 4], "little")
        + 4
    )
    if head[offset + 14] != slot.function or not PREFIX_SIZE < size <= _MOST_BYTES:
        return None
    kept = dropped or b""
    return _read_image(hardware, slot, start, kept + hardware.memory.read(start, size - len(kept)), offset)


def _read_image(
    hardware: Hardware, slot: PlatformModule, start: int, image: bytes, offset: int
) -> InstalledModule | None:
    """Read and check a module as it lies at an address; None if it is none.

    Args:
        hardware: the device.
        slot: its place.
        start: the address its first byte has.
        image: its bytes, no more and no less.
        offset: of the prefix in them.
    """
    view = memoryview(image)
    module: Module | None = None
    try:
        prefix = read_prefix(view, offset, name="flash")
        body = offset + prefix.size
        suffix = read_suffix(view, body, name="flash")
        stored_crc = int.from_bytes(view[-4:], "big")
        payload = view[body : len(view) - 4 - suffix.size]
        module = Module(prefix, payload, suffix, stored_crc, preamble=bytes(view[:offset]))
    except FirmwareError:
        try:
            prefix = read_prefix(view[: offset + PREFIX_SIZE], offset, name="flash")
        except FirmwareError:
            return None
    passed = 0
    if module and zlib.crc32(view[:-4]) == module.crc:
        passed |= INTEGRITY
    if _in_range(slot, start, prefix):
        passed |= RANGE
    if prefix.platform_id == hardware.platform.id:
        passed |= PLATFORM
    return InstalledModule(slot, start, prefix, module, passed)


def _in_range(slot: PlatformModule, start: int, prefix: ModulePrefix) -> bool:
    if slot.storage == "external_mcu":
        return True
    if prefix.start_address != start:
        return False
    end = prefix.end_address + 4
    if prefix.flags & DROP_MODULE_INFO:
        end -= PREFIX_SIZE  # it takes that much less room than it says
    if slot.grows_left:
        return end == slot.end and end - start <= (slot.max_size or 0)
    if slot.end is None:
        return end - start <= (slot.max_size or 0)
    return end <= slot_end(slot, prefix.version)


def _start_of_left_grower(hardware: Hardware, slot: PlatformModule) -> tuple[int, ...]:
    """Find an application whose end is fixed: its suffix says where it starts."""
    assert slot.end is not None
    end = slot.end - 4
    suffix_size = int.from_bytes(hardware.memory.read(end - 2, 2), "little")
    if suffix_size > 0x1000:
        return ()
    area = hardware.memory.read(end - suffix_size, suffix_size)
    at = 0
    while at + 8 <= len(area):
        kind, length = area[at] | area[at + 1] << 8, area[at + 2] | area[at + 3] << 8
        if kind == ExtensionType.DYNAMIC_LOCATION:
            return (int.from_bytes(area[at + 4 : at + 8], "little"),)
        if length < 4 or kind == ExtensionType.INVALID:
            break
        at += length
    return ()
