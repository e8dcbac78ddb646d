"""The memory of a Gen 2 device in sections, as its firmware shows them to a host (Device OS before 2.0).

A section can do what it has a function for. What a function returns of time is in milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from functools import partial
from typing import Final

from attrs import frozen

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.platforms.values import PlatformModule
from particle_cli.simulators.firmware.installed import installed_modules
from particle_cli.simulators.hardware.dct import DCT_SIZE, Dct
from particle_cli.simulators.hardware.hardware import Hardware

EEPROM_SIZE: Final = 2047
_EEPROM_WRITE_MS: Final = 5.0
_READ_ONLY: Final = (ModuleFunction.BOOTLOADER, ModuleFunction.SYSTEM_PART, ModuleFunction.USER_PART)


class Kind(Enum):
    """What a section holds."""

    FIRMWARE = "firmware"
    UPDATE = "a received update"
    FACTORY = "factory firmware"
    CONFIGURATION = "configuration"
    EEPROM = "emulated EEPROM"


@frozen
class Section:
    """One section.

    Attributes:
        kind: what it holds.
        size: bytes that it can hold.
        module: whose place it is, of firmware.
        read: returns bytes: offset, how many.
        write: stores bytes at an offset.
        clear: erases all of it.
        content_size: returns how many bytes of it are in use.
    """

    kind: Kind
    size: int
    module: PlatformModule | None = None
    read: Callable[[int, int], bytes] | None = None
    write: Callable[[int, bytes], float] | None = None
    clear: Callable[[], float] | None = None
    content_size: Callable[[], int] | None = None


def sections(hardware: Hardware) -> tuple[Section, ...]:
    """Return the sections of a device, in the order by which a host numbers them."""
    return tuple(_sections(hardware))


def _sections(hardware: Hardware) -> Iterator[Section]:
    for function in _READ_ONLY:
        for slot in hardware.platform.modules:
            if slot.function == function:
                yield Section(
                    Kind.FIRMWARE,
                    slot.max_size or 0,
                    slot,
                    read=partial(_read_module, hardware, slot),
                    content_size=partial(_module_size, hardware, slot),
                )
    update, factory = hardware.region("ota"), hardware.region("factory_reset")
    if update:
        yield Section(
            Kind.UPDATE,
            update.size,
            read=partial(_read, hardware, update.start),
            content_size=partial(_size_at, hardware, update.start, update.size),
        )
    if factory:
        yield Section(
            Kind.FACTORY,
            factory.size,
            read=partial(_read, hardware, factory.start),
            write=lambda offset, data: hardware.flash.program(factory.start + offset, data),
            clear=lambda: hardware.flash.erase(factory.start, factory.size),
            content_size=partial(_size_at, hardware, factory.start, factory.size),
        )
    if hardware.dct:
        yield _configuration(hardware.dct)
    eeprom = hardware.region("eeprom_emulation")
    if eeprom:
        yield _eeprom(hardware, eeprom.start)


def _configuration(dct: Dct) -> Section:
    return Section(Kind.CONFIGURATION, DCT_SIZE, read=dct.read, write=dct.write)


def _eeprom(hardware: Hardware, start: int) -> Section:
    """Return the EEPROM: its bytes, at the start of its region. The records of real ones are not modelled."""

    def write(offset: int, data: bytes) -> float:
        hardware.flash.replace_file(start + offset, data)
        return _EEPROM_WRITE_MS

    return Section(
        Kind.EEPROM,
        EEPROM_SIZE,
        read=partial(_read, hardware, start),
        write=write,
        clear=lambda: write(0, b"\xff" * EEPROM_SIZE),
    )


def _read(hardware: Hardware, start: int, offset: int, size: int) -> bytes:
    return hardware.memory.read(start + offset, size)


def _read_module(hardware: Hardware, slot: PlatformModule, offset: int, size: int) -> bytes:
    """Read from a module's place, which for an Electron's system parts is wherever the module is."""
    start = slot.start
    if start is None:
        start = next((one.address for one in installed_modules(hardware) if one.slot is slot), None)
    return b"\xff" * size if start is None else hardware.memory.read(start + offset, size)


def _module_size(hardware: Hardware, slot: PlatformModule) -> int:
    return next((one.size for one in installed_modules(hardware) if one.slot is slot and one.usable), 0)


def _size_at(hardware: Hardware, start: int, most: int) -> int:
    """Return the size of a module that lies in a region, or 0."""
    from particle_cli.simulators.firmware.staged import read_staged

    image = read_staged(hardware.platform.family, hardware.memory.read(start, most))
    return len(image.data) if image and image.whole else 0
