"""Firmware files that a person names, `-` for standard input among them."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING

from particle_cli.domain.firmware.inspection import Inspection, inspect_binary, inspect_bundle
from particle_cli.domain.firmware.kind import is_bundle
from particle_cli.ports.errors import UsageError
from particle_cli.ports.files import FileMissing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from particle_cli.entrypoints.wires import Desk

STDIN = "-"


class FirmwareInput:
    """The bytes of a firmware file.

    Attributes:
        path: as typed; `stdin` for standard input.
        name: the last part of it.
        data: the bytes.
        bundle: whether it is a bundle, not a module.
    """

    def __init__(self, path: str, data: bytes) -> None:
        """Tell the kind. Raises: WrongKindOfFile."""
        self.path = "stdin" if path == STDIN else path
        self.name = os.path.basename(self.path)
        self.data = data
        self.bundle = is_bundle(data, path=None if path == STDIN else path)

    def inspected(self) -> Inspection:
        """Return what is in the file. Raises: FirmwareError."""
        return (inspect_bundle if self.bundle else inspect_binary)(self.data, name=self.name)


def read_firmware(desk: Desk, path: str) -> FirmwareInput:
    """Read a firmware file. Raises: FileError, WrongKindOfFile."""
    try:
        return FirmwareInput(path, desk.read(path))
    except FileMissing as missing:
        if path == STDIN:
            raise
        raise FileMissing(f"File does not exist: {path}") from missing


def require_one_stdin(paths: Sequence[str]) -> None:
    """Refuse words that would have standard input read twice. Raises: UsageError."""
    if paths.count(STDIN) > 1:
        raise UsageError("Standard input can be read only once.", next_step="Pass - for one file only.")
