"""Libraries over REST."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from attrs import evolve

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.library_archives import ArchiveRefused
from particle_cli.simulators.cloud.library_checks import library_of
from particle_cli.simulators.cloud.library_rows import LATEST, PRIVATE, PUBLIC, Library
from particle_cli.simulators.cloud.library_seeds import seeded
from particle_cli.simulators.cloud.library_shelf import all_versions, versions_of
from particle_cli.simulators.cloud.replies import Plain, Refusal, reply, reply_bytes, reply_nothing

DELETE_TOKEN: Final = "delete-my-library"
"""What `force` has to be to delete a library; Particle hands such tokens out on request."""

_PAGE, _MOST_ON_A_PAGE = 10, 100
_SCOPES: Final[Mapping[str, Callable[[Library, str], bool]]] = {
    "all": lambda _, __: True,
    "official": lambda one, _: one.official,
    "featured": lambda one, _: one.official,
    "verified": lambda one, _: one.verified,
    "public": lambda one, _: one.visibility == PUBLIC,
    "private": lambda one, _: one.visibility == PRIVATE,
    "mine": lambda one, reader: one.owner_id == reader,
}
_ORDERS: Final[Mapping[str, Callable[[Library], Any]]] = {
    "name": lambda one: one.name.lower(),
    "installs": lambda one: one.installs,
    "popularity": lambda one: -one.installs,
    "official": lambda one: not one.official,
    "verified": lambda one: not one.verified,
    "created": lambda one: one.created,
    "updated": lambda one: one.published or one.created,
    "date": lambda one: one.published or one.created,
    "published": lambda one: one.published or 0,
}
"""What libraries are sorted by, the first being the one that comes first without `-`. By popularity the most
installed come first, official and verified ones before others."""


async def list_all(call: Call) -> HttpResponse:
    """List the last version of each library that passes what is asked for, by pages."""
    latest: dict[str, Library] = {}
    for one in _in_scope(call, all_versions(call.world.state, reader=call.user.id)):
        latest[one.name.lower()] = one
    wanted = call.query.get("filter", "").lower()
    category, architectures = call.query.get("category"), _words(call, "architectures")
    found = [
        one
        for one in latest.values()
        if wanted in one.name.lower()
        and (not category or dict(one.details).get("category", "").lower() == category.lower())
        and (not architectures or _runs_on(one, architectures))
    ]
    for word in reversed(_words(call, "sort") or ["name"]):
        order = _ORDERS.get(word.removeprefix("-"))
        if order is None:
            raise _refused(400, f"Libraries can't be sorted by {word}")
        found.sort(key=order, reverse=word.startswith("-"))
    return _page(call, found)


async def show(call: Call) -> HttpResponse:
    """Show one library: the last version, or the one that is asked for."""
    name, version = call.places["library"], call.query.get("version") or LATEST
    versions = _in_scope(call, versions_of(call.world.state, name, reader=call.user.id))
    if version == LATEST:
        found = versions[-1] if versions else None
    else:
        found = next((one for one in versions if one.version == version), None)
    if found is None:
        raise _missing(name if version == LATEST else f"{name}@{version}")
    return reply({"data": _resource(call, found)})


async def list_versions(call: Call) -> HttpResponse:
    """List the versions of one library, by pages."""
    name = call.places["library"]
    versions = _in_scope(call, versions_of(call.world.state, name, reader=call.user.id))
    if not versions:
        raise _missing(name)
    return _page(call, versions)


async def download(call: Call) -> HttpResponse:
    """Return the archive of a version, to whoever knows its address."""
    key = call.places["key"]
    found = call.world.state.libraries.get(key) or next((one for one in seeded() if one.key == key), None)
    if found is None:
        raise _missing(call.places["filename"])
    return reply_bytes(found.archive, "application/x-gzip", f"{found.name}-{found.version}.tar.gz")


async def upload(call: Call) -> HttpResponse:
    """Take a version of a library, to be its owner's own until it is published."""
    if not call.files:
        raise _refused(400, "The archive is missing")
    state = call.world.state
    try:
        new = library_of(
            call.files[0].content,
            key=state.fresh("library"),
            owner_id=call.user.id,
            created=call.world.now,
        )
    except ArchiveRefused as reason:
        raise _refused(400, str(reason)) from reason
    there = _every_version(call, new.name)
    if any(one.owner_id != call.user.id for one in there):
        raise _refused(403, f"Library {new.name} belongs to someone else")
    for old in there:
        if old.number > new.number:
            last = max(there, key=lambda one: one.number).version
            text = f"This version is not valid. Version must be greater than or equal to {last}"
            raise _refused(400, text)
        if old.number == new.number:
            if old.visibility == PUBLIC:
                raise _refused(400, f"This version is not valid. Version {old.version} is published")
            state.libraries.remove(old.key)
    state.libraries.put(new)
    return reply({"data": _resource(call, new)}, 201)


