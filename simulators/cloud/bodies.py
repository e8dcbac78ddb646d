"""Reading what comes with a request: its body (JSON, a form or multipart on every route), and its token."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Final, NoReturn
from urllib.parse import parse_qsl

from particle_cli.ports.http import HttpRequest, Part
from particle_cli.simulators.cloud.replies import Plain, Refusal, refused

MOST_FIELDS: Final = 1 << 20
"""Bytes of a body without files."""
MOST_FILES: Final = 12 << 20
"""Bytes of a body with files, all parts together."""


def read_body(request: HttpRequest) -> tuple[Mapping[str, Plain], tuple[Part, ...]]:
    """Return (fields, files) of a request's body.

    Raises: Refusal for a body that isn't what its content type says, or too large.
    """
    body = request.body
    if isinstance(body, tuple):
        if sum(len(part.content) for part in body) > MOST_FILES:
            raise _too_large()
        files = tuple(part for part in body if part.filename is not None)
        fields = {part.name: _text(part.content) for part in body if part.filename is None}
        return fields, files
    if not body:
        return {}, ()
    if len(body) > MOST_FIELDS:
        raise _too_large()
    kind = kind_of(request)
    if kind == "application/json":
        return _json(body), ()
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(_text(body), keep_blank_values=True)), ()
    raise refused(415, f"Unsupported content type {kind or '(none)'}")


def kind_of(request: HttpRequest) -> str:
    """Return the media type of a request's body, empty for none."""
    if isinstance(request.body, tuple):
        return "multipart/form-data"
    return header(request, "content-type").partition(";")[0].strip().lower() if request.body else ""


def _too_large() -> Refusal:
    return refused(413, "Request Entity Too Large")


def header(request: HttpRequest, name: str) -> str:
    """Return the value of a header, whatever the case of its name, or an empty text."""
    return next((value for key, value in request.headers if key.lower() == name), "")


def _json(body: bytes) -> Mapping[str, Plain]:
    try:
        document = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise refused(400, "The body is not valid JSON") from None
    if not isinstance(document, dict):
        raise refused(400, "The body must be a JSON object")
    return document


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number in JSON")


def _text(content: bytes) -> str:
    return content.decode(errors="replace")


def bearer_token(request: HttpRequest) -> str | None:
    """Return the token of a request's Authorization header, if it has one (RFC 6750)."""
    scheme, _, token = header(request, "authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def basic_authentication(request: HttpRequest) -> tuple[str, str] | None:
    """Return user name and password of HTTP Basic authentication (RFC 7617), if they are given."""
    scheme, _, encoded = header(request, "authorization").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, password) if colon else None
