"""How often somebody may ask: by address, in windows that begin with the first request in them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from attrs import frozen

from particle_cli.ports.clock import Clock
from particle_cli.simulators.cloud.replies import EventStream, too_many_requests

OPEN_STREAMS: Final = 100
"""Event streams that one address may have open."""

_MOST_COUNTED: Final = 10_000


@frozen
class Limit:
    """So many requests in so many seconds."""

    most: int
    window_s: float


EVERYTHING: Final = Limit(10_000, 300)
_SENSITIVE: Final = Limit(100, 300)
_STREAMS: Final = "streams"
_BY_TARGET: Final[Mapping[str, tuple[str, Limit]]] = {
    "login:log_in": ("logins", _SENSITIVE),
    "tokens:list_all": ("lists of tokens", _SENSITIVE),
    "tokens:revoke_all": ("ends of tokens", _SENSITIVE),
    "account:revoke_token": ("ends of tokens", _SENSITIVE),
    "account:revoke_own_token": ("ends of tokens", _SENSITIVE),
    "users:create": ("new users", _SENSITIVE),
    "users:delete": ("ends of users", _SENSITIVE),
    "users:reset_password": ("password resets", _SENSITIVE),
    "events:stream_public": (_STREAMS, _SENSITIVE),
    "events:stream_own": (_STREAMS, _SENSITIVE),
    "events:stream_device": (_STREAMS, _SENSITIVE),
    "events:stream_product": (_STREAMS, _SENSITIVE),
}
"""What is counted besides all requests together, by the function that answers, and how much of it may be."""
_BY_ACCOUNT: Final[Mapping[str, tuple[str, Limit]]] = {
    "provisioning:find_serial_number": ("serial numbers", Limit(50, 3600)),
}


class Limits:
    """Counts who asks for what."""

    def __init__(self, clock: Clock) -> None:
        """Begin with nobody."""
        self._clock = clock
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}  # end, and how many until now
        self._open: dict[str, int] = {}

    def count_request(self, peer: str) -> None:
        """Count a request from an address. Raises: Refusal when there are too many."""
        self._count("requests", peer, EVERYTHING)

    def count_target(self, target: str, peer: str) -> None:
        """Count that an address asks for something special. Raises: Refusal when it does too often."""
        if target in _BY_TARGET:
            what, limit = _BY_TARGET[target]
            self._count(what, peer, limit)
            if what == _STREAMS and self._open.get(peer, 0) >= OPEN_STREAMS:
                raise too_many_requests(None)

    def count_account(self, target: str, user_id: str) -> None:
        """Count that an account asks for something special. Raises: Refusal when it does too often."""
        if target in _BY_ACCOUNT:
            what, limit = _BY_ACCOUNT[target]
            self._count(what, user_id, limit)

    def counted(self, stream: EventStream, peer: str) -> EventStream:
        """Return an event stream that is counted among its address's for as long as it is open."""
        self._open[peer] = self._open.get(peer, 0) + 1

        def end() -> None:
            self._open[peer] -= 1
            if not self._open[peer]:
                del self._open[peer]

        return stream.when_closed(end)

    def _count(self, what: str, who: str, limit: Limit) -> None:
        now = self._clock.monotonic()
        end, many = self._windows.get((what, who), (0.0, 0))
        if end <= now:
            self._make_room(now)
            end, many = now + limit.window_s, 0
        if many >= limit.most:
            raise too_many_requests(math.ceil(end - now))
        self._windows[what, who] = end, many + 1

    def _make_room(self, now: float) -> None:
        if len(self._windows) >= _MOST_COUNTED:
            self._windows = {key: window for key, window in self._windows.items() if window[0] > now}
