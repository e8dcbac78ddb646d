"""What a device does after a reset: which of its firmware it runs."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from attrs import frozen

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.functions import name as name_of
from particle_cli.domain.firmware.records import AssetDependency, asset_dependencies
from particle_cli.simulators.firmware.asset_store import missing_assets
from particle_cli.simulators.firmware.installed import InstalledModule, installed_modules
from particle_cli.simulators.hardware.hardware import Hardware


class Mode(Enum):
    """What a device is doing."""

    OFF = "off"
    RESETTING = "resetting"
    NORMAL = "normal"
    LISTENING = "listening"
    SAFE = "safe"
    DFU = "dfu"
    DEAD = "dead"

    @property
    def runs_firmware(self) -> bool:
        """Whether the system part runs: control requests are answered."""
        return self in (Mode.NORMAL, Mode.LISTENING, Mode.SAFE)


class BootRequest(Enum):
    """What the firmware, or a person at the buttons, asks of the next boot."""

    NOTHING = "nothing"
    DFU = "dfu"
    SAFE = "safe"
    FACTORY = "factory"


@frozen
class Verdict:
    """What a boot came to.

    Attributes:
        mode: NORMAL, SAFE, DFU or DEAD.
        reason: why it is not NORMAL, for people; else empty.
        modules: what lies in the flash.
        application: the application that runs in NORMAL, or would.
    """

    mode: Mode
    reason: str
    modules: tuple[InstalledModule, ...]
    application: InstalledModule | None = None


def boot(
    hardware: Hardware,
    request: BootRequest = BootRequest.NOTHING,
) -> Verdict:
    """Decide what runs, from nothing but the flash.

    Args:
        hardware: the device; whatever update was pending is applied already.
        request: what was asked of this boot.
    """
    modules = installed_modules(hardware)
    application = _application(modules)
    if fault := _boot_chain_fault(hardware, modules):
        return Verdict(Mode.DEAD, fault, modules)
    if request is BootRequest.DFU:
        return Verdict(Mode.DFU, "DFU mode was asked for", modules)
    mono = next((one for one in _of(modules, ModuleFunction.MONO_FIRMWARE) if one.usable), None)
    if mono:
        return Verdict(Mode.NORMAL, "", modules, mono)
    if fault := _system_fault(hardware, modules):
        return Verdict(Mode.DFU, fault, modules)
    fault = _safe_mode_reason(hardware, modules, application, request)
    return Verdict(Mode.SAFE if fault else Mode.NORMAL, fault, modules, application)


def _of(modules: Sequence[InstalledModule], function: ModuleFunction) -> list[InstalledModule]:
    return [one for one in modules if one.prefix.function == function]


def _boot_chain_fault(hardware: Hardware, modules: Sequence[InstalledModule]) -> str:
    """Tell what keeps even the bootloader from running, or return an empty text."""
    mbr = hardware.region("mbr")
    if mbr and hardware.memory.is_blank(mbr.start, mbr.size):
        return "there is no master boot record"
    for slot in hardware.platform.modules:
        if slot.function == ModuleFunction.BOOTLOADER and not any(
            one.slot is slot and one.usable for one in modules
        ):
            return f"bootloader {slot.index} cannot be started"
    return ""


def _system_fault(hardware: Hardware, modules: Sequence[InstalledModule]) -> str:
    """Tell which system part is not fit to run, or return an empty text."""
    slots = [slot for slot in hardware.platform.modules if slot.function == ModuleFunction.SYSTEM_PART]
    for slot in slots:
        if not any(one.slot is slot and one.usable for one in modules):
            return f"there is no valid system part {slot.index}"
    return "" if slots else "there is no valid firmware"


def _application(modules: Sequence[InstalledModule]) -> InstalledModule | None:
    """Return the application to run: on nRF52840 a valid one in the old 128 KiB slot comes first."""
    usable = [one for one in _of(modules, ModuleFunction.USER_PART) if one.usable]
    return min(usable, key=lambda one: one.slot.index, default=None)


def required_assets(application: InstalledModule | None) -> tuple[AssetDependency, ...]:
    """Return the assets that an application asks for; one that is not valid asks for none."""
    module = application.module if application and application.usable else None
    return asset_dependencies(module.extensions) if module else ()


def _safe_mode_reason(
    hardware: Hardware,
    modules: Sequence[InstalledModule],
    application: InstalledModule | None,
    request: BootRequest,
) -> str:
    system = (ModuleFunction.BOOTLOADER, ModuleFunction.SYSTEM_PART)
    for one in modules:
        if one.prefix.function in system and not one.valid:
            return f"{name_of(one.prefix.function)} {one.prefix.index} lacks what it depends on"
    if application is None:
        return "there is no valid application"
    if not application.valid:
        return "the application lacks what it depends on"
    if request is BootRequest.SAFE:
        return "safe mode was asked for"
    missing = missing_assets(hardware, required_assets(application))
    return f"asset {missing[0].name} of the application is missing" if missing else ""
