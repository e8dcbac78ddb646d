"""When to ask again."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from attrs import frozen

_TOO_OFTEN: Final = (429, 529)  # the API's documentation has the second for streams
_TRANSIENT: Final = (502, 503, 504)  # what a load balancer says while the service behind it restarts
_READING: Final = ("GET", "HEAD")


@frozen
class Patience:
    """How often a request is sent, and how long the pauses are.

    Attributes:
        attempts: how often in all.
        first_pause_s: pause after the first failure on the cloud's side; each further one is twice as long.
        longest_pause_s: a cloud that asks for more than this is not waited for.
        jitter: gives a number from 0 to 1, so that not all clients come back at the same moment: up to a half
            is taken from a pause of our own; up to a second is added to one that the cloud asks for.
    """

    attempts: int = 3
    first_pause_s: float = 1.0
    longest_pause_s: float = 30.0
    jitter: Callable[[], float] = lambda: 0.0

    def wait_s(self, method: str, status: int | None, attempt: int, asked_s: float | None) -> float | None:
        """Return the seconds to wait before sending again, or None when that is no use.

        A request turned down with 429 was not acted upon, so that any may be repeated, but only when the
        cloud says when. After trouble behind the load balancer, and when the connection broke, nobody knows:
        only reading ones are.

        Args:
            method: of the request.
            status: of the answer; None when the connection broke before it was there.
            attempt: how often it has been sent, from 1.
            asked_s: seconds that the answer asks to wait, or None.
        """
        if attempt >= self.attempts:
            return None
        may_be_repeated = status in _TOO_OFTEN or (
            method in _READING and (status is None or status in _TRANSIENT)
        )
        if not may_be_repeated or (asked_s is None and status in _TOO_OFTEN):
            return None
        if asked_s is None:
            return self.first_pause_s * 2.0 ** (attempt - 1) * (1 - self.jitter() / 2)
        return asked_s + self.jitter() if asked_s <= self.longest_pause_s else None


def asked_to_wait_s(retry_after: str | None, now: datetime, *, sent: str | None = None) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3), or None without a usable one.

    Args:
        retry_after: the header: seconds, or a date.
        now: the time of day, aware.
        sent: the header Date of the same answer: a date is meant by the server's clock, which may differ
            from ours; None where there is none.
    """
    if retry_after is None:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        when = http_date(retry_after)
        if when is None:
            return None
        seconds = (when - (http_date(sent) or now)).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def http_date(text: str | None) -> datetime | None:
    """Return the time of day, aware, that a header such as Date holds (RFC 9110, 5.6.7), or None for none."""
    from email.utils import parsedate_to_datetime  # slow to import, seldom needed

    try:
        when = parsedate_to_datetime(text) if text else None
    except (ValueError, TypeError, OverflowError):
        return None
    return when.replace(tzinfo=UTC) if when is not None and when.tzinfo is None else when
