from __future__ import annotations

import itertools

import pytest

from particle_cli.domain.platforms import names
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.platforms.errors import UnknownPlatform


@pytest.mark.parametrize("number", names.platform_ids())
def test_every_platform_of_the_catalogue_is_well_formed(number: int) -> None:
    kind = platform(number)
    assert kind.id == number
    for setting in kind.dfu.alt_settings if kind.dfu else ():
        runs = setting.sectors
        assert (runs[0].start, runs[-1].end) == (setting.start, setting.end)
        assert all(one.end == other.start for one, other in itertools.pairwise(runs))
        assert all(run.end - run.start == run.sector_size * run.sector_count for run in runs)


@pytest.mark.parametrize("number", names.platform_ids())
def test_named_regions_have_the_size_they_state(number: int) -> None:
    assert all(region.end - region.start == region.size for region in platform(number).flash_map)


def test_a_boron_is_what_its_data_sheet_says() -> None:
    boron = platform(13)
    assert (boron.name, boron.family, boron.generation) == ("boron", "nrf52840", 3)
    assert boron.usb is not None
    assert boron.usb.dfu is not None
    assert (boron.usb.normal.product_id, boron.usb.dfu.product_id) == (0xC00D, 0xD00D)
    application = boron.module(function=5, index=2)
    assert application is not None
    assert (application.start, application.end) == (0xB4000, 0xF4000)
    assert boron.module(function=9, index=0) is None


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("boron", 13),
        ("b", 13),
        ("photon2", 32),
        ("muon", 35),
        ("assettracker", 26),
        ("gcc", None),
        ("x1", None),
    ],
)
def test_public_platforms_go_by_name_or_alias(word: str, number: int | None) -> None:
    assert names.platform_id(word) == number


def test_aliases_and_private_platforms_are_asked_for() -> None:
    assert names.platform_id("b", aliases=False) is None
    assert names.platform_id("gcc", public=False) == 3
    assert names.platform_name(3) == "gcc"
    assert names.platform_name(3, public=True) is None


@pytest.mark.parametrize(
    ("ids", "identity"),
    [
        ((0x2B04, 0xC00D), (13, False)),
        ((0x2B04, 0xD020), (32, True)),
        ((0x1D50, 0x607F), (0, True)),
        ((0x2B04, 0xFFFF), None),
    ],
)
def test_usb_ids_tell_platform_and_mode(ids: tuple[int, int], identity: tuple[int, bool] | None) -> None:
    assert names.usb_identity(*ids) == identity


def test_linux_platforms_are_not_compiled_for() -> None:
    assert not {42, 43} & set(names.compile_targets())
    assert {0, 6, 12, 13, 32} <= set(names.compile_targets())


def test_unknown_platforms_are_named() -> None:
    assert names.display_name(13) == "Boron"
    assert names.display_name(99) == "Platform 99"
    with pytest.raises(UnknownPlatform, match="99"):
        platform(99)
