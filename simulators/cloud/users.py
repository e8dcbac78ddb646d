"""Accounts: made, changed and deleted by those whom they belong to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from attrs import evolve

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.claims import let_go
from particle_cli.simulators.cloud.replies import Plain, refused, reply
from particle_cli.simulators.cloud.rows import User
from particle_cli.simulators.cloud.tokens import end_all

_ADDRESS: Final = re.compile(r"[^\s@]+@[^\s@]+")
_NAMES: Final = ("first_name", "last_name", "company_name")


async def create(call: Call) -> HttpResponse:
    """Make an account for whoever asks."""
    state = call.world.state
    username = _free_username(call)
    password = _new_password(call)
    user = User(state.fresh("user"), username, password)
    state.users.put(_with_account_info(call, user))
    return reply({"ok": True})


async def change(call: Call) -> HttpResponse:
    """Change the caller's names, e-mail address or password."""
    user, said = call.user, "account info"
    if not call.fields.keys() & {"account_info", "username", "password", "invalidate_tokens"}:
        raise refused(400, "Nothing to do?")
    user = _with_account_info(call, user)
    if "username" in call.fields or "password" in call.fields:
        require_password(call)
    if "username" in call.fields:
        user, said = evolve(user, username=_free_username(call)), "username"
    if "password" in call.fields:
        user, said = evolve(user, password=_new_password(call)), "password"
    call.world.state.users.put(user)
    if call.text("invalidate_tokens") == "true":
        end_all(call.world, user.id)
    return reply({"ok": True, "message": f"User's {said} updated."})


async def delete(call: Call) -> HttpResponse:
    """Delete the caller's account; his devices are nobody's from then on."""
    require_password(call, "password")
    state, user = call.world.state, call.user
    if any(product.owner_id == user.id for product in state.products):
        raise refused(400, "An account that owns products cannot be deleted")
    for record in state.devices_of(user.id):
        let_go(call.world, record)
    for client in state.clients:
        if client.owner_id == user.id and client.product_id is None:
            state.clients.remove(client.id)
    for member in state.team_members:
        if member.user_id == user.id:
            state.team_members.remove(member.key)
    end_all(call.world, user.id)
    state.users.remove(user.id)
    return reply({"ok": True, "message": "User's account has been deleted."})


async def reset_password(call: Call) -> HttpResponse:
    """Say that a mail is on its way: to whom there is no account, too, so that nobody learns who has one."""
    if not call.text("username"):
        raise refused(400, "username is required")
    return reply({"ok": True, "message": "Password reset email sent."})


async def identify(call: Call) -> HttpResponse:
    """Tell by what number statistics know the caller."""
    user = call.user
    shown: dict[str, Plain] = {"id": user.id, "email": user.username}
    if call.text("tracking") not in ("1", "true"):
        shown |= {"first_name": user.first_name, "last_name": user.last_name}
    return reply(shown)


def require_password(call: Call, name: str = "current_password") -> None:
    """See that the caller knows the account's password, not only a token. Raises: Refusal."""
    if call.text(name) != call.user.password:
        raise refused(400, "Bad password")


def _free_username(call: Call) -> str:
    """Return the e-mail address that somebody wants to be known by. Raises: Refusal."""
    wanted = call.text("username").strip()
    if not _ADDRESS.fullmatch(wanted):
        raise refused(400, "username must be an email address")
    holder = call.world.state.user_named(wanted)
    if holder is not None and (call.caller is None or holder.id != call.caller.id):
        raise refused(409, "username is taken")
    return wanted


def _new_password(call: Call) -> str:
    password = call.text("password")
    if not password:
        raise refused(400, "password is required")
    return password


def _with_account_info(call: Call, user: User) -> User:
    """Return a user with the names that the request gives. Raises: Refusal."""
    info = call.fields.get("account_info", {})
    if not isinstance(info, Mapping):
        raise refused(400, "account_info must be an object")
    first, last, company = (
        str(info[key]) if isinstance(info.get(key), str) else old
        for key, old in zip(_NAMES, (user.first_name, user.last_name, user.company_name), strict=True)
    )
    business = info.get("business_account", user.business_account) is True
    return evolve(user, first_name=first, last_name=last, company_name=company, business_account=business)
