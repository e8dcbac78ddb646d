"""Who calls: tokens, logging in, the account itself."""

from __future__ import annotations

from typing import Final

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call, Surroundings
from particle_cli.simulators.cloud.replies import (
    Plain,
    expired_token,
    moment,
    no_token,
    refused_oauth,
    reply,
    unknown_token,
)
from particle_cli.simulators.cloud.router import route
from particle_cli.simulators.cloud.rows import Token, User

_CLIENTS: Final = {"particle-cli": "particle-cli", "particle": "particle"}
_LIFETIME_S: Final = 90 * 24 * 3600


def authenticate(world: Surroundings, token: str | None) -> User:
    """Return the account that a token belongs to.

    Raises: Refusal when there is no token, or none that is worth something.
    """
    if not token:
        raise no_token()
    row = world.state.tokens.get(token)
    user = world.state.users.get(row.user_id) if row else None
    if row is None or user is None:
        raise unknown_token()
    if row.expires is not None and row.expires <= world.now:
        raise expired_token()
    return user


async def log_in(call: Call) -> HttpResponse:
    """Give a token for a user name and a password (OAuth 2.0, 4.3)."""
    _check_client(call)
    if call.text("grant_type") != "password":
        raise refused_oauth(400, "unsupported_grant_type", "Grant type is not supported")
    state = call.world.state
    user = state.user_named(call.text("username"))
    if user is None or user.password != call.text("password"):
        raise refused_oauth(400, "invalid_grant", "User credentials are invalid")
    lifetime_s = _lifetime_s(call.text("expires_in"))
    expires = call.world.now + lifetime_s * 1000 if lifetime_s else None
    token = Token(state.fresh("token", 40), user.id, call.text("client_id", "particle-cli"), expires)
    state.tokens.put(token)
    return reply(
        {
            "token_type": "bearer",
            "access_token": token.value,
            "expires_in": lifetime_s,
            "refresh_token": state.fresh("refresh token", 40),
        }
    )


def _check_client(call: Call) -> None:
    name, secret = call.basic or (call.text("client_id"), call.text("client_secret"))
    if _CLIENTS.get(name) != secret:
        raise refused_oauth(400, "invalid_client", "Client credentials are invalid")


def _lifetime_s(asked: str) -> int:
    """Return the seconds that a token shall live; 0 for ever."""
    if not asked:
        return _LIFETIME_S
    if not (asked.isascii() and asked.isdigit() and len(asked) < 12):
        raise refused_oauth(400, "invalid_request", "expires_in must be a number of seconds")
    return int(asked)


async def show_token(call: Call) -> HttpResponse:
    """Tell what is known of the token that the request carries."""
    row = call.world.state.tokens.get(call.token or "")
    client = row.client if row else None
    expires = moment(row.expires if row else None)
    return reply({"expires_at": expires, "client": client, "client_id": client, "scopes": [], "orgs": []})


async def revoke_own_token(call: Call) -> HttpResponse:
    """End the token that the request carries."""
    call.world.state.tokens.remove(call.token or "")
    return reply({"ok": True})


async def revoke_token(call: Call) -> HttpResponse:
    """End the token in the path; whoever knows it may, and an unknown one is no error."""
    call.world.state.tokens.remove(call.places["token"])
    return reply({"ok": True})


async def show_user(call: Call) -> HttpResponse:
    """Tell who the caller is."""
    user = call.user
    owned = call.world.state.devices_of(user.id)
    account: dict[str, Plain] = {
        "first_name": user.first_name,
        "last_name": user.last_name,
        "business_account": False,
    }
    return reply(
        {
            "username": user.username,
            "subscription_ids": [],
            "account_info": account,
            "mfa": {"enabled": False},
            "scim_provisioned": False,
            "no_password": False,
            "wifi_device_count": sum(not is_cellular(record.platform_id) for record in owned),
            "cellular_device_count": sum(is_cellular(record.platform_id) for record in owned),
            "tos": 1,
            "memberships": [],
        }
    )


def is_cellular(platform_id: int) -> bool:
    """Tell whether devices of a platform have a modem."""
    from particle_cli.domain.platforms.catalogue import platform

    return platform(platform_id).interfaces.cellular


ROUTES: Final = (
    route("POST", "/oauth/token", log_in, public=True),
    route("GET", "/v1/access_tokens/current", show_token),
    route("DELETE", "/v1/access_tokens/current", revoke_own_token),
    route("DELETE", "/v1/access_tokens/:token", revoke_token, public=True),
    route("GET", "/v1/user", show_user),
)
