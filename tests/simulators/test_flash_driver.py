"""Flash as a device's processor works on it: sectors, times, and power that fails."""

from __future__ import annotations

import pytest

from particle_cli.domain.platforms.catalogue import platform
from particle_cli.simulators.hardware.flash_driver import FlashDriver, OutsideFlash, PowerCut
from particle_cli.simulators.hardware.flash_memory import FlashMemory

CORE, PHOTON, P1, BORON, P2 = 0, 6, 8, 13, 32


def driver(number: int) -> FlashDriver:
    return FlashDriver(FlashMemory(), platform(number))


@pytest.mark.parametrize(
    ("number", "address", "size", "erase_ms", "program_ms"),
    [
        (BORON, 0xB4123, 4096, 85, 42),
        (BORON, 0x8000_1000, 4096, 50, 14),
        (P2, 0x0806_0000, 4096, 52, 8),
        (PHOTON, 0x0800_C000, 16384, 400, 50),
        (PHOTON, 0x0801_2345, 65536, 800, 50),
        (PHOTON, 0x080A_0000, 131072, 1500, 50),
        (P1, 0x0001_0000, 4096, 50, 14),
        (CORE, 0x0800_5400, 1024, 30, 160),
        (CORE, 0x0000_1000, 4096, 25, 48),
    ],
)
def test_sector_sizes_and_times(
    number: int, address: int, size: int, erase_ms: float, program_ms: float
) -> None:
    flash = driver(number)
    start, found = flash.sector_at(address)
    assert found == size
    assert start <= address < start + size
    assert flash.erase_sector(address) == erase_ms
    assert flash.program(start, bytes(1024)) == program_ms / 4


def test_an_erase_of_a_range_takes_every_sector_it_touches() -> None:
    flash = driver(BORON)
    assert flash.erase(0xB4010, 9000) == 3 * 85
    assert flash.operations == 3


def test_worn_flash_erases_slowly() -> None:
    flash = driver(BORON)
    flash.slowness = 10
    assert flash.erase_sector(0xB4000) == 850


def test_there_is_nothing_outside_the_chips() -> None:
    flash = driver(BORON)
    for address in (0x10_0000, 0x8040_0000):
        with pytest.raises(OutsideFlash):
            flash.erase_sector(address)
    with pytest.raises(OutsideFlash):
        flash.program(0x0FFFFE, b"1234")


def test_power_that_fails_in_an_erase_leaves_noise() -> None:
    flash = driver(BORON)
    flash.program(0xB4000, bytes(4096))
    flash.cut_power_during(2, 0.5)
    flash.erase_sector(0xB5000)
    with pytest.raises(PowerCut):
        flash.erase_sector(0xB4000)
    content = flash.memory.read(0xB4000, 4096)
    assert len(set(content)) > 200
    assert flash.memory.is_blank(0xB5000, 4096)


def test_power_that_fails_in_a_program_leaves_the_first_part() -> None:
    flash = driver(BORON)
    flash.cut_power_during(1, 0.25)
    with pytest.raises(PowerCut):
        flash.program(0xB4000, bytes(4096))
    assert flash.memory.read(0xB4000, 1024) == bytes(1024)
    assert flash.memory.is_blank(0xB4400, 3072)
    flash.program(0xB4000, bytes(4096))  # and only once


def test_a_file_of_the_file_system_is_old_or_new() -> None:
    flash = driver(BORON)
    flash.replace_file(0x8000_0000, b"old")
    flash.cut_power_during(1, 0.9)
    with pytest.raises(PowerCut):
        flash.replace_file(0x8000_0000, b"new")
    assert flash.memory.read(0x8000_0000, 3) == b"old"
