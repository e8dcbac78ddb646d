"""Device OS releases and the version numbers of their modules.

Inside a device Device OS has a plain counter for a version, and no formula leads from it to the release: the
table is the truth, and what is newer than the table can only be told to the minor line.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, cast

from attrs import frozen

if TYPE_CHECKING:
    from importlib.abc import ResourceLoader


@frozen
class Release:
    """One release of Device OS.

    `version` is that of its system part, `bootloader` that of its bootloader (None: not published).
    `platforms` are names from the platform catalogue; empty where they are not stated.
    """

    version: int
    name: str
    bootloader: int | None
    platforms: tuple[str, ...]

    @property
    def stage(self) -> str:
        """`final`, or what the release's name says it is instead: `rc`, `beta`, `alpha`, `tracker`."""
        return stage_of(self.name)


@cache
def releases() -> Sequence[Release]:
    """Return all releases known, in order of version."""
    path = os.path.join(os.path.dirname(__file__), "releases.txt")
    text = cast("ResourceLoader", __spec__.loader).get_data(path).decode()
    return tuple(_release(line) for line in text.splitlines() if not line.startswith("#"))


def _release(line: str) -> Release:
    version, name, bootloader, *platforms = line.split()
    return Release(
        int(version),
        name,
        None if bootloader == "-" else int(bootloader),
        () if platforms == ["-"] else tuple(platforms),
    )


@cache
def _by_name() -> Mapping[str, Release]:
    return {release.name: release for release in releases()}


@cache
def _by_version() -> Mapping[int, Release]:
    """Several releases may share a version: the final one counts, else the last."""
    found: dict[int, Release] = {}
    for release in releases():
        known = found.get(release.version)
        if known is None or known.stage != "final":
            found[release.version] = release
    return found


def release_of(internal: int) -> str:
    """Return the release that a system part's version stands for.

    A version that is not in the table gives its line only: `6.3.x` for 6305, `0.8.x` for 313.
    """
    release = _by_version().get(internal)
    if release:
        return release.name
    if internal >= 1000:
        return f"{internal // 1000}.{internal // 100 % 10}.x"
    line = max((known for known in _by_version() if known < internal), default=0)
    return ".".join(_by_version()[line].name.split(".")[:2]) + ".x"


def find_release(name: str) -> Release | None:
    """Return the release of this name, with or without a leading `v`, or None."""
    return _by_name().get(name.strip().removeprefix("v"))


def internal_version(release: str) -> int | None:
    """Return the version of a release's system part, or None for one that is not in the table."""
    found = find_release(release)
    return found.version if found else None


def bootloader_version(release: str) -> int | None:
    """Return the version of a release's bootloader, or None where it is not known."""
    found = find_release(release)
    return found.bootloader if found else None


def releases_for(platform: str) -> tuple[Release, ...]:
    """Return the releases published for a platform (by name), in order of version."""
    return tuple(release for release in releases() if platform in release.platforms)


def stage_of(release: str) -> str:
    """Return `final`, or the word that a release's name has after the dash: `rc` for `6.2.0-rc.1`."""
    _, dash, stage = release.partition("-")
    return stage.partition(".")[0] if dash else "final"
