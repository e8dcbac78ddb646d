"""Where a device looks for each kind of module, and how much room it has there.

Sources: Device OS, hal/src/*/ota_module_bounds.c and the linker scripts of its releases.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.flashing.errors import Misplaced, NotFlashable
from particle_cli.domain.flashing.firmware_file import FirmwareFile
from particle_cli.domain.platforms.values import Platform, PlatformModule

FIRST_WITH_256K_APPLICATIONS: Final = 3100
"""System part version of Device OS 3.1.0; before it, an nRF52840 system part reached up to 0xD4000."""
BUILD_ANEW: Final = "Build it for this device, and for a Device OS that it runs."


def module_slot(file: FirmwareFile, platform: Platform) -> PlatformModule:
    """Return the platform's entry for a module. Raises: NotFlashable when there is none."""
    slot = platform.module(file.function, file.index)
    if slot is None:
        raise NotFlashable(
            f"{file.name}: {platform.display_name} has no place for its kind of module "
            f"({file.title}, index {file.index}).",
            next_step="Check that the file was built for this device.",
        )
    return slot


def checked_slot(file: FirmwareFile, platform: Platform) -> PlatformModule:
    """Return the platform's entry for a module that lies where the device looks for it, and fits.

    Raises: NotFlashable, Misplaced.
    """
    slot = module_slot(file, platform)
    if slot.storage == "external_mcu":  # that processor's own bootloader decides
        return slot
    start, size = file.module.prefix.start_address, file.module.size
    low, high = slot_region(file, slot, platform)
    if size > high - low:
        raise too_large(file, size, high - low, f"the place for its kind ({file.title})", platform)
    if slot.grows_left:
        wrong = start + size != slot.end
        found, expected = f"ends at {start + size:#010x}", f"one that ends at {slot.end:#010x}"
    else:
        starts = sorted(set(_starts(slot, platform)))
        wrong = start not in starts
        found = f"starts at {start:#010x}"
        expected = "one that starts at " + " or ".join(f"{address:#010x}" for address in starts)
    if wrong:
        raise Misplaced(
            f"{file.name} ({file.title}) {found}; {platform.display_name} looks for {expected}.",
            next_step=BUILD_ANEW,
        )
    return slot


def slot_region(file: FirmwareFile, slot: PlatformModule, platform: Platform) -> tuple[int, int]:
    """Return the first address of what a module has for itself, and the address after it."""
    start, former = file.module.prefix.start_address, platform.segments.former_user_part
    if slot.grows_left and slot.end is not None and slot.max_size is not None:
        return slot.end - slot.max_size, slot.end
    if slot.start is None or slot.end is None:  # the Electron's system parts: each in a slot of its own
        return start, start + (slot.max_size or file.module.size)
    if file.function == ModuleFunction.SYSTEM_PART and file.version < FIRST_WITH_256K_APPLICATIONS and former:
        return slot.start, former.address
    return slot.start, slot.end


def _starts(slot: PlatformModule, platform: Platform) -> Iterator[int]:
    """Yield the addresses where Device OS, of one release or another, looks for the module."""
    if slot.start is not None:
        yield slot.start
    others = {
        (module.type, module.start) for module in platform.modules if module.index != slot.index
    }  # the old application slot of the nRF52840 lies within the new one, and is a module of its own
    kinds = ("mono_firmware", "system_part_legacy") if slot.type == "mono_firmware" else (slot.type,)
    for region in platform.flash_map:
        low, high = slot.start or 0, slot.end or region.end
        if (
            region.media == slot.storage
            and region.name.startswith(kinds)
            and low <= region.start < high
            and (slot.type, region.start) not in others
        ):
            yield region.start


def too_large(file: FirmwareFile, size: int, room: int, where: str, platform: Platform) -> Misplaced:
    """Return the error for a module of `size` bytes where there is room for `room`."""
    return Misplaced(
        f"{file.name} has {size} bytes; {where} on {platform.display_name} has {room}.",
        next_step=f"Make it smaller by at least {size - room} bytes, e.g. by moving data into assets.",
    )
