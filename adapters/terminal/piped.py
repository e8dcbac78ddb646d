"""Bytes that come on standard input."""

from __future__ import annotations

from typing import TextIO

from particle_cli.ports.files import FileError, FileMissing


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
