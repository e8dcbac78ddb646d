"""What comes on standard input by way of an argument `-`."""

from __future__ import annotations

import io
import os
from typing import TextIO

import pytest

from particle_cli.adapters.terminal.piped import bytes_piped, secret_piped
from particle_cli.ports.files import FileMissing
from particle_cli.ports.person import NobodyThere

pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")


def test_one_line_is_read_and_no_more() -> None:
    stdin = io.StringIO(" pass word \r\nmore\n")
    told = io.StringIO()
    assert secret_piped("password", stdin, told) == " pass word "
    assert told.getvalue() == ""
    assert stdin.read() == "more\n"


@pytest.mark.parametrize("stdin", [None, io.StringIO(), io.TextIOWrapper(io.BytesIO(b"\xff\n"), "utf-8")])
def test_nothing_usable_is_told(stdin: TextIO | None) -> None:
    with pytest.raises(NobodyThere, match="before a token came"):
        secret_piped("token", stdin, io.StringIO())


def test_what_is_typed_at_a_terminal_is_asked_for() -> None:
    leader, follower = pty.openpty()
    os.write(leader, b"secret\n")
    told = io.StringIO()
    with os.fdopen(follower, "r") as terminal, pytest.MonkeyPatch.context() as patch:
        patch.setattr("getpass.getpass", lambda prompt, stream: f"hidden after {prompt}")
        assert secret_piped("password", terminal, told) == "hidden after Password: "
    os.close(leader)


def test_bytes_are_read_to_the_end() -> None:
    assert bytes_piped(io.TextIOWrapper(io.BytesIO(b"\0\xff\n"))) == b"\0\xff\n"
    with pytest.raises(FileMissing):
        bytes_piped(None)
