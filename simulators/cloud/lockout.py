"""Guessing passwords is no use: ten failures in a row lock an address out for half an hour."""

from __future__ import annotations

import math
from typing import Final

from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.replies import too_many_requests

MOST_FAILURES: Final = 10
LOCKED_OUT_MS: Final = 30 * 60 * 1000


def refuse_locked_out(call: Call) -> None:
    """Refuse who has failed too often. Raises: Refusal."""
    many, last = call.world.failed_logins.get(call.peer, (0, 0))
    left_ms = last + LOCKED_OUT_MS - call.world.now
    if many < MOST_FAILURES:
        return
    if left_ms > 0:
        raise too_many_requests(math.ceil(left_ms / 1000))
    del call.world.failed_logins[call.peer]


def note_failure(call: Call) -> None:
    """Remember that somebody at this address has failed to log in."""
    failed = call.world.failed_logins
    failed[call.peer] = failed.get(call.peer, (0, 0))[0] + 1, call.world.now


def note_success(call: Call) -> None:
    """Forget the failures of this address."""
    call.world.failed_logins.pop(call.peer, None)
