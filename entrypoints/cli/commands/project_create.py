"""`particle project create`: a project to begin with."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING

from particle_cli.domain.project.errors import NotAProjectName
from particle_cli.domain.project.template import DEFAULT_NAME, check_name, create_project
from particle_cli.entrypoints.cli.result import Result, Told

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Desk

NAME_QUESTION = "What would you like to call your project? [myproject]: "
PLACE_QUESTION = "Would you like to create your project in the default project directory?"


async def run(given: Given, desk: Desk) -> Result:
    """Ask for what wasn't said and write the project's files."""
    name = given.text("name")
    if name is not None:
        check_name(name)
    else:
        name = await _ask_name(desk)
    place = given.optional("dir") or await _ask_place(desk)
    if place is None:
        return Told("", {"created": False})
    folder = os.path.join(place, name)
    desk.person.say(f"Initializing project in directory {desk.files.absolute(folder)}...")
    written = create_project(desk.files, folder, name)
    path = desk.files.absolute(folder)
    return Told(
        f"> A new project has been initialized in directory {path}",
        {"created": True, "name": name, "directory": path, "files": list(written)},
    )


async def _ask_name(desk: Desk) -> str:
    while True:
        name = await desk.person.ask(NAME_QUESTION, flag="--name", default=DEFAULT_NAME)
        try:
            check_name(name)
        except NotAProjectName as wrong:
            desk.person.warn(f"! {wrong.message}")
        else:
            return name


async def _ask_place(desk: Desk) -> str | None:
    """Return the folder to make the project in, or None when the person wants neither of the two."""
    if await desk.person.confirm(PLACE_QUESTION, flag="[dir]", default=True):
        below = "Documents" if os.name == "nt" else "Particle"
        return os.path.join(desk.home, below, "projects")
    here = desk.files.absolute(".")
    question = f"Would you like to create your project in {here}? Type “n” to cancel."
    return here if await desk.person.confirm(question, flag="[dir]", default=True) else None
