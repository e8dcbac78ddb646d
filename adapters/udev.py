"""The rules of udev, Linux's device manager: files in a folder that belongs to root."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from particle_cli.ports.errors import WireError

RULES_FOLDER: Final = "/etc/udev/rules.d"
_MODE: Final = 0o644


class UdevError(WireError):
    """A rules file could not be written."""

    code = "udev"


class Udev:
    """The rules files of one system.

    Args:
        folder: where they are.
    """

    def __init__(self, folder: str = RULES_FOLDER) -> None:
        """Keep the folder."""
        self._folder = folder

    @property
    def present(self) -> bool:
        """Whether the system has udev at all."""
        return os.path.isdir(self._folder)

    @property
    def writable(self) -> bool:
        """Whether this user, root as a rule, may write rules."""
        return os.access(self._folder, os.W_OK | os.X_OK)

    def path(self, name: str) -> str:
        """Return the path of a rules file."""
        return os.path.join(self._folder, name)

    def rules(self, name: str) -> str | None:
        """Return what stands in a rules file, or None where it is not there, or cannot be read."""
        try:
            with open(self.path(name), encoding="utf-8", errors="replace", newline="") as file:
                return file.read()
        except OSError:
            return None

    def install(self, name: str, text: str) -> None:
        """Write a rules file, readable for everybody. Raises: UdevError."""
        path = self.path(name)
        try:
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            os.chmod(path, _MODE)
        except OSError as error:
            raise UdevError(f"{path}: {error.strerror or error}") from error

    def command_as_root(self, name: str) -> str:
        """Return the command that `install_as_root` runs, as a person would type it."""
        return shlex.join(self._words("FILE", name))

    def install_as_root(self, name: str, text: str) -> None:
        """Write a rules file with sudo, which asks for a password where it needs one. Raises: UdevError."""
        with tempfile.NamedTemporaryFile("w", suffix=".rules", encoding="utf-8", delete=False) as file:
            file.write(text)
        try:
            ended = subprocess.run(self._words(file.name, name), check=False)
        except OSError as error:
            raise UdevError(f"sudo: {error.strerror or error}") from error
        finally:
            with suppress(OSError):
                os.remove(file.name)
        if ended.returncode:
            raise UdevError(f"sudo ended with code {ended.returncode}")

    def _words(self, source: str, name: str) -> Sequence[str]:
        return ("sudo", "install", "-m", f"{_MODE:04o}", source, self.path(name))
