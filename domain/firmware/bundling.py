"""Make bundles: name the assets in the application, then put all of it into one archive."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from particle_cli.domain.firmware.asset_limits import require_fitting
from particle_cli.domain.firmware.assets import dependency_on, raw_assets
from particle_cli.domain.firmware.bundle import (
    ENV_ASSET,
    ENV_JSON,
    NamedFile,
    asset_name_fault,
    folded,
)
from particle_cli.domain.firmware.edit import add_extensions, remove_extensions
from particle_cli.domain.firmware.env_vars import encode_env
from particle_cli.domain.firmware.errors import BundleError, ModuleUnsuited
from particle_cli.domain.firmware.extensions import ExtensionType
from particle_cli.domain.firmware.functions import ModuleFunction, wording
from particle_cli.domain.firmware.module import Module, parse_module, write_module
from particle_cli.domain.firmware.records import AssetDependency, asset_dependency_record

FIRST_SYSTEM_WITH_ASSETS = 5500
"""Version of the system part of Device OS 5.5.0."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first time that zip can write: the same input gives the same bytes
_PLAIN_FILE = 0o100644 << 16
_UNIX = 3
_BEST = 9


def require_asset_support(application: Module) -> None:
    """Refuse what is no application, and one built for a Device OS that knows no assets.

    Raises: ModuleUnsuited.
    """
    if application.prefix.function != ModuleFunction.USER_PART:
        what = wording(application.prefix.function)
        raise ModuleUnsuited(f"Only applications can have assets; this is {what}.")
    system = (need for need in application.dependencies if need.function == ModuleFunction.SYSTEM_PART)
    if max((need.version for need in system), default=0) < FIRST_SYSTEM_WITH_ASSETS:
        raise ModuleUnsuited(
            "Asset support only available for device OS 5.5.0 and above",
            next_step="Compile the application for a newer Device OS, with --target.",
        )


def with_asset_dependencies(application: Module, assets: Sequence[AssetDependency]) -> Module:
    """Return an application that names these assets, and no others any more.

    Raises:
        ModuleUnsuited: there are no assets, or the module cannot take records.
        LimitExceeded: the application would be larger than the platform allows.
    """
    return add_extensions(application, [asset_dependency_record(asset) for asset in assets], replace=True)


def without_asset_dependencies(application: Module) -> Module:
    """Return an application that names no assets. Raises: as `remove_extensions`."""
    return remove_extensions(application, {ExtensionType.ASSET_DEPENDENCY})


def create_bundle(
    application: NamedFile, assets: Sequence[NamedFile], env: Mapping[str, str] | None = None
) -> bytes:
    """Return a bundle as a zip archive; the same input gives the same bytes.

    Args:
        application: the binary; records of assets that it may have are replaced. Without assets and
            variables it is left as it is.
        assets: files by name; asset modules are unwrapped.
        env: variables of the environment.

    Raises:
        BundleError: a name that cannot be one, or one that is there twice.
        EnvInvalid: variables that a device would not take.
        LimitExceeded: the assets, or the application with their names, are too large for the platform.
        FirmwareError: the application cannot be read or changed.
    """
    files = list(raw_assets(assets))
    if env is not None:
        files.append(NamedFile(ENV_ASSET, encode_env(env)))
    _check_names(application.name, [file.name for file in files])
    binary = application.data
    if files:
        module = parse_module(binary, name=application.name)
        require_fitting(module.prefix.platform_id, files)
        binary = write_module(with_asset_dependencies(module, [dependency_on(file) for file in files]))
    entries = [(application.name, binary), *((f"assets/{file.name}", file.data) for file in files)]
    if env is not None:
        entries.append((ENV_JSON, json.dumps(dict(env), ensure_ascii=False, indent=2).encode()))
    return _archive(entries)


def _check_names(application: str, assets: Sequence[str]) -> None:
    if "/" in application or "\\" in application or not application.endswith(".bin"):
        raise BundleError(f"An application in a bundle has a name that ends in .bin, not {application!r}.")
    taken: dict[str, str] = {}
    for name in assets:
        if fault := asset_name_fault(name):
            raise BundleError(f"The asset name {name!r} {fault}.", next_step="Rename the file.")
        key = folded(name)
        if key in taken:
            reserved = " (that name is taken by the environment variables)" if name == ENV_ASSET else ""
            raise BundleError(
                f"The assets {taken[key]!r} and {name!r} have the same name{reserved}.",
                next_step="Rename one of them.",
            )
        taken[key] = name


def _archive(entries: Sequence[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for name, data in entries:
            info = ZipInfo(name, _EARLIEST)
            info.create_system = _UNIX
            info.external_attr = _PLAIN_FILE
            archive.writestr(info, data, ZIP_DEFLATED, _BEST)
    return out.getvalue()
