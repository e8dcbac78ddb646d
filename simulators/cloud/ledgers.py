"""Ledgers: documents that devices and the cloud have in common; devices have no part in them here."""

from __future__ import annotations

import json
import re
from typing import Final

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.document_rows import Document
from particle_cli.simulators.cloud.documents import keep, kept, kept_below, last_part, remove
from particle_cli.simulators.cloud.organizations import owner_key
from particle_cli.simulators.cloud.pages import page_of
from particle_cli.simulators.cloud.replies import Plain, moment, refused, reply, reply_nothing

_LEDGER, _INSTANCE, _VERSIONS = "ledger", "ledger instance", "ledger versions"
_SCOPES: Final = ("Owner", "Product", "Device")
_DIRECTIONS: Final = ("Upstream", "Downstream")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_MOST_BYTES: Final = 16_384
_MOST_VERSIONS: Final = 100
_PER_PAGE: Final = 100


async def list_all(call: Call) -> HttpResponse:
    """List the ledgers of an account or organization that pass the filters; archived ones by themselves."""
    archived = call.query.get("archived") == "true"
    found = [
        one
        for one in kept_below(call.world, _LEDGER, owner_key(call))
        if call.query.get("scope") in (None, one.value["scope"])
        and (one.value["archived_at"] is not None) == archived
    ]
    page = page_of(call, found, per_page=_PER_PAGE)
    return reply({"ledgers": [_shown(one) for one in page.rows], "meta": page.meta})


async def create(call: Call) -> HttpResponse:
    """Make a ledger."""
    wanted = call.fields.get("ledger")
    if not isinstance(wanted, dict):
        raise refused(400, "ledger is required")
    name, scope, direction = (wanted.get(key) for key in ("name", "scope", "direction"))
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise refused(400, "A ledger's name has 1 to 32 lower-case letters, digits and dashes")
    if scope not in _SCOPES or direction not in _DIRECTIONS:
        raise refused(400, f"scope is one of {', '.join(_SCOPES)}, direction of {', '.join(_DIRECTIONS)}")
    if kept(call.world, _LEDGER, owner_key(call), name) is not None:
        raise refused(409, "A ledger of that name exists already")
    value: dict[str, Plain] = {
        "scope": scope,
        "direction": direction,
        "description": str(wanted.get("description") or ""),
        "archived_at": None,
    }
    return reply({"ledger": _shown(keep(call, value, _LEDGER, owner_key(call), name))}, 201)


async def show(call: Call) -> HttpResponse:
    """Show what a ledger is."""
    return reply({"ledger": _shown(_ledger(call))})


async def change(call: Call) -> HttpResponse:
    """Describe a ledger otherwise, or turn it round."""
    ledger, wanted = _ledger(call), call.fields.get("ledger")
    said = (
        {key: wanted[key] for key in ("description", "direction") if key in wanted}
        if isinstance(wanted, dict)
        else {}
    )
    if not said or said.get("direction", "Upstream") not in _DIRECTIONS:
        raise refused(400, "Nothing to do?")
    value = {**ledger.value, **said}
    return reply({"ledger": _shown(keep(call, value, _LEDGER, owner_key(call), last_part(ledger)))})


async def archive(call: Call) -> HttpResponse:
    """Put a ledger aside; what is in it is kept."""
    ledger = _ledger(call)
    value = {**ledger.value, "archived_at": moment(call.world.now)}
    return reply({"ledger": _shown(keep(call, value, _LEDGER, owner_key(call), last_part(ledger)))})


async def list_instances(call: Call) -> HttpResponse:
    """List what is in a ledger, by whose it is."""
    ledger = _ledger(call)
    found = list(kept_below(call.world, _INSTANCE, owner_key(call), last_part(ledger)))
    page = page_of(call, found, per_page=_PER_PAGE)
    return reply({"instances": [_instance_shown(ledger, one) for one in page.rows], "meta": page.meta})


async def show_instance(call: Call) -> HttpResponse:
    """Show what is in a ledger of one product, device or owner."""
    ledger = _ledger(call)
    return reply({"instance": _instance_shown(ledger, _instance(call))})


async def set_instance(call: Call) -> HttpResponse:
    """Put data in a ledger, in place of or over those that are there."""
    ledger, wanted = _ledger(call), call.fields.get("instance")
    data = wanted.get("data") if isinstance(wanted, dict) else None
    mode = call.query.get("set_mode", "Replace")
    if not isinstance(data, dict) or mode not in ("Replace", "Merge"):
        raise refused(400, "instance.data must be an object, set_mode Replace or Merge")
    before = kept(call.world, *_place(call))
    if before is not None and mode == "Merge":
        data = {**before.value, **data}
    if len(json.dumps(data).encode()) > _MOST_BYTES:
        raise refused(400, f"A ledger holds at most {_MOST_BYTES} bytes")
    if before is not None:
        _remember(call, ledger, before)
    return reply({"instance": _instance_shown(ledger, keep(call, data, *_place(call)))})


async def delete_instance(call: Call) -> HttpResponse:
    """Empty a ledger of one product, device or owner."""
    _ledger(call)
    remove(call.world, _instance(call))
    return reply_nothing()


async def list_versions(call: Call) -> HttpResponse:
    """List what was in a ledger before, newest first."""
    _ledger(call)
    return reply({"versions": _versions(call), "meta": {"has_more": False}})


async def show_version(call: Call) -> HttpResponse:
    """Show what was in a ledger at a time."""
    _ledger(call)
    for version in _versions(call):
        if isinstance(version, dict) and call.places["version"] in (
            version["replaced_at"],
            version["updated_at"],
        ):
            return reply({"version": version})
    raise refused(404, "Ledger version not found")


def _remember(call: Call, ledger: Document, before: Document) -> None:
    """Keep what is replaced now."""
    version = {**_instance_shown(ledger, before), "replaced_at": moment(call.world.now)}
    versions = [version, *_versions(call)][:_MOST_VERSIONS]
    keep(call, {"versions": versions}, _VERSIONS, *_place(call)[1:])


def _versions(call: Call) -> list[Plain]:
    document = kept(call.world, _VERSIONS, *_place(call)[1:])
    found = document.value["versions"] if document else []
    assert isinstance(found, list)
    return found


def _place(call: Call) -> tuple[str, ...]:
    return _INSTANCE, owner_key(call), call.places["ledger"], call.places["scope"]


def _ledger(call: Call) -> Document:
    """Return the ledger that the path names. Raises: Refusal."""
    document = kept(call.world, _LEDGER, owner_key(call), call.places["ledger"])
    if document is None:
        raise refused(404, "Ledger not found")
    return document


def _instance(call: Call) -> Document:
    """Return what is in the ledger, of whom the path names. Raises: Refusal."""
    document = kept(call.world, *_place(call))
    if document is None:
        raise refused(404, "Ledger instance not found")
    return document


def _shown(ledger: Document) -> dict[str, Plain]:
    return {
        "name": last_part(ledger),
        **ledger.value,
        "created_at": moment(ledger.created),
        "updated_at": moment(ledger.updated),
    }


def _instance_shown(ledger: Document, instance: Document) -> dict[str, Plain]:
    return {
        "name": last_part(ledger),
        "scope": {"type": ledger.value["scope"], "value": last_part(instance)},
        "size_bytes": len(instance.text.encode()),
        "data": instance.value,
        "created_at": moment(instance.created),
        "updated_at": moment(instance.updated),
    }
