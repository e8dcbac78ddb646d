"""What makes an archive a library."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from particle_cli.domain.project.properties import Properties
from particle_cli.simulators.cloud.library_archives import ArchiveRefused, unpack
from particle_cli.simulators.cloud.library_rows import Library

PROPERTIES: Final = "library.properties"
_NEEDED: Final = ("name", "version", "author", "sentence")
_DETAILS: Final = ("license", "maintainer", "paragraph", "category", "url", "repository", "build")
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_VERSION: Final = re.compile(r"(0|[1-9]\d{0,8})(\.(0|[1-9]\d{0,8})){2}", re.ASCII)
_DEPENDENCY: Final = "dependencies."


def library_of(archive: bytes, *, key: str, owner_id: str | None, created: int) -> Library:
    """Return the library in an archive, private.

    Args:
        archive: tar.gz.
        key: see `Library`.
        owner_id: see `Library`.
        created: ms since 1970, UTC.

    Raises: ArchiveRefused, where it is none.
    """
    files = unpack(archive)
    if PROPERTIES not in files:
        raise ArchiveRefused(f"library is missing {PROPERTIES}")
    values = Properties.parse(files[PROPERTIES]).values
    _check(values, files)
    return Library(
        key=key,
        name=values["name"],
        version=values["version"],
        owner_id=owner_id,
        archive=archive,
        author=values["author"],
        sentence=values["sentence"],
        created=created,
        details=tuple((name, values[name]) for name in _DETAILS if values.get(name)),
        architectures=tuple(
            part.strip() for part in values.get("architectures", "").split(",") if part.strip()
        ),
        dependencies=tuple(
            (name.removeprefix(_DEPENDENCY), version)
            for name, version in values.items()
            if name.startswith(_DEPENDENCY)
        ),
    )


def _check(values: Mapping[str, str], files: Mapping[str, bytes]) -> None:
    """Refuse what lacks something. Raises: ArchiveRefused."""
    for name in _NEEDED:
        if not values.get(name):
            raise ArchiveRefused(f"{name} can't be blank")
    if not _NAME.fullmatch(values["name"]):
        raise ArchiveRefused("name must only contain letters, numbers, dashes and underscores")
    if not _VERSION.fullmatch(values["version"]):
        raise ArchiveRefused("version must be formatted like 1.0.0")
    if not any(path.startswith("src/") for path in files):
        raise ArchiveRefused("library has no sources in src")
