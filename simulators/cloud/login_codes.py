"""The six digits that an authenticator app shows (RFC 6238, with RFC 4226)."""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import Final

from particle_cli.simulators.cloud.rows import User

_STEP_S: Final = 30
_DIGITS: Final = 6


def code_at(secret: str, seconds: float) -> str:
    """Return the code of a moment.

    Args:
        secret: shared with the app, in base32 without padding.
        seconds: since 1970, UTC.

    Raises: ValueError for a secret that is not base32.
    """
    try:
        key = base64.b32decode(secret + "=" * (-len(secret) % 8), casefold=True)
    except binascii.Error as fault:
        raise ValueError("the secret of an authenticator app is not base32") from fault
    counter = max(0, int(seconds // _STEP_S)).to_bytes(8, "big")
    digest = hmac.digest(key, counter, "sha1")
    at = digest[-1] & 0xF
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def is_shown_at(code: str, secret: str, seconds: float) -> bool:
    """Tell whether an app whose clock is up to one step off shows that code."""
    return any(code == code_at(secret, seconds + step) for step in (-_STEP_S, 0, _STEP_S))


def knows_code(user: User, code: str, now: int) -> bool:
    """Tell whether somebody who claims to be that user has the user's second factor, at that time in ms."""
    if user.login_code is not None and user.login_code == code:
        return True
    return user.login_secret is not None and is_shown_at(code, user.login_secret, now / 1000)
