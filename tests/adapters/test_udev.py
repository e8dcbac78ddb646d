"""The adapter for udev's rules, in a folder of the test's own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from particle_cli.adapters.udev import RULES_FOLDER, Udev, UdevError


def test_without_a_folder_there_is_no_udev(tmp_path: Path) -> None:
    assert Udev(str(tmp_path)).present
    assert not Udev(str(tmp_path / "none")).present
    assert Udev().path("50-x.rules") == f"{RULES_FOLDER}/50-x.rules"


def test_rules_are_written_and_read_back(tmp_path: Path) -> None:
    udev = Udev(str(tmp_path))
    assert udev.rules("50-x.rules") is None
    udev.install("50-x.rules", "# one\r\n# two\n")
    assert udev.rules("50-x.rules") == "# one\r\n# two\n"
    udev.install("50-x.rules", "# one\n")
    assert udev.rules("50-x.rules") == "# one\n"


def test_what_the_system_refuses_is_told_with_the_path(tmp_path: Path) -> None:
    with pytest.raises(UdevError, match=r"none.50-x\.rules: No such file"):
        Udev(str(tmp_path / "none")).install("50-x.rules", "")


def test_a_machine_without_sudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_words: object, **_more: object) -> None:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(subprocess, "run", missing)
    with pytest.raises(UdevError, match="sudo: No such file"):
        Udev(str(tmp_path)).install_as_root("50-x.rules", "# one\n")


def test_a_path_with_blanks_is_quoted(tmp_path: Path) -> None:
    command = Udev(str(tmp_path / "a b")).command_as_root("50-x.rules")
    assert command.startswith("sudo install -m 0644 FILE '")
