"""Events in the simulated cloud: who may publish what, and who is told."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack

import pytest
from tests.simulators.cloud.asking import Asker
from tests.simulators.cloud.far_end import FarEnd

from particle_cli.adapters.clock import LoopClock
from particle_cli.ports.http import HttpRequest, HttpStream, HttpTimeout
from particle_cli.simulators.cloud.broker import MOST_WAITING
from particle_cli.simulators.cloud.cloud import ORIGIN
from particle_cli.simulators.cloud.state import FIRST_TOKEN

CLOCK = LoopClock()


class Listener:
    """Somebody who reads a stream, piece by piece."""

    def __init__(self, stream: HttpStream) -> None:
        self.stream = stream
        self.pieces: list[bytes] = []
        self.ended = False
        self._task = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        async for piece in self.stream.chunks():
            self.pieces.append(piece)
        self.ended = True

    @property
    def events(self) -> list[tuple[str, str | None]]:
        told = [piece for piece in self.pieces if piece.startswith(b"event: ")]
        return [(piece.split(b"\n")[0][7:].decode(), self.document(piece)["data"]) for piece in told]

    @staticmethod
    def document(piece: bytes) -> dict[str, str | None]:
        document: dict[str, str | None] = json.loads(piece.split(b"\n")[1][6:])
        return document

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def listen(asker: Asker, stack: AsyncExitStack, path: str, token: str | None = FIRST_TOKEN) -> Listener:
    headers = (("Authorization", f"Bearer {token}"),)
    stream = await stack.enter_async_context(asker.cloud.stream(HttpRequest("GET", ORIGIN + path, headers)))
    listener = Listener(stream)
    stack.push_async_callback(listener.stop)
    await CLOCK.sleep(0.1)
    return listener


async def publish(asker: Asker, name: str, data: str | None = None, **fields: object) -> None:
    document = {"name": name, "private": True, **({"data": data} if data is not None else {}), **fields}
    assert await asker.ask("POST", "/v1/devices/events", document) == (200, {"ok": True})


async def test_an_event_reaches_the_streams_of_its_owner_word_for_word(asker: Asker) -> None:
    async with AsyncExitStack() as stack:
        listener = await listen(asker, stack, "/v1/devices/events/a%2Fb?nonce=1.5")
        assert listener.pieces == [b":ok\n\n"]
        assert listener.stream.status == 200
        assert ("content-type", "text/event-stream") in listener.stream.headers
        await publish(asker, "a/b", "hello")
        await publish(asker, "A/b", "another")
        await publish(asker, "a/bc")
        await CLOCK.sleep(1)
        assert listener.pieces[1].startswith(
            b'event: a/b\ndata: {"data":"hello","ttl":60,"published_at":"2024'
        )
        assert listener.pieces[1].endswith(b'Z","coreid":"api"}\n\n')
        assert listener.events == [("a/b", "hello"), ("a/bc", None)]


async def test_silence_is_filled_with_blank_lines(asker: Asker) -> None:
    async with AsyncExitStack() as stack:
        listener = await listen(asker, stack, "/v1/devices/events/")
        await CLOCK.sleep(28)
        assert listener.pieces == [b":ok\n\n", b"\n", b"\n", b"\n"]


async def test_only_public_events_leave_the_account(asker: Asker) -> None:
    _, login = await asker.log_in(username="mfa@example.com")
    _, login = await asker.log_in(
        grant_type="urn:custom:mfa-otp", mfa_token=str(login["mfa_token"]), otp="123456"
    )
    async with AsyncExitStack() as stack:
        stranger = await listen(asker, stack, "/v1/events/t", str(login["access_token"]))
        mine = await listen(asker, stack, "/v1/events/t")
        await publish(asker, "t", "secret")
        await publish(asker, "t", "open", private=False)
        await CLOCK.sleep(1)
        assert stranger.events == [("t", "open")]
        assert mine.events == [("t", "secret"), ("t", "open")]


async def test_devices_tell_when_they_come_and_go(asker: Asker) -> None:
    device, other = FarEnd(1), FarEnd(2)
    asker.cloud.adopt(device, name="red")
    asker.cloud.adopt(other, name="green")
    async with AsyncExitStack() as stack:
        listener = await listen(asker, stack, "/v1/devices/red/events/spark")
        device.go(online=False)
        other.go(online=False)
        device.go(online=True)
        await CLOCK.sleep(1)
        assert listener.events == [("spark/status", "offline"), ("spark/status", "online")]
        assert listener.document(listener.pieces[1])["coreid"] == device.id


async def test_a_stream_ends_with_its_token(asker: Asker) -> None:
    async with AsyncExitStack() as stack:
        listener = await listen(asker, stack, "/v1/devices/events")
        await asker.ask("DELETE", f"/v1/access_tokens/{FIRST_TOKEN}")
        await CLOCK.sleep(10)
        assert listener.ended


async def test_a_stream_that_nobody_reads_takes_no_more_than_its_share(asker: Asker) -> None:
    headers = (("Authorization", f"Bearer {FIRST_TOKEN}"),)
    request = HttpRequest("GET", ORIGIN + "/v1/devices/events", headers)
    async with asker.cloud.stream(request) as stream:
        pieces = stream.chunks()
        assert await anext(pieces) == b":ok\n\n"
        for number in range(MOST_WAITING + 5):
            await publish(asker, "n", str(number))
        read = [piece async for piece in pieces]
        assert len(read) == MOST_WAITING
        assert Listener.document(read[-1])["data"] == str(MOST_WAITING - 1)


async def test_a_stream_is_not_for_an_exchange(asker: Asker) -> None:
    with pytest.raises(HttpTimeout):
        await asker.send("GET", "/v1/devices/events")


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({}, "1 to 64"),
        ({"name": "x" * 65}, "1 to 64"),
        ({"name": "ü"}, "ASCII"),
        ({"name": "a\nb"}, "ASCII"),
        ({"name": "spark/status"}, "reserved"),
        ({"name": "Particle"}, "reserved"),
        ({"name": "t", "data": "x" * 16_385}, "16384"),
    ],
)
async def test_what_may_not_be_published_is_refused(
    asker: Asker, document: dict[str, object], words: str
) -> None:
    status, answer = await asker.ask("POST", "/v1/devices/events", document)
    assert (status, isinstance(answer, dict) and words in answer["error"]) == (400, True)


async def test_all_public_events_at_once_are_not_to_be_had(asker: Asker) -> None:
    refusal = (400, {"ok": False, "error": "event prefix filter is required"})
    assert await asker.ask("GET", "/v1/events") == refusal
