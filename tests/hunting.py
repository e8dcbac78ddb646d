"""Looking for secrets in whatever a program leaves behind, in every form in which one could slip out."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

from attrs import frozen

_WINDOW, _STEP = 8, 3
"""A secret that was cut in pieces is found by its pieces."""


@frozen
class Leak:
    """A secret that was found: where, which, and in which form."""

    where: str
    secret: str
    form: str


def leaks(where: str, data: bytes | str, secrets: Iterable[str | bytes]) -> list[Leak]:
    """Return what was found of the secrets in the data."""
    content = (data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data).lower()
    return [
        Leak(where, repr(secret), form)
        for secret in secrets
        for form, spelt in _forms(secret if isinstance(secret, bytes) else secret.encode())
        if spelt.lower() in content
    ]


def _forms(secret: bytes) -> Iterator[tuple[str, bytes]]:
    pieces = [secret[at : at + _WINDOW] for at in range(0, max(1, len(secret) - _WINDOW + 1), _STEP)]
    for piece in {secret, *pieces}:
        yield "plain", piece
        yield "hexadecimal", piece.hex().encode()
        yield "hexadecimal, spaced", piece.hex(" ").encode()
        yield "repr", repr(piece)[2:-1].encode()
        text = piece.decode("utf-8", "replace")
        if "\ufffd" not in text:
            yield "UTF-16LE", text.encode("utf-16-le")
            yield "UTF-16BE", text.encode("utf-16-be")
            yield "JSON", json.dumps(text)[1:-1].encode()
            yield "URL", quote(text, safe="").encode()
            yield "form", quote_plus(text).encode()
    for start in range(3):  # the three ways in which base64 can fall on it
        for encoder in (b64encode, urlsafe_b64encode):
            inner = encoder(bytes(start) + secret)[(0, 2, 3)[start] :]
            yield "base64", inner.rstrip(b"=")[: -1 or None]