async def publish(call: Call) -> HttpResponse:
    """Show the last private version of a library to everybody."""
    if call.text("visibility") != PUBLIC:
        raise _refused(400, f"visibility can only become {PUBLIC}")
    own = _own(call)
    private = [one for one in own if one.visibility == PRIVATE]
    if not private:
        raise _refused(400, f"Library {own[-1].name} has no private version to publish")
    row = evolve(private[-1], visibility=PUBLIC, published=call.world.now)
    call.world.state.libraries.put(row)
    return reply({"data": _resource(call, row)})


async def delete(call: Call) -> HttpResponse:
    """Forget a library altogether."""
    own = _own(call)
    if call.text("force") != DELETE_TOKEN:
        raise _refused(403, "The force token is not valid")
    for one in own:
        call.world.state.libraries.remove(one.key)
    return reply_nothing()


def _every_version(call: Call, name: str) -> list[Library]:
    """Return all versions that there are of a name, also those that the caller can't see."""
    wanted = name.lower()
    return [one for one in (*seeded(), *call.world.state.libraries) if one.name.lower() == wanted]


def _own(call: Call) -> Sequence[Library]:
    """Return all versions of a library of the caller's, in ascending order. Raises: Refusal."""
    name = call.places["library"]
    versions = versions_of(call.world.state, name, reader=call.user.id)
    if not versions:
        raise _missing(name)
    if any(one.owner_id != call.user.id for one in versions):
        raise _refused(403, f"Library {versions[-1].name} belongs to someone else")
    return versions


def _in_scope(call: Call, versions: Iterable[Library]) -> list[Library]:
    """Return those that the scopes of a query let through. Raises: Refusal."""
    scopes, excluded = _words(call, "scope") or ["all"], _words(call, "excludeScopes")
    for word in (*scopes, *excluded):
        if word not in _SCOPES:
            raise _refused(400, f"There is no scope {word}")
    reader = call.user.id
    return [
        one
        for one in versions
        if any(_SCOPES[word](one, reader) for word in scopes)
        and not any(_SCOPES[word](one, reader) for word in excluded)
    ]


def _runs_on(one: Library, architectures: Sequence[str]) -> bool:
    return not one.architectures or bool({"*", *architectures} & set(one.architectures))


def _page(call: Call, found: Sequence[Library]) -> HttpResponse:
    page, size = _number(call, "page", 1), min(_number(call, "limit", _PAGE), _MOST_ON_A_PAGE)
    return reply({"data": [_resource(call, one) for one in found[(page - 1) * size : page * size]]})


def _number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) > 0):
        raise _refused(400, f"{name} must be a positive number")
    return int(text)


def _words(call: Call, name: str) -> list[str]:
    return [word.strip() for word in call.query.get(name, "").split(",") if word.strip()]


def _resource(call: Call, one: Library) -> dict[str, Plain]:
    """Return a version as a resource of JSON:API."""
    details = dict(one.details)
    attributes: dict[str, Plain] = {
        "name": one.name,
        "version": one.version,
        "installs": one.installs,
        "license": details.pop("license", None),
        "author": one.author,
        "sentence": one.sentence,
        **{name: details.pop(name, None) for name in ("paragraph", "category", "url", "repository")},
        **details,
        "architectures": one.architectures,
        "dependencies": dict(one.dependencies) or None,
        "visibility": one.visibility,
        "official": one.official,
        "verified": one.verified,
        "mine": one.owner_id == call.user.id,
    }
    filename = f"{one.name}-{one.version}.tar.gz"
    return {
        "type": "libraries",
        "id": one.name,
        "links": {"download": f"{call.world.origin}/v1/library-archives/{one.key}/{filename}"},
        "attributes": attributes,
    }


def _refused(status: int, text: str) -> Refusal:
    """Refuse in the form that libraries have."""
    return Refusal(status, {"errors": [{"message": text}]})


def _missing(name: str) -> Refusal:
    return _refused(404, f"Library {name} not found")
