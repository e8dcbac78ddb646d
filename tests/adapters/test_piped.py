"""Bytes that come on standard input."""

from __future__ import annotations

import io

import pytest

from particle_cli.adapters.terminal.piped import bytes_piped
from particle_cli.ports.files import FileError, FileMissing


def test_every_byte_comes_as_it_is() -> None:
    data = bytes(range(256)) + b"\r\n"
    assert bytes_piped(io.TextIOWrapper(io.BytesIO(data), encoding="ascii")) == data


def test_a_stream_that_is_closed_or_breaks_is_told() -> None:
    with pytest.raises(FileMissing, match="Cannot read standard input: it is closed"):
        bytes_piped(None)
    stream = io.TextIOWrapper(io.BytesIO(b"x"))
    stream.buffer.close()
    with pytest.raises(FileError, match="Cannot read standard input: "):
        bytes_piped(stream)
