"""Where tools, and where devices, find the prefix."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.strategies.modules import modules

from particle_cli.domain.firmware.locating import best_prefix_offset, device_prefix_offset
from particle_cli.domain.firmware.module import Module, parse_module, write_module

PREFIX_OF_BORON_TINKER = bytes.fromhex("00400b00 3c410b00 0000 0600 0d00 05 02 04 01 a60f 00000000")


DECLARED = 0x13C + 4


def at(offset: int, prefix: bytes = PREFIX_OF_BORON_TINKER) -> memoryview:
    return memoryview((bytes(offset) + prefix).ljust(DECLARED, b"\0"))


@pytest.mark.parametrize("offset", [0, 0x200, 0x184, 0xC0, 0x10C])
def test_the_usual_places_are_tried(offset: int) -> None:
    size = offset + 100
    end = (0xB4000 + size - 4).to_bytes(4, "little")
    data = at(offset, PREFIX_OF_BORON_TINKER[:4] + end + PREFIX_OF_BORON_TINKER[8:])
    assert best_prefix_offset(memoryview(bytes(data).ljust(size, b"\0"))[:size]) == (offset, 7)


def test_a_module_must_reach_beyond_its_own_prefix_and_suffix() -> None:
    assert best_prefix_offset(at(DECLARED - 64)) == (DECLARED - 64, 7)
    assert best_prefix_offset(at(DECLARED - 60))[1] == 0


def test_a_module_that_another_follows_need_not_fill_the_file() -> None:
    alone, combined = PREFIX_OF_BORON_TINKER, PREFIX_OF_BORON_TINKER[:9] + b"\4" + PREFIX_OF_BORON_TINKER[10:]
    for prefix, score in ((alone, 6), (combined, 7)):
        assert best_prefix_offset(memoryview(bytes(at(0, prefix)) + bytes(8))) == (0, score)


@pytest.mark.parametrize("offset", [4, 32, 100])
def test_every_fourth_byte_is_tried(offset: int) -> None:
    assert best_prefix_offset(at(offset)) == (offset, 7)


def test_a_prefix_off_the_grid_is_not_found() -> None:
    assert best_prefix_offset(at(34))[1] == 0


def test_an_unknown_platform_costs_a_point_but_is_found() -> None:
    stranger = PREFIX_OF_BORON_TINKER[:12] + b"\x81\0" + PREFIX_OF_BORON_TINKER[14:]
    assert best_prefix_offset(at(16, stranger)) == (16, 6)


@pytest.mark.parametrize(
    "damage",
    [
        (14, b"\0"),  # no function
        (16, b"\0"),  # a version without a function
        (4, b"\0\x40\x0b\0"),  # ends where it starts
        (4, b"\xff\xff\x0b\0"),  # longer than the file
    ],
)
def test_what_cannot_be_a_prefix_scores_nothing(damage: tuple[int, bytes]) -> None:
    place, content = damage
    broken = PREFIX_OF_BORON_TINKER[:place] + content + PREFIX_OF_BORON_TINKER[place + len(content) :]
    assert best_prefix_offset(at(0, broken)) == (0, 0)


@pytest.mark.parametrize(
    ("family", "first_bytes", "offset"),
    [
        ("nrf52840", "00f00320", 0x200),
        ("nrf52840", "00400b00", 0),
        ("gen2", "00000220", 0x184),
        ("gen2", "00000a08", 0),
        ("core", "00500020", 0x10C),
        ("rtl872x", "999996963fcc66fc", 32),
        ("rtl872x", "999996963fcc66fd", 0),
        ("rtl872x", "00405f08fcff5f08", 0),
        (None, "00000220", 0),
        ("gen2", "00", 0),
    ],
)
def test_a_device_looks_at_the_first_bytes_only(family: str | None, first_bytes: str, offset: int) -> None:
    assert device_prefix_offset(family, bytes.fromhex(first_bytes)) == offset


@given(modules())
def test_tools_and_devices_agree(module: Module) -> None:
    families = {0: None, 32: "rtl872x", 0x10C: "core", 0x184: "gen2", 0x200: "nrf52840"}
    data = write_module(module)
    family = families[len(module.preamble)]
    if family:
        assert device_prefix_offset(family, data) == len(parse_module(data, name="x").preamble)
