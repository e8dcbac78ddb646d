"""Keeping documents of JSON: what many of the newer parts of the API are made of.

The key of a document is made of parts, each of which is escaped: what it is, whose it is, and what it is
called there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote, unquote

from attrs import evolve

from particle_cli.simulators.cloud.call import Call, Surroundings
from particle_cli.simulators.cloud.document_rows import Document
from particle_cli.simulators.cloud.replies import Plain, moment


def key_of(*parts: str) -> str:
    """Return the key that these parts make."""
    return "/".join(quote(part, safe="") for part in parts)


def last_part(document: Document) -> str:
    """Return what a document is called by its owner."""
    return unquote(document.key.rpartition("/")[2])


def kept(world: Surroundings, *parts: str) -> Document | None:
    """Return a document, or None where there is none."""
    return world.state.documents.get(key_of(*parts))


def kept_below(world: Surroundings, *parts: str) -> Iterator[Document]:
    """Yield the documents whose keys begin with these parts and have one more, oldest first."""
    start = key_of(*parts) + "/"
    for document in world.state.documents:
        if document.key.startswith(start) and "/" not in document.key[len(start) :]:
            yield document


def keep(call: Call, value: Plain, *parts: str) -> Document:
    """Keep a document in the caller's name, in place of the one that there may be."""
    world, key, by = call.world, key_of(*parts), call.user.username
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    before = world.state.documents.get(key)
    if before is None:
        document = Document(key, text, world.now, by, world.now, by)
    else:
        document = evolve(before, text=text, updated=world.now, updated_by=by)
    world.state.documents.put(document)
    return document


def remove(world: Surroundings, document: Document) -> None:
    """Keep a document no longer."""
    world.state.documents.remove(document.key)


def dates(document: Document | None) -> dict[str, Plain]:
    """Return when and by whom a document was made and changed, as the API says it."""
    return {
        "created_at": moment(document.created) if document else None,
        "updated_at": moment(document.updated) if document else None,
        "created_by": document.created_by if document else None,
        "updated_by": document.updated_by if document else None,
    }
