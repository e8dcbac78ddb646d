"""Access tokens: giving them out, listing them and ending them."""

from __future__ import annotations

from typing import Final

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call, Surroundings
from particle_cli.simulators.cloud.client_rows import Client
from particle_cli.simulators.cloud.login_codes import knows_code
from particle_cli.simulators.cloud.login_rows import RefreshToken
from particle_cli.simulators.cloud.replies import Plain, Refusal, moment, refused_oauth, reply
from particle_cli.simulators.cloud.rows import Token, User

LIFETIME_S: Final = 90 * 24 * 3600
"""Of an access token, unless another is asked for."""
_REFRESHED_WITHIN_MS: Final = 14 * 24 * 3600 * 1000


def give_token(world: Surroundings, user_id: str, client: Client, lifetime_s: int) -> HttpResponse:
    """Give somebody a token.

    A refresh token always comes with it, but is good for something only at the clients of products.

    Args:
        world: what there is.
        user_id: whose token it is.
        client: the program that it is for.
        lifetime_s: seconds that it lives; 0 for ever.
    """
    state = world.state
    expires = world.now + lifetime_s * 1000 if lifetime_s else None
    token, refresh = state.fresh("token", 40), state.fresh("refresh token", 40)
    state.tokens.put(Token(token, user_id, client.id, expires))
    if client.product_id is not None:
        until = world.now + _REFRESHED_WITHIN_MS
        state.refresh_tokens.put(RefreshToken(refresh, user_id, client.id, lifetime_s, until))
    document: dict[str, Plain] = {
        "token_type": "bearer",
        "access_token": token,
        "expires_in": lifetime_s,
        "refresh_token": refresh,
    }
    return reply(document, 200, ("cache-control", "no-store"), ("pragma", "no-cache"))


def refresh_token(call: Call, client: Client) -> HttpResponse:
    """Give a new token for a refresh token, which is used up by that (OAuth 2.0, 6). Raises: Refusal."""
    state = call.world.state
    row = state.refresh_tokens.get(call.text("refresh_token"))
    if row is None or row.client != client.id or row.expires <= call.world.now:
        raise refused_oauth(400, "invalid_grant", "Invalid refresh token")
    state.refresh_tokens.remove(row.value)
    return give_token(call.world, row.user_id, client, row.lifetime_s)


def end_all(world: Surroundings, user_id: str) -> None:
    """End all tokens of somebody, and what new ones could be had for."""
    state = world.state
    for token in state.tokens:
        if token.user_id == user_id:
            state.tokens.remove(token.value)
    for refresh in state.refresh_tokens:
        if refresh.user_id == user_id:
            state.refresh_tokens.remove(refresh.value)


async def list_all(call: Call) -> HttpResponse:
    """List the tokens of whoever gives his name and password, and the login code if one is asked for."""
    user = _by_password(call)
    now = call.world.now
    return reply(
        [
            {"token": token.value, "expires_at": moment(token.expires), "client": token.client}
            for token in call.world.state.tokens
            if token.user_id == user.id and (token.expires is None or token.expires > now)
        ]
    )


def _by_password(call: Call) -> User:
    """Return who asks, by HTTP Basic authentication. Raises: Refusal."""
    name, password = call.basic or ("", "")
    user = call.world.state.user_named(name)
    if user is None:
        raise Refusal(400, {"ok": False, "errors": ["Unknown user"]})
    if user.password != password:
        raise Refusal(401, {"ok": False, "errors": ["Bad password"]})
    if user.has_second_factor and not knows_code(user, call.text("otp"), call.world.now):
        if not call.text("otp"):
            raise refused_oauth(403, "mfa_required", "Multifactor authentication required")
        raise refused_oauth(403, "invalid_grant", "Invalid one-time password")
    return user


async def revoke_all(call: Call) -> HttpResponse:
    """End all tokens of the caller, the one he uses included."""
    end_all(call.world, call.user.id)
    return reply({"ok": True})
