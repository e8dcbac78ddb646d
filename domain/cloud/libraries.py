"""Libraries that firmware is made with: found, downloaded, uploaded and published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from attrs import evolve, field, frozen

from particle_cli.domain.cloud.answer import Answer
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import CloudAnswerUnreadable, CloudNotFound
from particle_cli.domain.cloud.requests import CloudRequest, FilesBody, JsonBody, file_parts

LATEST: Final = "latest"
MOST_ARCHIVE: Final = 20 << 20
"""Bytes of an archive; larger ones are not believed to be libraries."""

_UPLOAD_MS: Final = 300_000
_ARCHIVE: Final = "archive.tar.gz"


@frozen
class Library:
    """A version of a library; None and empty where the cloud says nothing.

    Attributes:
        name: as its author writes it.
        version: `1.2.3`.
        sentence: what it does, in a line.
        paragraph: the same at length.
        installs: how often it has been added to projects.
        visibility: `public` or `private`.
        official: whether Particle made it.
        verified: whether Particle has looked at it.
        mine: whether it is the account's own.
        architectures: `particle-boron`, …; empty for all.
        dependencies: versions of other libraries that it needs, by name.
        download_url: where its archive is, a tar.gz.
    """

    name: str
    version: str
    author: str | None = None
    license: str | None = None
    sentence: str | None = None
    paragraph: str | None = None
    category: str | None = None
    url: str | None = None
    repository: str | None = None
    installs: int = 0
    visibility: str | None = None
    official: bool = False
    verified: bool = False
    mine: bool = False
    architectures: tuple[str, ...] = ()
    dependencies: Mapping[str, str] = field(factory=dict)
    download_url: str | None = None


@frozen
class Wish:
    """Which libraries are wanted, and in which order; None and empty for whatever the cloud takes instead.

    Attributes:
        name: a part of the name.
        page: from 1.
        limit: how many on a page, up to 100.
        sort: `name`, `installs`, `popularity`, `official`, …; with `-` in front the other way round.
        architectures: one of which it has to run on.
        scope: `all`, `official`, `verified`, `public`, `mine` or `private`.
        exclude_scopes: those that it must not be in.
    """

    name: str | None = None
    page: int | None = None
    limit: int | None = None
    sort: Sequence[str] = ()
    architectures: Sequence[str] = ()
    category: str | None = None
    scope: str | None = None
    exclude_scopes: Sequence[str] = ()

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The wish as the API puts it."""
        pairs = (
            ("page", self.page and str(self.page)),
            ("filter", self.name),
            ("limit", self.limit and str(self.limit)),
            ("sort", ",".join(self.sort)),
            ("architectures", ",".join(self.architectures)),
            ("category", self.category),
            ("scope", self.scope),
            ("excludeScopes", ",".join(self.exclude_scopes)),
        )
        return tuple((key, value) for key, value in pairs if value)


@frozen
class _Links:
    download: str | None = None


@frozen
class _Resource:
    attributes: Library
    links: _Links = _Links()


@frozen
class _One:
    data: _Resource


@frozen
class _Many:
    data: tuple[_Resource, ...] = ()


async def list_libraries(client: CloudClient, wish: Wish = Wish()) -> tuple[Library, ...]:
    """Return a page of libraries, the last version of each. Raises: CloudError."""
    answer = await client.send(CloudRequest("GET", ("v1", "libraries"), query=wish.query))
    return tuple(map(_library, answer.into(_Many).data))


async def get_library(client: CloudClient, name: str, version: str | None = None) -> Library:
    """Return a library.

    Args:
        client: the cloud.
        name: in whatever case.
        version: `1.2.3` or `latest`; None: the cloud's own choice.

    Raises: CloudNotFound, CloudError.
    """
    query = () if version is None else (("version", version),)
    return _one(await _send(client, CloudRequest("GET", ("v1", "libraries", name), query=query)))


async def get_versions(
    client: CloudClient, name: str, *, page: int | None = None, limit: int | None = None
) -> tuple[Library, ...]:
    """Return a page of the versions of a library, in ascending order. Raises: CloudNotFound, CloudError."""
    wish = Wish(page=page, limit=limit)
    path = ("v1", "libraries", name, "versions")
    answer = await _send(client, CloudRequest("GET", path, query=wish.query))
    return tuple(map(_library, answer.into(_Many).data))


async def download_library(client: CloudClient, library: Library) -> bytes:
    """Return the archive of a library, a tar.gz that is still to be distrusted.

    It is asked for in nobody's name, wherever it lies.

    Raises: CloudAnswerUnreadable, CloudError.
    """
    about = f"library {library.name} {library.version}"
    if not library.download_url:
        raise CloudAnswerUnreadable(
            f"The cloud does not say where {about} is.", next_step="Try another version of it."
        )
    content = await client.fetch(library.download_url, about=about)
    if len(content) > MOST_ARCHIVE:
        raise CloudAnswerUnreadable(
            f"What is offered as {about} has {len(content) >> 20} MB: that is no library.",
            next_step="Try another version of it.",
        )
    return content


async def upload_library(client: CloudClient, archive: bytes) -> Library:
    """Upload a version of a library of the account's, private until it is published.

    Args:
        client: the cloud.
        archive: tar.gz of its folder.

    Raises: CloudRefused, CloudError.
    """
    body = FilesBody(file_parts(((_ARCHIVE, archive),)))
    return _one(await client.send(CloudRequest("POST", ("v1", "libraries"), body, timeout_ms=_UPLOAD_MS)))


async def publish_library(client: CloudClient, name: str) -> Library:
    """Show the last private version of a library to everybody. Raises: CloudNotFound, CloudError."""
    body = JsonBody({"visibility": "public"})
    return _one(await _send(client, CloudRequest("PATCH", ("v1", "libraries", name), body)))


async def delete_library(client: CloudClient, name: str, *, force: str) -> None:
    """Delete a library with all its versions.

    Args:
        client: the cloud.
        name: of the library.
        force: a token that Particle gives out for it; a secret.

    Raises: CloudNotFound, CloudRefused, CloudError.
    """
    body = JsonBody({"force": force})
    await _send(client, CloudRequest("DELETE", ("v1", "libraries", name), body, secret=True))


async def _send(client: CloudClient, request: CloudRequest) -> Answer:
    try:
        return await client.send(request)
    except CloudNotFound as missing:
        missing.next_step = (
            "See whether its name and version are right; private ones are seen by their owner."
        )
        raise


def _one(answer: Answer) -> Library:
    return _library(answer.into(_One).data)


def _library(wire: _Resource) -> Library:
    return evolve(wire.attributes, download_url=wire.links.download)
