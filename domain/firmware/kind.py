"""Which of the two kinds a firmware file is: modules (`.bin`) or a bundle (`.zip`)."""

from __future__ import annotations

from particle_cli.domain.firmware.errors import FirmwareError

_ARCHIVE = b"PK"
_MARKS = (_ARCHIVE + b"\3\4", _ARCHIVE + b"\5\6")
"""How zip archives begin: with their first file, or, when there is none, with their end record."""


class WrongKindOfFile(FirmwareError):
    """By its name a file is not of the kind that is asked for."""

    code = "wrong_kind_of_file"


def is_bundle(data: bytes | memoryview, *, path: str | None) -> bool:
    """Tell a bundle from a module.

    Args:
        data: the file.
        path: its name, whose ending decides; None where there is none (standard input): then the first bytes
            do.

    Raises:
        WrongKindOfFile: the name ends in neither `.bin` nor `.zip`.
    """
    if path is None:
        return bytes(data[:4]) in _MARKS
    name = path.lower()
    if not name.endswith((".bin", ".zip")):
        raise WrongKindOfFile(f"File must be a .bin or .zip file: {path}")
    return name.endswith(".zip")
