"""What a device checks of the firmware that it has received, before it takes it over."""

from __future__ import annotations

from collections.abc import Sequence

from particle_cli.domain.firmware.extensions import ExtensionType
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Dependency
from particle_cli.domain.firmware.prefix import COMBINED, NO_DEPENDENCY, PREFIX_EXTENSIONS
from particle_cli.domain.platforms.values import PlatformModule
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.installed import InstalledModule, missing_of, slot_end
from particle_cli.simulators.firmware.pending_update import slot_of
from particle_cli.simulators.firmware.staged import StagedImage, read_staged
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.hardware.hardware import Hardware

LEAST_PROTECTED_SYSTEM = 6000
_COMPRESSIBLE = (ModuleFunction.SYSTEM_PART, ModuleFunction.USER_PART, ModuleFunction.ASSET)
MOST_COMBINED = 2


def check_update(
    hardware: Hardware, data: bytes, installed: Sequence[InstalledModule], *, protected: bool
) -> tuple[StagedImage, ...]:
    """Return the modules of an update, one or two, if the device would take them.

    Args:
        hardware: the device.
        data: all that was received.
        installed: what it runs.
        protected: whether it has Device Protection, overridden or not.

    Raises: RequestFailed.
    """
    images: list[StagedImage] = []
    rest = data
    while len(images) < MOST_COMBINED:
        image = read_staged(hardware.platform.family, rest)
        if image is None:
            raise RequestFailed(system_error.OTA_MODULE_NOT_FOUND)
        _check(hardware, image, installed, protected=protected)
        images.append(image)
        rest = rest[len(image.data) :]
        if not image.prefix.flags & COMBINED:
            break
    return tuple(images)


def _check(
    hardware: Hardware, image: StagedImage, installed: Sequence[InstalledModule], *, protected: bool
) -> None:
    prefix = image.prefix
    if (image.dropped or image.compressed) and image.offset:
        raise RequestFailed(system_error.OTA_INVALID_FORMAT)
    if prefix.function == ModuleFunction.ASSET:
        _check_asset(hardware, image)
        return
    if image.compressed and prefix.function not in _COMPRESSIBLE:
        raise RequestFailed(system_error.OTA_UNSUPPORTED_MODULE)
    slot = slot_of(hardware, image)
    if prefix.function == ModuleFunction.NCP_FIRMWARE:
        if slot is None:
            raise RequestFailed(system_error.OTA_UNSUPPORTED_MODULE)
    elif slot is None or slot.encrypted or not _ends_within(slot, image):
        raise RequestFailed(system_error.OTA_MODULE_NOT_FOUND)
    if not image.whole or (image.compressed and image.body() is None):
        raise RequestFailed(system_error.OTA_INTEGRITY_CHECK_FAILED)
    if _missing(image, installed):
        raise RequestFailed(system_error.OTA_DEPENDENCY_CHECK_FAILED)
    if slot.start is not None and not _starts_at(slot, image):
        raise RequestFailed(system_error.OTA_INVALID_ADDRESS)
    if prefix.platform_id != hardware.platform.id:
        raise RequestFailed(system_error.OTA_INVALID_PLATFORM)
    if protected:
        _check_protection(image)


def _check_asset(hardware: Hardware, image: StagedImage) -> None:
    """Check what the asset reader of Device OS checks."""
    if hardware.platform.assets is None:
        raise RequestFailed(system_error.OTA_UNSUPPORTED_MODULE)
    name, digest = image.record(ExtensionType.NAME), image.record(ExtensionType.HASH)
    if not image.dropped or image.prefix.flags & PREFIX_EXTENSIONS or not name or digest is None:
        raise RequestFailed(system_error.OTA_INVALID_FORMAT)
    if not image.whole or (image.compressed and image.body() is None):
        raise RequestFailed(system_error.OTA_INTEGRITY_CHECK_FAILED)


def _ends_within(slot: PlatformModule, image: StagedImage) -> bool:
    end = image.prefix.end_address + 4
    if slot.grows_left and slot.end is not None and slot.max_size is not None:
        return slot.end - slot.max_size <= end <= slot.end
    if slot.start is None or slot.end is None:
        return True  # Electron's system parts move between slots
    return slot.start <= end <= slot_end(slot, image.prefix.version)


def _starts_at(slot: PlatformModule, image: StagedImage) -> bool:
    if image.compressed:
        return True  # the address is that of what comes out of it
    if slot.function == ModuleFunction.SYSTEM_PART:
        return slot.start is not None and image.prefix.start_address >= slot.start
    return image.prefix.start_address == slot.start


def _missing(image: StagedImage, installed: Sequence[InstalledModule]) -> tuple[Dependency, ...]:
    """Return what is missing of all that must be there by now.

    An application may come before the system that it needs, and a system part before its bootloader: the
    device then starts in safe mode and waits for them.
    """
    prefix = image.prefix
    if prefix.function == ModuleFunction.USER_PART:
        return ()
    needs = [
        need
        for need in (prefix.dependency1, prefix.dependency2)
        if need != NO_DEPENDENCY and need.function not in (ModuleFunction.BOOTLOADER, ModuleFunction.NONE)
    ]
    missing = missing_of(needs, installed)
    if missing or prefix.function != ModuleFunction.SYSTEM_PART:
        return missing
    return tuple(
        need
        for one in installed
        if one.prefix.function == ModuleFunction.SYSTEM_PART
        and one.prefix.index != prefix.index
        and one.usable
        for need in one.dependencies
        if (need.function, need.index) == (prefix.function, prefix.index) and need.version > prefix.version
    )


def _check_protection(image: StagedImage) -> None:
    """Refuse what would end Device Protection."""
    prefix = image.prefix
    if prefix.function == ModuleFunction.BOOTLOADER and prefix.index == 0:
        mode = image.record(ExtensionType.SECURITY_MODE)
        if not mode or mode[0] != 1:
            raise RequestFailed(system_error.PROTECTED)
    if prefix.function == ModuleFunction.SYSTEM_PART and prefix.version < LEAST_PROTECTED_SYSTEM:
        raise RequestFailed(system_error.PROTECTED)
