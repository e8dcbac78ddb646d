"""Publishing events over REST, and the event streams."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Final

from particle_cli.ports.clock import TimeIsUp
from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.account import token_lives
from particle_cli.simulators.cloud.broker import OVER_REST, PUBLIC, Channel, Event, Subscription
from particle_cli.simulators.cloud.call import Call, Surroundings
from particle_cli.simulators.cloud.device_events import product_channels
from particle_cli.simulators.cloud.replies import EventStream, refused, reply

KEEP_ALIVE_S: Final = 9.0
"""The official client gives a stream up after 15 s of silence."""
_HEAD_START_S: Final = 0.02  # a client loses events that come together with the head of the answer
_MOST_NAME: Final = 64
_MOST_DATA: Final = 16_384
_RESERVED: Final = ("spark", "particle")


async def publish(call: Call) -> HttpResponse:
    """Publish an event in the caller's name."""
    name = call.text("name")
    if not 0 < len(name) <= _MOST_NAME or not name.isascii() or not name.isprintable():
        raise refused(400, f"An event name has 1 to {_MOST_NAME} ASCII characters")
    if name.lower().startswith(_RESERVED):
        raise refused(400, f"Event names beginning with {' or '.join(_RESERVED)} are reserved")
    data = call.text("data") if call.fields.get("data") is not None else None
    if data is not None and len(data.encode(errors="replace")) > _MOST_DATA:
        raise refused(400, f"The data of an event has at most {_MOST_DATA} bytes")
    ttl = call.text("ttl")
    product = call.product() if "product" in call.places else None
    world = call.world
    channels = product_channels(world, product.id) if product else (("user", call.user.id),)
    if call.text("private") == "false":
        channels += (PUBLIC,)
    world.broker.publish(
        Event(
            name,
            data,
            world.now,
            OVER_REST,
            channels,
            ttl=int(ttl) if ttl.isdecimal() else 60,
            product_id=product.id if product else None,
        )
    )
    return reply({"ok": True})


async def stream_public(call: Call) -> EventStream:
    """Stream the caller's own events and everybody's public ones; a prefix has to be given."""
    if not call.places.get("prefix"):
        raise refused(400, "event prefix filter is required")
    return _stream(call, PUBLIC, ("user", call.user.id))


async def stream_own(call: Call) -> EventStream:
    """Stream the caller's events: those of his devices and those published in his name."""
    return _stream(call, ("user", call.user.id))


async def stream_device(call: Call) -> EventStream:
    """Stream the events of one device."""
    record = call.device()
    if record.product_id is not None and "product" in call.places:
        return _stream(call, ("product device", f"{record.product_id}/{record.id}"))
    return _stream(call, ("device", record.id))


async def stream_product(call: Call) -> EventStream:
    """Stream the events of a product's devices, and those published in its name."""
    return _stream(call, ("product", call.product().key))


async def stream_organization(call: Call) -> EventStream:
    """Stream the events of all products of an organization."""
    return _stream(call, ("organization", call.organization().id))


def _stream(call: Call, *channels: Channel) -> EventStream:
    broker = call.world.broker
    subscription = broker.subscribe(call.places.get("prefix", ""), *channels)
    return EventStream(
        _frames(call.world, subscription, call.token or ""), lambda: broker.unsubscribe(subscription)
    )


async def _frames(world: Surroundings, subscription: Subscription, token: str) -> AsyncGenerator[bytes, None]:
    """Yield what is sent: a greeting, each event by itself, and a blank line where nothing happens."""
    yield b":ok\n\n"
    await world.clock.sleep(_HEAD_START_S)
    while token_lives(world, token):
        frame = subscription.next_frame()
        if frame is not None:
            yield frame
        elif subscription.ended:
            return
        else:
            try:
                async with world.clock.timeout(KEEP_ALIVE_S):
                    await subscription.news()
            except TimeIsUp:
                yield b"\n"
