"""Events of the device cloud: what an event stream carries, one JSON object each."""

from __future__ import annotations

import json
from collections.abc import Mapping

from attrs import field, frozen

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.event_stream import EventStreamDecoder, StreamEvent
from particle_cli.domain.cloud.reading import Json
from particle_cli.domain.cloud.requests import CloudRequest, JsonBody


@frozen
class CloudEvent:
    """One event.

    Attributes:
        name: its name, at most 64 characters.
        document: all that the cloud sent of it, in the order in which it came, the name included. Keys that
            this program knows nothing of are kept for those who do.
    """

    name: str
    document: Mapping[str, Json] = field(repr=False)

    @property
    def data(self) -> str | None:
        """What was published with it, if anything was."""
        return self._text("data")

    @property
    def source(self) -> str | None:
        """The id of the device that published it, `api` or `particle-internal`."""
        return self._text("coreid")

    @property
    def published_at(self) -> str | None:
        """When it was published: ISO 8601, UTC, with milliseconds."""
        return self._text("published_at")

    @property
    def line(self) -> str:
        """The event as one line of JSON."""
        return json.dumps(self.document, separators=(",", ":"), ensure_ascii=False)

    def _text(self, key: str) -> str | None:
        value = self.document.get(key)
        return value if isinstance(value, str) else None


class EventReader:
    """Turns the bytes of one stream into events.

    Attributes:
        passed_over: how many events were none of the cloud's: no JSON, or no object.
        fed: whether there has been anything at all.
    """

    def __init__(self) -> None:
        """Expect the beginning of a stream."""
        self._decoder = EventStreamDecoder()
        self.passed_over = 0
        self.fed = False

    @property
    def last_id(self) -> str:
        """The last event id that the stream has named, or ""."""
        return self._decoder.last_id

    def feed(self, piece: bytes) -> list[CloudEvent]:
        """Take the next bytes; return the events that they complete. Raises: CloudAnswerUnreadable."""
        self.fed = True
        events: list[CloudEvent] = []
        for one in self._decoder.feed(piece):
            document = _document(one)
            if document is None:
                self.passed_over += 1
            else:
                events.append(CloudEvent(one.kind, document))
        return events


async def publish(
    client: CloudClient,
    name: str,
    data: str | None = None,
    *,
    private: bool = True,
    product: str | None = None,
) -> None:
    """Publish an event in the account's name, or in that of a product.

    Args:
        client: the cloud.
        name: its name, 1 to 64 characters of ASCII, not beginning with `spark` or `particle`.
        data: what goes with it, at most 16384 bytes of UTF-8.
        private: whether only the account's own devices and streams are told.
        product: id or slug of a product, or None.

    Raises: as `CloudClient.send`.
    """
    path = ("v1", "devices", "events") if product is None else ("v1", "products", product, "events")
    document: dict[str, Json] = {"name": name}
    if data is not None:
        document["data"] = data
    document["private"] = private
    await client.send(CloudRequest("POST", path, JsonBody(document), about=f"event {name}"))


def _document(event: StreamEvent) -> Mapping[str, Json] | None:
    """Return the JSON object that an event holds, with the event's name in it, or None."""
    try:
        document: Json = json.loads(event.data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    document["name"] = event.kind
    return document
