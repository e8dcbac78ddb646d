"""What the cloud answers, and the ways in which it refuses."""

from __future__ import annotations

import json
import math
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
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

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Header name and value pairs."""
        return (("content-type", "text/event-stream"), ("cache-control", "no-cache"), *_HEADERS)


def reply(document: Plain, status: int = 200) -> HttpResponse:
    """Answer with a JSON document."""
    body = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    headers = (("content-type", "application/json; charset=utf-8"), *_HEADERS)
    return HttpResponse(status, headers, body.encode(errors="replace"))


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

    def __init__(self, status: int, document: Plain) -> None:
        """Keep what is answered."""
        super().__init__(status)
        self.status = status
        self.document = document


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


def timed_out() -> Refusal:
    """Refuse because the device did not answer."""
    return refused(408, "Timed out.")


def no_such_page() -> Refusal:
    """Refuse an address that leads nowhere."""
    return refused(404, "Not Found")
