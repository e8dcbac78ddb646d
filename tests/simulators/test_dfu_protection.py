"""Device Protection in DFU mode: protected, and in service mode."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve
from tests.simulators.talk import BORON, Host

from particle_cli.domain.firmware.build import build_module, fitted
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import sealed, write_module
from particle_cli.domain.firmware.records import security_record
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.simulators.factory import factory_image, new_device
from particle_cli.simulators.firmware.boot import BootRequest, Mode

P2 = 32
BUSY, DONE, MANIFEST = "00 04 00", "00 05 00", "00 07 00"
OTA = 0x8024_C000

Protected = Callable[..., Host]


@pytest.fixture
def protected() -> Protected:
    """A device whose bootloader carries the protection, in DFU mode."""

    def make(number: int = BORON, *, override_resets: int = 0) -> Host:
        device = new_device(number, small=True)
        parts = factory_image(platform(number), small=True)
        bootloader = next(
            part.module for part in parts if (part.module.prefix.function, part.module.prefix.index) == (2, 0)
        )
        suffix = evolve(bootloader.suffix, extensions=(security_record(), *bootloader.suffix.extensions))
        locked = sealed(fitted(evolve(bootloader, suffix=suffix)))
        device.hardware.memory.replace(locked.prefix.start_address, write_module(locked))
        device.override_resets = override_resets + 1
        host = Host(device)
        device.mode = Mode.RESETTING
        device.reset(BootRequest.DFU)
        assert host.settle() is Mode.DFU
        return host

    return make


def text(host: Host, index: int) -> str:
    return host.transfer(0x80, 6, 0x0300 | index, 0x0409, 255).data[2:].decode("utf-16-le")


@pytest.mark.parametrize(("number", "first_map", "error_text"), [(BORON, 6, 10), (P2, 5, 7)])
def test_a_protected_device_tells_so(
    protected: Protected, number: int, first_map: int, error_text: int
) -> None:
    host = protected(number)
    assert text(host, 0xFA).startswith("sm=p")
    assert "004Kb" in text(host, first_map)
    assert "004Kg" not in text(host, first_map)
    host.download(0, b"\x21\x00\x40\x0b\x00")
    assert host.status() == f"0b 0a {error_text:02x}"
    assert text(host, error_text) == "Device is in protected mode"


def test_a_protected_device_gives_nothing_away(protected: Protected) -> None:
    host = protected()
    answer = host.upload(2, 16)
    assert (answer.stalled, answer.data) == (False, b"")
    assert host.status() == "0b 0a 0a"
    host.clear()
    assert host.upload(0, 5).data.hex() == "002141fafb"
    host.download(2, b"\x00")
    assert host.status() == "0b 0a 0a"
    host.clear()
    host.download(2, b"")
    assert host.status() == MANIFEST


def test_a_protected_device_takes_the_two_commands_that_do_no_harm(protected: Protected) -> None:
    host = protected()
    host.download(0, b"\xfb\x00\x00\x00\x00")
    assert [host.status(), host.status()] == [BUSY, DONE]
    host.abort()
    host.download(0, b"\xfa")
    assert [host.status(), host.status()] == [BUSY, MANIFEST]
    assert host.settle() is Mode.SAFE


def test_the_override_is_told_and_can_be_ended(protected: Protected) -> None:
    host = protected(override_resets=5)
    assert text(host, 0xFA).startswith("sm=s")
    assert "004Kg" in text(host, 6)
    assert host.device.override_resets == 5
    host.download(0, b"\xfb")
    assert [host.status(), host.status()] == [BUSY, DONE]
    assert host.device.override_resets == 0


def test_the_override_lasts_a_number_of_resets(protected: Protected) -> None:
    host = protected(override_resets=1)
    host.device.reset(BootRequest.DFU)
    host.settle()
    assert text(host, 0xFA).startswith("sm=p")


def test_service_mode_lets_applications_through(protected: Protected) -> None:
    host = protected(override_resets=5)
    assert host.command(0x41, 0xB4000) == [BUSY, DONE]
    assert host.write(0xB4000, b"\x00" * 16) == [BUSY, DONE]


def test_service_mode_hides_the_update_area(protected: Protected) -> None:
    host = protected(override_resets=5)
    host.select(2)
    assert host.command(0x41, OTA) == [BUSY, "0b 0a 0a"]
    host.clear()
    assert host.write(OTA, b"\x00") == [BUSY, "0b 0a 0a"]
    host.clear()
    assert host.upload(2, 16).data == b""
    assert host.status() == "0b 0a 0a"


def system_part(version: int, start: int = 0x28000) -> bytes:
    part = next(
        part.module
        for part in factory_image(platform(BORON), small=True)
        if part.module.prefix.function == ModuleFunction.SYSTEM_PART
    )
    return write_module(
        build_module(
            platform_id=BORON,
            function=ModuleFunction.SYSTEM_PART,
            index=1,
            version=version,
            start_address=start,
            payload=bytes(8192),
            preamble=part.preamble,
        )
    )


@pytest.mark.parametrize("start", [0x28000, 0x30000])
def test_service_mode_takes_a_system_part_from_its_header_on(protected: Protected, start: int) -> None:
    host = protected(override_resets=5)
    memory = host.device.hardware.memory
    data = system_part(6200, start)
    before = memory.read(start, 64)
    assert host.command(0x41, start) == [BUSY, DONE]
    assert memory.read(start, 64) == before  # accepted, and ignored
    for at in range(0, len(data), 4096):
        assert host.write(start + at, data[at : at + 4096]) == [BUSY, DONE]
    assert memory.read(start, len(data)) == data


@pytest.mark.parametrize("version", [5999, 3103])
def test_service_mode_takes_no_old_system_part(protected: Protected, version: int) -> None:
    host = protected(override_resets=5)
    data = system_part(version)
    assert host.write(0x28000, data[:4096]) == [BUSY, "0b 0a 0a"]
    host.clear()
    assert host.write(0x29000, data[4096:8192]) == [BUSY, "0b 0a 0a"]


def test_service_mode_takes_no_system_part_from_the_middle(protected: Protected) -> None:
    host = protected(override_resets=5)
    assert host.write(0x29000, b"\x00" * 16) == [BUSY, "0b 0a 0a"]
