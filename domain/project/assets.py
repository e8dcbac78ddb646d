"""What a project wants to have beside its firmware: assets, and environment variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import field, frozen

from particle_cli.domain.firmware.bundle import read_env_json
from particle_cli.domain.firmware.errors import FirmwareError
from particle_cli.domain.project.errors import AssetsMissing, EnvironmentUnreadable
from particle_cli.domain.project.properties import Properties
from particle_cli.ports.files import FileError, Files

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
    """

    assets: tuple[Asset, ...] = ()
    environment: Mapping[str, str] | None = None

    @property
    def wanted(self) -> bool:
        """Whether there is anything, so that the result is a bundle."""
        return bool(self.assets) or self.environment is not None


def find_extras(files: Files, arguments: Sequence[str]) -> Extras:
    """Return the extras of the projects among the arguments; of several the first that has a key decides.

    Raises: AssetsMissing, EnvironmentUnreadable, FileError.
    """
    assets: tuple[Asset, ...] | None = None
    environment: Mapping[str, str] | None = None
    for folder, properties in _projects(files, arguments):
        place = properties.get("assetOtaDir")
        if assets is None and place is not None:
            assets = tuple(_assets(files, f"{folder}/{place}")) if place else ()
        path = properties.get("env")
        if environment is None and path:
            environment = _environment(files, f"{folder}/{path}")
    return Extras(assets or (), environment)


def _projects(files: Files, arguments: Sequence[str]) -> Iterator[tuple[str, Properties]]:
    for argument in arguments:
        path = f"{argument}/project.properties"
        if files.is_folder(argument) and files.is_file(path):
            yield argument, Properties.parse(files.read(path))


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
