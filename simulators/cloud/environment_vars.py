"""Environment variables: of an account or organization, of a product, of a device."""

from __future__ import annotations

import re
from typing import Final

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.documents import dates, keep
from particle_cli.simulators.cloud.environment_scopes import (
    KIND,
    Scope,
    Vars,
    bring,
    scope_at,
    scope_of_device,
    scope_of_product,
)
from particle_cli.simulators.cloud.organizations import owner_key
from particle_cli.simulators.cloud.replies import Plain, Refusal, moment, refused_oauth, reply

_KEY: Final = re.compile(r"[A-Z_][A-Z0-9_]*")
_RULE: Final = "Must only contain uppercase letters, numbers and underscores, and not begin with a number"
_AT_CONNECT, _AT_ONCE = "Connect", "Immediate"


async def show(call: Call) -> HttpResponse:
    """Show what is set and inherited, what was rolled out of that, and what a device has."""
    return _shown(call, _scope(call))


async def change(call: Call) -> HttpResponse:
    """Set and unset several variables, all of them or none."""
    scope, ops = _scope(call), call.fields.get("ops")
    if not isinstance(ops, list):
        raise _wrong("Required", "ops")
    own = dict(scope.own())
    for number, op in enumerate(ops):
        place = f"ops[{number}]"
        if not isinstance(op, dict) or op.get("op") not in ("Set", "Unset"):
            raise _wrong("Must be Set or Unset", f"{place}.op")
        key = _key(op.get("key"), f"{place}.key")
        if op["op"] == "Set":
            own[key] = _value(op.get("value"), f"{place}.value")
        else:
            own.pop(key, None)
    return _kept(call, scope, own)


async def put(call: Call) -> HttpResponse:
    """Set one variable."""
    scope, key = _scope(call), _key(call.places["key"], "key")
    return _kept(call, scope, {**scope.own(), key: _value(call.fields.get("value"), "value")})


async def unset(call: Call) -> HttpResponse:
    """Unset one variable; one that is not set is no error."""
    scope = _scope(call)
    own = {key: value for key, value in scope.own().items() if key != call.places["key"]}
    return _kept(call, scope, own)


async def render(call: Call) -> HttpResponse:
    """Show the variables as devices would have them after a rollout."""
    scope = _scope(call)
    changed = moment(scope.document.updated) if scope.document else None
    return reply({"env": scope.rendered(), "last_updated_at": changed, **scope.rollout})


async def review_rollout(call: Call) -> HttpResponse:
    """Show what a rollout would change, against the last one and against what a device has."""
    scope = _scope(call)
    after = scope.rendered()
    shown: dict[str, Plain] = {"from_snapshot": _difference(scope.rendered("snapshot"), after)}
    if (on_device := _on_device(call)) is not None:
        shown["from_device"] = _difference(on_device, after)
    return reply(shown)


async def start_rollout(call: Call) -> HttpResponse:
    """Let devices have what is set: those that are connected at once, or each when it connects."""
    scope, when = _scope(call), call.text("when", _AT_CONNECT)
    if when not in (_AT_CONNECT, _AT_ONCE):
        raise _wrong(f"Must be {_AT_CONNECT} or {_AT_ONCE}", "when")
    for one in (*(above for _, above in scope.above), scope):
        value: dict[str, Plain] = {"latest": one.own(), "snapshot": one.own()}
        now, by = moment(call.world.now), call.user.username
        keep(call, {**value, "rollout_at": now, "rollout_by": by}, KIND, one.key)
    if when == _AT_ONCE:
        for record in call.world.state.devices:
            device, reached = call.far_end(record), scope_of_device(call.world, record)
            if device is not None and scope.key in (reached.key, *(one.key for _, one in reached.above)):
                bring(call.world, record, device)
    return reply({"success": True})


def _scope(call: Call) -> Scope:
    """Return the scope that the path is about. Raises: Refusal."""
    if "device" in call.places:
        return scope_of_device(call.world, call.device())
    if "product" in call.places:
        return scope_of_product(call.world, call.product())
    return scope_at(call.world, owner_key(call))


def _on_device(call: Call) -> Vars | None:
    """Return what the device has that the path is about, or None where it is about none that is there."""
    device = call.world.devices.get(call.device().id) if "device" in call.places else None
    return device.environment.from_cloud if device is not None else None


def _kept(call: Call, scope: Scope, own: Vars) -> HttpResponse:
    """Set variables in place of those that are set; what was rolled out stays as it is."""
    before = scope.document.value if scope.document else {}
    keep(call, {**before, "latest": dict(own)}, KIND, scope.key)
    return _shown(call, _scope(call))


def _shown(call: Call, scope: Scope) -> HttpResponse:
    made = dates(scope.document)
    own = {key: {"value": value, "access": ["Device"]} for key, value in scope.own().items()}
    shown: dict[str, Plain] = {
        "last_snapshot": None,
        "latest": {"own": own, "inherited": _inherited(scope, "latest"), **made},
        **made,
    }
    if scope.rollout["rollout_at"] is not None:
        shown["last_snapshot"] = {
            "own": {key: {"value": value} for key, value in scope.own("snapshot").items()},
            "inherited": _inherited(scope, "snapshot"),
            **scope.rollout,
        }
    if (on_device := _on_device(call)) is not None:
        shown["on_device"] = {"rendered": dict(on_device)}
    return reply(shown)


def _inherited(scope: Scope, state: str) -> Plain:
    return {key: {"from": whose, "value": value} for key, (whose, value) in scope.inherited(state).items()}


def _difference(before: Vars, after: Vars) -> Plain:
    changes: list[Plain] = []
    for key in sorted({*before, *after}):
        if key not in before:
            changes.append({"op": "Added", "key": key, "after": after[key]})
        elif key not in after:
            changes.append({"op": "Removed", "key": key, "before": before[key]})
        elif before[key] != after[key]:
            changes.append({"op": "Changed", "key": key, "before": before[key], "after": after[key]})
    unchanged = {key: value for key, value in after.items() if before.get(key) == value}
    return {"changes": changes, "unchanged": unchanged}


def _key(word: Plain, place: str) -> str:
    if not isinstance(word, str) or not _KEY.fullmatch(word):
        raise _wrong(_RULE, place)
    return word


def _value(value: Plain, place: str) -> str:
    if not isinstance(value, str):
        raise _wrong("Expected string", place)
    return value


def _wrong(what: str, place: str) -> Refusal:
    """Refuse in the words of the validation that newer resources have."""
    return refused_oauth(400, "invalid_request", f'Validation error: : {what} at "{place}"')
