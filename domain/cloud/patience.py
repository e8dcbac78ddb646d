"""When to ask again."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Final

from attrs import frozen

_TRANSIENT: Final = (502, 503, 504)  # what a load balancer says while the service behind it restarts


@frozen
class Patience:
    """How often a request is sent, and how long the pauses are.

    Attributes:
        attempts: how often in all.
        first_pause_s: pause after the first failure on the cloud's side; each further one is twice as long.
        longest_pause_s: a cloud that asks for more than this is not waited for.
    """

    attempts: int = 3
    first_pause_s: float = 1.0
    longest_pause_s: float = 30.0

    def wait_s(self, method: str, status: int, attempt: int, asked_s: float | None) -> float | None:
        """Return the seconds to wait before sending again, or None when that is no use.

        A request turned down with 429 was not acted upon, so that any may be repeated, but only when the
        cloud says when. After trouble behind the load balancer nobody knows: only reading ones are.

        Args:
            method: of the request.
            status: of the answer.
            attempt: how often it has been sent, from 1.
            asked_s: seconds that the answer asks to wait, or None.
        """
        if attempt >= self.attempts:
            return None
        if status == 429:
            wait = asked_s
        elif status in _TRANSIENT and method in ("GET", "HEAD"):
            wait = asked_s if asked_s is not None else self.first_pause_s * 2 ** (attempt - 1)
        else:
            return None
        return wait if wait is not None and wait <= self.longest_pause_s else None


def asked_to_wait_s(retry_after: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3), or None without a usable one.

    Args:
        retry_after: the header: seconds, or a date.
        now: the time of day, aware.
    """
    if retry_after is None:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        from email.utils import parsedate_to_datetime  # slow to import, seldom needed

        try:
            when = parsedate_to_datetime(retry_after)
        except (ValueError, TypeError):
            return None
        seconds = ((when if when.tzinfo else when.replace(tzinfo=UTC)) - now).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None
