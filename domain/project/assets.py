"""What a project wants to have beside its firmware: assets, and environment variables."""

from __future__ import annotations

import os.path
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import field, frozen

from particle_cli.domain.firmware.bundle import read_env_json
from particle_cli.domain.firmware.errors import FirmwareError
from particle_cli.domain.project.errors import AssetsMissing, EnvironmentUnreadable
from particle_cli.domain.project.properties import Properties
from particle_cli.ports.files import FileError, Files

_PROPERTIES: Final = "project.properties"
_IGNORED: Final = frozenset({"Thumbs.db", "desktop.ini", "__MACOSX"})


@frozen
class Asset:
    """A file that goes to the device as it is: its name, where it lies, and its bytes."""

    name: str
    local: str
    content: bytes = field(repr=False)


@frozen
class Extras:
    """What belongs to a project besides what is compiled.

    Attributes:
        assets: in order of their names.
        environment: variables for the application, or None where the project has no such file.
        assets_from: the folder of the assets, or None where there is none.
        environment_from: the file of the variables, or None.
    """

    assets: tuple[Asset, ...] = ()
    environment: Mapping[str, str] | None = None
    assets_from: str | None = None
    environment_from: str | None = None

    @property
    def wanted(self) -> bool:
        """Whether there is anything, so that the result is a bundle."""
        return bool(self.assets) or self.environment is not None


def find_extras(files: Files, arguments: Sequence[str]) -> Extras:
    """Return the extras of the projects among the arguments; of several the first that has a key decides.

    Raises: AssetsMissing, EnvironmentUnreadable, FileError.
    """
    projects = tuple(_projects(files, arguments))
    folders = (_assets_folder(properties, folder) for folder, properties in projects)
    paths = (_environment_path(properties, folder) for folder, properties in projects)
    return _read_extras(
        files,
        next((folder for folder in folders if folder is not None), None),
        next((path for path in paths if path), None),
    )


def extras_for_binary(files: Files, *, assets: str | None, environment: str | None) -> Extras:
    """Return what is to go with an application that is compiled already.

    Args:
        files: the disk.
        assets: the folder of the assets, or a properties file that names it; None for what
            `project.properties` of the current folder says.
        environment: the JSON file of the variables; None for the same.

    Raises: AssetsMissing, EnvironmentUnreadable, FileError.
    """
    here = _properties(files, _PROPERTIES)
    if environment is None and here is not None:
        environment = _environment_path(here, ".")
    return _read_extras(files, _folder_for_binary(files, here, assets), environment)


def _folder_for_binary(files: Files, here: Properties | None, assets: str | None) -> str | None:
    if assets is None:
        if here is None:
            raise AssetsMissing(
                "No project.properties file found in the current directory. "
                "Please specify the assets directory using --assets option"
            )
        return _required_folder(here, ".")
    named = _properties(files, assets) if assets.endswith(".properties") else None
    return assets if named is None else _required_folder(named, os.path.dirname(assets) or ".")


def _required_folder(properties: Properties, folder: str) -> str | None:
    """Return where a project's assets are; a project without any must at least have variables."""
    found = _assets_folder(properties, folder)
    if found is None and not _environment_path(properties, folder):
        raise AssetsMissing("Add assetOtaDir to your project.properties in order to bundle assets")
    return found


def _projects(files: Files, arguments: Sequence[str]) -> Iterator[tuple[str, Properties]]:
    for argument in arguments:
        properties = _properties(files, f"{argument}/{_PROPERTIES}") if files.is_folder(argument) else None
        if properties is not None:
            yield argument, properties


def _properties(files: Files, path: str) -> Properties | None:
    return Properties.parse(files.read(path)) if files.is_file(path) else None


def _assets_folder(properties: Properties, folder: str) -> str | None:
    """Return where assets are; "" where it is said that there are none, None where nothing is said."""
    place = properties.get("assetOtaDir")
    return _inside(folder, place) if place else place


def _environment_path(properties: Properties, folder: str) -> str | None:
    path = properties.get("env")
    return _inside(folder, path) if path else None


def _inside(folder: str, path: str) -> str:
    return path if folder == "." else f"{folder}/{path}"


def _read_extras(files: Files, folder: str | None, path: str | None) -> Extras:
    return Extras(
        tuple(_assets(files, folder)) if folder else (),
        _environment(files, path) if path else None,
        folder or None,
        path,
    )


def _assets(files: Files, folder: str) -> Iterator[Asset]:
    """Yield the plain files directly in the folder, less what systems leave lying about."""
    if files.is_file(folder):
        raise AssetsMissing(
            f"The assets path {folder} is not a directory",
            next_step="Set assetOtaDir in project.properties to a folder.",
        )
    if not files.is_folder(folder):
        raise AssetsMissing(
            f"The assets dir {folder} does not exist",
            next_step="Make the folder, or remove assetOtaDir from project.properties.",
        )
    for name in files.names(folder):
        path = f"{folder}/{name}"
        if not name.startswith(".") and name not in _IGNORED and files.is_file(path):
            yield Asset(name, path, files.read(path))


def _environment(files: Files, path: str) -> Mapping[str, str]:
    try:
        return read_env_json(files.read(path), path=path)
    except (FileError, FirmwareError) as fault:
        raise EnvironmentUnreadable(
            f"Env vars in file {path} cannot be processed: {fault.message}",
            next_step='Make it a JSON object such as {"NAME": "value"}, or take env out of the project.',
        ) from fault
