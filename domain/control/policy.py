"""How a host deals with the control-request channel, as one value."""

from __future__ import annotations

from attrs import frozen

DEFAULT_TIMEOUT_S = 60.0
"""Bound on the whole life of a request, waiting for its turn included."""


@frozen
class Pace:
    """Times, sizes, and what is asked again.

    Only CHECK and RESET are repeated after a lost transfer, since they change nothing. What INIT began is not
    known without its answer, and SEND and RECV move on by themselves: a request that loses one of those is
    taken back and fails.

    Attributes:
        transfer_ms: time-out of one control transfer.
        chunk: the most bytes of one SEND or RECV.
        checks_ms: how long after the one before each CHECK of a request follows; the last for all further.
        lost_checks: how many CHECKs in a row may remain without an answer.
    """

    transfer_ms: int = 5000
    chunk: int = 4096
    checks_ms: tuple[int, ...] = (50, 50, 100, 100, 250, 250, 500, 500, 1000)
    lost_checks: int = 3

    def wait_s(self, attempt: int) -> float:
        """Return the seconds to wait before a CHECK, by its number from 0."""
        return self.checks_ms[min(attempt, len(self.checks_ms) - 1)] / 1000
