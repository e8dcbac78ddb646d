"""Access tokens: how long the one in use is still good for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from attrs import frozen

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import CloudTokenExpired
from particle_cli.domain.cloud.requests import CloudRequest
from particle_cli.ports.clock import Clock

NEVER: Final = "9999-12-31T23:59:59.999Z"
"""How settings write down the expiry of a token that doesn't expire."""

_CURRENT: Final = CloudRequest("GET", ("v1", "access_tokens", "current"))


@frozen
class _Current:
    expires_at: str | None = None


async def token_expiry(client: CloudClient) -> str:
    """Ask when the token in use expires; ISO 8601, `NEVER` for one that doesn't.

    Raises: NotLoggedIn, CloudTokenInvalid, CloudError.
    """
    answer = await client.send(_CURRENT)
    return answer.into(_Current).expires_at or NEVER


async def require_fresh_token(
    client: CloudClient, clock: Clock, *, expires_at: str | None, least_s: float
) -> str:
    """Make sure that the token outlives what is about to be done with it.

    Where the expiry that is known leaves too little, the cloud is asked: the clock of this machine may be
    wrong, and what was kept may be out of date. What counts then is the time by the cloud's own clock.

    Args:
        client: the cloud.
        clock: tells the time.
        expires_at: ISO 8601, or None when it isn't known, so has to be asked for.
        least_s: seconds for which it has to be good.

    Returns: when it expires, ISO 8601, to be kept.

    Raises: CloudTokenExpired when less is left; NotLoggedIn; CloudError.
    """
    moment = moment_of(expires_at)
    if expires_at is not None and moment is not None and _left_s(moment, clock.now()) >= least_s:
        return expires_at
    answer = await client.send(_CURRENT)
    expires_at = answer.into(_Current).expires_at or NEVER
    moment = moment_of(expires_at)
    if moment is None:
        return NEVER  # the cloud says nothing usable: it will refuse what it does not like
    left_s = _left_s(moment, answer.sent or clock.now())
    if left_s < least_s:
        when = "expired" if left_s <= 0 else "is about to expire"
        raise CloudTokenExpired(
            f"Your access token {when} ({expires_at}).", next_step="Run `particle login` to log in again."
        )
    return expires_at


def _left_s(moment: datetime, now: datetime) -> float:
    return (moment - now).total_seconds()


def moment_of(text: str | None) -> datetime | None:
    """Return the time that an expiry is written as, aware; None where there is none to read."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found
