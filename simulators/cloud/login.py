"""Logging in: a token for a password, where the account wants it with a login code on top."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.login_codes import is_shown_at
from particle_cli.simulators.cloud.login_rows import HalfLogin
from particle_cli.simulators.cloud.replies import Refusal, refused_oauth, reply
from particle_cli.simulators.cloud.rows import Token, User

_CLIENTS: Final = {"particle-cli": "particle-cli", "particle": "particle"}
_PASSWORD, _LOGIN_CODE = "password", "urn:custom:mfa-otp"
_LIFETIME_S: Final = 90 * 24 * 3600
_HALF_LIFETIME_MS: Final = 5 * 60 * 1000


async def log_in(call: Call) -> HttpResponse:
    """Give a token for a user name and password, or for the login code that completes them."""
    client = _client(call)
    grant = call.text("grant_type")
    if grant == _PASSWORD:
        return _with_password(call, client)
    if grant == _LOGIN_CODE:
        return _with_login_code(call, client)
    raise refused_oauth(400, "unsupported_grant_type", "Grant type is not supported")


def _client(call: Call) -> str:
    """Return the name of the program that asks, which must be a known one. Raises: Refusal."""
    name, secret = call.basic or (call.text("client_id"), call.text("client_secret"))
    if name not in _CLIENTS or _CLIENTS[name] != secret:
        raise refused_oauth(400, "invalid_client", "Client credentials are invalid")
    return name


def _with_password(call: Call, client: str) -> HttpResponse:
    """Answer the password grant (OAuth 2.0, 4.3). Raises: Refusal."""
    user = call.world.state.user_named(call.text("username"))
    if user is None or user.password != call.text("password"):
        raise refused_oauth(400, "invalid_grant", "User credentials are invalid")
    lifetime_s = _lifetime_s(call)
    if user.has_second_factor:
        raise _half_way(call, user, client, lifetime_s)
    return _granted(call, user.id, client, lifetime_s)


def _half_way(call: Call, user: User, client: str, lifetime_s: int) -> Refusal:
    """Remember that the password was right, and ask for the login code."""
    state = call.world.state
    half = HalfLogin(
        state.fresh("half login", 64), user.id, client, lifetime_s, call.world.now + _HALF_LIFETIME_MS
    )
    state.half_logins.put(half)
    return Refusal(
        403,
        {
            "error": "mfa_required",
            "error_description": "Multifactor authentication required",
            "mfa_token": half.value,
        },
    )


def _with_login_code(call: Call, client: str) -> HttpResponse:
    """Complete a login. A wrong code may be given again; with the right one the way is used up.

    Raises: Refusal.
    """
    state = call.world.state
    half = state.half_logins.get(call.text("mfa_token"))
    user = state.users.get(half.user_id) if half else None
    now = call.world.now
    fits = half is not None and half.client == client and half.expires > now
    if half is None or user is None or not fits or not _knows(user, call.text("otp"), now):
        raise refused_oauth(403, "invalid_grant", "Invalid one-time password")
    state.half_logins.remove(half.value)
    return _granted(call, user.id, client, half.lifetime_s)


def _knows(user: User, code: str, now: int) -> bool:
    """Tell whether somebody who claims to be that user has the user's second factor."""
    if user.login_code is not None and user.login_code == code:
        return True
    return user.login_secret is not None and is_shown_at(code, user.login_secret, now / 1000)


def _granted(call: Call, user_id: str, client: str, lifetime_s: int) -> HttpResponse:
    state = call.world.state
    expires = call.world.now + lifetime_s * 1000 if lifetime_s else None
    token = Token(state.fresh("token", 40), user_id, client, expires)
    state.tokens.put(token)
    return reply(
        {
            "token_type": "bearer",
            "access_token": token.value,
            "expires_in": lifetime_s,
            "refresh_token": state.fresh("refresh token", 40),
        }
    )


def _lifetime_s(call: Call) -> int:
    """Return the seconds that the token shall live, 0 for ever. Raises: Refusal."""
    until, asked = call.text("expires_at"), call.text("expires_in")
    if until:
        return _seconds_until(until, call.world.now)
    if not asked:
        return _LIFETIME_S
    if not (asked.isascii() and asked.isdigit() and len(asked) < 12):
        raise refused_oauth(400, "invalid_request", "expires_in must be a number of seconds")
    return int(asked)


def _seconds_until(until: str, now: int) -> int:
    try:
        moment = datetime.fromisoformat(until)
    except ValueError:
        moment = None
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    left_s = int(moment.timestamp() - now / 1000) if moment is not None else 0
    if left_s < 1:
        raise refused_oauth(400, "invalid_request", "expires_at must be a time to come, as ISO 8601")
    return left_s
