"""Logging in: a token for a password (where the account wants it with a login code on top), and otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final, TypeAlias

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.client_rows import Client
from particle_cli.simulators.cloud.clients import client_of
from particle_cli.simulators.cloud.lockout import note_failure, note_success, refuse_locked_out
from particle_cli.simulators.cloud.login_codes import knows_code
from particle_cli.simulators.cloud.login_rows import HalfLogin
from particle_cli.simulators.cloud.replies import Refusal, refused_oauth
from particle_cli.simulators.cloud.rows import User
from particle_cli.simulators.cloud.tokens import LIFETIME_S, give_token, refresh_token

Grant: TypeAlias = Callable[[Call, Client], HttpResponse]

_FORM: Final = "application/x-www-form-urlencoded"
_HALF_LIFETIME_MS: Final = 5 * 60 * 1000
_CUSTOMER: Final = "customer="


async def log_in(call: Call) -> HttpResponse:
    """Give a token for what the grant type asks for; who fails ten times in a row has to wait."""
    refuse_locked_out(call)
    try:
        response = _granted(call)
    except HalfWay:
        raise
    except Refusal:
        note_failure(call)
        raise
    note_success(call)
    return response


def _granted(call: Call) -> HttpResponse:
    if call.kind != _FORM:
        text = f"Method must be POST with {_FORM} encoding"
        raise refused_oauth(400, "invalid_request", text)
    client = client_of(call)
    grant = _GRANTS.get(call.text("grant_type"))
    if grant is None:
        raise refused_oauth(400, "unsupported_grant_type", "Grant type is not supported")
    return grant(call, client)


class HalfWay(Refusal):
    """The password was right, and the login code is asked for."""


def _with_password(call: Call, client: Client) -> HttpResponse:
    """Answer the password grant (OAuth 2.0, 4.3). Raises: Refusal."""
    user = _user_named(call, client, call.text("username"))
    if user is None or user.password != call.text("password"):
        raise refused_oauth(400, "invalid_grant", "User credentials are invalid")
    lifetime_s = _lifetime_s(call)
    if user.has_second_factor:
        raise _half_way(call, user, client, lifetime_s)
    return give_token(call.world, user.id, client, lifetime_s)


def _user_named(call: Call, client: Client, username: str) -> User | None:
    """Return who is meant: at the client of a product one of its customers first."""
    state = call.world.state
    customer = state.customer_named(client.product_id, username) if client.product_id is not None else None
    return customer or state.user_named(username)


def _half_way(call: Call, user: User, client: Client, lifetime_s: int) -> HalfWay:
    """Remember that the password was right, and ask for the login code."""
    state = call.world.state
    expires = call.world.now + _HALF_LIFETIME_MS
    half = HalfLogin(state.fresh("half login", 64), user.id, client.id, lifetime_s, expires)
    state.half_logins.put(half)
    return HalfWay(
        403,
        {
            "error": "mfa_required",
            "error_description": "Multifactor authentication required",
            "mfa_token": half.value,
        },
    )


def _with_login_code(call: Call, client: Client) -> HttpResponse:
    """Complete a login. A wrong code may be given again; with the right one the way is used up.

    Raises: Refusal.
    """
    state = call.world.state
    half = state.half_logins.get(call.text("mfa_token"))
    user = state.users.get(half.user_id) if half else None
    now = call.world.now
    fits = half is not None and half.client == client.id and half.expires > now
    if half is None or user is None or not fits or not knows_code(user, call.text("otp"), now):
        raise refused_oauth(403, "invalid_grant", "Invalid one-time password")
    state.half_logins.remove(half.value)
    return give_token(call.world, user.id, client, half.lifetime_s)


def _with_client(call: Call, client: Client) -> HttpResponse:
    """Give a token to the client itself (OAuth 2.0, 4.4): its owner's, or a customer's.

    Raises: Refusal.
    """
    scope = call.text("scope")
    user: User | None = None
    if scope.startswith(_CUSTOMER) and client.product_id is not None:
        user = call.world.state.customer_named(client.product_id, scope.removeprefix(_CUSTOMER))
    elif not scope.startswith(_CUSTOMER) and client.owner_id is not None:
        user = call.world.state.users.get(client.owner_id)
    if user is None:
        raise refused_oauth(400, "invalid_client", "Client credentials are invalid")
    return give_token(call.world, user.id, client, _lifetime_s(call))


_GRANTS: Final[Mapping[str, Grant]] = {
    "password": _with_password,
    "urn:custom:mfa-otp": _with_login_code,
    "client_credentials": _with_client,
    "refresh_token": refresh_token,
}


def _lifetime_s(call: Call) -> int:
    """Return the seconds that the token shall live, 0 for ever. Raises: Refusal."""
    until, asked = call.text("expires_at"), call.text("expires_in")
    if until:
        return _seconds_until(until, call.world.now)
    if not asked:
        return LIFETIME_S
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
