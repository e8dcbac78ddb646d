"""How the files of a project are laid out."""

from __future__ import annotations

from enum import Enum

from particle_cli.ports.files import Files


class Layout(Enum):
    """The three layouts that the compiler knows."""

    LEGACY = "legacy"
    SIMPLE = "simple"
    EXTENDED = "extended"


def layout_of(files: Files, folder: str) -> Layout:
    """Return the layout of the project in a folder.

    Without `project.properties` it is a flat folder of sources; with it, the sources lie beside it, or in
    `src`, libraries then in `lib`.
    """
    if not files.is_file(f"{folder}/project.properties"):
        return Layout.LEGACY
    return Layout.EXTENDED if files.is_folder(f"{folder}/src") else Layout.SIMPLE


def is_project(files: Files, folder: str) -> bool:
    """Tell whether a folder holds a project or a library, in the sense that it has a properties file."""
    names = ("project.properties", "library.properties")
    return any(files.is_file(f"{folder}/{name}") for name in names)
