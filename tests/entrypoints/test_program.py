"""The program as a process of its own: what it imports, and how it ends when its surroundings do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from particle_cli import __version__
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.simulators.factory import factory_image

HEAVY = {
    "aiohttp",
    "asyncio",
    "cattrs",
    "cryptography",
    "google.protobuf",
    "importlib.metadata",
    "importlib.resources",
    "rich",
    "serial",
    "shtab",
    "sqlite3",
    "usb",
}
MIDDLING = {"argparse", "attr", "bz2", "collections", "dataclasses", "json", "re", "shutil", "typing"}

posix = pytest.mark.skipif(sys.platform == "win32", reason="shell and devices of Unix")


def environment(home: Path | str = "/") -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COVERAGE", "PYTHON"))}
    return kept | {"HOME": str(home)}


def imported(*words: str) -> set[str]:
    """Return the modules imported to run a command line, those of a bare interpreter left out."""

    def modules(*command: str) -> set[str]:
        told = subprocess.run(
            [sys.executable, "-X", "importtime", *command],
            capture_output=True,
            text=True,
            env=environment(),
            check=False,
        ).stderr
        return {
            line.rpartition("|")[2].strip() for line in told.splitlines() if line.startswith("import time")
        }

    return modules("-m", "particle_cli", *words) - modules("-c", "import runpy")


@pytest.mark.parametrize(
    "words", [("--version",), ("version",), ("--help",), ("help", "flash"), ("usb",), ()]
)
def test_starting_imports_next_to_nothing(words: tuple[str, ...]) -> None:
    seen = imported(*words)
    assert "particle_cli.entrypoints.cli.main" in seen
    assert not (HEAVY | MIDDLING) & seen
    if "version" in str(words):
        assert "particle_cli.entrypoints.cli.table.index" not in seen


def test_looking_into_a_binary_imports_no_way_to_a_device(tmp_path: Path) -> None:
    path = tmp_path / "application.bin"
    path.write_bytes(factory_image(platform(13), small=True)[-1].data)
    seen = imported("binary", "inspect", str(path)) | imported("binary", "inspect", str(path), "--json")
    assert "attr" in seen
    assert "particle_cli.domain.firmware.module" in seen
    assert not HEAVY & seen


def test_a_mistake_imports_no_command() -> None:
    assert not HEAVY & imported("usb", "lst")


def shell(line: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a line in which `particle` stands for the program."""
    program = f'particle() {{ "{sys.executable}" -m particle_cli "$@"; }}; '
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", program + line],
        capture_output=True,
        text=True,
        env=environment(home),
        cwd=home,
        check=False,
    )


@posix
@pytest.mark.parametrize(
    "words", ["--version", "--help", "config", "config --json", "completion zsh", "help --json"]
)
def test_a_closed_pipe_ends_quietly(words: str, tmp_path: Path) -> None:
    ran = shell(f"particle {words} | (exec 0<&-; sleep 0.2)", tmp_path)
    assert ran.stderr == ""
    assert ran.returncode == 0


@posix
@pytest.mark.parametrize("words", ["--version", "--help", "config"])
def test_no_stdout_at_all_is_no_error(words: str, tmp_path: Path) -> None:
    ran = shell(f"particle {words} >&-", tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("words", ["--version", "--help", "config", "config --json"])
def test_a_full_disk_is_told(words: str, tmp_path: Path) -> None:
    ran = shell(f"particle {words} > /dev/full", tmp_path)
    assert ran.returncode == 1
    assert "No space left" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Exception ignored" not in ran.stderr


@posix
def test_text_that_the_terminal_cannot_show_is_spelled_out(tmp_path: Path) -> None:
    ran = shell("PYTHONIOENCODING=ascii particle help config > out; echo $?; cat out", tmp_path)
    assert ran.stdout.startswith("0\n")
    assert ran.stderr == ""


def test_the_module_is_the_program() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "particle_cli", "--version"], capture_output=True, text=True, check=True
    )
    assert ran.stdout == f"{__version__}\n"
