"""What an integration shows of its last uses. What opens other people's servers is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from particle_cli.simulators.cloud.integration_rows import Delivery, IntegrationLog
from particle_cli.simulators.cloud.replies import Plain, moment

if TYPE_CHECKING:
    from particle_cli.ports.http import HttpRequest, HttpResponse
    from particle_cli.simulators.cloud.state import CloudState

MOST_ENTRIES: Final = 10
_MOST_TEXT: Final = 4096
_SECRET_HEADERS: Final = ("authorization", "cookie", "proxy-authorization")
_HIDDEN: Final = "<redacted>"


def keep(
    state: CloudState,
    delivery: Delivery,
    now: int,
    *,
    request: HttpRequest | None,
    answer: HttpResponse | None,
    error: str | None,
) -> None:
    """Add an attempt to the log of its integration.

    Args:
        state: where the log is.
        delivery: what was to be delivered.
        now: when the attempt ended.
        request: what was sent, if anything was.
        answer: what came back, if anything did.
        error: why it failed, or None.
    """
    entry: dict[str, Plain] = {
        "type": "success" if error is None else "error",
        "time": moment(now),
        "event": {
            "name": delivery.name,
            "data": delivery.data,
            "device_id": delivery.source,
            "published_at": moment(delivery.published),
        },
        "attempt": delivery.attempt,
        "request": _sent(request) if request else None,
        "response": _received(answer) if answer else None,
    }
    if error is not None:
        entry["error"] = error
    kept = state.integration_logs.get(delivery.integration_id)
    entries = (entry, *(kept.entries if kept else ()))[:MOST_ENTRIES]
    state.integration_logs.put(IntegrationLog(delivery.integration_id, entries))


def _sent(request: HttpRequest) -> str:
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    body = request.body if isinstance(request.body, bytes) else b""
    return _message(f"{request.method} {target} HTTP/1.1", (("host", parts.netloc), *request.headers), body)


def _received(answer: HttpResponse) -> str:
    return _message(f"HTTP/1.1 {answer.status}", answer.headers, answer.body)


def _message(first: str, headers: tuple[tuple[str, str], ...], body: bytes) -> str:
    shown = (f"{key}: {_HIDDEN if key.lower() in _SECRET_HEADERS else value}" for key, value in headers)
    text = body[:_MOST_TEXT].decode(errors="replace")
    return "\n".join((first, *shown, "", text))
