"""The people, and the programs, that work on a product."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.product_rows import ADMINISTRATOR, API_USER, ROLES, Product, TeamMember
from particle_cli.simulators.cloud.replies import Plain, refused, reply
from particle_cli.simulators.cloud.rows import Token, User
from particle_cli.simulators.cloud.scopes import SCOPES

_NOT_A_WORD: Final = re.compile(r"[^a-z0-9]+")


async def list_members(call: Call) -> HttpResponse:
    """List who works on a product."""
    product = call.product()
    return reply({"ok": True, "team": [_shown(call, *one) for one in _team(call, product)]})


async def invite(call: Call) -> HttpResponse:
    """Let somebody work on a product, in a role, or make a program that may do what its scopes say."""
    product = call.product()
    if "friendly_name" in call.fields:
        return _make_api_user(call, product)
    username, role = call.text("username"), call.text("role", ADMINISTRATOR).lower()
    if not username:
        raise refused(400, "username is required")
    if role not in ROLES:
        raise refused(400, f"role must be one of {', '.join(ROLES)}")
    state = call.world.state
    user = state.user_named(username)
    if user is None:
        raise refused(404, "User not found")
    if any(user.id == member.id for member, _ in _team(call, product)):
        raise refused(409, "That user is a team member already")
    state.team_members.put(TeamMember(f"{product.key}/{user.id}", product.id, user.id, role))
    return reply({"ok": True, "invited": {"username": user.username, "role": {"id": role}}})


async def remove(call: Call) -> HttpResponse:
    """Let somebody work on a product no more; what he had, he can see no more."""
    product, state = call.product(), call.world.state
    user = state.user_named(call.places["username"])
    member = state.team_members.get(f"{product.key}/{user.id}") if user else None
    if user is None or member is None:
        if user is not None and user.id == product.owner_id:
            raise refused(400, "The owner of a product cannot be removed")
        raise refused(404, "Team member not found")
    state.team_members.remove(member.key)
    if member.role == API_USER:
        state.users.remove(user.id)
        for token in state.tokens:
            if token.user_id == user.id:
                state.tokens.remove(token.value)
    return reply({"ok": True})


def _team(call: Call, product: Product) -> Iterator[tuple[User, str]]:
    """Yield those who work on a product, and in which role: whom it belongs to first."""
    state = call.world.state
    organization = state.organizations.get(product.organization_id) if product.organization_id else None
    for number in dict.fromkeys((product.owner_id, *(organization.member_ids if organization else ()))):
        if (user := state.users.get(number)) is not None:
            yield user, ADMINISTRATOR
    for member in state.team_members:
        user = state.users.get(member.user_id)
        if member.product_id == product.id and user is not None:
            yield user, member.role


def _shown(call: Call, user: User, role: str) -> dict[str, Plain]:
    shown: dict[str, Plain] = {"_id": user.id, "username": user.username}
    if role != API_USER:
        return {**shown, "role": {"id": role}, **({} if user.has_second_factor else {"no_mfa": True})}
    scopes = [token.scopes for token in call.world.state.tokens if token.user_id == user.id]
    return {
        **shown,
        "is_programmatic": True,
        "friendly_name": user.first_name,
        "scopes": next(iter(scopes), None) or (),
    }


def _make_api_user(call: Call, product: Product) -> HttpResponse:
    """Make a program's account, which nobody can log in to, with a token that does not expire."""
    state, name, wanted = call.world.state, call.text("friendly_name").strip(), call.fields.get("scopes")
    if not name:
        raise refused(400, "friendly_name is required")
    if not isinstance(wanted, list) or not wanted:
        raise refused(400, "scopes must be a list of what the API user may do")
    scopes = tuple(dict.fromkeys(map(str, wanted)))
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown:
        raise refused(400, f"Unknown scope: {unknown[0]}")
    number = state.fresh("user")
    word = _NOT_A_WORD.sub("-", name.lower()).strip("-") or "api-user"
    user = User(number, f"{word}+{number[:10]}@api.particle.io", state.fresh("password", 64), name)
    state.users.put(user)
    state.team_members.put(TeamMember(f"{product.key}/{number}", product.id, number, API_USER))
    token = Token(state.fresh("token", 40), number, "particle", None, scopes)
    state.tokens.put(token)
    created: dict[str, Plain] = {
        "username": user.username,
        "is_programmatic": True,
        "tokens": [{"token": token.value}],
    }
    return reply({"ok": True, "created": created})
