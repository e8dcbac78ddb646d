"""What can go wrong with the file that keeps the embedded world."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from particle_cli.ports.errors import ParticleError

_DAMAGED: Final = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_FULL: Final = ("SQLITE_FULL", "SQLITE_IOERR_WRITE")


class WorldError(ParticleError):
    """The embedded world could not be read or kept."""

    code = "world"


class WorldDamaged(WorldError):
    """The file holds no world that can be read."""

    code = "world_damaged"


class WorldEmpty(WorldError):
    """The file is there, and nothing has been saved in it yet."""

    code = "world_empty"


class WorldTooNew(WorldError):
    """The file was written by a later version of the program."""

    code = "world_too_new"


class WorldNotSaved(WorldError):
    """What happened in the world could not be written down; the file is as it was."""

    code = "world_not_saved"


def damaged(path: str, reason: str) -> WorldDamaged:
    """Return the error for a file that holds no world."""
    return WorldDamaged(f"The simulated world in {path} is damaged ({reason}).")


@contextmanager
def sqlite_errors_told(path: str, doing: str) -> Iterator[None]:
    """Turn what SQLite says while the body does something with the file into errors of ours."""
    try:
        yield
    except sqlite3.OperationalError as error:
        reason, next_step = _reason(error)
        raise WorldError(
            f"Cannot {doing} the simulated world in {path}: {reason}.", next_step=next_step
        ) from error
    except sqlite3.DatabaseError as error:
        if not getattr(error, "sqlite_errorname", "").startswith(_DAMAGED):
            raise  # a fault of the program, not of the file
        raise damaged(path, str(error)) from error


def _reason(error: sqlite3.OperationalError) -> tuple[str, str]:
    name = getattr(error, "sqlite_errorname", "")
    if name in _FULL:
        return "the disk is full", "Free some space and run the command again."
    if name.startswith("SQLITE_BUSY"):
        return "another command is reading it", "Wait for that command to end, then run this one again."
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return "the system does not allow it", "Check who owns its folder and what its permissions allow."
    return str(error), "Check the disk that the file is on."
