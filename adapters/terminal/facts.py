"""What is known about the terminal: asked once, then a value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final, TextIO

from attrs import frozen

_NO: Final = ("", "0", "false", "no")
_DEFAULT_WIDTH: Final = 80


@frozen
class TerminalFacts:
    """The standard streams, as they were when the program started.

    Attributes:
        stdin, stdout, stderr: whether each is a terminal.
        width: columns of the terminal, 80 where there is none.
        questions: whether questions may be asked.
        colour: whether terminals may be written to in colour.
        movable: whether the cursor of the terminal can be moved, as a progress bar has to.
    """

    stdin: bool
    stdout: bool
    stderr: bool
    width: int = _DEFAULT_WIDTH
    questions: bool = False
    colour: bool = False
    movable: bool = False


def terminal_facts(
    stdin: TextIO | None,
    stdout: TextIO | None,
    stderr: TextIO | None,
    environment: Mapping[str, str],
    *,
    interactive: bool | None = None,
    colour: bool = True,
) -> TerminalFacts:
    """Look at the streams and the environment.

    Questions are asked where somebody sees them and can answer: all three streams are terminals, and
    PARTICLE_NON_INTERACTIVE is not set.

    Args:
        stdin: what is typed; None, as the other two, for a stream that was closed before the program started.
        stdout: where results go.
        stderr: where everything else goes.
        environment: COLUMNS, NO_COLOR, PARTICLE_NON_INTERACTIVE and TERM are looked up in it.
        interactive: True asks even where there is no terminal (answers then come from a pipe), False
            never asks, None decides as said above.
        colour: False forbids colour.
    """
    typed, shown, told = (is_terminal(stream) for stream in (stdin, stdout, stderr))
    if interactive is None:
        wanted = environment.get("PARTICLE_NON_INTERACTIVE", "").lower() in _NO
        interactive = wanted and typed and shown and told
    dumb = environment.get("TERM") == "dumb"
    return TerminalFacts(
        stdin=typed,
        stdout=shown,
        stderr=told,
        width=_width((stdout if shown else None, stderr if told else None), environment),
        questions=interactive,
        colour=colour and not environment.get("NO_COLOR") and not dumb,
        movable=not dumb,
    )


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a stream is open and has a terminal at its other end."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed meanwhile
        return False


def _width(terminals: tuple[TextIO | None, ...], environment: Mapping[str, str]) -> int:
    columns = environment.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns)
    for stream in terminals:
        if stream is not None:
            try:
                return os.get_terminal_size(stream.fileno()).columns or _DEFAULT_WIDTH
            except (OSError, ValueError):
                continue
    return _DEFAULT_WIDTH
