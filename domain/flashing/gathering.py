"""From what a person names to modules: binaries as they are, anything else compiled."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.firmware import check_target
from particle_cli.domain.flashing.errors import NoSuchFile
from particle_cli.domain.flashing.firmware_file import FirmwareFile, read_firmware
from particle_cli.domain.flashing.words import exists
from particle_cli.domain.platforms.values import Platform
from particle_cli.domain.project.build import build_project, read_project
from particle_cli.domain.project.errors import NoSource
from particle_cli.ports.files import Files
from particle_cli.ports.person import Person

_BINARIES: Final = (".bin", ".zip")
_SOURCES: Final = (".ino", ".cpp", ".c", ".h", ".hpp", ".hh", ".hxx")


def binaries(paths: Sequence[str], files: Files) -> tuple[str, ...] | None:
    """Return the binaries and bundles that are named, or None where there is something to compile.

    The first path decides: a binary, or a folder that holds binaries and no sources. Of any folder, the
    binaries directly in it count.

    Raises: NoSuchFile.
    """
    for path in paths:
        if not exists(path, files):
            raise NoSuchFile(
                f"I couldn't find that: {path}",
                next_step="Name a .bin or .zip file, a folder, or a device that is attached.",
            )
    first = paths[0]
    if files.is_file(first):
        if not first.endswith(_BINARIES):
            return None
    elif _has_sources(first, files):
        return None
    found = [binary for path in paths for binary in _binaries_of(path, files)]
    if not found:
        raise NoSuchFile(
            "No files found to flash",
            next_step=f"{first} holds neither a binary (.bin, .zip) nor sources to compile.",
        )
    return tuple(found)


def _binaries_of(path: str, files: Files) -> list[str]:
    if files.is_file(path):
        return [path]
    return [f"{path.rstrip('/')}/{name}" for name in files.names(path) if name.endswith(_BINARIES)]


def _has_sources(folder: str, files: Files) -> bool:
    try:
        chosen = read_project(files, [folder]).sources.files
    except NoSource:
        return False
    return any(file.path.endswith(_SOURCES) for file in chosen)


def read_binaries(paths: Sequence[str], files: Files) -> tuple[FirmwareFile, ...]:
    """Return the modules of some files. Raises: FirmwareError, BundleError, CrcFailed, FileError."""
    return tuple(
        module for path in paths for module in read_firmware(files.read(path), os.path.basename(path))
    )


async def compile_paths(
    paths: Sequence[str],
    files: Files,
    client: CloudClient,
    platform: Platform,
    person: Person,
    *,
    target: str | None = None,
    follow_links: bool = False,
) -> tuple[str, bytes]:
    """Have the cloud compile what the paths stand for; return name and content of a binary or a bundle.

    Args:
        paths: files and folders, as typed.
        files: the disk.
        client: the cloud.
        platform: the kind of device to compile for.
        person: told what is sent.
        target: release of Device OS to compile for, or None for the one that the cloud prefers.
        follow_links: also take what lies in folders within linked folders.

    Raises: ProjectError, CompileFailed, CloudError, FirmwareError.
    """
    if target is not None:
        await check_target(client, target, platform_id=platform.id)
        person.say(f"Targeting version: {target}")
    project = read_project(files, paths, follow_links=follow_links)
    for line in project.sources.left_out:
        person.warn(line)
    for line in ("", "Including:", *(f"    {shown}" for shown in project.shown), ""):
        person.say(line)
    name = _project_name(paths, files)
    built = await build_project(client, project, platform_id=platform.id, target=target, name=f"{name}.bin")
    person.say("Compile succeeded.")
    return f"{name}.zip" if built.bundle else f"{name}.bin", built.content


def _project_name(paths: Sequence[str], files: Files) -> str:
    """Return what to call the firmware of a project: by its folder, or by the only file."""
    first = files.absolute(paths[0])
    folder = os.path.dirname(first) if files.is_file(paths[0]) and len(paths) > 1 else first
    stem, _ = os.path.splitext(os.path.basename(folder))
    return stem or "application"
