"""Who calls: tokens, and the account itself."""

from __future__ import annotations

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call, Surroundings
from particle_cli.simulators.cloud.replies import (
    Plain,
    expired_token,
    moment,
    no_token,
    outside_scopes,
    reply,
    unknown_token,
)
from particle_cli.simulators.cloud.rows import User


def authenticate(world: Surroundings, token: str | None, target: str) -> User:
    """Return the account that a token belongs to.

    Args:
        world: what there is.
        token: the token.
        target: what is asked for, as the table of addresses names it.

    Raises: Refusal when there is no token, or none that is worth something here.
    """
    if not token:
        raise no_token()
    row = world.state.tokens.get(token)
    user = world.state.users.get(row.user_id) if row else None
    if row is None or user is None:
        raise unknown_token()
    if row.expires is not None and row.expires <= world.now:
        raise expired_token()
    if row.scopes is not None:
        from particle_cli.simulators.cloud.scopes import admits

        if not admits(row.scopes, target):
            raise outside_scopes()
    return user


def token_lives(world: Surroundings, token: str) -> bool:
    """Tell whether a token is still worth something."""
    row = world.state.tokens.get(token)
    return row is not None and (row.expires is None or row.expires > world.now)


async def show_token(call: Call) -> HttpResponse:
    """Tell what is known of the token that the request carries."""
    row = call.world.state.tokens.get(call.token or "")
    client = row.client if row else None
    expires = moment(row.expires if row else None)
    scopes = (row.scopes if row else None) or ()
    return reply({"expires_at": expires, "client": client, "client_id": client, "scopes": scopes, "orgs": []})


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
        "business_account": user.business_account,
    }
    if user.company_name:
        account["company_name"] = user.company_name
    return reply(
        {
            "username": user.username,
            "subscription_ids": [],
            "account_info": account,
            "mfa": {"enabled": user.has_second_factor},
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
