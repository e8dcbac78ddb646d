"""The command line as people run it, through the real libusb, with simulated devices."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.strangers.conftest import ROOT, Sight

from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import write_module
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.platforms.names import platform_id
from particle_cli.simulators.factory import factory_image

pytestmark = pytest.mark.strangers

SIZE = 120_000


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder without settings."""
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def particle(sight: Sight, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in sight of the devices, with USB as it is when nothing is set."""
    return sight.run(sys.executable, "-m", "particle_cli", *words, more={"HOME": str(home)})


def application(name: str) -> tuple[int, bytes]:
    """A large application for a platform like the one it was made with: where it goes, and the file."""
    number = platform_id(name)
    assert number is not None
    parts = factory_image(platform(number))
    prefix = next(
        part.module.prefix for part in parts if part.module.prefix.function == ModuleFunction.USER_PART
    )
    module = build_module(
        platform_id=number,
        function=prefix.function,
        index=prefix.index,
        version=prefix.version,
        start_address=prefix.start_address,
        payload=os.urandom(SIZE),
        dependencies=(prefix.dependency1,),
    )
    return prefix.start_address, write_module(module)


def test_devices_are_listed(in_sight: Callable[..., Sight], home: Path) -> None:
    sight = in_sight("boron", "p2", "photon")
    ended = particle(sight, home, "usb", "list", "--json")
    assert ended.returncode == 0, ended.stderr
    listed: list[dict[str, Any]] = json.loads(ended.stdout)["data"]
    assert sorted((one["id"], one["platform"], one["mode"]) for one in listed) == sorted(
        (device, name, "normal")
        for device, name in zip(sight.devices, ("boron", "p2", "photon"), strict=True)
    )


def test_modes_are_switched(in_sight: Callable[..., Sight], home: Path) -> None:
    sight = in_sight("p2")
    (device,) = sight.devices
    for words, mode in ((("usb", "dfu"), "dfu"), (("usb", "reset"), "normal")):
        ended = particle(sight, home, *words, device)
        assert ended.returncode == 0, ended.stderr
        sight.wait(device, mode)


@pytest.mark.parametrize("name", ["boron", "photon"])
def test_an_application_is_flashed_and_verified(
    in_sight: Callable[..., Sight], home: Path, tmp_path: Path, name: str
) -> None:
    start, data = application(name)
    (tmp_path / "large.bin").write_bytes(data)
    sight = in_sight(name)
    (device,) = sight.devices
    ended = particle(sight, home, "flash", "--local", device, str(tmp_path / "large.bin"), "--json")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert '"verified"' in ended.stdout
    assert sight.memory(device, start, len(data)) == data


def test_a_flash_that_is_interrupted_can_be_repeated(
    in_sight: Callable[..., Sight], home: Path, tmp_path: Path
) -> None:
    start, data = application("boron")
    (tmp_path / "large.bin").write_bytes(data)
    sight = in_sight("boron")
    (device,) = sight.devices
    words = ("flash", "--local", device, str(tmp_path / "large.bin"))
    with subprocess.Popen(
        [sys.executable, "-m", "particle_cli", *words],
        env={**os.environ, **sight.environment, "HOME": str(home)},
        cwd=ROOT,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as interrupted:
        assert interrupted.stderr is not None
        while "Flashing large.bin" not in interrupted.stderr.readline():
            assert interrupted.poll() is None
        interrupted.send_signal(signal.SIGINT)
        said = interrupted.stderr.read()
        assert interrupted.wait(20) == 130
    assert "Traceback" not in said
    assert "particle flash" in said  # what to run to make up for it
    ended = particle(sight, home, *words)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert sight.memory(device, start, len(data)) == data
