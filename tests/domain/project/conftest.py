"""Trees of files on disk, from a list of their paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from particle_cli.adapters.disk import Disk

Tree = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """Make files below the current folder, which is empty before."""
    monkeypatch.chdir(tmp_path)

    def make(files: Mapping[str, str | bytes]) -> Path:
        for path, content in files.items():
            place = tmp_path / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path

    return make
