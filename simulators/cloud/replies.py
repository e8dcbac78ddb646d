"""What the cloud answers, and the ways in which it refuses."""

from __future__ import annotations

import json
import math
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from attrs import frozen

from particle_cli.ports.http import HttpResponse

Plain = None | bool | int | float | str | Sequence["Plain"] | Mapping[str, "Plain"]

_HEADERS: Final = (("access-control-allow-origin", "*"),)


@frozen(eq=False)
class EventStream:
    """An answer that goes on for as long as somebody reads it.

    Attributes:
        frames: its pieces.
    """

    frames: AsyncGenerator[bytes, None]
    _end: Callable[[], None]
    status: int = 200

    async def close(self) -> None:
        """Nobody reads any more, or ever has."""
        await self.frames.aclose()
        self._end()

    def when_closed(self, then: Callable[[], None]) -> EventStream:
        """Return the same stream, with something that is to happen when it is closed."""

        def end() -> None:
            self._end()
            then()

        return EventStream(self.frames, end, self.status)

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Header name and value pairs."""
        return (("content-type", "text/event-stream"), ("cache-control", "no-cache"), *_HEADERS)


def reply(document: Plain, status: int = 200, *more: tuple[str, str]) -> HttpResponse:
    """Answer with a JSON document, and more headers than there always are."""
    body = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    headers = (("content-type", "application/json; charset=utf-8"), *_HEADERS, *more)
    return HttpResponse(status, headers, body.encode(errors="replace"))


def reply_nothing(*more: tuple[str, str]) -> HttpResponse:
    """Answer that it is done, and that there is nothing to say about it."""
    return HttpResponse(204, (*_HEADERS, *more), b"")


def preflight() -> HttpResponse:
    """Answer a browser that asks whether a page from elsewhere may ask (Fetch standard, CORS preflight)."""
    return reply_nothing(
        ("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE"),
        ("access-control-allow-headers", "authorization, content-type, x-particle-tool, x-particle-project"),
        ("access-control-max-age", "86400"),
    )


def reply_bytes(content: bytes, media_type: str, filename: str) -> HttpResponse:
    """Answer with a file."""
    headers = (
        ("content-type", media_type),
        ("content-disposition", f"attachment; filename={filename}"),
        *_HEADERS,
    )
    return HttpResponse(200, headers, content)


def moment(milliseconds: int | None) -> str | None:
    """Return a time as the API writes it, `2024-05-13T10:55:02.520Z`."""
    if milliseconds is None:
        return None
    seconds, rest = divmod(milliseconds, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03d}Z"


def number(value: float) -> float | None:
    """Return a double as JSON can say it: there is no NaN and no infinity."""
    return value if math.isfinite(value) else None


class Refusal(Exception):
    """A request is turned down, with this status and body."""

    def __init__(self, status: int, document: Plain, *more: tuple[str, str]) -> None:
        """Keep what is answered, with the headers that only this answer has."""
        super().__init__(status)
        self.status = status
        self.document = document
        self.more = more


def refused(status: int, text: str) -> Refusal:
    """Refuse in the form that most of the API has."""
    return Refusal(status, {"ok": False, "error": text})


def refused_oauth(status: int, error: str, description: str) -> Refusal:
    """Refuse in the form of OAuth 2.0."""
    return Refusal(status, {"error": error, "error_description": description})


def no_token() -> Refusal:
    """Refuse a request that carries no token."""
    return refused_oauth(400, "invalid_request", "The access token was not found")


def unknown_token() -> Refusal:
    """Refuse a token that was never given, or is revoked."""
    return refused_oauth(401, "invalid_token", "The access token provided is invalid.")


def expired_token() -> Refusal:
    """Refuse a token whose time is over."""
    return refused_oauth(401, "invalid_token", "The access token provided has expired.")


def not_your_device() -> Refusal:
    """Refuse a device that is unknown or somebody else's: the caller can't tell which."""
    return Refusal(
        403,
        {
            "error": "Permission Denied",
            "info": "I didn't recognize that device name or ID, try opening "
            "https://api.particle.io/v1/devices?access_token=undefined",
        },
    )


def not_your_product() -> Refusal:
    """Refuse a product that is unknown or somebody else's: the caller can't tell which."""
    return refused(403, "Permission denied")


def no_device_of_product() -> Refusal:
    """Refuse a device that the product does not have."""
    return refused(404, "Device not found for this product")


def timed_out() -> Refusal:
    """Refuse because the device did not answer."""
    return refused(408, "Timed out.")


def too_many_requests(after_s: int | None) -> Refusal:
    """Refuse because somebody asks too often; `after_s` is when to ask again, if that is known."""
    headers = () if after_s is None else (("retry-after", str(after_s)),)
    return Refusal(429, {"error": "Too many requests"}, *headers)


def outside_scopes() -> Refusal:
    """Refuse a token that is good for other things only."""
    return refused_oauth(403, "unauthorized", "API users are not allowed to call this endpoint")


def method_not_allowed(allowed: Iterable[str]) -> Refusal:
    """Refuse a method that an address does not serve; those are that it does (RFC 9110, 15.5.6)."""
    return Refusal(405, {"ok": False, "error": "Method Not Allowed"}, ("allow", ", ".join(allowed)))


def no_such_page() -> Refusal:
    """Refuse an address that leads nowhere."""
    return refused(404, "Not Found")
