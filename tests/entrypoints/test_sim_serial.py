"""`particle sim serial`: ports that any program can open."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.entrypoints.conftest import Particle

if sys.platform == "win32":
    pytest.skip("Windows has no pty", allow_module_level=True)

import serial

BORON_ID = "e00fce6881c2e7b9a5114a8a"


class Offering:
    """A `particle sim serial` that runs."""

    def __init__(self, *words: str) -> None:
        command = [sys.executable, "-m", "particle_cli", "--profile", "sim", "sim", "serial", *words]
        environment = {**os.environ, "PARTICLE_SIM_SPEED": "50"}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
        )

    def line(self) -> str:
        """Return its next line."""
        assert self.process.stdout is not None
        assert select.select([self.process.stdout], [], [], 20)[0], "nothing came"
        return self.process.stdout.readline()

    def end(self, number: int) -> tuple[int, str, str]:
        """Send it a signal; return exit code and what else it has printed."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


@pytest.fixture
def boron(sim: Particle) -> Particle:
    """The command line, and a world with one Boron, `red`."""
    assert sim("sim", "add", "boron", "--name", "red").code == 0
    return sim


@pytest.fixture
def offering(boron: Particle, tmp_path: Path) -> Iterator[Offering]:
    offering = Offering("--links", str(tmp_path / "ports"))
    yield offering
    offering.process.kill()
    offering.process.communicate()


def test_a_port_comes_and_goes_with_its_device(offering: Offering, boron: Particle, tmp_path: Path) -> None:
    link = tmp_path / "ports" / "red"
    line = offering.line()
    assert line.startswith(f"red [{BORON_ID}] (Boron): {link} -> /dev/")
    port = serial.Serial(str(link), 9600, timeout=5)
    port.close()
    assert line.rstrip().endswith(os.readlink(link))
    serial.Serial(str(link), 14400).close()
    assert offering.line() == f"red [{BORON_ID}] (Boron): gone\n"
    assert not link.is_symlink()
    code, out, err = offering.end(signal.SIGTERM)
    assert (code, out, err) == (0, "", "")
    (device,) = boron("sim", "status", "--json").data
    assert device["mode"] == "dfu"


def test_ctrl_c_ends_it_too_and_takes_the_ports_away(offering: Offering, tmp_path: Path) -> None:
    offering.line()
    code, _, err = offering.end(signal.SIGINT)
    assert (code, err) == (130, "Interrupted.\n")
    assert list((tmp_path / "ports").iterdir()) == []


def test_it_ends_when_the_time_is_up(boron: Particle, monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()
    ran = boron("sim", "serial", "--timeout", "0.1", "--json")
    assert ran.code == 0
    assert time.monotonic() - began > 0.1
    (line,) = ran.out.splitlines()
    told = json.loads(line)
    assert told.pop("port").startswith("/dev/")
    assert told == {"id": BORON_ID, "name": "red", "platform": "boron", "link": None}


def test_one_device_of_several(boron: Particle) -> None:
    assert boron("sim", "add", "photon", "--name", "blue").code == 0
    ran = boron("sim", "serial", "blue", "--timeout", "0.05")
    (line,) = ran.out.splitlines()
    assert line.startswith("blue [")
    assert boron("sim", "serial", "green").code == 1


def test_a_device_in_dfu_mode_has_no_port(boron: Particle) -> None:
    assert boron("sim", "press", "red", "both", "--seconds", "3").code == 0
    ran = boron("sim", "serial", "--timeout", "0.05")
    assert (ran.code, ran.out) == (0, "")
    assert f"red [{BORON_ID}] (Boron) has no serial port now: dfu." in ran.err


def test_a_folder_that_cannot_be_made(boron: Particle, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = boron("sim", "serial", "--links", str(tmp_path / "file"), "--timeout", "1")
    assert ran.code == 1
    assert "file" in ran.err


def test_an_empty_world_has_nothing_to_offer(sim: Particle) -> None:
    ran = sim("sim", "serial")
    assert ran.code == 1
    assert "There are no simulated devices." in ran.err
    assert "particle sim add boron" in ran.err
