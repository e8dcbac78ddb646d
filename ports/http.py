"""The HTTP wire: one exchange, or one answer read as a stream."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from attrs import field, frozen

from particle_cli.ports.errors import WireError


class HttpError(WireError):
    """No answer could be had from the server."""

    code = "http"


class HttpNoRoute(HttpError):
    """The server's name or address cannot be reached."""

    code = "http_no_route"


class HttpBroken(HttpError):
    """The connection broke off before the whole answer was there, or what came is no HTTP.

    Whether the server acted upon the request, nobody knows.
    """

    code = "http_broken"


class HttpTlsError(HttpError):
    """The server's certificate or the encrypted connection is not to be trusted."""

    code = "http_tls"


class HttpTimeout(HttpError):
    """The server did not answer in the time given."""

    code = "http_timeout"


@frozen
class Part:
    """One part of a multipart/form-data body (RFC 7578).

    Attributes:
        name: field name.
        content: the bytes.
        filename: file name for file parts, else None.
        content_type: media type, or None for a plain field.
    """

    name: str
    content: bytes = field(repr=False)
    filename: str | None = None
    content_type: str | None = None


@frozen
class HttpRequest:
    """One request.

    Attributes:
        method: GET, POST, PUT, PATCH, DELETE or HEAD.
        url: absolute, percent-encoded.
        headers: name and value pairs; may hold a token, hence no repr.
        body: bytes as they are, parts of a form, or None.
        timeout_ms: bound on the whole exchange; for a stream, on the time to its first header byte.
        secret: whether the body, or that of the answer, holds passwords, tokens or keys: whoever keeps a
            record leaves both out. (An Authorization header is secret by itself.)
        shown_url: the address for messages and records where `url` itself holds a secret; else None.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes | tuple[Part, ...] | None = field(default=None, repr=False)
    timeout_ms: int = 60_000
    secret: bool = False
    shown_url: str | None = None


@frozen
class HttpResponse:
    """One answer.

    Attributes:
        status: 100 to 599.
        headers: name (lower case) and value pairs.
        body: all of its bytes, transfer and content encodings undone.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)

    def header(self, name: str) -> str | None:
        """Return the first value of a header, whatever the case of its name."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


class HttpStream(Protocol):
    """An answer whose body comes in pieces for as long as the server sends."""

    @property
    def status(self) -> int:
        """Status code."""
        ...

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Header name (lower case) and value pairs."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """Yield non-empty pieces of the body as they arrive; HttpError when the connection breaks."""
        ...


class Http(Protocol):
    """A way to HTTP servers."""

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        """Send the request and return the whole answer, whatever its status; redirects are not followed.

        Raises: HttpNoRoute, HttpTlsError, HttpTimeout, HttpError.
        """
        ...

    def stream(self, request: HttpRequest) -> AbstractAsyncContextManager[HttpStream]:
        """Send the request; yield the answer once its headers are there.

        Raises: as `exchange`.
        """
        ...
