"""`particle subscribe`: events as they are published, one line of JSON each."""

from __future__ import annotations

import random
from contextlib import nullcontext
from typing import TYPE_CHECKING

from particle_cli.domain.cloud.events import CloudEvent
from particle_cli.domain.cloud.subscription import (
    EventSource,
    Persistence,
    StreamBack,
    StreamLost,
    follow,
)
from particle_cli.entrypoints.cli.commands.cloud_session import check_product_device, cloud_session
from particle_cli.entrypoints.cli.result import Result, Streamed
from particle_cli.entrypoints.cli.stream import Stream
from particle_cli.ports.clock import TimeIsUp
from particle_cli.ports.errors import ParticleError, UsageError

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires
    from particle_cli.ports.person import Person

_MINE = "mine"


class NoEvent(ParticleError):
    """The time is up, and what was waited for has not been published."""

    code = "no_event"


class Printer:
    """Prints events, and tells when it has seen enough."""

    def __init__(self, stream: Stream, person: Person, *, until: str | None, most: int | None) -> None:
        """Print to the stream, until an event has just that data, or there were so many."""
        self._stream = stream
        self._person = person
        self._until = until
        self._most = most
        self._count = 0

    def take(self, event: CloudEvent) -> bool:
        """Print an event; return whether more are wanted."""
        read = self._stream.text(event.line + "\n") and self._stream.record(event.document)
        self._count += 1
        if self._until is not None and event.data == self._until:
            self._person.note("Matching event received. Exiting...")
            return False
        if self._count == self._most:
            self._person.note(f"{self._most} event(s) received. Exiting...")
            return False
        return read


async def run(given: Given, wires: Wires) -> Result:
    """Print events until enough have come, the time is up, or somebody ends it."""
    source, most, seconds = _source(given), _most(given), given.number("timeout")
    person = wires.person
    person.note(_heading(source))
    if (until := given.text("until")) is not None:
        person.note(f"This command will exit after receiving event data matching: '{until}'")
    if most is not None:
        person.note(f"This command will exit after receiving {most} event(s)...")
    printer = Printer(Stream(person, json=given.flag("json")), person, until=until, most=most)
    try:
        async with nullcontext() if seconds is None else wires.clock.timeout(seconds):
            await _print(wires, source, printer)
    except TimeIsUp as late:
        if until is None and most is None:
            return Streamed()
        raise NoEvent(
            f"What was waited for was not published within {seconds:g} s.",
            next_step="See whether the device is online with particle list, or allow a longer --timeout.",
        ) from late
    return Streamed()


async def _print(wires: Wires, source: EventSource, printer: Printer) -> None:
    """Print what comes, until the printer has seen enough."""
    async with cloud_session(wires) as client:
        news = follow(
            client,
            wires.clock,
            source,
            persistence=Persistence(jitter=random.random),
            opened=lambda: wires.person.note(""),
        )
        try:
            async for one in news:
                if isinstance(one, StreamLost):
                    wires.person.warn(
                        f"The event stream has broken off: {one.reason.rstrip('.')}. "
                        f"Opening it again in {one.wait_s:.0f} s."
                    )
                elif isinstance(one, StreamBack):
                    wires.person.warn(
                        f"The event stream is open again. Events of {one.gap_s:.0f} s may be missing."
                    )
                elif not printer.take(one):
                    return
        finally:
            await news.aclose()


def _source(given: Given) -> EventSource:
    """Return whose events are meant. Raises: UsageError."""
    words = (given.optional("event"), given.optional("device"))
    named = given.texts("device")
    event, device = (None if word == _MINE else word for word in words)
    if len(named) > 1:
        raise UsageError("Events of one device at a time.", next_step="Pass --device once, or not at all.")
    device = named[0] if named else device
    product, organization, everybody = given.text("product"), given.text("org"), given.flag("all")
    if everybody and event is None:
        raise UsageError(
            "`event` parameter is required when `--all` flag is set",
            next_step="Name the event: particle subscribe temp --all",
        )
    if device is not None:
        check_product_device(device, product)
        if organization is not None:
            raise UsageError(
                "An organization has no stream for one device.",
                next_step="Name the device's product: particle subscribe mine DEVICE --product PRODUCT",
            )
    return EventSource(event or "", device, product, everybody, organization)


def _most(given: Given) -> int | None:
    most = given.number("max")
    return None if most is None else abs(int(most)) or 1


def _heading(source: EventSource) -> str:
    what = f'"{source.prefix}"' if source.prefix else "all events"
    if source.everybody:
        whose = "the firehose (all devices) and my personal stream (my devices)"
    elif source.organization and not source.product:
        whose = f"organization {source.organization}'s stream"
    elif source.product and source.device:
        whose = f"product {source.product} device {source.device}'s stream"
    elif source.product:
        whose = f"product {source.product}'s stream"
    else:
        whose = f"device {source.device}'s stream" if source.device else "my devices"
    return f"Subscribing to {what} from {whose}"
