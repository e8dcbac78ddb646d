"""`particle binary enable-device-protection`: a bootloader that makes its device a protected one."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING

from particle_cli.domain.firmware.kind import WrongKindOfFile
from particle_cli.domain.firmware.module import parse_module, write_module
from particle_cli.domain.firmware.protected import protected_module, require_protectable
from particle_cli.entrypoints.cli.commands.firmware_input import read_firmware
from particle_cli.entrypoints.cli.result import Result, Told

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Desk

_BIN = ".bin"


def enable(given: Given, desk: Desk) -> Result:
    """Save the bootloader with the record that protects."""
    path = given.word("filename")
    if not path.lower().endswith(_BIN):
        raise WrongKindOfFile(f"File must be a .bin: {path}")
    file = read_firmware(desk, path)
    module = parse_module(file.data, name=file.name)
    require_protectable(module)
    target = _target(path, given.text("saveTo"))
    desk.files.write(target, write_module(protected_module(module)))
    return Told(f"Protected binary saved at {target}", {"savedTo": target})


def _target(path: str, wanted: str | None) -> str:
    """Return where to save: beside the input, unless a folder is named."""
    folder, name = os.path.split(path)
    if wanted is None:
        wanted = name.replace(_BIN, f"-protected{_BIN}", 1) if _BIN in name else f"{name}-protected{_BIN}"
    elif not wanted.endswith(_BIN):
        wanted += _BIN
    return wanted if os.path.dirname(wanted) else os.path.join(folder, wanted)
