"""The scenarios that come with the program."""

from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from importlib.abc import ResourceLoader

GALLERY: Final = (
    "one-boron",
    "drawer",
    "protected-p2",
    "old-photon",
    "safe-mode",
    "flaky-cable",
    "laptop",
)
"""Their names, in the order in which they are shown."""


def gallery_text(name: str) -> bytes:
    """Return the file of a scenario of the gallery. Raises: KeyError for one that is not in it.

    It is read through this module's own loader, so that it is found in a zip archive as well.
    """
    if name not in GALLERY:
        raise KeyError(name)
    path = os.path.join(os.path.dirname(__file__), "ready", f"{name}.toml")
    return cast("ResourceLoader", __spec__.loader).get_data(path)


def gallery_description(name: str) -> str:
    """Return what a scenario of the gallery is, in a line. Raises: KeyError."""
    return str(tomllib.loads(gallery_text(name).decode())["description"])
