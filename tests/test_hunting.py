"""The hunter finds what it hunts for."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import quote_plus

import pytest
from tests.hunting import leaks

SECRET = "Gänse+ & 12 blaue Wölfe"


@pytest.mark.parametrize(
    "data",
    [
        SECRET,
        f"x{SECRET}x".upper(),
        SECRET.encode().hex(),
        SECRET.encode().hex(" "),
        b64encode(b"u:" + SECRET.encode()).decode(),
        b64encode(b"user:" + SECRET.encode() + b"x").decode(),
        b64encode(b"me:" + SECRET.encode() + b"xy").decode(),
        quote_plus(SECRET),
        repr(SECRET.encode()),
        SECRET.encode("utf-16-le"),
        b"\0" + SECRET.encode("utf-16-be"),
        b"\0\1" + SECRET.encode()[6:18],
    ],
)
def test_every_form_is_found(data: str | bytes) -> None:
    assert leaks("here", data, [SECRET])


def test_what_is_not_there_is_not_found() -> None:
    assert leaks("here", "12 blue wolves and some geese " * 100, [SECRET]) == []
