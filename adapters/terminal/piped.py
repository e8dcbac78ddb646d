"""What comes on standard input by way of an argument `-`."""

from __future__ import annotations

from typing import TextIO

from particle_cli.adapters.terminal.facts import is_terminal
from particle_cli.adapters.terminal.typed import secret_typed
from particle_cli.ports.files import FileError, FileMissing
from particle_cli.ports.person import NobodyThere


def bytes_piped(stdin: TextIO | None) -> bytes:
    """Return all that comes on the stream, up to its end.

    Raises: FileMissing when the stream was closed before the program started, FileError when it breaks.
    """
    if stdin is None:
        raise FileMissing("Cannot read standard input: it is closed.", next_step="Pipe the file in.")
    try:
        return stdin.buffer.read()
    except (OSError, ValueError) as error:
        raise FileError(f"Cannot read standard input: {error}.") from error


def secret_piped(what: str, stdin: TextIO | None, stderr: TextIO | None) -> str:
    """Return the next line; if a terminal is at the other end, it is asked for, and not shown.

    Args:
        what: what the line is, for the question and the error: `password`.
        stdin: where it comes from.
        stderr: where a terminal is asked.

    Raises: NobodyThere when nothing comes, KeyboardInterrupt at Ctrl-C.
    """
    try:
        return secret_typed(f"{what.capitalize()}: ", stdin, stderr, terminal=is_terminal(stdin))
    except EOFError as ended:
        raise NobodyThere(
            f"Standard input ended before a {what} came.", next_step=f"Write the {what} and a line end to it."
        ) from ended
