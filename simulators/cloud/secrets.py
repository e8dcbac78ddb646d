"""Secrets that integrations and logic may use; nobody is ever shown their values again."""

from __future__ import annotations

import re
from typing import Final

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.document_rows import Document
from particle_cli.simulators.cloud.documents import dates, keep, kept, kept_below, last_part, remove
from particle_cli.simulators.cloud.organizations import owner_key
from particle_cli.simulators.cloud.replies import Plain, refused, reply, reply_nothing

_KIND: Final = "secret"
_NAME: Final = re.compile(r"[A-Z_][A-Z0-9_]{0,127}")


async def list_all(call: Call) -> HttpResponse:
    """List the secrets of an account or organization."""
    return reply({"secrets": [_shown(one) for one in kept_below(call.world, _KIND, owner_key(call))]})


async def show(call: Call) -> HttpResponse:
    """Show what there is to be told of one secret."""
    return reply({"secret": _shown(_named(call))})


async def create(call: Call) -> HttpResponse:
    """Keep a secret under a name that none has yet."""
    wanted = call.fields.get("secret")
    name = wanted.get("name") if isinstance(wanted, dict) else None
    if isinstance(name, str) and kept(call.world, _KIND, owner_key(call), name) is not None:
        raise refused(400, "Failed to create secret: Name already in use")
    return reply({"secret": _shown(_kept(call, name))}, 201)


async def put(call: Call) -> HttpResponse:
    """Keep a secret, in place of the one of that name if there is one."""
    return reply({"secret": _shown(_kept(call, call.places["name"]))})


async def delete(call: Call) -> HttpResponse:
    """Forget a secret."""
    remove(call.world, _named(call))
    return reply_nothing()


def _named(call: Call) -> Document:
    """Return the secret that the path names. Raises: Refusal."""
    document = kept(call.world, _KIND, owner_key(call), call.places["name"])
    if document is None:
        raise refused(404, "Secret not found")
    return document


def _kept(call: Call, name: Plain) -> Document:
    wanted = call.fields.get("secret")
    value = wanted.get("value") if isinstance(wanted, dict) else None
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise refused(400, "Failed to create secret: Name must have uppercase letters, numbers, underscores")
    if not isinstance(value, str) or not value:
        raise refused(400, "Failed to create secret: Value is required")
    return keep(call, {"value": value}, _KIND, owner_key(call), name)


def _shown(document: Document) -> dict[str, Plain]:
    return {
        "name": last_part(document),
        **dates(document),
        "last_accessed_at": None,
        "integrations": [],
        "logic_functions": [],
    }
