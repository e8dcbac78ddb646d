"""Version numbers of modules, and the releases they stand for."""

from __future__ import annotations

import pytest

from particle_cli.domain.firmware.versions import (
    bootloader_version,
    find_release,
    internal_version,
    release_of,
    releases,
    releases_for,
    stage_of,
)
from particle_cli.domain.platforms.names import platform_id


@pytest.mark.parametrize(
    ("version", "release"),
    [
        (1213, "1.2.1"),
        (1512, "1.5.2"),
        (2011, "2.0.1"),
        (3103, "3.1.0"),
        (4006, "4.0.2"),
        (5004, "5.1.0"),  # the one that no rule of digits gives
        (5302, "5.3.2"),
        (5901, "5.9.0"),
        (6200, "6.2.0"),
        (0, "0.4.0"),
    ],
)
def test_a_version_has_a_release_and_back(version: int, release: str) -> None:
    assert release_of(version) == release
    assert internal_version(release) == version


@pytest.mark.parametrize(
    ("version", "release"), [(13, "0.5.0"), (15, "0.5.1"), (4, "0.4.4-rc.6"), (312, "0.8.0-rc.14")]
)
def test_of_several_releases_the_final_one_counts_else_the_last(version: int, release: str) -> None:
    assert release_of(version) == release


@pytest.mark.parametrize(
    ("version", "line"), [(6305, "6.3.x"), (7000, "7.0.x"), (313, "0.8.x"), (111, "0.6.x"), (999, "0.9.x")]
)
def test_a_version_outside_the_table_gives_its_line(version: int, line: str) -> None:
    assert release_of(version) == line


def test_bootloaders_have_versions_of_their_own() -> None:
    assert bootloader_version("6.1.1") == 3001
    assert bootloader_version("5.6.0") == 2400
    assert bootloader_version("0.5.0") is None
    assert bootloader_version("9.9.9") is None


def test_a_leading_v_is_part_of_the_tag_not_of_the_release() -> None:
    assert internal_version("v6.2.0") == 6200
    assert find_release("6.2.99") is None


def test_the_table_is_whole() -> None:
    table = releases()
    assert len(table) == 196
    assert [release.version for release in table] == sorted(release.version for release in table)
    assert all(
        release.version == 5004
        or release.name.startswith(f"{release.version // 1000}.{release.version // 100 % 10}.")
        for release in table
        if release.version >= 1000
    )
    names = {name for release in table for name in release.platforms}
    assert all(platform_id(name, public=False) is not None for name in names)


def test_a_platform_has_its_own_releases() -> None:
    assert releases_for("electron")[-1].name == "3.3.1"
    assert releases_for("msom")[0].name == "5.5.0-rc.1"
    assert releases_for("nothing") == ()


def test_a_release_name_tells_its_stage() -> None:
    assert [stage_of(name) for name in ("6.2.0", "6.2.0-rc.1", "3.0.1-p2.4")] == ["final", "rc", "p2"]
