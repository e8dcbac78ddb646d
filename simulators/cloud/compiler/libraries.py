"""The libraries that a project asks for: added to its files as if they had been copied into `lib`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from particle_cli.domain.project.properties import Properties
from particle_cli.simulators.cloud.compiler.sources import CompilerErrors, Diagnostic, Source

Shelf = Callable[[str, str], Mapping[str, bytes] | None]
"""Gives the files of a library by their paths, for its name and version; None where there is none."""

_PROJECT = "project.properties"
_DEPENDENCY = "dependencies."
_ANY_VERSION = ("", "*")
LATEST = "latest"


def with_libraries(sources: Sequence[Source], shelf: Shelf) -> tuple[Source, ...]:
    """Return the files of a project with those of all libraries that it, or one of these, depends on.

    A library that lies in `lib` already is used as it is there, whatever its version.

    Args:
        sources: the project's files.
        shelf: where libraries come from.

    Raises: CompilerErrors for one that is not there.
    """
    properties = next((one.content for one in sources if one.path == _PROJECT), b"")
    there = {name.lower() for name in _copied(sources)}
    wanted = [(name, version, _PROJECT) for name, version in dependencies_in(properties)]
    found: list[Source] = []
    while wanted:
        name, version, whose = wanted.pop(0)
        if name.lower() in there:
            continue
        there.add(name.lower())
        files = shelf(name, LATEST if version in _ANY_VERSION else version)
        if files is None:
            line = _line_of(name, properties) if whose == _PROJECT else 1
            raise CompilerErrors([Diagnostic(whose, line, 1, f"library {name} {version} not found")])
        found += [Source(f"lib/{name}/{path}", content) for path, content in files.items() if _is_used(path)]
        own = f"lib/{name}/library.properties"
        needed = dependencies_in(files.get("library.properties", b""))
        wanted += [(needed_name, needed_version, own) for needed_name, needed_version in needed]
    return (*sources, *found)


def dependencies_in(properties: bytes) -> Iterator[tuple[str, str]]:
    """Yield name and version of each library that a properties file names."""
    parsed = Properties.parse(properties)
    for key in parsed.keys:
        if key.startswith(_DEPENDENCY):
            yield key.removeprefix(_DEPENDENCY), (parsed.get(key) or "").strip()


def _copied(sources: Sequence[Source]) -> Iterator[str]:
    """Yield the names of the libraries in `lib`."""
    for source in sources:
        parts = source.path.split("/")
        if parts[0] == "lib" and len(parts) > 2:
            yield parts[1]


def _is_used(path: str) -> bool:
    return path == "library.properties" or path.startswith("src/")


def _line_of(name: str, properties: bytes) -> int:
    """Return the number of the line that names a library."""
    lines = properties.decode("utf-8", "replace").splitlines()
    return next((number for number, line in enumerate(lines, 1) if f"{_DEPENDENCY}{name}" in line), 1)
