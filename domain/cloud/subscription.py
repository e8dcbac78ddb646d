"""Following the events of an account, a device or a product, for as long as somebody wants to hear of them.

Theory of operation. An event stream never ends by itself, but connections do. One that breaks, or falls
silent for longer than the cloud ever is, is opened again after a pause that grows with each failure. The
cloud numbers no events: what was published in the meantime is lost, and how long that was is told. Where a
server does number them, it is asked to go on after the last one.

The reader sets the pace: nothing is taken from the connection before the last events have been taken away,
so that a slow reader makes the cloud wait, not the memory grow.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Final

from attrs import frozen

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import CloudBusy, CloudFailed, CloudUnreachable
from particle_cli.domain.cloud.events import CloudEvent, EventReader
from particle_cli.domain.cloud.requests import CloudRequest
from particle_cli.ports.clock import Clock, TimeIsUp

_HEAD_TIMEOUT_MS: Final = 15_000


@frozen
class Persistence:
    """How a broken stream is opened again.

    Attributes:
        first_pause_s: pause before the first attempt; each further one is twice as long.
        longest_pause_s: but not longer than this.
        silence_s: a stream on which nothing at all has come for so long is dead.
        jitter: gives a number from 0 to 1, by which up to a half is taken from each pause, so that not all
            clients come back at the same moment.
    """

    first_pause_s: float = 2.0
    longest_pause_s: float = 60.0
    silence_s: float = 60.0
    jitter: Callable[[], float] = lambda: 0.0

    def pause_s(self, failures: int, asked_s: float | None) -> float:
        """Return the seconds to wait after so many failures in a row; what the cloud asks for is obeyed."""
        if asked_s is not None:
            return asked_s
        pause = min(self.first_pause_s * 2.0 ** min(failures - 1, 16), self.longest_pause_s)
        return pause * (1 - self.jitter() / 2)


@frozen
class StreamLost:
    """The stream has broken off.

    Attributes:
        reason: why, as far as it is known.
        wait_s: seconds after which it will be opened again.
    """

    reason: str
    wait_s: float


@frozen
class StreamBack:
    """The stream is there again.

    Attributes:
        gap_s: for how long no events could be received; those published then are lost, unless the server
            numbers its events.
    """

    gap_s: float


@frozen
class EventSource:
    """Whose events to follow.

    Attributes:
        prefix: how their names begin; "" for all.
        device: id or name of a device, or None for all.
        product: id or slug of a product, or None for the account.
        organization: id or slug of the organization that is meant, or that has the product; then no device.
        everybody: also what others publish to the public; with a prefix only.
    """

    prefix: str = ""
    device: str | None = None
    product: str | None = None
    everybody: bool = False
    organization: str | None = None

    def request(self, last_id: str = "") -> CloudRequest:
        """Return the request that opens the stream, to go on after the event of that id if one is given."""
        if self.everybody:
            path: tuple[str, ...] = ("v1", "events")
        else:
            owner = () if self.organization is None else ("orgs", self.organization)
            product = () if self.product is None else ("products", self.product)
            device = () if self.device is None else (self.device,)
            mine = ("devices",) if device or not (owner or product) else ()
            path = ("v1", *owner, *product, *mine, *device, "events")
        about = f"device {self.device}" if self.device else None
        prefix = (self.prefix,) if self.prefix else ()
        return CloudRequest(
            "GET",
            (*path, *prefix),
            about=about,
            timeout_ms=_HEAD_TIMEOUT_MS,
            accept="text/event-stream",
            headers=(("Last-Event-ID", last_id),) if last_id else (),
        )


async def follow(
    client: CloudClient,
    clock: Clock,
    source: EventSource,
    *,
    persistence: Persistence = Persistence(),
    opened: Callable[[], None] = lambda: None,
    begin: Callable[[], Awaitable[None]] | None = None,
) -> AsyncGenerator[CloudEvent | StreamLost | StreamBack, None]:
    """Yield events as they come, and what happens to the stream; it ends only by an error.

    Args:
        client: the cloud.
        clock: the time that passes.
        source: whose events.
        persistence: how a broken stream is opened again.
        opened: called when the stream is open for the first time.
        begin: done then, before the first event is yielded: what the events to come are about.

    Raises: as `CloudClient.stream` when the first attempt fails, and as `begin`; later CloudRefused and its
        children, but for CloudBusy (a token that has expired will not do the next time either), and
        CloudAnswerUnreadable.
    """
    last_id, failures = "", 0
    lost_at: float | None = None
    while True:
        reader, asked_s = EventReader(), None
        opened_at = clock.monotonic()
        try:
            async with client.stream(source.request(last_id)) as pieces:
                if lost_at is None:
                    opened()
                    if begin is not None:
                        await begin()
                else:
                    yield StreamBack(clock.monotonic() - lost_at)
                async for piece in _until_silence(pieces, clock, persistence.silence_s):
                    for event in reader.feed(piece):
                        yield event
            reason = "the cloud ended it"
        except (CloudUnreachable, CloudFailed, CloudBusy) as fault:
            if lost_at is None and not reader.fed:
                raise
            reason = fault.message
            asked_s = fault.wait_s if isinstance(fault, CloudBusy) else None
        except TimeIsUp:
            reason = f"nothing has come for {persistence.silence_s:g} s"
        now = clock.monotonic()
        held = now - opened_at >= persistence.longest_pause_s
        failures = 1 if held else failures + 1
        lost_at = now if reader.fed or lost_at is None else lost_at
        last_id = reader.last_id or last_id
        wait_s = persistence.pause_s(failures, asked_s)
        yield StreamLost(reason, wait_s)
        await clock.sleep(wait_s)


async def _until_silence(pieces: AsyncIterator[bytes], clock: Clock, seconds: float) -> AsyncIterator[bytes]:
    """Yield the pieces. Raises: TimeIsUp when none comes for so long."""
    while True:
        async with clock.timeout(seconds):
            try:
                piece = await anext(pieces)
            except StopAsyncIteration:
                return
        yield piece
