"""`particle binary list-assets` and `strip-assets`: the assets that an application names."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING

from particle_cli.domain.firmware.errors import FirmwareError
from particle_cli.entrypoints.cli.commands.firmware_input import STDIN, read_firmware
from particle_cli.entrypoints.cli.result import Result, Told
from particle_cli.ports.errors import UsageError

if TYPE_CHECKING:
    from particle_cli.domain.firmware.inspection import Inspection
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Desk


class NoAssets(FirmwareError):
    """The application names no assets."""

    code = "no_assets"


def list_assets(given: Given, desk: Desk) -> Result:
    """Tell name and hash of each asset."""
    file = read_firmware(desk, given.word("filename"))
    named = [asset.dependency for asset in _with_assets(file.inspected()).assets]
    lines = [f" {asset.name} ({asset.hash.hex()})" for asset in named]
    data = [{"name": asset.name, "hash": asset.hash.hex()} for asset in named]
    return Told("\n".join((f"Assets found in {file.name}:", *lines)), {"file": file.name, "assets": data})


def strip_assets(given: Given, desk: Desk) -> Result:
    """Save the application without the records that name assets."""
    from particle_cli.domain.firmware.bundling import without_asset_dependencies
    from particle_cli.domain.firmware.module import write_module

    path = given.word("filename")
    target = given.text("saveTo")
    if target is None:
        if path == STDIN:
            raise UsageError("The result needs a name.", next_step="Give it with --saveTo.")
        target = f"{os.path.splitext(path)[0]}-no-assets.bin"
    found = _with_assets(read_firmware(desk, path).inspected())
    desk.files.write(target, write_module(without_asset_dependencies(found.module)))
    return Told(
        f"Application binary without assets saved to {target}",
        {"savedTo": target, "removed": [asset.dependency.name for asset in found.assets]},
    )


def _with_assets(found: Inspection) -> Inspection:
    if not found.assets:
        raise NoAssets("No assets found")
    return found
