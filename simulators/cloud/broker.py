"""Who is told of which event: publishing on one side, event streams and other listeners on the other."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from functools import cached_property
from typing import Final, TypeAlias

from particle_cli.simulators.cloud.replies import Plain, moment

MOST_WAITING: Final = 10_000
"""Events that may wait for a reader; one that is further behind loses its stream."""

OVER_REST: Final = "api"
CLOUD_ITSELF: Final = "particle-internal"

Channel: TypeAlias = tuple[str, str]
"""What a stream is of, as kind and key: ("user", id), ("device", id), ("product", number), ("product device",
number/id), ("organization", id), or `PUBLIC`."""

PUBLIC: Final[Channel] = ("public", "")


class Event:
    """Something published.

    Attributes:
        name: 1 to 64 characters of ASCII.
        data: text, or None for none.
        source: id of the device that published it, `api` or `particle-internal`.
        channels: which streams it belongs to.
        published: milliseconds since 1970.
        product_id: the device's product, told in product streams; or None.
        version: version of the device's firmware, likewise.
    """

    def __init__(
        self,
        name: str,
        data: str | None,
        published: int,
        source: str,
        channels: tuple[Channel, ...],
        *,
        ttl: int = 60,
        product_id: int | None = None,
        version: int | None = None,
    ) -> None:
        """Keep what is published.

        Args:
            name: see the class.
            data: see the class.
            published: see the class.
            source: see the class.
            channels: see the class.
            ttl: seconds that it is said to live.
            product_id: see the class.
            version: see the class.
        """
        self.name = name
        self.data = data
        self.source = source
        self.channels = channels
        self.published = published
        self._ttl = ttl
        self.product_id = product_id
        self.version = version

    @cached_property
    def frame(self) -> bytes:
        """The event as it is sent."""
        return self._frame({})

    @cached_property
    def product_frame(self) -> bytes:
        """The event as it is sent in the stream of a product."""
        told: dict[str, Plain] = {"version": self.version, "productID": self.product_id, "public": False}
        return self._frame({key: value for key, value in told.items() if value is not None})

    def _frame(self, more: dict[str, Plain]) -> bytes:
        document: dict[str, Plain] = {
            "data": self.data,
            "ttl": self._ttl,
            "published_at": moment(self.published),
            "coreid": self.source,
            **more,
        }
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        return f"event: {self.name}\ndata: {text}\n\n".encode(errors="replace")


class Subscription:
    """One stream's place in the queue.

    Attributes:
        prefix: how the names of its events begin.
        ended: no more will come.
    """

    def __init__(self, prefix: str, *, in_product: bool) -> None:
        """Wait for events."""
        self.prefix = prefix
        self.ended = False
        self._in_product = in_product
        self._waiting: deque[bytes] = deque()
        self._news = asyncio.Event()

    def offer(self, event: Event) -> None:
        """Queue an event; a reader that is too far behind gets no more."""
        if len(self._waiting) >= MOST_WAITING:
            self.end()
        if not self.ended:
            self._waiting.append(event.product_frame if self._in_product else event.frame)
            self._news.set()

    def end(self) -> None:
        """Let the reader come to an end, after what waits already."""
        self.ended = True
        self._news.set()

    def next_frame(self) -> bytes | None:
        """Return the event that has waited longest, or None."""
        return self._waiting.popleft() if self._waiting else None

    async def news(self) -> None:
        """Return when there is an event, or an end."""
        if not self._waiting and not self.ended:
            self._news.clear()
            await self._news.wait()


class Broker:
    """Passes events on to everybody whom they concern, in the order in which they are published."""

    def __init__(self) -> None:
        """Know of nobody who listens."""
        self._subscriptions: dict[Channel, dict[Subscription, None]] = {}
        self._listeners: list[Callable[[Event], None]] = []

    @property
    def open_streams(self) -> int:
        """How many streams there are."""
        return len({one for group in self._subscriptions.values() for one in group})

    def subscribe(self, prefix: str, *channels: Channel) -> Subscription:
        """Begin to queue the events of some channels whose names begin with the prefix."""
        subscription = Subscription(prefix, in_product=channels[0][0].startswith(("product", "organization")))
        for channel in channels:
            self._subscriptions.setdefault(channel, {})[subscription] = None
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """End a subscription; nothing happens when it has ended."""
        subscription.end()
        for channel, group in tuple(self._subscriptions.items()):
            group.pop(subscription, None)
            if not group:
                del self._subscriptions[channel]

    def listen(self, listener: Callable[[Event], None]) -> None:
        """Have a function called for every event, after the streams."""
        self._listeners.append(listener)

    def publish(self, event: Event) -> None:
        """Pass an event on, once to each stream, however many of its channels the stream follows."""
        told: dict[Subscription, None] = {}
        for channel in event.channels:
            told |= self._subscriptions.get(channel, {})
        for subscription in told:
            if event.name.startswith(subscription.prefix):
                subscription.offer(event)
        for listener in self._listeners:
            listener(event)
