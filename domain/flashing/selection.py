"""Which of the files are flashed at all, and which may not be."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from particle_cli.domain.dfu.protection import Protection
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.prefix import COMBINED, ENCRYPTED
from particle_cli.domain.flashing.errors import (
    DowngradeRefused,
    Misplaced,
    NotFlashable,
    NothingToFlash,
    PlaceTaken,
    WrongPlatform,
)
from particle_cli.domain.flashing.firmware_file import FirmwareFile
from particle_cli.domain.flashing.requirements import requirements
from particle_cli.domain.flashing.slots import module_slot
from particle_cli.domain.flashing.steps import Skipped
from particle_cli.domain.flashing.target import Target
from particle_cli.domain.platforms.names import display_name
from particle_cli.domain.platforms.values import Platform

FIRST_PROTECTED_SYSTEM_PART = 6101
"""Device OS 6.1.1."""
FIRST_PROTECTED_BOOTLOADER = 3001
_ONLY_WHEN_NAMED = {ModuleFunction.RADIO_STACK, ModuleFunction.NCP_FIRMWARE}


def select(
    files: Sequence[FirmwareFile], target: Target
) -> tuple[tuple[FirmwareFile, ...], tuple[Skipped, ...]]:
    """Return the files that are to be flashed, in their order, and those that are left out.

    Encrypted modules are never flashed. Radio stack and network coprocessor firmware that came along with
    Device OS are left out, unless the device is known to lack the version that another file needs.

    Raises: WrongPlatform, NotFlashable, Misplaced, PlaceTaken, DowngradeRefused, NothingToFlash.
    """
    for file in files:
        _check_kind(file, target.platform)
    chosen: list[FirmwareFile] = []
    skipped: list[Skipped] = []
    for file in files:
        reason = _reason_to_skip(file, files, target)
        if reason:
            skipped.append(Skipped(file.name, reason))
        else:
            chosen.append(file)
    _check_one_each(chosen, target.platform)
    chosen = [_for_protection(file, target) for file in chosen]
    if not chosen:
        why = "; ".join(f"{file.name} is left out: {file.reason}" for file in skipped)
        raise NothingToFlash(
            f"There is nothing to flash{f': {why}' if why else ''}.",
            next_step="Name a .bin or .zip file, or the folder of a project.",
        )
    return tuple(chosen), tuple(skipped)


def _check_kind(file: FirmwareFile, platform: Platform) -> None:
    prefix = file.module.prefix
    if prefix.flags & COMBINED:
        raise NotFlashable(
            f"{file.name} holds several modules in one.", next_step="Flash the files that it was made from."
        )
    if file.function == ModuleFunction.ASSET:
        _check_asset(file, platform)
        return
    if prefix.platform_id != platform.id:
        raise WrongPlatform(
            f"Module {file.name} is not compatible with platform {platform.name}: it was built for "
            f"{display_name(prefix.platform_id)}.",
            next_step=f"Build it for this device: particle compile {platform.name}",
        )
    module_slot(file, platform)


def _check_asset(file: FirmwareFile, platform: Platform) -> None:
    limits = platform.assets
    if limits is None:
        raise NotFlashable(f"{file.name} is an asset; {platform.display_name} does not support assets.")
    if file.module.size > limits.max_single_asset_size:
        excess = file.module.size - limits.max_single_asset_size
        raise Misplaced(
            f"Asset {file.name} exceeds maximum single asset size limit by {excess} bytes.",
            next_step="Make it smaller, or split it.",
        )


def _reason_to_skip(file: FirmwareFile, files: Sequence[FirmwareFile], target: Target) -> str | None:
    if file.function == ModuleFunction.ASSET:
        held = (asset.name == file.name and asset.sha256 == file.asset_hash for asset in target.assets or ())
        return "it already exists on the device" if any(held) else None
    slot = module_slot(file, target.platform)
    if slot.encrypted or slot.flash_via == "never" or file.module.prefix.flags & ENCRYPTED:
        return "it is encrypted, and only the factory can write it"
    if file.named or file.function not in _ONLY_WHEN_NAMED:
        return None
    kind = (file.function, file.index)
    others = [other for other in files if other is not file]
    needed = target.modules is not None and any(
        not need.met and (need.dependency.function, need.dependency.index) == kind
        for need in requirements(others, target)
    )
    return None if needed else "it is flashed only when it is named"


def _check_one_each(files: Sequence[FirmwareFile], platform: Platform) -> None:
    """See that no two files are for one place, as far as kind, index and asset name tell."""
    seen: dict[tuple[int, int, int, str], FirmwareFile] = {}
    for file in files:
        is_asset = file.function == ModuleFunction.ASSET
        key = (file.function, file.index, file.module.prefix.mcu_target, file.name if is_asset else "")
        other = seen.setdefault(key, file)
        if other is not file:
            raise PlaceTaken(
                f"{other.name} and {file.name} are both {'asset' if is_asset else file.title}: "
                f"{platform.display_name} has one place for it.",
                next_step="Leave one of them out.",
            )


def _for_protection(file: FirmwareFile, target: Target) -> FirmwareFile:
    """Return the file as a protected device needs it: its bootloader says that the device is protected."""
    if target.protection is Protection.OPEN:
        return file
    main_bootloader = (file.function, file.index) == (ModuleFunction.BOOTLOADER, 0)
    oldest = 0
    if file.function == ModuleFunction.SYSTEM_PART:
        oldest = FIRST_PROTECTED_SYSTEM_PART
    elif main_bootloader:
        oldest = FIRST_PROTECTED_BOOTLOADER
    if file.version < oldest:
        raise DowngradeRefused(
            "Cannot downgrade Device OS below version 6.1.1 on a Protected Device: "
            f"{file.name} ({file.title}) is version {file.version}, the oldest allowed is {oldest}.",
            next_step="Flash Device OS 6.1.1 or newer.",
        )
    if not main_bootloader:
        return file
    from particle_cli.domain.firmware.protected import is_protected, protected_module

    return file if is_protected(file.module) else evolve(file, module=protected_module(file.module))
