"""Following events: what breaks a stream, how it comes back, and what the reader is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from attrs import field, frozen
from tests.domain.cloud.scripted import BASE, NOON, TOKEN, ScriptedHttp, answered

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import (
    CloudAnswerUnreadable,
    CloudBusy,
    CloudFailed,
    CloudTokenInvalid,
    CloudUnreachable,
)
from particle_cli.domain.cloud.events import CloudEvent, publish
from particle_cli.domain.cloud.subscription import (
    EventSource,
    Persistence,
    StreamBack,
    StreamLost,
    follow,
)
from particle_cli.ports.http import HttpError, HttpNoRoute, HttpRequest, HttpStream

CLOCK = LoopClock(epoch=NOON)
Piece = bytes | float | Exception
"""Bytes, seconds of silence, or the end of the connection."""


def event(number: int) -> bytes:
    return b'event: t\ndata: {"data":"%d"}\n\n' % number


@frozen
class Played:
    """An answer played piece by piece."""

    pieces: Sequence[Piece]
    status: int = 200
    headers: tuple[tuple[str, str], ...] = field(default=())

    async def chunks(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            if isinstance(piece, bytes):
                yield piece
            else:
                await CLOCK.sleep(piece)


class PlayedHttp(ScriptedHttp):
    """Plays one answer after the other."""

    def __init__(self, *plays: Played | Exception) -> None:
        super().__init__()
        self.plays = list(plays)
        self.moments: list[float] = []

    @asynccontextmanager
    async def stream(self, request: HttpRequest) -> AsyncIterator[HttpStream]:
        self.requests.append(request)
        self.moments.append(CLOCK.monotonic())
        play = self.plays.pop(0)
        if isinstance(play, Exception):
            raise play
        yield play


async def followed(
    http: PlayedHttp, most: int, source: EventSource | None = None, jitter: float = 0.0
) -> list[CloudEvent | StreamLost | StreamBack]:
    client = CloudClient(http, CLOCK, api_url=BASE, token=TOKEN)
    told: list[CloudEvent | StreamLost | StreamBack] = []
    news = follow(client, CLOCK, source or EventSource(), persistence=Persistence(jitter=lambda: jitter))
    async for one in news:
        told.append(one)
        if len(told) == most:
            break
    await news.aclose()
    return told


def datas(told: Sequence[object]) -> list[str | None]:
    return [one.data for one in told if isinstance(one, CloudEvent)]


FOREVER = 10_000.0


async def test_events_come_as_they_are_published() -> None:
    http = PlayedHttp(Played([b":ok\n\n", event(1), 30.0, event(2) + event(3), FOREVER]))
    assert datas(await followed(http, 3)) == ["1", "2", "3"]
    headers = http.headers()
    assert http.asked == [f"GET {BASE}/v1/devices/events"]
    assert (headers["Accept"], headers["Authorization"]) == ("text/event-stream", f"Bearer {TOKEN}")
    assert "Last-Event-ID" not in headers


@pytest.mark.parametrize(
    ("source", "path"),
    [
        (EventSource("a/ü b"), "/v1/devices/events/a%2F%C3%BC%20b"),
        (EventSource(device="my device"), "/v1/devices/my%20device/events"),
        (EventSource("t", device="d"), "/v1/devices/d/events/t"),
        (EventSource(product="p"), "/v1/products/p/events"),
        (EventSource("t", device="d", product="p"), "/v1/products/p/devices/d/events/t"),
        (EventSource("t", everybody=True), "/v1/events/t"),
        (EventSource(organization="o"), "/v1/orgs/o/events"),
        (EventSource("t", organization="o"), "/v1/orgs/o/events/t"),
        (EventSource("t", product="p", organization="o"), "/v1/orgs/o/products/p/events/t"),
    ],
)
async def test_every_source_has_its_address(source: EventSource, path: str) -> None:
    http = PlayedHttp(Played([event(1), FOREVER]))
    await followed(http, 1, source)
    assert http.asked == [f"GET {BASE}{path}"]


async def test_a_stream_that_breaks_is_opened_again_and_the_gap_is_told() -> None:
    http = PlayedHttp(
        Played([event(1), b'event: t\ndata: {"half', HttpError("The connection broke.")]),
        HttpNoRoute("There is no network."),
        HttpNoRoute("There is no network."),
        Played([b":ok\n\n", event(2), FOREVER]),
    )
    told = await followed(http, 6)
    assert datas(told) == ["1", "2"]
    losses = [one for one in told if isinstance(one, StreamLost)]
    assert [loss.wait_s for loss in losses] == [2, 4, 8]
    assert "The connection broke." in losses[0].reason
    assert "There is no network." in losses[1].reason
    assert isinstance(told[4], StreamBack)
    assert told[4].gap_s == pytest.approx(14)


async def test_pauses_have_a_limit_and_start_anew_after_a_good_time() -> None:
    short = Played([b":ok\n\n"])
    http = PlayedHttp(*[short] * 7, Played([b"\n", 30.0, b"\n", 31.0, b"\n"]), Played([event(1), FOREVER]))
    told = await followed(http, 17)
    assert [one.wait_s for one in told if isinstance(one, StreamLost)] == [2, 4, 8, 16, 32, 60, 60, 2]


async def test_not_everybody_comes_back_at_once() -> None:
    http = PlayedHttp(Played([b"\n"]), Played([event(1), FOREVER]))
    told = await followed(http, 1, jitter=1.0)
    assert isinstance(told[0], StreamLost)
    assert told[0].wait_s == 1


async def test_silence_is_taken_for_the_end() -> None:
    http = PlayedHttp(Played([event(1), 59.0, b"\n", 61.0, event(9)]), Played([event(2), FOREVER]))
    told = await followed(http, 4)
    assert datas(told) == ["1", "2"]
    assert isinstance(told[1], StreamLost)
    assert told[1].reason == "nothing has come for 60 s"
    assert http.moments[1] - http.moments[0] == pytest.approx(59 + 60 + 2)


async def test_what_the_cloud_asks_to_wait_is_waited() -> None:
    busy = Played([b""], 429, (("retry-after", "77"),))
    http = PlayedHttp(Played([b"\n"]), busy, Played([event(1), FOREVER]))
    told = await followed(http, 2)
    assert isinstance(told[1], StreamLost)
    assert told[1].wait_s == 77


async def test_a_server_that_numbers_its_events_is_asked_to_go_on() -> None:
    http = PlayedHttp(Played([b"id: 7\n" + event(1)]), Played([b"\n"]), Played([event(2), FOREVER]))
    await followed(http, 6)
    assert [dict(request.headers).get("Last-Event-ID") for request in http.requests] == [None, "7", "7"]


REFUSED = b'{"error":"invalid_token","error_description":"The access token provided has expired."}'


@pytest.mark.parametrize(
    ("play", "error"),
    [
        (HttpNoRoute("There is no network."), CloudUnreachable),
        (Played([REFUSED], 401), CloudTokenInvalid),
        (Played([b"<html>"], 502), CloudFailed),
        (Played([b""], 429), CloudBusy),
        (Played([b"x" * (5 << 20)]), CloudAnswerUnreadable),
        (Played([b"x" * 10_000] * 10_000, 503), CloudFailed),
    ],
)
async def test_what_fails_at_once_is_no_stream(play: Played | Exception, error: type[Exception]) -> None:
    with pytest.raises(error):
        await followed(PlayedHttp(play), 1)


async def test_a_token_that_expires_ends_it() -> None:
    http = PlayedHttp(Played([event(1)]), Played([REFUSED], 401))
    with pytest.raises(CloudTokenInvalid):
        await followed(http, 9)


async def test_publishing_says_what_the_official_client_says() -> None:
    http = ScriptedHttp(answered({"ok": True}))
    client = CloudClient(http, CLOCK, api_url=BASE, token=TOKEN)
    await publish(client, "a/b", "hello")
    await publish(client, "a/b", private=False, product="12")
    assert http.asked == [f"POST {BASE}/v1/devices/events", f"POST {BASE}/v1/products/12/events"]
    assert [request.body for request in http.requests] == [
        b'{"name":"a/b","data":"hello","private":true}',
        b'{"name":"a/b","private":false}',
    ]
