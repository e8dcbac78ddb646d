"""A new project: the files that it begins with."""

from __future__ import annotations

import re
from typing import Final

from attrs import frozen

from particle_cli.domain.project.errors import NotAProjectName, ProjectError
from particle_cli.ports.files import Files

DEFAULT_NAME: Final = "myproject"
"""The name that is proposed."""

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-_+]*")


@frozen
class TemplateFile:
    """A file to be written: its path in the project, with `/`, and its text; None for a folder."""

    path: str
    text: str | None


def check_name(name: str) -> None:
    """Refuse a name that won't do for a project, or a library.

    Raises: NotAProjectName.
    """
    if not name:
        raise NotAProjectName("name can't be blank", next_step="Give a name such as `blinky`.")
    if not _NAME.fullmatch(name):
        raise NotAProjectName(
            "name: must only contain letters, numbers, dashes, underscores and plus signs.",
            next_step="Give a name such as `blinky`.",
        )


def create_project(files: Files, folder: str, name: str) -> tuple[str, ...]:
    """Write what a new project begins with into a folder; what is there already stays as it is.

    Args:
        files: the disk.
        folder: made, with those above it, when it isn't there.
        name: the project's name.

    Returns: the paths, in the project, that were written.

    Raises: NotAProjectName, ProjectError when a file is in the folder's place, FileError.
    """
    check_name(name)
    if files.is_file(folder):
        raise ProjectError(
            f"Project initialization was cancelled: {folder} is a file.",
            next_step="Choose another name or place.",
        )
    files.make_folder(folder)
    written = []
    for file in project_files(name):
        path = f"{folder}/{file.path}"
        if file.text is None:
            if not files.is_folder(path):
                files.make_folder(path)
                written.append(file.path)
        elif not (files.is_file(path) or files.is_folder(path)):
            files.make_folder(path.rpartition("/")[0])
            files.write(path, file.text.encode())
            written.append(file.path)
    return tuple(written)


def project_files(name: str) -> tuple[TemplateFile, ...]:
    """Return the files of a new project of that name, in the order in which they are written."""
    return (
        TemplateFile(".gitignore", _GIT_IGNORE),
        TemplateFile("project.properties", f"name={name}\n#assetOtaDir=assets\n#env=env.json\n"),
        TemplateFile("src", None),
        TemplateFile(".github/workflows/main.yaml", _WORKFLOW),
        TemplateFile("README.md", _README.replace("@NAME@", name)),
        TemplateFile(f"src/{name}.cpp", _SOURCE.replace("@NAME@", name)),
    )


_GIT_IGNORE: Final = """\
# Keys of devices
*.der
*.pem

# Results
*.bin
*.zip
*.o
*.d
*.elf
*.hex
*.map
[Dd]ebug/
[Rr]elease/
bin/
obj/
log/
target/

# Editors and systems
.vscode/
.idea/
*.swp
*~
.DS_Store
Thumbs.db
"""

_WORKFLOW: Final = """\
name: Compile

on: [push]

jobs:
  compile:
    runs-on: ubuntu-latest
    steps:
      - name: Check out the project
        uses: actions/checkout@v4

      - name: Compile
        id: compile
        uses: particle-iot/compile-action@v1
        with:
          particle-platform-name: boron

      - name: Keep the firmware
        uses: actions/upload-artifact@v4
        with:
          name: firmware
          path: ${{ steps.compile.outputs.artifact-path }}
"""

_README: Final = """\
# @NAME@

Firmware for a Particle device.

## Compile

    particle compile boron

Put the name of your platform in place of `boron`. The result is a `.bin` file in this folder.

## Flash

With the device at a USB port:

    particle flash --local

Over the air, to a device of your account:

    particle flash <device>

## See its log

    particle serial monitor --follow

## What is where

| place | holds |
| --- | --- |
| `src/` | the application; every `.cpp`, `.c` and `.ino` file in it is compiled |
| `lib/` | libraries that are kept with the project |
| `assets/` | files to be sent along with the firmware, when `assetOtaDir` in `project.properties` says so |
| `project.properties` | the project's name, and the libraries that it depends on |
"""

_SOURCE: Final = """\
/*
 * Project @NAME@
 * Author:
 * Date:
 */

#include "Particle.h"

// Device OS connects to the cloud by itself, in a thread of its own.
SYSTEM_MODE(AUTOMATIC);
SYSTEM_THREAD(ENABLED);

// Shows the log on the USB serial port: particle serial monitor --follow
SerialLogHandler logHandler(LOG_LEVEL_INFO);

void setup() {
    // Runs once, when the device has started.
}

void loop() {
    // Runs over and over again.

    // Publish an event every ten seconds:
    // Particle.publish("greeting", "hello");
    // delay(10s);
}
"""
