"""OAuth clients: programs that log people in, of an account or of a product."""

from __future__ import annotations

import re
from typing import Final

from attrs import evolve

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.client_rows import INSTALLED, WEB, Client
from particle_cli.simulators.cloud.replies import Plain, refused, refused_oauth, reply, reply_nothing

_EVERYBODYS: Final = ("particle-cli", "particle", "particle-api")
"""Clients whose name is their secret."""


def client_of(call: Call) -> Client:
    """Return the client that asks, by HTTP Basic authentication or in the form. Raises: Refusal."""
    name, secret = call.basic or (call.text("client_id"), call.text("client_secret"))
    if name in _EVERYBODYS:
        client: Client | None = Client(name, name, name)
    else:
        client = call.world.state.clients.get(name)
    if client is None or client.secret != secret:
        raise refused_oauth(400, "invalid_client", "Client credentials are invalid")
    return client


def _owned(call: Call) -> list[Client]:
    """Return the clients of the product that the path names, or else the caller's own. Raises: Refusal."""
    if "product" in call.places:
        product = call.product()
        return [client for client in call.world.state.clients if client.product_id == product.id]
    owner = call.user.id
    return [one for one in call.world.state.clients if one.owner_id == owner and one.product_id is None]


def _named(call: Call) -> Client:
    """Return the client that the path names. Raises: Refusal."""
    for client in _owned(call):
        if client.id == call.places["client"]:
            return client
    raise refused(404, "Client not found")


def _shown(client: Client) -> dict[str, Plain]:
    shown: dict[str, Plain] = {"name": client.name, "type": client.kind, "id": client.id}
    if client.redirect_uri is not None:
        shown["redirect_uri"] = client.redirect_uri
    if client.scope:
        shown["scope"] = client.scope
    return shown


async def list_all(call: Call) -> HttpResponse:
    """List the clients; their secrets are not shown again."""
    return reply({"ok": True, "clients": [_shown(client) for client in _owned(call)]})


async def create(call: Call) -> HttpResponse:
    """Make a client, and show its secret this once."""
    state = call.world.state
    product = call.product() if "product" in call.places else None
    name, kind, redirect_uri = call.text("name").strip(), call.text("type"), call.text("redirect_uri")
    if not name:
        raise refused(400, "name is required")
    if kind not in (INSTALLED, WEB):
        raise refused(400, f"type must be {INSTALLED} or {WEB}")
    if kind == WEB and not redirect_uri:
        raise refused(400, "redirect_uri is required for a client of type web")
    word = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "client"
    client = Client(
        f"{word}-{int(state.fresh('client', 8), 16) % 10_000:04}",
        state.fresh("client secret", 40),
        name,
        kind,
        call.user.id,
        product.id if product else None,
        redirect_uri or None,
        call.text("scope"),
    )
    if state.clients.get(client.id) is not None or client.id in _EVERYBODYS:
        client = evolve(client, id=f"{word}-{state.fresh('client')}")
    state.clients.put(client)
    return reply({"ok": True, "client": {**_shown(client), "secret": client.secret}})


async def change(call: Call) -> HttpResponse:
    """Rename a client, or change what it may do."""
    client = _named(call)
    if not call.fields.keys() & {"name", "scope", "redirect_uri"}:
        raise refused(400, "Nothing to do?")
    name = call.text("name", client.name).strip()
    if not name:
        raise refused(400, "name is required")
    redirect_uri = call.text("redirect_uri", client.redirect_uri or "") or None
    client = evolve(client, name=name, scope=call.text("scope", client.scope), redirect_uri=redirect_uri)
    call.world.state.clients.put(client)
    return reply({"ok": True, "client": _shown(client)})


async def remove(call: Call) -> HttpResponse:
    """Remove a client; tokens that it was given stay."""
    call.world.state.clients.remove(_named(call).id)
    return reply_nothing()
