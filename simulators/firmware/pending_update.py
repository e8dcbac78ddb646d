"""Updates that were received and wait for the next reset, and the work of the bootloader that applies them.

A received module stays in the update area until it has been copied to its place and found there whole; only
then is its slot in the configuration table cleared. So the power may fail at any moment: the next boot begins
the copy anew. The boot stages themselves are replaced before anything of them is needed.

Not modelled: that the stage which copies is another one on each family (master boot record, bootloader,
system part).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from attrs import frozen

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.prefix import PREFIX_SIZE
from particle_cli.domain.platforms.values import PlatformModule
from particle_cli.simulators.firmware.dropped_prefix import note_prefix
from particle_cli.simulators.firmware.staged import StagedImage, read_staged
from particle_cli.simulators.hardware.dct import MODULE_SLOTS, MODULE_SLOTS_SIZE
from particle_cli.simulators.hardware.flash_driver import EXTERNAL_MCU
from particle_cli.simulators.hardware.hardware import Hardware

_SLOT = struct.Struct("<HHII8x")
_MAGIC = 0xABCD
_OLD_APPLICATION = 0xD4000


@frozen
class _Pending:
    number: int
    address: int
    size: int


def _pending(hardware: Hardware) -> Iterator[_Pending]:
    if hardware.dct is None:
        return
    table = hardware.dct.read(MODULE_SLOTS, MODULE_SLOTS_SIZE)
    for number in range(MODULE_SLOTS_SIZE // _SLOT.size):
        magic, _, address, size = _SLOT.unpack_from(table, number * _SLOT.size)
        if magic == _MAGIC:
            yield _Pending(number, address, size)


def note_pending(hardware: Hardware, address: int, size: int) -> None:
    """Have the module at an address of the update area applied at the next reset. Raises: PowerCut."""
    assert hardware.dct is not None
    taken = {one.number for one in _pending(hardware)}
    free = next(number for number in range(MODULE_SLOTS_SIZE // _SLOT.size) if number not in taken)
    hardware.dct.write(MODULE_SLOTS + free * _SLOT.size, _SLOT.pack(_MAGIC, 0, address, size))


def forget_pending(hardware: Hardware) -> None:
    """Forget what waits: the room that it lies in is about to be erased. Raises: PowerCut."""
    assert hardware.dct is not None
    if any(_pending(hardware)):
        hardware.dct.write(MODULE_SLOTS, b"\xff" * MODULE_SLOTS_SIZE)


def apply_pending(hardware: Hardware, *, factory_reset: bool = False) -> float:
    """Copy what waits to its place; return the milliseconds that it takes.

    Args:
        hardware: the device.
        factory_reset: also copy the factory image over the application, where there is a valid one.

    Raises: PowerCut; the next call goes on.
    """
    taken_ms = 0.0
    for one in tuple(_pending(hardware)):
        image = read_staged(hardware.platform.family, hardware.memory.read(one.address, one.size))
        if image and image.whole:
            taken_ms += _install(hardware, image)
        assert hardware.dct is not None
        taken_ms += hardware.dct.write(MODULE_SLOTS + one.number * _SLOT.size, b"\xff" * _SLOT.size)
    if factory_reset:
        taken_ms += _install_factory_image(hardware)
    return taken_ms


def _install_factory_image(hardware: Hardware) -> float:
    segment = hardware.platform.segments.factory_reset
    if segment is None:
        return 0.0
    image = read_staged(hardware.platform.family, hardware.memory.read(segment.address, segment.size))
    if image is None or not image.whole or image.prefix.platform_id != hardware.platform.id:
        return 0.0
    return _install(hardware, image)


def slot_of(hardware: Hardware, image: StagedImage) -> PlatformModule | None:
    """Return the place for a module, or None where the platform has none."""
    return hardware.platform.module(image.prefix.function, image.prefix.index)


def _install(hardware: Hardware, image: StagedImage) -> float:
    slot, body = slot_of(hardware, image), image.body()
    if slot is None or body is None:
        return 0.0
    if slot.storage == "external_mcu":
        return hardware.flash.write_pages(EXTERNAL_MCU, image.data)
    start = image.prefix.start_address
    taken_ms = 0.0
    if image.compressed and not image.dropped:
        inner = read_staged(hardware.platform.family, body)
        if inner is None:
            return 0.0
        start = inner.prefix.start_address
    if slot.function == ModuleFunction.BOOTLOADER and image.dropped:
        note_prefix(hardware, slot, image.data[:PREFIX_SIZE])
    taken_ms += hardware.flash.write_pages(start, body)
    newer = slot.function == ModuleFunction.USER_PART and slot.index == 2
    if newer and hardware.platform.family == "nrf52840" and start + len(body) <= _OLD_APPLICATION:
        taken_ms += hardware.flash.erase_sector(_OLD_APPLICATION)  # else the old application would run
    return taken_ms
