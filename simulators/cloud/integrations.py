"""Integrations over REST: of an account, a product or an organization.

In the older form of the API (`old`) there are none but webhooks.
"""

from __future__ import annotations

from typing import Final

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.integration_rows import ORGANIZATION, WEBHOOK, Integration
from particle_cli.simulators.cloud.integration_settings import Wanted, read_settings
from particle_cli.simulators.cloud.replies import Plain, moment, refused, reply, reply_nothing

MOST_INTEGRATIONS: Final = 100
"""Of an account, product or organization."""
_LISTED: Final = ("url", "requestType", "name")


async def create(call: Call, *, old: bool = False) -> HttpResponse:
    """Store an integration; from now on it does its work."""
    scope, wanted, state = _scope(call), read_settings(call.fields), call.world.state
    if old and wanted.type != WEBHOOK:
        raise refused(400, f"integration_type must be {WEBHOOK}")
    if sum(one.scope == scope for one in state.integrations) >= MOST_INTEGRATIONS:
        raise refused(400, f"There can be at most {MOST_INTEGRATIONS} integrations")
    row = _row(state.fresh("integration"), scope, call.world.now, wanted)
    state.integrations.put(row)
    return reply({**_document(row), "ok": True, **_address(call, row)}, 201)


async def list_all(call: Call, *, old: bool = False) -> HttpResponse:
    """List the integrations of the scope, the oldest first; in the older form only webhooks."""
    scope = _scope(call)
    rows = [
        one
        for one in call.world.state.integrations
        if one.scope == scope and (one.type == WEBHOOK or not old)
    ]
    return reply([_in_list(row) for row in rows])


async def show(call: Call, *, old: bool = False) -> HttpResponse:
    """Show one integration with what it did last."""
    row = _find(call, old=old)
    kept = call.world.state.integration_logs.get(row.id)
    logs = list(kept.entries) if kept else []
    errors = [entry for entry in logs if entry.get("type") == "error"]
    document = {**_document(row), "logs": logs, "errors": errors, "counters": []}
    return reply({"webhook" if old else "integration": document})


async def replace(call: Call, *, old: bool = False) -> HttpResponse:
    """Store other settings for an integration; what is not said is not kept."""
    row = _find(call, old=old)
    wanted = read_settings({"integration_type": row.type, **call.fields})
    if wanted.type != row.type:
        raise refused(400, f"integration_type is {row.type} and cannot be changed")
    row = _row(row.id, row.scope, row.created, wanted)
    call.world.state.integrations.put(row)
    return reply({"webhook" if old else "integration": _document(row)})


async def remove(call: Call, *, old: bool = False) -> HttpResponse:
    """Forget an integration; what it has under way is given up."""
    row, state = _find(call, old=old), call.world.state
    state.integrations.remove(row.id)
    state.integration_logs.remove(row.id)
    for delivery in state.deliveries:
        if delivery.integration_id == row.id:
            state.deliveries.remove(delivery.id)
    return reply_nothing()


async def try_out(call: Call, *, old: bool = False) -> HttpResponse:
    """Let an integration do its work once, with data that is given, and tell how it went."""
    from particle_cli.simulators.cloud.webhook_firing import delivery_to

    row = _find(call, old=old)
    data = call.text("data") if call.fields.get("data") is not None else None
    source = call.text("device_id") or row.device_id or "api"
    delivery = delivery_to(row, call.world, name=row.event, data=data, source=source)
    outcome = await call.world.try_out(row, delivery)
    if outcome.error is not None:
        return reply({"pass": False, "error": outcome.error})
    return reply({"pass": True, "data": "".join(outcome.parts) or None})


def _scope(call: Call) -> str:
    """Return whose integrations are meant, if the caller may see to them. Raises: Refusal."""
    if "product" in call.places:
        return f"product/{call.product().key}"
    if "organization" in call.places:
        return f"{ORGANIZATION}/{call.organization().id}"
    return f"user/{call.user.id}"


def _find(call: Call, *, old: bool) -> Integration:
    """Return the integration that the path names. Raises: Refusal."""
    scope = _scope(call)
    row = call.world.state.integrations.get(call.places["integration"].lower())
    if row is None or row.scope != scope or (old and row.type != WEBHOOK):
        raise refused(404, f"{'Webhook' if old else 'Integration'} not found")
    return row


def _row(number: str, scope: str, created: int, wanted: Wanted) -> Integration:
    return Integration(
        number, scope, wanted.type, wanted.event, created, wanted.device_id, wanted.disabled, wanted.settings
    )


def _head(row: Integration) -> dict[str, Plain]:
    """Return what is told first of every integration."""
    return {
        "id": row.id,
        "event": row.event,
        "created_at": moment(row.created),
        "integration_type": row.type,
    }


def _tail(row: Integration) -> dict[str, Plain]:
    device: dict[str, Plain] = {} if row.device_id is None else {"deviceID": row.device_id}
    return {**device, "disabled": True} if row.disabled else device


def _document(row: Integration) -> dict[str, Plain]:
    return {**_head(row), **row.settings, **_tail(row)}


def _in_list(row: Integration) -> dict[str, Plain]:
    shown = {name: row.settings[name] for name in _LISTED if name in row.settings}
    return {**_head(row), **shown, **_tail(row)}


def _address(call: Call, row: Integration) -> dict[str, Plain]:
    if row.type == WEBHOOK:
        return {"hookUrl": f"{call.world.origin}/v1/webhooks/{row.id}"}
    return {"integrationUrl": f"{call.world.origin}/v1/integrations/{row.id}"}
