"""The document that a device's system and the cloud have in common: what it is to run, and what it runs.

It is kept and changed; no device follows it here, so what it runs never changes.
"""

from __future__ import annotations

import json
from typing import Final, cast

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.documents import keep, kept
from particle_cli.simulators.cloud.replies import Plain, refused, reply

_KIND: Final = "system document"
_EMPTY: Final = '{"features":{"applications":{"desiredProperties":{"apps":[]},"properties":{"apps":[]}}}}'


async def show(call: Call) -> HttpResponse:
    """Show the document of a device."""
    return reply({"data": _document(call)})


async def change(call: Call) -> HttpResponse:
    """Put a value at a place of the document, or take one away."""
    document, action, path = _document(call), call.text("action"), call.fields.get("path")
    if action not in ("upsert", "remove") or not isinstance(path, list):
        raise refused(400, "action must be upsert or remove, path a list")
    place: Plain = document
    for step in path:
        if not isinstance(place, dict):
            raise refused(400, "path leads nowhere")
        place = place.setdefault(str(step), {})
    if isinstance(place, dict):
        _change_object(call, place, action)
    elif isinstance(place, list):
        _change_list(call, place, action)
    else:
        raise refused(400, "path leads to no object or list")
    keep(call, document, _KIND, call.device().id)
    return reply({"data": document})


def _document(call: Call) -> dict[str, Plain]:
    document = kept(call.world, _KIND, call.device().id)
    return document.value if document else cast("dict[str, Plain]", json.loads(_EMPTY))


def _change_object(call: Call, place: dict[str, Plain], action: str) -> None:
    key = call.text("key")
    if not key:
        raise refused(400, "key is required")
    if action == "upsert":
        place[key] = call.fields.get("value")
    else:
        place.pop(key, None)


def _change_list(call: Call, place: list[Plain], action: str) -> None:
    """Take those out of a list that have what the predicate says, and put a value in."""
    predicate = call.fields.get("predicate")
    wanted = predicate if isinstance(predicate, dict) else {}
    if wanted or action == "remove":
        place[:] = [one for one in place if not (isinstance(one, dict) and wanted.items() <= one.items())]
    if action == "upsert":
        place.append(call.fields.get("value"))
