"""`particle binary inspect`: what a firmware file is and what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.firmware.functions import wording
from particle_cli.domain.firmware.suffix import NO_PRODUCT
from particle_cli.entrypoints.cli.commands.firmware_input import read_firmware
from particle_cli.entrypoints.cli.result import Plain, Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from particle_cli.domain.firmware.asset_checks import AssetCheck
    from particle_cli.domain.firmware.inspection import Inspection
    from particle_cli.domain.firmware.module import Module
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Desk


class Inspected(Result):
    """What was found in a file."""

    def __init__(self, inspection: Inspection, *, verify: bool) -> None:
        """Keep what was found; with `verify` a fault in it makes the command fail."""
        self._found = inspection
        self.failed = verify and bool(inspection.faults)

    def text(self, width: int) -> str:
        """Return the lines that scripts for the Node CLI know."""
        return "\n".join(_lines(self._found))

    def data(self) -> Plain:
        """Return every field."""
        from particle_cli.domain.firmware.description import module_data

        found = self._found
        return {
            "file": found.name,
            "ok": not found.faults,
            "faults": list(found.faults),
            **module_data(found.module),
            "assetChecks": [_asset_data(asset) for asset in found.assets],
            "env": found.env,
            "otherParts": [module_data(part) for part in found.others],
        }


def run(given: Given, desk: Desk) -> Result:
    """Read the file and tell what it is."""
    found = read_firmware(desk, given.word("filename")).inspected()
    return Inspected(found, verify=given.flag("verify"))


def _lines(found: Inspection) -> Iterator[str]:
    yield found.name
    yield from (f" {line}" for line in _module_lines(found.module))
    if found.unreadable:
        yield f" {found.unreadable}"
    elif found.module.trailing and not found.others:
        yield f" It is followed by {len(found.module.trailing)} bytes that are no part of it"
    if found.env is not None:
        yield "Environment variables:"
        yield from (f" {key}: {value}" for key, value in found.env.items())
    if found.assets:
        yield "It depends on assets:"
        yield from (f" {_asset_line(asset)}" for asset in found.assets)
    for number, part in enumerate(found.others, 2):
        yield f"It is combined with part {number}:"
        yield from (f" {line}" for line in _module_lines(part))


def _module_lines(module: Module) -> Iterator[str]:
    from particle_cli.domain.platforms.names import platform_name

    prefix, crc = module.prefix, module.computed_crc()
    if crc == module.crc:
        yield f"CRC is ok ({crc:08x})"
    else:
        yield f"CRC failed (should be {module.crc:08x} but is {crc:08x})"
    platform = platform_name(prefix.platform_id, public=True)
    yield f"Compiled for {platform or f'unknown platform (ID: {prefix.platform_id})'}"
    yield f"This is {wording(prefix.function)} number {prefix.index} at version {prefix.version}"
    yield f"It has a UUID of {module.uuid}"
    product = module.suffix.product
    if product and NO_PRODUCT not in product:
        yield f"It is firmware for product id {product[0]} at version {product[1]}"
    depends = "It depends"
    for needed in module.dependencies:
        yield f"{depends} on {wording(needed.function)} number {needed.index} at version {needed.version}"
        depends = "It also depends"


def _asset_line(asset: AssetCheck) -> str:
    digest = asset.dependency.hash.hex()
    if asset.fault is None:
        return f"{asset.dependency.name} (hash {digest})"
    missing = " but is not in the bundle" if asset.fault == "missing" else ""
    return f"{asset.dependency.name} failed (hash should be {digest}{missing})"


def _asset_data(asset: AssetCheck) -> Plain:
    return {
        "name": asset.dependency.name,
        "hash": asset.dependency.hash.hex(),
        "ok": asset.fault is None,
        "fault": asset.fault,
    }
