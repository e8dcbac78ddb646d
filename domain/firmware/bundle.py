"""Bundles: a zip archive with an application at its top and the assets that it wants beside it.

<application>.bin
assets/<name>          raw asset, one entry each; `env` holds environment variables in binary form
env.json               the same variables as text
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from attrs import field, frozen

from particle_cli.domain.firmware.archive import Entry, inflate, read_directory
from particle_cli.domain.firmware.errors import (
    BundleError,
    BundleUnsafe,
    FirmwareError,
    NoApplication,
)

MAX_SIZE = 32 << 20
"""Bytes that all files of a bundle may have together. The largest asset storage of a device has 2 MiB."""
MAX_NAME = 255
"""Bytes of an asset's name in UTF-8: what the device's file system allows."""
MAX_ENV_JSON = 256 << 10
"""Bytes of a file of variables; devices take 16384 characters, each of which JSON may write with six."""
ENV_JSON = "env.json"
ENV_ASSET = "env"
_ASSETS = "assets"
_CLUTTER = {"thumbs.db", "desktop.ini"}
_DRIVE = re.compile(r"[A-Za-z]:")


@frozen
class NamedFile:
    """A file's base name and its content."""

    name: str
    data: bytes = field(repr=False)


@frozen
class Bundle:
    """What a bundle holds.

    Attributes:
        application: the application binary, as it is to be flashed.
        assets: the raw assets, in the order of the archive.
        env: the variables of `env.json`; None without that file.
        ignored: entries that have no part in it: folders below `assets`, clutter of desktops, other files.
    """

    application: NamedFile
    assets: tuple[NamedFile, ...] = ()
    env: Mapping[str, str] | None = None
    ignored: tuple[str, ...] = ()


def open_bundle(data: bytes | memoryview, *, name: str, max_size: int = MAX_SIZE) -> Bundle:
    """Open a bundle that may come from anywhere.

    Args:
        data: the archive.
        name: its file, for messages.
        max_size: bytes that what is used of it may take, inflated.

    Raises:
        BundleError: it is no sound archive, or its `env.json` is not what it must be.
        BundleUnsafe: names that lead elsewhere, twins, links, encryption, or sizes beyond the limit.
        NoApplication: it has no application.
    """
    entries = read_directory(data, name=name)
    parts = [(entry, _path(entry.name, name)) for entry in entries]
    applications = [entry for entry, path in parts if len(path) == 1 and _is_application(path[0])]
    assets = [(entry, path[1]) for entry, path in parts if len(path) == 2 and path[0] == _ASSETS]
    variables = [entry for entry, path in parts if path == [ENV_JSON]]
    used = [*applications, *(entry for entry, _ in assets), *variables]
    _check_application(applications, entries, name)
    _check_names([asset for _, asset in assets], name)
    if len(variables) > 1:
        raise BundleUnsafe(f"{name} is not used: it has {ENV_JSON} twice.")
    _check_size(used, max_size, name)
    application = NamedFile(_path(applications[0].name, name)[0], inflate(applications[0], archive=name))
    kept = _without_clutter(assets, application)
    files = tuple(NamedFile(asset, inflate(entry, archive=name)) for entry, asset in kept)
    env = read_env_json(inflate(variables[0], archive=name)) if variables else None
    took = {id(entry) for entry in (applications[0], *variables, *(entry for entry, _ in kept))}
    ignored = tuple(entry.name for entry in entries if id(entry) not in took)
    return Bundle(application, files, env, ignored)


def _path(entry: str, archive: str) -> list[str]:
    """Split an entry's name, refusing every name that could lead out of a folder."""
    parts = entry.removeprefix("./").split("/")
    if any(not part or part in (".", "..") for part in parts) or "\\" in entry or _DRIVE.match(entry):
        raise BundleUnsafe(f"{archive} is not used: the name {entry!r} of an entry leads out of the archive.")
    return parts


def _is_application(name: str) -> bool:
    return name.endswith(".bin") and not is_clutter(name)


def _check_application(found: Sequence[Entry], entries: Sequence[Entry], archive: str) -> None:
    if len(found) > 1:
        names = " and ".join(entry.name for entry in found[:2])
        raise BundleError(f"{archive} has more applications than one: {names}.")
    if not found:
        inner = next((entry.name for entry in entries if entry.name.lower().endswith(".zip")), None)
        raise NoApplication(
            "The file does not contain a valid application binary. Please ensure the bundle includes an "
            "application .bin file.",
            next_step=f"{archive} holds another archive, {inner}: unpack that one first." if inner else None,
        )


def _check_size(entries: Iterable[Entry], limit: int, archive: str) -> None:
    size = sum(entry.size for entry in entries)
    if size > limit:
        raise BundleUnsafe(f"{archive} is not used: it declares {size} bytes; {limit} are allowed.")


def _check_names(names: Sequence[str], archive: str) -> None:
    taken: dict[str, str] = {}
    for name in names:
        if fault := asset_name_fault(name):
            raise BundleUnsafe(f"{archive} is not used: the asset name {name!r} {fault}.")
        key = folded(name)
        if key in taken:
            other = taken[key]
            what = "is there twice" if other == name else f"and {other!r} differ in upper and lower case only"
            raise BundleUnsafe(f"{archive} is not used: the asset {name!r} {what}.")
        taken[key] = name


def folded(name: str) -> str:
    """Return a name as file systems compare it that do not tell upper from lower case."""
    return unicodedata.normalize("NFC", name).casefold()


def asset_name_fault(name: str) -> str | None:
    """Tell why a name cannot be that of an asset, as the end of a sentence; None when it can."""
    if not name or name in (".", ".."):
        return "is no name"
    if "/" in name or "\\" in name or _DRIVE.match(name):
        return "is a path, not a name"
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
        return "has control characters"
    if len(name.encode()) > MAX_NAME:
        return f"is longer than {MAX_NAME} bytes"
    return None


def is_clutter(name: str) -> bool:
    """Tell whether a file is one that desktops leave in folders, e.g. `.DS_Store`; all dotfiles are."""
    return name.startswith(".") or name.lower() in _CLUTTER


def _without_clutter(assets: Sequence[tuple[Entry, str]], application: NamedFile) -> list[tuple[Entry, str]]:
    """Leave out clutter, unless the application names it as an asset of its own."""
    if not any(is_clutter(name) for _, name in assets):
        return list(assets)
    from particle_cli.domain.firmware.module import parse_module
    from particle_cli.domain.firmware.records import asset_dependencies

    try:
        wanted = asset_dependencies(parse_module(application.data, name=application.name).extensions)
    except FirmwareError:  # to be told by whoever needs the application
        wanted = ()
    names = {asset.name for asset in wanted}
    return [(entry, name) for entry, name in assets if name in names or not is_clutter(name)]


def read_env_json(data: bytes, *, path: str = ENV_JSON) -> Mapping[str, str]:
    """Read variables from JSON. Raises: BundleError for anything but an object of strings."""
    if len(data) > MAX_ENV_JSON:
        raise BundleError(
            f"Env file at {path} is invalid: it has {len(data)} bytes; {MAX_ENV_JSON} are allowed."
        )
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as damage:
        raise BundleError(f"Env file at {path} is invalid: {damage}") from None
    if not isinstance(found, dict):
        raise BundleError(f"Env file at {path} is invalid: it holds no object of names and values.")
    for name, value in found.items():
        if not isinstance(value, str):
            raise BundleError(f"Env file at {path} is invalid: the value of {name} is not a string.")
    return found
