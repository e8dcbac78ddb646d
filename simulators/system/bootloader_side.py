"""What a device's bootloader knows and can do, as its DFU state machine sees it."""

from __future__ import annotations

from particle_cli.domain.firmware.extensions import ExtensionType
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.simulators.dfu.protocol import DfuSeCommand
from particle_cli.simulators.firmware.boot import BootRequest
from particle_cli.simulators.firmware.installed import InstalledModule, installed_modules
from particle_cli.simulators.system.system import System
from particle_cli.simulators.usb.device_descriptors import error_text_index

KNOWS_SAFE_MODE, KNOWS_PROTECTION = 3001, 3100
"""Bootloader versions (Device OS 6.1.1 and 6.2.0) from which on the commands 0xFA and 0xFB are known."""
FIRMWARE_TELLS_PROTECTION = 6102


class BootloaderSide:
    """The bootloader of one device in one session."""

    def __init__(self, device: System) -> None:
        """Look at the bootloader in the device's flash."""
        self._device = device
        self._platform = device.hardware.platform
        modules = device.verdict.modules
        self._bootloader = _first(modules, ModuleFunction.BOOTLOADER)
        self._system = _first(modules, ModuleFunction.SYSTEM_PART)

    @property
    def version(self) -> int:
        """Version of the bootloader, 0 where there is no module of it."""
        return self._bootloader.prefix.version if self._bootloader else 0

    @property
    def commands(self) -> bytes:
        """The DfuSe commands that this version knows."""
        assert self._platform.dfu is not None
        since = {DfuSeCommand.SAFE_MODE: KNOWS_SAFE_MODE, DfuSeCommand.CLEAR_OVERRIDE: KNOWS_PROTECTION}
        known = self._platform.dfu.commands
        return bytes(one for one in known if since.get(DfuSeCommand(one), 0) <= self.version)

    @property
    def locked(self) -> bool:
        """Whether it is the bootloader of a device with Device Protection, overridden or not."""
        module = self._bootloader.module if self._bootloader else None
        records = module.suffix.extensions if module else ()
        return any(one.type == ExtensionType.SECURITY_MODE and one.data[:1] == b"\x01" for one in records)

    @property
    def overridden(self) -> bool:
        """Whether the device is in service mode."""
        device = self._device
        return self.locked and device.override_resets > 0 and device.uptime_s < device.override_s

    @property
    def protected(self) -> bool:
        """Whether Device Protection is in force."""
        return self.locked and not self.overridden

    @property
    def protection_letter(self) -> str | None:
        """The letter of string 0xFA in DFU mode, or None for a bootloader without it."""
        return self._letter() if self.version >= KNOWS_PROTECTION else None

    @property
    def firmware_protection_letter(self) -> str | None:
        """The letter of string 0xFA in normal mode, where only RTL872x firmware has it."""
        system = self._system.prefix.version if self._system else 0
        tells = self._platform.family == "rtl872x" and system >= FIRMWARE_TELLS_PROTECTION
        return self._letter() if tells else None

    def _letter(self) -> str:
        if not self.locked:
            return "o"
        return "s" if self.overridden else "p"

    @property
    def error_text_index(self) -> int:
        """The string that explains a refusal by Device Protection."""
        return error_text_index(self._platform)

    @property
    def has_old_dct_name(self) -> bool:
        """Whether it says `@DCD Flash`, as those of Device OS up to 4.0 and 5.0 did on Gen 3."""
        gen3 = self._platform.family in ("nrf52840", "rtl872x")
        return gen3 and (self.version < 1200 or 2000 <= self.version <= 2001)

    def system_whole(self) -> bool:
        """Tell whether all system parts in flash are valid at this moment."""
        found = installed_modules(self._device.hardware)
        slots = [one for one in self._platform.modules if one.function == ModuleFunction.SYSTEM_PART]
        return all(any(one.slot is slot and one.usable for one in found) for slot in slots)

    def restart(self, *, safe_mode: bool = False, detach: bool = False) -> None:
        """Reset now: into the firmware, into its safe mode, or back into the bootloader."""
        if detach:
            self._device.reset(BootRequest.DFU)
        else:
            self._device.reset(BootRequest.SAFE if safe_mode else BootRequest.NOTHING)

    def clear_override(self) -> None:
        """End the service mode."""
        self._device.override_resets = 0


def _first(modules: tuple[InstalledModule, ...], function: ModuleFunction) -> InstalledModule | None:
    return next((one for one in modules if one.prefix.function == function and one.usable), None)
