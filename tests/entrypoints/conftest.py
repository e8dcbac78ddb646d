"""Running the command line inside the test's process, with a home folder of its own."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, Protocol

import pytest
from attrs import frozen
from tests.entrypoints.firmware_to_flash import app, project, red

from particle_cli.entrypoints.cli.main import main

__all__ = ["Particle", "Ran", "app", "home", "particle", "project", "red", "sim"]


@frozen
class Ran:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The JSON document on stdout."""
        return json.loads(self.out)

    @property
    def data(self) -> Any:
        """The result in the JSON document on stdout."""
        assert self.code == 0, self
        return self.document["data"]


class Particle(Protocol):
    """Runs one command line, e.g. `particle("sim", "add", "boron")`, on what is typed or piped in."""

    def __call__(self, *words: str, typed: str | bytes = "") -> Ran: ...


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, a working folder beside it, and nothing else of the machine's environment."""
    folder = tmp_path / "home"
    folder.mkdir()
    (tmp_path / "work").mkdir()
    for variable in ("home", "HOMEPATH", "USERPROFILE", "PARTICLE_SIM_SPEED", "PARTICLE_NON_INTERACTIVE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.chdir(tmp_path / "work")
    return folder


@pytest.fixture
def particle(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Particle:
    """The command line."""

    def run(*words: str, typed: str | bytes = "") -> Ran:
        piped = typed if isinstance(typed, bytes) else typed.encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(piped), encoding="utf-8"))
        capsys.readouterr()
        code = main(words)
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run


@pytest.fixture
def sim(particle: Particle) -> Particle:
    """The command line, with the embedded world as the current profile."""
    assert particle("config", "sim").code == 0
    return particle
