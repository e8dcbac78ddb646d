"""The http port with a trace as text: each request and each answer, without the secrets in them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Final

from particle_cli.adapters.tracing.secrets_in_http import (
    credentials,
    shown_form,
    shown_header,
    shown_json,
    shown_url,
)
from particle_cli.adapters.tracing.text import REDACTED, visible
from particle_cli.ports.clock import Clock
from particle_cli.ports.http import Http, HttpError, HttpRequest, HttpResponse, HttpStream, Part

_LONGEST: Final = 4096  # characters of a body
Headers = Iterable[tuple[str, str]]


class TracedHttp:
    """A way to servers, with all exchanges told; they are numbered, as several may be under way."""

    def __init__(self, inner: Http, clock: Clock, tell: Callable[[str], None]) -> None:
        """Wrap a port.

        Args:
            inner: the port.
            clock: tells how long an answer takes.
            tell: takes the lines of a request or an answer, as one text.
        """
        self._inner = inner
        self._clock = clock
        self._tell = tell
        self._numbers = count(1)

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        """Send the request and return the whole answer."""
        asked = _Asked(self._clock, self._tell, next(self._numbers), request)
        try:
            response = await self._inner.exchange(request)
        except HttpError as error:
            asked.failed(error)
            raise
        asked.answered(response.status, response.headers, f", {len(response.body)} bytes")
        asked.body(response.headers, response.body)
        return response

    @asynccontextmanager
    async def stream(self, request: HttpRequest) -> AsyncIterator[HttpStream]:
        """Send the request; yield the answer once its headers are there."""
        asked = _Asked(self._clock, self._tell, next(self._numbers), request)
        try:
            async with self._inner.stream(request) as stream:
                asked.answered(stream.status, stream.headers, ", a stream")
                yield _TracedStream(stream, asked)
        except HttpError as error:
            asked.failed(error)
            raise
        asked.ended()


class _Asked:
    """One exchange, from the moment of its request."""

    def __init__(self, clock: Clock, tell: Callable[[str], None], number: int, request: HttpRequest) -> None:
        self._clock = clock
        self._tell = tell
        self._number = number
        self._secret = request.secret
        self._credentials = credentials(request.headers)
        self._began = clock.monotonic()
        address = request.shown_url or shown_url(request.url)
        lines = [f"{request.method} {address}", *_header_lines(request.headers)]
        self._say("->", lines, self._shown_body(request.headers, request.body))

    def answered(self, status: int, headers: Headers, size: str) -> None:
        self._say("<-", [f"{status} after {self._passed()}{size}", *_header_lines(headers)])

    def body(self, headers: Headers, body: bytes) -> None:
        if body:
            self._say("<-", self._shown_body(headers, body))

    def failed(self, error: HttpError) -> None:
        self._say("<-", [f"no answer after {self._passed()}: {error.code}"])

    def ended(self) -> None:
        self._say("<-", [f"ended after {self._passed()}"])

    def _passed(self) -> str:
        return f"{(self._clock.monotonic() - self._began) * 1000:.0f} ms"

    def _say(self, arrow: str, *blocks: Sequence[str]) -> None:
        start = f"HTTP {arrow} #{self._number}"
        lines = [f"{start} {visible(line)}".rstrip() for block in blocks for line in block]
        text = "\n".join(lines)
        for word in self._credentials:
            text = text.replace(word, REDACTED)
        self._tell(text)

    def _shown_body(self, headers: Headers, body: bytes | tuple[Part, ...] | None) -> list[str]:
        if not body:
            return []
        if self._secret:
            return ["", f"body: {REDACTED}"]
        if isinstance(body, tuple):
            return ["", *map(_shown_part, body)]
        return ["", *_shown_bytes(headers, body)]


class _TracedStream:
    """An answer whose pieces are told as they come."""

    def __init__(self, inner: HttpStream, asked: _Asked) -> None:
        self._inner = inner
        self._asked = asked

    @property
    def status(self) -> int:
        return self._inner.status

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return self._inner.headers

    async def chunks(self) -> AsyncIterator[bytes]:
        async for piece in self._inner.chunks():
            self._asked.body(self._inner.headers, piece)
            yield piece


def _header_lines(headers: Headers) -> list[str]:
    return [f"  {name}: {shown_header(name, value)}" for name, value in headers]


def _shown_part(part: Part) -> str:
    told = [part.name]
    if part.filename is not None:
        told.append(f'"{part.filename}"')
    if part.content_type is not None:
        told.append(part.content_type)
    return f"part {', '.join(told)}: {len(part.content)} bytes"


def _shown_bytes(headers: Headers, body: bytes) -> list[str]:
    """Return the lines of a body that is text, or how large it is."""
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    kind = kind.partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        try:
            text = json.dumps(shown_json(json.loads(body)), ensure_ascii=False)
        except (ValueError, RecursionError):
            return [f"{len(body)} bytes that are no JSON"]
    elif kind == "application/x-www-form-urlencoded":
        text = shown_form(body.decode("latin-1"))
    elif kind.startswith("text/"):
        text = body.decode("utf-8", "surrogateescape")
    else:
        return [f"{len(body)} bytes, {kind or 'of no known kind'}"]
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]} … and more, {len(body)} bytes in all"
    return text.splitlines()
