"""`particle compile`: sources to firmware, in the cloud."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING

from particle_cli.domain.cloud.firmware import check_target
from particle_cli.domain.platforms.names import compile_targets, platform_id
from particle_cli.domain.project.build import Build, Project, build_project, read_project
from particle_cli.entrypoints.cli.commands.cloud_session import LONG_JOB_S, cloud_session, prefixed
from particle_cli.entrypoints.cli.result import Plain, Result
from particle_cli.ports.errors import UsageError
from particle_cli.ports.files import FileError, FileMissing, Files

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires


class Compiled(Result):
    """Firmware, saved."""

    def __init__(self, build: Build, project: Project, *, device_type: str, path: str) -> None:
        """Keep what was built and where it was saved."""
        self._build = build
        self._project = project
        self._device_type = device_type
        self._path = path

    def text(self, width: int) -> str:
        """Return what a person wants to know: that it worked, the memory use, the file."""
        bundled = self._build.bundle is not None
        lines = ["Compile succeeded and bundle created." if bundled else "Compile succeeded.", ""]
        memory = self._build.memory
        if memory is not None:
            lines += ["Memory use:", f"{'Flash':>9}{'RAM':>9}", f"{memory.flash:9}{memory.ram:9}", ""]
        return "\n".join((*lines, f"Saved {'bundle' if bundled else 'firmware'} to: {self._path}"))

    def data(self) -> Plain:
        """Return the same, and what was sent."""
        memory = self._build.memory
        return {
            "deviceType": self._device_type,
            "target": self._build.target,
            "files": [{"path": file.path, "local": file.shown} for file in self._project.sources.files],
            "assets": [asset.local for asset in self._project.extras.assets],
            "flash": memory.flash if memory else None,
            "ram": memory.ram if memory else None,
            "bundle": self._build.bundle is not None,
            "size": len(self._build.content),
            "savedTo": self._path,
        }


async def run(given: Given, wires: Wires) -> Result:
    """Compile what the words name and save the firmware."""
    async with cloud_session(wires, good_for_s=LONG_JOB_S) as client:
        with prefixed("Compile failed: "):
            device_type = given.word("deviceType")
            number = _platform(device_type)
            wires.person.say(f"Compiling code for {device_type}")
            target = given.text("target")
            if target == "latest":
                target = None
            if target is not None:
                await check_target(client, target, platform_id=number)
                wires.person.say(f"Targeting version: {target}")
            project = _read(given, wires)
            path = _place(given, wires, device_type, bundle=project.makes_bundle)
            name = os.path.splitext(os.path.basename(path))[0] + ".bin"
            build = await build_project(client, project, platform_id=number, target=target, name=name)
            wires.files.write(path, build.content)
    return Compiled(build, project, device_type=device_type, path=wires.files.absolute(path))


def _platform(device_type: str) -> int:
    """Return the id of the platform that is meant. Raises: UsageError."""
    number = platform_id(device_type)
    if number is None or number not in compile_targets():
        raise UsageError(
            f"Target device {device_type} is not valid\n"
            "\teg. particle compile boron xxx\n"
            "\teg. particle compile p2 xxx"
        )
    return number


def _read(given: Given, wires: Wires) -> Project:
    """Read the project and tell what is sent of it."""
    project = read_project(wires.files, given.rest("files"), follow_links=given.flag("followSymlinks"))
    for line in project.sources.left_out:
        wires.person.warn(line)
    for line in ("", "Including:", *(f"    {path}" for path in project.shown), ""):
        wires.person.say(line)
    return project


def _place(given: Given, wires: Wires, device_type: str, *, bundle: bool) -> str:
    """Return where the firmware is to be saved, before time is spent on making it.

    Raises: UsageError, FileError.
    """
    wanted = given.text("saveTo")
    if wanted is None:
        moment = int(wires.clock.now().timestamp() * 1000)
        return f"{device_type}_firmware_{moment}.{'zip' if bundle else 'bin'}"
    if bundle and not wanted.endswith(".zip"):
        raise UsageError("saveTo must have a .zip extension when project includes assets")
    if not bundle and wanted.endswith(".zip"):
        wanted = f"{wanted[:-4]}.bin"
    _check_place(wires.files, wanted)
    return wanted


def _check_place(files: Files, path: str) -> None:
    folder = os.path.dirname(path) or "."
    if not files.is_folder(folder):
        raise FileMissing(f"There is no folder {folder} to save {path} in.", next_step="Make it first.")
    if files.is_folder(path):
        raise FileError(f"{path} is a folder.", next_step="Give the name of a file with --saveTo.")
