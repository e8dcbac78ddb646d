"""`particle bundle`: an application and its assets in one archive."""

from __future__ import annotations

import os.path
import time
from typing import TYPE_CHECKING

from particle_cli.domain.firmware.bundle import NamedFile
from particle_cli.domain.firmware.bundling import create_bundle, require_asset_support
from particle_cli.domain.firmware.kind import WrongKindOfFile
from particle_cli.domain.firmware.module import parse_module
from particle_cli.domain.project.assets import Extras, extras_for_binary
from particle_cli.entrypoints.cli.result import Result, Told
from particle_cli.ports.errors import UsageError
from particle_cli.ports.files import FileMissing

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Desk


def run(given: Given, desk: Desk) -> Result:
    """Gather what belongs to the application, and save all of it as a bundle."""
    path = given.word("app.bin")
    target = given.text("saveTo")
    application = _application(desk, path)
    if target is None:
        target = f"bundle_{os.path.splitext(application.name)[0]}_{time.time_ns() // 1_000_000}.zip"
    elif not target.endswith(".zip"):
        raise UsageError(f"The target file {target} must be a .zip file")
    require_asset_support(parse_module(application.data, name=application.name))
    extras = extras_for_binary(desk.files, assets=given.text("assets"), environment=given.text("env"))
    _tell(desk, path, extras)
    assets = [NamedFile(asset.name, asset.content) for asset in extras.assets]
    desk.files.write(target, create_bundle(application, assets, extras.environment))
    return Told(
        f"Bundling successful.\nSaved bundle to: {target}",
        {
            "savedTo": target,
            "application": application.name,
            "assets": [asset.name for asset in assets],
            "env": extras.environment,
        },
    )


def _application(desk: Desk, path: str) -> NamedFile:
    try:
        data = desk.files.read(path)
    except FileMissing as missing:
        raise FileMissing(f"The file {path} does not exist") from missing
    if not path.endswith(".bin"):
        raise WrongKindOfFile(f"The file {path} is not a valid binary")
    return NamedFile(os.path.basename(path), data)


def _tell(desk: Desk, path: str, extras: Extras) -> None:
    """Tell what goes into the bundle, before it is made."""
    beside = f" with {extras.assets_from}" if extras.assets_from else ""
    desk.person.say(f"Bundling {path}{beside}:")
    for asset in extras.assets:
        desk.person.say(f"  {asset.name}")
    if extras.environment_from:
        desk.person.say(f"Writing {extras.environment_from} data into the binary...")
