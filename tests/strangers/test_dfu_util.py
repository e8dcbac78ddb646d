"""Debian's dfu-util, through real libusb, with simulated devices of each family that has DFU."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.strangers.conftest import Sight, needs_program

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.platforms.names import platform_id
from particle_cli.domain.platforms.values import Platform
from particle_cli.simulators.factory import factory_image

pytestmark = pytest.mark.strangers

SIZE = 128 * 1024
PLATFORMS = ("boron", "p2", "photon")


@pytest.fixture(autouse=True)
def dfu_util() -> None:
    needs_program("dfu-util")


def kind(name: str) -> Platform:
    number = platform_id(name)
    assert number is not None
    return platform(number)


def application_end(of: Platform) -> int:
    """Where the room for applications ends."""
    return next(
        module.end for module in of.modules if module.function == ModuleFunction.USER_PART and module.end
    )


def flash(sight: Sight, device: str, *words: str) -> tuple[int, str]:
    ended = sight.run("dfu-util", "-S", device, "-a", "0", *words)
    return ended.returncode, ended.stdout + ended.stderr


def test_it_lists_every_memory_of_every_device(in_sight: Callable[..., Sight]) -> None:
    sight = in_sight(*PLATFORMS)
    for device in sight.devices:
        sight.enter_dfu(device)
    listed = sight.run("dfu-util", "-l").stdout
    for name, device in zip(PLATFORMS, sight.devices, strict=True):
        dfu = kind(name).dfu
        assert dfu is not None
        for setting in dfu.alt_settings:
            assert f'alt={setting.alt}, name="{setting.descriptor}", serial="{device}"' in listed


@pytest.mark.parametrize("name", PLATFORMS)
def test_what_it_writes_it_reads_back(in_sight: Callable[..., Sight], tmp_path: Path, name: str) -> None:
    sight = in_sight(name)
    (device,) = sight.devices
    sight.enter_dfu(device)
    start, data = application_end(kind(name)) - SIZE, os.urandom(SIZE)
    (tmp_path / "written").write_bytes(data)
    status, said = flash(sight, device, "-s", f"{start:#x}", "-D", str(tmp_path / "written"))
    assert status == 0, said
    status, said = flash(sight, device, "-s", f"{start:#x}:{SIZE}", "-U", str(tmp_path / "read"))
    assert status == 0, said
    assert (tmp_path / "read").read_bytes() == data
    assert sight.memory(device, start, SIZE) == data


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_device_left_with_an_application_runs_it(
    in_sight: Callable[..., Sight], tmp_path: Path, name: str
) -> None:
    sight = in_sight(name)
    (device,) = sight.devices
    sight.enter_dfu(device)
    parts = factory_image(kind(name))
    application = next(part for part in parts if part.module.prefix.function == ModuleFunction.USER_PART)
    start = application.module.prefix.start_address
    (tmp_path / "application").write_bytes(application.data)
    status, said = flash(sight, device, "-s", f"{start:#x}:leave", "-D", str(tmp_path / "application"))
    assert status in (0, 74), said  # 74: dfu-util asks for the state of a device that has reset already
    assert "File downloaded successfully" in said
    sight.wait(device, "normal")
    assert sight.memory(device, start, len(application.data)) == application.data


def test_a_protected_page_is_refused(in_sight: Callable[..., Sight], tmp_path: Path) -> None:
    sight = in_sight("boron")
    (device,) = sight.devices
    sight.enter_dfu(device)
    (tmp_path / "data").write_bytes(bytes(4096))
    before = sight.memory(device, 0, 4096)
    status, said = flash(sight, device, "-s", "0x0", "-D", str(tmp_path / "data"))
    assert status != 0
    assert "not writeable" in said
    assert sight.memory(device, 0, 4096) == before


def test_one_that_is_killed_leaves_a_device_that_can_be_flashed(
    in_sight: Callable[..., Sight], tmp_path: Path
) -> None:
    sight = in_sight("boron")
    (device,) = sight.devices
    sight.enter_dfu(device)
    start, data = application_end(kind("boron")) - SIZE, os.urandom(SIZE)
    (tmp_path / "data").write_bytes(data)
    words = ("-S", device, "-a", "0", "-s", f"{start:#x}", "-D", str(tmp_path / "data"))
    for moment in (b"Downloading", b"%", b"10%", b"40%"):
        sight.run_and_kill("dfu-util", *words, after=moment)
    status, told = flash(sight, device, "-s", f"{start:#x}", "-D", str(tmp_path / "data"))
    assert status == 0, told
    assert sight.memory(device, start, SIZE) == data
