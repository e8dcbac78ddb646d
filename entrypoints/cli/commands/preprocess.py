"""`particle preprocess`: a sketch as the C++ that the cloud makes of it."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING

from particle_cli.domain.project.errors import NotASketch
from particle_cli.domain.project.preprocessing import preprocess
from particle_cli.entrypoints.cli.result import Result, Told
from particle_cli.entrypoints.wires import STDIN

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Desk


def run(given: Given, desk: Desk) -> Result:
    """Preprocess one file, or what comes on standard input."""
    path = given.word("file.ino")
    try:
        text = desk.read(path).decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise NotASketch(
            f"{path} is no text in UTF-8 (byte {fault.start}).", next_step="Save it as UTF-8."
        ) from fault
    name = given.text("name") or ("stdin" if path == STDIN else path)
    made = preprocess(text, name)
    place = given.text("saveTo") or (STDIN if path == STDIN else f"{os.path.splitext(path)[0]}.cpp")
    if place == STDIN:
        return Told(made.removesuffix("\n"), {"file": path, "savedTo": None, "text": made})
    desk.files.write(place, made.encode())
    return Told("", {"file": path, "savedTo": place})
