"""Reading a request's body: JSON, urlencoded and multipart are all welcome on every route."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from particle_cli.ports.http import HttpRequest, Part
from particle_cli.simulators.cloud.replies import Plain, refused


def read_body(request: HttpRequest) -> tuple[Mapping[str, Plain], tuple[Part, ...]]:
    """Return (fields, files) of a request's body.

    Raises: Refusal for a body that isn't what its content type says.
    """
    body = request.body
    if isinstance(body, tuple):
        files = tuple(part for part in body if part.filename is not None)
        fields = {part.name: _text(part.content) for part in body if part.filename is None}
        return fields, files
    if not body:
        return {}, ()
    kind = header(request, "content-type").partition(";")[0].strip().lower()
    if kind == "application/json":
        return _json(body), ()
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(_text(body), keep_blank_values=True)), ()
    raise refused(415, f"Unsupported content type {kind or '(none)'}")


def header(request: HttpRequest, name: str) -> str:
    """Return the value of a header, whatever the case of its name, or an empty text."""
    return next((value for key, value in request.headers if key.lower() == name), "")


def _json(body: bytes) -> Mapping[str, Plain]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise refused(400, "The body is not valid JSON") from None
    if not isinstance(document, dict):
        raise refused(400, "The body must be a JSON object")
    return document


def _text(content: bytes) -> str:
    return content.decode(errors="replace")
