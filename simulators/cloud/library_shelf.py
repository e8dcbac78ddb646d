"""All libraries that there are: those from the beginning, and those that were uploaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from particle_cli.simulators.cloud.library_archives import unpack
from particle_cli.simulators.cloud.library_rows import LATEST, PUBLIC, Library
from particle_cli.simulators.cloud.library_seeds import seeded

if TYPE_CHECKING:
    from particle_cli.simulators.cloud.state import CloudState


def all_versions(state: CloudState, *, reader: str | None) -> tuple[Library, ...]:
    """Return every version of every library that somebody may see, each library's in ascending order.

    Args:
        state: the cloud's memory.
        reader: id of an account, which sees its private ones as well; None: only what is public.
    """
    there = [*seeded(), *state.libraries]
    seen = [one for one in there if one.visibility == PUBLIC or (reader and one.owner_id == reader)]
    return tuple(sorted(seen, key=lambda one: (one.name.lower(), one.number)))


def versions_of(state: CloudState, name: str, *, reader: str | None) -> tuple[Library, ...]:
    """Return the versions of one library, whatever the case of its name; see `all_versions`."""
    wanted = name.lower()
    return tuple(one for one in all_versions(state, reader=reader) if one.name.lower() == wanted)


def find(state: CloudState, name: str, version: str, *, reader: str | None) -> Library | None:
    """Return one version of a library, `latest` the last; None where there is none."""
    versions = versions_of(state, name, reader=reader)
    if version == LATEST:
        return versions[-1] if versions else None
    return next((one for one in versions if one.version == version), None)


def library_files(
    state: CloudState, name: str, version: str, *, reader: str | None = None
) -> Mapping[str, bytes] | None:
    """Return the files of a library by their paths, for whoever compiles with it; None where there is none.

    Args:
        state: the cloud's memory.
        name: of the library, in whatever case.
        version: `1.2.3`, or `latest`.
        reader: id of the account that compiles, for its private libraries.
    """
    found = find(state, name, version, reader=reader)
    return unpack(found.archive) if found else None
