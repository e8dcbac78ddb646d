"""The application of a device in a scenario: a word, a path, or a table with the source itself."""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from typing import Final

from particle_cli.ports.files import FileError, Files
from particle_cli.simulators.cloud.compiler.sources import Source
from particle_cli.simulators.scenario.description import (
    NO_APPLICATION,
    TINKER,
    Application,
    Binary,
    Program,
)

_KEYS: Final = ("path", "code", "device_os")


class ApplicationReader:
    """Reads applications from where a scenario says that they are."""

    def __init__(self, files: Files | None, folder: str) -> None:
        """Keep the disk, None for no disk, and the folder that paths begin in."""
        self._files = files
        self._folder = folder

    def read(self, said: object) -> Application:
        """Return the application that a scenario means. Raises: ValueError, FileError."""
        if isinstance(said, (Binary, Program)):
            return said
        if isinstance(said, str):
            return said if said in (TINKER, NO_APPLICATION) else self._from_path(said, None)
        if not isinstance(said, Mapping):
            raise ValueError("'tinker', 'none', a path or a table is wanted")
        unknown = sorted(set(said) - set(_KEYS))
        if unknown:
            raise ValueError(f"unknown key '{unknown[0]}'; known are {', '.join(_KEYS)}")
        for key, value in said.items():
            if not isinstance(value, str):
                raise ValueError(f"{key}: a text is wanted")
        if ("path" in said) == ("code" in said):
            raise ValueError("either 'path' or 'code' says what the application is")
        if "code" in said:
            return Program((Source("application.ino", said["code"].encode()),), said.get("device_os"))
        return self._from_path(said["path"], said.get("device_os"))

    def _from_path(self, word: str, device_os: str | None) -> Application:
        """Read a binary, a source file, or the sources of a project folder."""
        files = self._files
        if files is None:
            raise ValueError(f"'{word}' is neither '{TINKER}' nor '{NO_APPLICATION}'")
        path = os.path.join(self._folder, word)
        if word.lower().endswith(".bin"):
            return Binary(word, files.read(path))
        if not files.is_folder(path) and not files.is_file(path):
            raise FileError(f"There is no {path}.")
        from particle_cli.domain.project.sources import collect_sources

        found = collect_sources(files, [path])
        return Program(tuple(Source(one.path, one.content) for one in found.files), device_os)
