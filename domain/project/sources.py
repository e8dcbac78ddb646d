"""Which files of the disk a compilation sends, and under which paths.

A folder is sent by four passes: what is usually source, less the examples of libraries, plus what a
`particle.include` names, less what a `particle.ignore` names. A file is sent by its bare name. The example of
a library stands for a project made of the example and the library.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from attrs import field, frozen

from particle_cli.domain.project.errors import NoSource, SourceMissing, SourceOutside, SourcesClash
from particle_cli.domain.project.globs import is_literal, matcher
from particle_cli.ports.files import Files

SIZE_LIMIT: Final = 10 * 1024 * 1024
"""A file that is named by itself and larger than this, in bytes, is left out."""

NOT_SOURCE: Final = (
    ".ds_store", ".jpg", ".gif", ".png", ".include", ".ignore", ".git", ".bin",
)  # fmt: skip
"""Extensions of files that are left out when they are named by themselves."""

_INCLUDED: Final = (
    "**/*.h", "**/*.hpp", "**/*.hh", "**/*.hxx", "**/*.ino", "**/*.cpp", "**/*.c", "**/build.mk",
    "project.properties",
)  # fmt: skip
_IGNORED: Final = ("lib/*/examples/**/*.*",)
_EVERYTHING: Final = "**"


@frozen
class ProjectFile:
    """A file to be sent.

    Attributes:
        path: in the project, with `/`.
        local: on this machine, from the root.
        shown: on this machine, from the current folder.
        content: its bytes.
    """

    path: str
    local: str
    shown: str
    content: bytes = field(repr=False)


@frozen
class Sources:
    """What a compilation sends.

    Attributes:
        files: in the order in which they are sent.
        left_out: a line about each file that was named and is not sent, for the person.
    """

    files: tuple[ProjectFile, ...]
    left_out: tuple[str, ...] = ()


@frozen
class _Choice:
    path: str
    local: str


def collect_sources(
    files: Files,
    arguments: Sequence[str],
    *,
    follow_links: bool = False,
    not_source: Sequence[str] = NOT_SOURCE,
) -> Sources:
    """Find and read what a compilation of the arguments sends.

    Args:
        files: the disk.
        arguments: files and folders, as typed; none means the current folder.
        follow_links: also take what lies in folders within linked folders.
        not_source: extensions, lower case, of files that are left out although they were named.

    Raises: SourceMissing, SourcesClash, SourceOutside, NoSource, FileError.
    """
    arguments = arguments or (".",)
    _check_there(files, arguments)
    chosen: dict[str, ProjectFile] = {}
    left_out: list[str] = []
    for argument in arguments:
        if files.is_file(argument) and not _is_source(argument, not_source, alone=len(arguments) == 1):
            continue
        for choice in _choices(files, argument, follow_links=follow_links):
            found = _read(files, choice)
            by_itself = files.is_file(argument) and found.local == files.absolute(argument)
            if by_itself and len(found.content) > SIZE_LIMIT:
                left_out.append(f"Skipping {argument} it's too big! {len(found.content)}")
                continue
            _add(chosen, found)
    if not chosen:
        raise NoSource(
            "No source to compile!",
            next_step="Name .ino, .cpp or .c files, or the folder of a project.",
        )
    return Sources(tuple(chosen.values()), tuple(left_out))


def _check_there(files: Files, arguments: Sequence[str]) -> None:
    for argument in arguments:
        if not (files.is_file(argument) or files.is_folder(argument)):
            raise SourceMissing(
                f"I couldn't find that: {argument}", next_step="Check the spelling, and where you are."
            )


def _add(chosen: dict[str, ProjectFile], found: ProjectFile) -> None:
    known = chosen.setdefault(found.path, found)
    if known.local != found.local:
        raise SourcesClash(
            f"{known.shown} and {found.shown} would both be sent as {found.path}.",
            next_step="Rename one of them, or put them into the folders of one project.",
        )


def _is_source(argument: str, not_source: Sequence[str], *, alone: bool) -> bool:
    """Tell whether a file that was named is sent; a binary is if it is all there is."""
    name = os.path.basename(argument).lower()
    extension = f".{name.rpartition('.')[2]}" if "." in name else ""
    return extension not in not_source or (alone and extension == ".bin")


def _choices(files: Files, argument: str, *, follow_links: bool) -> Iterator[_Choice]:
    """Yield what one argument stands for."""
    local = files.absolute(argument)
    folder = os.path.dirname(local) if files.is_file(argument) else local
    library = library_of_example(files, folder)
    if library is not None:
        yield from _example(files, library, folder, local, follow_links=follow_links)
    elif files.is_file(argument):
        yield _Choice(os.path.basename(local), local)
    else:
        yield from _folder(files, folder, follow_links=follow_links)


def library_of_example(files: Files, folder: str) -> str | None:
    """Return the library (a folder) that a folder is an example of, or None.

    Args:
        files: the disk.
        folder: from the root.
    """
    above = os.path.dirname(folder)
    library = os.path.dirname(above)
    if os.path.basename(above) != "examples" or not files.is_file(f"{library}/library.properties"):
        return None
    return None if files.is_file(f"{library}/spark.json") else library


def _example(files: Files, library: str, folder: str, local: str, *, follow_links: bool) -> Iterator[_Choice]:
    """Yield the project that an example and its library make together."""
    inside = {choice.path: choice for choice in _folder(files, folder, follow_links=follow_links)}
    if local != folder:
        name = os.path.basename(local)
        inside.setdefault(name, _Choice(name, local))
    for path, choice in inside.items():
        if path != "project.properties":
            yield _Choice(f"src/examples/{os.path.basename(folder)}/{path}", choice.local)
    yield _Choice("project.properties", f"{library}/library.properties")
    for part in ("src", "lib"):
        if files.is_folder(f"{library}/{part}"):
            tree = files.tree(f"{library}/{part}", follow_links=follow_links)
            for path in _sorted(path for path in tree if matcher(_EVERYTHING)(path)):
                yield _Choice(f"{part}/{path}", f"{library}/{part}/{path}")


def _folder(files: Files, folder: str, *, follow_links: bool) -> Iterator[_Choice]:
    """Yield what of a folder is sent, in the order of the paths."""
    tree = files.tree(folder, follow_links=follow_links)
    chosen = {path for pattern in _INCLUDED for path in tree if matcher(pattern)(path)}
    chosen -= {path for pattern in _IGNORED for path in tree if matcher(pattern)(path)}
    for path in _listed(files, folder, tree, "particle.include", inside_only=True):
        chosen.add(path)
    for path in _listed(files, folder, tree, "particle.ignore", inside_only=False):
        chosen.discard(path)
    for path in _sorted(chosen):
        yield _Choice(path, f"{folder.rstrip('/')}/{path}")


def _listed(files: Files, folder: str, tree: Sequence[str], name: str, *, inside_only: bool) -> Iterator[str]:
    """Yield the paths that the files of that name ask for, whatever folder of the tree they are in.

    Raises: SourceOutside when one leads out of the folder, if that matters.
    """
    for place in filter(matcher(f"**/{name}"), tree):
        at = place.rpartition("/")[0]
        text = files.read(f"{folder}/{place}").decode("utf-8", "replace")
        for number, line in enumerate(text.splitlines(), 1):
            pattern = line.strip()
            if not pattern or pattern.startswith(("#", "!")):
                continue
            resolved = _resolved(at, pattern)
            if resolved is None:
                if inside_only:
                    raise SourceOutside(
                        f"{place}, line {number}: {pattern} leads out of the project.",
                        next_step="Copy what is needed into the project; only its own files are compiled.",
                    )
            elif is_literal(resolved):
                if files.is_file(f"{folder}/{resolved}"):
                    yield resolved
            else:
                yield from filter(matcher(resolved), tree)


def _resolved(at: str, pattern: str) -> str | None:
    """Return a pattern relative to the project's root, or None for one that leads out of it.

    Args:
        at: folder of the file that the pattern stands in, relative to the root.
        pattern: relative to that folder.
    """
    segments = [_quoted(segment) for segment in at.split("/") if segment]
    for segment in pattern.split("/"):
        if segment in ("", "."):
            continue
        if segment != "..":
            segments.append(segment)
        elif segments:
            segments.pop()
        else:
            return None
    return "/".join(segments)


def _quoted(name: str) -> str:
    """Return a pattern that matches just that name."""
    if is_literal(name):
        return name
    return "".join(f"[{letter}]" if letter in "*?[{" else letter for letter in name)


def _read(files: Files, choice: _Choice) -> ProjectFile:
    shown = os.path.relpath(choice.local, files.absolute("."))
    return ProjectFile(choice.path, choice.local, shown, files.read(choice.local))


def _sorted(paths: Iterable[str]) -> list[str]:
    """Sort as JavaScript sorts text: by UTF-16 code units."""
    return sorted(paths, key=lambda path: path.encode("utf-16-be", "surrogatepass"))
