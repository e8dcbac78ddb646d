"""What a firmware file is, whether it is whole, and what it needs: the answer of `binary inspect`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from particle_cli.domain.firmware.errors import FirmwareError, ModuleBroken
from particle_cli.domain.firmware.extensions import ExtensionType
from particle_cli.domain.firmware.module import Module, parse_module
from particle_cli.domain.firmware.prefix import COMBINED

if TYPE_CHECKING:
    from particle_cli.domain.firmware.asset_checks import AssetCheck
    from particle_cli.domain.firmware.bundle import Bundle

_PADDING = b"\xff\xff"


class NothingToInspect(FirmwareError):
    """An image that was padded before tools had filled in its suffix and CRC."""

    code = "nothing_to_inspect"


@frozen
class Inspection:
    """What was found.

    Attributes:
        name: base name of the module's file, in a bundle that of the application.
        module: the module, of several combined ones the first.
        assets: what it wants beside it, and whether the bundle has it.
        env: variables of the bundle's `env.json`; None where it has none.
        others: the modules combined with the first, as they lie in the file.
        unreadable: why there are no `others`, although the first module announces them.
    """

    name: str
    module: Module
    assets: tuple[AssetCheck, ...] = ()
    env: Mapping[str, str] | None = None
    others: tuple[Module, ...] = ()
    unreadable: str | None = None

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong, a sentence each; empty for a file that is whole."""
        found = [] if self.module.crc_ok else [f"The CRC of {self.name} is wrong."]
        for number, other in enumerate(self.others, 2):
            if not other.crc_ok:
                found.append(f"The CRC of part {number} of {self.name} is wrong.")
        if self.unreadable:
            found.append(self.unreadable)
        for asset in self.assets:
            if asset.fault == "missing":
                found.append(f"The asset {asset.dependency.name} is not in the bundle.")
            elif asset.fault:
                found.append(f"The asset {asset.dependency.name} is not the one that {self.name} names.")
        return tuple(found)


def inspect_binary(data: bytes | memoryview, *, name: str) -> Inspection:
    """Look into a `.bin` file.

    Args:
        data: the file.
        name: its base name.

    Raises:
        NotAModule, ModuleCut, ModuleBroken: as `parse_module`.
        NothingToInspect: padding hides that the image never got a suffix.
    """
    return _inspection(data, name, {}, None)


def inspect_bundle(data: bytes | memoryview, *, name: str) -> Inspection:
    """Look into a `.zip` file: the application, and its assets against what it asks for.

    Raises:
        BundleError: the archive is not sound, or no bundle.
        FirmwareError: the application is not sound, as in `inspect_binary`.
    """
    from particle_cli.domain.firmware.bundle import open_bundle

    return inspect_opened(open_bundle(data, name=name))


def inspect_opened(bundle: Bundle) -> Inspection:
    """Look into a bundle that is open already. Raises: FirmwareError, as `inspect_binary`."""
    assets = {asset.name: asset.data for asset in bundle.assets}
    return _inspection(bundle.application.data, bundle.application.name, assets, bundle.env)


def _inspection(
    data: bytes | memoryview, name: str, assets: Mapping[str, bytes], env: Mapping[str, str] | None
) -> Inspection:
    module = parse_module(data, name=name)
    if module.trailing[-6:-4] == _PADDING and not module.crc_ok:
        raise NothingToInspect(f"{name} does not contain inspection information")
    try:
        checked = _check_assets(module, assets)
    except ModuleBroken as broken:
        raise ModuleBroken(f"Could not parse {name}: {broken.message}") from broken
    if not module.prefix.flags & COMBINED:
        return Inspection(name, module, checked, env)
    from particle_cli.domain.firmware.combined import parts

    try:
        return Inspection(name, module, checked, env, parts(module)[1:])
    except FirmwareError as broken:
        return Inspection(name, module, checked, env, unreadable=broken.message)


def _check_assets(module: Module, assets: Mapping[str, bytes]) -> tuple[AssetCheck, ...]:
    if not any(extension.type == ExtensionType.ASSET_DEPENDENCY for extension in module.extensions):
        return ()
    from particle_cli.domain.firmware.asset_checks import check_assets

    return check_assets(module, assets)
