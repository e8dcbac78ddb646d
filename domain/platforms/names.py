"""Platform ids, names and USB ids, read plainly from the catalogue: no value classes, quick to import."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from importlib.abc import ResourceLoader

Entry = Mapping[str, object]
"""One platform as it stands in platforms.json."""


@cache
def entries() -> Sequence[Entry]:
    """Return the catalogue's platforms in order of id, unchecked.

    The file is read through this module's own loader, so that it is found in a zip archive as well.
    """
    path = os.path.join(os.path.dirname(__file__), "platforms.json")
    loader = cast("ResourceLoader", __spec__.loader)
    return cast("Sequence[Entry]", json.loads(loader.get_data(path))["platforms"])


@cache
def _by_id() -> Mapping[int, Entry]:
    return {cast("int", entry["id"]): entry for entry in entries()}


def platform_ids(*, public: bool = False) -> tuple[int, ...]:
    """Return all platform ids, ascending; with `public` only those meant for everybody."""
    return tuple(number for number, entry in _by_id().items() if entry["public"] or not public)


def platform_name(number: int, *, public: bool = False) -> str | None:
    """Return the name of a platform, e.g. `b5som`, or None for an id that is unknown (or not public)."""
    entry = _by_id().get(number)
    return cast("str", entry["name"]) if entry and (entry["public"] or not public) else None


def display_name(number: int) -> str:
    """Return the name to show for a platform, e.g. `B5-SoM`; `Platform 99` for an unknown id."""
    entry = _by_id().get(number)
    return cast("str", entry["display_name"]) if entry else f"Platform {number}"


def platform_id(word: str, *, aliases: bool = True, public: bool = True) -> int | None:
    """Return the id of the platform with that name (or, if wanted, alias), or None."""
    for number, entry in _by_id().items():
        if public and not entry["public"]:
            continue
        if word == entry["name"] or (aliases and word in cast("Sequence[str]", entry["aliases"])):
            return number
    return None


def compile_targets() -> tuple[int, ...]:
    """Return the ids of the public platforms that run Device OS, i.e. that can be compiled for."""
    return tuple(
        number
        for number in platform_ids(public=True)
        if "linux" not in cast("Sequence[str]", _by_id()[number]["features"])
    )


@cache
def _by_usb_id() -> Mapping[tuple[int, int], tuple[int, bool]]:
    known: dict[tuple[int, int], tuple[int, bool]] = {}
    for number, entry in _by_id().items():
        usb = cast("Mapping[str, Mapping[str, str] | None] | None", entry["usb"]) or {}
        for mode in ("normal", "dfu"):
            ids = usb.get(mode)
            if ids:
                known[int(ids["vendor_id"], 16), int(ids["product_id"], 16)] = (number, mode == "dfu")
    return known


def usb_identity(vendor_id: int, product_id: int) -> tuple[int, bool] | None:
    """Return (platform id, whether it is in DFU mode) for a pair of USB ids, or None for a stranger."""
    return _by_usb_id().get((vendor_id, product_id))
