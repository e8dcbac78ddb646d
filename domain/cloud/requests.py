"""What is asked of the cloud, before it becomes bytes."""

from __future__ import annotations

import json
from typing import Final, TypeAlias
from urllib.parse import quote, urlencode

from attrs import field, frozen

from particle_cli.domain.cloud.reading import Json
from particle_cli.ports.http import Part


class Secret(str):
    """A part of an address that no message may show, such as the token to be revoked."""


@frozen
class JsonBody:
    """A body of JSON."""

    document: Json = field(repr=False)


@frozen
class FormBody:
    """A body of urlencoded fields."""

    fields: tuple[tuple[str, str], ...] = field(repr=False)


@frozen
class FilesBody:
    """A multipart body: files first, then plain fields."""

    files: tuple[Part, ...] = field(repr=False)
    fields: tuple[tuple[str, str], ...] = ()


Body: TypeAlias = JsonBody | FormBody | FilesBody


@frozen
class CloudRequest:
    """One request to the API.

    Attributes:
        method: GET, POST, PUT, PATCH or DELETE.
        path: the path's segments, unescaped.
        body: what is sent along.
        query: names and values, unescaped.
        about: what it is about in a person's words, e.g. `device bench`, to be named in errors.
        with_token: whether it is sent in somebody's name.
        timeout_ms: how long the whole exchange may take.
        understood: statuses beside 2xx that the caller wants to read himself.
        accept: the media type that is wanted.
        headers: name and value pairs beside those that every request has.
        secret: whether its body, or that of the answer, holds passwords, tokens or keys.
    """

    method: str
    path: tuple[str, ...] = field(repr=False)
    body: Body | None = None
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    about: str | None = None
    with_token: bool = True
    timeout_ms: int = 60_000
    understood: frozenset[int] = frozenset()
    accept: str = "*/*"
    headers: tuple[tuple[str, str], ...] = ()
    secret: bool = False

    @property
    def has_secret_address(self) -> bool:
        """Whether a part of its address must not be shown."""
        return any(isinstance(part, Secret) for part in (*self.path, *(value for _, value in self.query)))


MEDIA_TYPES: Final = {
    "c": "text/x-c", "cpp": "text/x-c", "h": "text/x-c",
    "txt": "text/plain", "zip": "application/zip", "gz": "application/gzip",
}  # fmt: skip


def media_type(name: str) -> str:
    """Return the media type under which the API expects a file of that name."""
    return MEDIA_TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def file_parts(files: tuple[tuple[str, bytes], ...]) -> tuple[Part, ...]:
    """Return (name, content) pairs as the parts `file`, `file2`, `file3` and so on."""
    return tuple(
        Part("file" if number == 1 else f"file{number}", content, name, media_type(name))
        for number, (name, content) in enumerate(files, 1)
    )


def encoded(body: Body | None) -> tuple[str | None, bytes | tuple[Part, ...] | None]:
    """Return (content type, what goes on the wire); multipart is left to the wire."""
    if isinstance(body, JsonBody):
        return "application/json", json.dumps(body.document, separators=(",", ":")).encode()
    if isinstance(body, FormBody):
        text = urlencode(body.fields, quote_via=quote, safe="", errors="replace")
        return "application/x-www-form-urlencoded", text.encode()
    if isinstance(body, FilesBody):
        return None, body.files + tuple(Part(name, value.encode()) for name, value in body.fields)
    return None, None
