"""`particle usb configure` on systems with and without udev, by root and by others."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.entrypoints.conftest import Particle

from particle_cli.adapters.udev import Udev
from particle_cli.domain.devices.udev_rules import udev_rules
from particle_cli.entrypoints.cli.commands import usb_configure


class Sudo:
    """What stands in for sudo: it does as it is told, if it is told the right thing."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, ...]] = []
        self.code = 0

    def __call__(self, words: Sequence[str], *, check: bool) -> subprocess.CompletedProcess[bytes]:
        self.ran.append(tuple(words))
        sudo, install, _, mode, source, target = words
        assert (sudo, install, mode) == ("sudo", "install", "0644")
        if not self.code:
            Path(target).write_bytes(Path(source).read_bytes())
        return subprocess.CompletedProcess(words, self.code)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for rules of a machine whose root we are."""
    rules = tmp_path / "etc" / "udev" / "rules.d"
    rules.mkdir(parents=True)
    monkeypatch.setattr(usb_configure, "Udev", lambda: Udev(str(rules)))
    return rules


@pytest.fixture
def sudo(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Sudo:
    """The same for somebody who is not root."""
    stand_in = Sudo()
    monkeypatch.setattr(Udev, "writable", False)
    monkeypatch.setattr(subprocess, "run", stand_in)
    return stand_in


def test_root_writes_the_rules(particle: Particle, folder: Path) -> None:
    ran = particle("usb", "configure")
    assert (ran.code, ran.out) == (0, "Done.\n")
    assert "unplug and reconnect" in ran.err
    file = folder / "50-particle.rules"
    assert file.read_text() == udev_rules()
    assert os.name == "nt" or file.stat().st_mode & 0o777 == 0o644
    ran = particle("usb", "configure")
    assert (ran.code, ran.out, ran.err) == (0, "The system is already configured.\n", "")


def test_other_rules_are_replaced(particle: Particle, folder: Path) -> None:
    (folder / "50-particle.rules").write_text("# of long ago\n")
    assert particle("usb", "configure", "--json").data == {
        "path": str(folder / "50-particle.rules"),
        "installed": True,
    }
    assert (folder / "50-particle.rules").read_text() == udev_rules()


def test_a_system_without_udev(particle: Particle, folder: Path) -> None:
    folder.rmdir()
    ran = particle("usb", "configure")
    assert (ran.code, ran.out) == (0, "The system does not require configuration.\n")
    assert not folder.exists()


def test_the_rules_alone(particle: Particle, folder: Path) -> None:
    ran = particle("usb", "configure", "--dry-run")
    assert (ran.code, ran.out, ran.err) == (0, udev_rules(), "")
    told = particle("usb", "configure", "--dry-run", "--json").data
    assert (told["rules"], told["dryRun"]) == (udev_rules(), True)
    assert not any(folder.iterdir())


def test_sudo_is_run_when_the_person_agrees(particle: Particle, folder: Path, sudo: Sudo) -> None:
    ran = particle("usb", "configure", "--interactive", typed="n\n")
    assert (ran.code, ran.out) == (1, "")
    assert "Nothing was installed." in ran.err
    assert sudo.ran == []
    ran = particle("usb", "configure", "--interactive", typed="y\n")
    assert (ran.code, ran.out) == (0, "Done.\n")
    assert f"sudo install -m 0644 FILE {folder}/50-particle.rules" in ran.err
    assert (folder / "50-particle.rules").read_text() == udev_rules()
    assert not Path(sudo.ran[0][4]).exists()  # the file that it was copied from


def test_sudo_is_never_run_unasked(particle: Particle, folder: Path, sudo: Sudo) -> None:
    ran = particle("usb", "configure")
    assert ran.code == 2
    assert "--yes" in ran.err
    assert sudo.ran == []
    assert particle("usb", "configure", "--yes").code == 0
    assert len(sudo.ran) == 1


def test_rules_that_cannot_be_installed(
    particle: Particle, folder: Path, sudo: Sudo, monkeypatch: pytest.MonkeyPatch
) -> None:
    sudo.code = 1
    ran = particle("usb", "configure", "--yes")
    assert ran.code == 1
    assert "Could not install udev rules: sudo ended with code 1" in ran.err
    assert "--dry-run" in ran.err
    monkeypatch.setattr(Udev, "writable", True)
    (folder / "50-particle.rules").mkdir()
    ran = particle("usb", "configure", "--json")
    assert ran.code == 1
    assert ran.document["error"]["code"] == "udev_rules_not_installed"
    assert "50-particle.rules" in ran.document["error"]["message"]
