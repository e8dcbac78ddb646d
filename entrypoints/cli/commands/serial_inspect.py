"""`particle serial inspect`: the firmware modules on a device, and whether they are sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.control.module_info import AssetInfo, Check, InstalledModule, asset_info, module_info
from particle_cli.domain.devices.opening import control_channel
from particle_cli.domain.firmware import functions
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.platforms.names import platform_name
from particle_cli.entrypoints.cli.commands.cloud_session import prefixed
from particle_cli.entrypoints.cli.commands.despite_protection import despite_protection
from particle_cli.entrypoints.cli.commands.port_choice import device_and_port
from particle_cli.entrypoints.cli.result import Plain, Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from particle_cli.domain.control.module_info import Asset
    from particle_cli.domain.devices.found import FoundDevice
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

_ANSWER_S = 5.0
_CHECKS = (
    ("Integrity", "integrity", Check.INTEGRITY),
    ("Address Range", "range", Check.RANGE),
    ("Platform", "platform", Check.PLATFORM),
    ("Dependencies", "dependencies", Check.DEPENDENCIES),
)
_NAMES = {
    ModuleFunction.RESOURCE: "Resource",
    ModuleFunction.BOOTLOADER: "Bootloader",
    ModuleFunction.MONO_FIRMWARE: "Monolithic firmware",
    ModuleFunction.SYSTEM_PART: "System",
    ModuleFunction.USER_PART: "User",
    ModuleFunction.SETTINGS: "Settings",
    ModuleFunction.NCP_FIRMWARE: "NCP firmware",
    ModuleFunction.RADIO_STACK: "Radio stack",
    ModuleFunction.ASSET: "Asset",
}


class Inspection(Result):
    """The modules of a device, with its assets where a module asks for some."""

    def __init__(
        self, device: FoundDevice, modules: Sequence[InstalledModule], assets: AssetInfo | None
    ) -> None:
        """Keep what the device told."""
        self._device = device
        self._modules = modules
        self._assets = assets

    def text(self, width: int) -> str:
        """Return a paragraph a module."""
        device = self._device
        lines = [
            f"Device: {device.id}",
            f"Platform: {device.platform_id} - {device.display_name}",
            "",
            "Modules",
        ]
        for module in self._modules:
            lines += self._paragraph(module)
        return "\n".join(lines)

    def _paragraph(self, module: InstalledModule) -> Iterator[str]:
        place = f", {module.store.name.lower()} location" if module.store else ""
        room = f", {module.max_size} bytes max size" if module.max_size is not None else ""
        yield f"  {_title(module.function, module.index)} - version {module.version}{place}{room}"
        if module.function == ModuleFunction.USER_PART and module.sha256:
            yield f"    UUID: {module.sha256.upper()}"
        for shown, _, check in _CHECKS:
            yield f"    {shown}: {'FAIL' if module.failed & check else 'PASS'}"
        for need in module.dependencies:
            yield f"      {_title(need.function, need.index)} - version {need.version}"
        if module.assets:
            yield from self._asset_lines(module)

    def _asset_lines(self, module: InstalledModule) -> Iterator[str]:
        yield "    Asset Dependencies:"
        yield "      Required:"
        for asset in module.assets:
            yield f"        {asset.name} ({'PASS' if self._is_there(asset) else 'FAIL'})"
        wanted = {asset.name for asset in module.assets}
        if spare := [asset.name for asset in self._available if asset.name not in wanted]:
            yield "      Available but not required:"
            yield from (f"        {name}" for name in spare)

    @property
    def _available(self) -> Sequence[Asset]:
        return self._assets.available if self._assets else ()

    def _is_there(self, wanted: Asset) -> bool:
        return any((one.name, one.sha256) == (wanted.name, wanted.sha256) for one in self._available)

    def data(self) -> Plain:
        """Return all that the device told."""
        return {
            "id": self._device.id,
            "platform": platform_name(self._device.platform_id),
            "platformId": self._device.platform_id,
            "modules": [self._module_data(module) for module in self._modules],
            "assets": [
                {
                    "name": asset.name,
                    "sha256": asset.sha256,
                    "size": asset.size,
                    "storageSize": asset.storage_size,
                }
                for asset in self._available
            ],
        }

    def _module_data(self, module: InstalledModule) -> Plain:
        return {
            "function": functions.name(module.function),
            "index": module.index,
            "version": module.version,
            "location": module.store.name.lower() if module.store else None,
            "size": module.size,
            "maxSize": module.max_size,
            "sha256": module.sha256,
            "valid": module.valid,
            "checks": {name: not module.failed & check for _, name, check in _CHECKS},
            "dependencies": [
                {"function": functions.name(need.function), "index": need.index, "version": need.version}
                for need in module.dependencies
            ],
            "assets": [
                {"name": asset.name, "sha256": asset.sha256, "available": self._is_there(asset)}
                for asset in module.assets
            ],
        }


def _title(function: int, index: int) -> str:
    names = {number.value: name for number, name in _NAMES.items()}
    return f"{names.get(function, 'Unknown')} module #{index}"


async def run(given: Given, wires: Wires) -> Result:
    """Inspect the device on a port, or the one named."""
    with prefixed("Could not inspect device: "):
        device, _ = await device_and_port(given, wires)
        return await despite_protection(wires, device, lambda there: _inspected(wires, there))


async def _inspected(wires: Wires, device: FoundDevice) -> Inspection:
    async with control_channel(wires.usb, wires.clock, device) as channel:
        modules = await module_info(channel, timeout_s=_ANSWER_S)
        wants_assets = any(module.assets for module in modules)
        assets = await asset_info(channel, timeout_s=_ANSWER_S) if wants_assets else None
    return Inspection(device, modules, assets)
