"""The HTTP server against clients of every kind: it refuses what is none of its business, and goes on."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import pytest

from particle_cli.adapters.clock import LoopClock
from particle_cli.adapters.http import AiohttpClient
from particle_cli.adapters.http_server import MOST_BODY, ServerNotStarted, serve
from particle_cli.ports.http import HttpRequest, HttpResponse, Part

pytestmark = pytest.mark.real_time
CLOCK = LoopClock()


class Pushed:
    """An answer that counts until nobody listens."""

    status = 200
    headers = (("content-type", "text/event-stream"),)

    def __init__(self) -> None:
        self.closed = asyncio.Event()
        self.frames = self._count()

    async def _count(self) -> AsyncGenerator[bytes, None]:
        for number in range(1000):
            yield f"data: {number}\n\n".encode()
            await CLOCK.sleep(0.005)

    async def close(self) -> None:
        await self.frames.aclose()
        self.closed.set()


async def silence() -> AsyncGenerator[bytes, None]:
    yield b":ok\n\n"
    await CLOCK.sleep(60)


class Served:
    """A server that tells what it was asked, and keeps it."""

    def __init__(self) -> None:
        self.requests: list[HttpRequest] = []
        self.pushed = Pushed()
        self.address = ""

    async def handle(self, request: HttpRequest, peer: str) -> HttpResponse | Pushed:
        self.requests.append(request)
        assert peer == "127.0.0.1"
        if request.url.endswith("/events"):
            return self.pushed
        return HttpResponse(200, (("x-one", "1"), ("x-one", "2")), request.method.encode())

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    async def still_serves(self) -> bool:
        client = AiohttpClient()
        try:
            answer = await client.exchange(HttpRequest("GET", f"{self.address}/alive", timeout_ms=5000))
        finally:
            await client.close()
        return answer.body == b"GET"


@asynccontextmanager
async def talking(served: Served) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    served = Served()
    async with serve(served.handle, host="127.0.0.1", port=0, head_s=0.3, body_s=0.5) as served.address:
        yield served


@pytest.fixture
async def client() -> AsyncIterator[AiohttpClient]:
    client = AiohttpClient()
    yield client
    await client.close()


async def test_a_request_comes_whole_and_its_answer_goes_back(served: Served, client: AiohttpClient) -> None:
    url = f"{served.address}/a%2Fb/%20c?x=1%202"
    answer = await client.exchange(HttpRequest("PUT", url, (("x-tool", "t"),), b"body"))
    assert (answer.status, answer.body) == (200, b"PUT")
    assert [value for name, value in answer.headers if name == "x-one"] == ["1", "2"]
    (request,) = served.requests
    assert request.url == url
    assert request.body == b"body"
    assert ("x-tool", "t") in request.headers


async def test_forms_come_in_parts(served: Served, client: AiohttpClient) -> None:
    parts = (
        Part("file", b"\x00\xff", "src/a b.ino", "text/x-c"),
        Part("file2", b"", "x.bin", "application/zip"),
        Part("platform_id", b"13"),
    )
    await client.exchange(HttpRequest("POST", f"{served.address}/form", body=parts))
    assert served.requests[0].body == parts


async def test_an_answer_is_pushed_until_its_reader_leaves(served: Served, client: AiohttpClient) -> None:
    async with client.stream(HttpRequest("GET", f"{served.address}/events")) as stream:
        received = b""
        async for piece in stream.chunks():
            received += piece
            if b"data: 5\n\n" in received:
                break
    async with CLOCK.timeout(2):
        await served.pushed.closed.wait()
    assert await served.still_serves()


async def test_who_leaves_a_silent_stream_is_missed_at_once(served: Served) -> None:
    served.pushed.frames = silence()
    async with talking(served) as (reader, writer):
        writer.write(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b":ok")
    async with CLOCK.timeout(1):
        await served.pushed.closed.wait()
    assert await served.still_serves()


async def test_a_stream_does_not_keep_the_server_from_its_end(client: AiohttpClient) -> None:
    served = Served()
    served.pushed.frames = silence()
    async with serve(served.handle, host="127.0.0.1", port=0) as address:
        stream = client.stream(HttpRequest("GET", f"{address}/events"))
        await anext((await stream.__aenter__()).chunks())
        before = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - before < 0.5
    assert served.pushed.closed.is_set()
    await stream.__aexit__(None, None, None)


async def test_a_body_beyond_all_measure_is_refused(served: Served, client: AiohttpClient) -> None:
    answer = await client.exchange(HttpRequest("POST", served.address, body=b"x" * (MOST_BODY + 1)))
    assert answer.status == 413
    bomb = gzip.compress(b"\0" * (MOST_BODY * 4))
    request = HttpRequest("POST", served.address, (("content-encoding", "gzip"),), bomb)
    assert (await client.exchange(request)).status in (400, 413)
    assert not served.requests
    assert await served.still_serves()


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 10_000_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 10_000_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 1_000_000 + b"\r\n",
        b"garbage\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data\r\nContent-Length: 2\r\n\r\nxx",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        b"Content-Length: 9\r\n\r\n--b\r\nxxxx",
    ],
)
async def test_garbage_is_refused_or_hung_up_on(served: Served, sent: bytes) -> None:
    async with talking(served) as (reader, writer):
        try:
            writer.write(sent)
            await writer.drain()
            async with CLOCK.timeout(3):
                answer = await reader.read()
        except ConnectionError:
            answer = b""
        assert not answer or b" 400 " in answer.split(b"\r\n")[0]
    assert not served.requests
    assert await served.still_serves()


async def test_who_takes_for_ever_is_hung_up_on(served: Served) -> None:
    async with talking(served) as (_, writer):
        writer.write(b"GET / HTTP/1.1\r\n")
        async with CLOCK.timeout(2):
            while not writer.is_closing():
                writer.write(b"X: y\r\n")
                await CLOCK.sleep(0.05)
    async with talking(served) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
        async with CLOCK.timeout(2):
            assert b" 400 " in await reader.read()
    assert not served.requests
    assert await served.still_serves()


async def test_a_half_closed_connection_gets_its_answer(served: Served) -> None:
    async with talking(served) as (reader, writer):
        writer.write(b"GET /half HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        writer.write_eof()
        async with CLOCK.timeout(2):
            answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 200") or answer == b""
    assert await served.still_serves()


async def test_a_connection_is_used_again_however_slowly(served: Served) -> None:
    async with talking(served) as (reader, writer):
        for _ in range(2):
            writer.write(b"GET /again HTTP/1.1\r\nHost: x\r\n\r\n")
            async with CLOCK.timeout(2):
                assert b" 200 " in await reader.readuntil(b"GET")
            await CLOCK.sleep(0.5)
    assert len(served.requests) == 2


async def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        served = Served()
        with pytest.raises(ServerNotStarted, match=str(port)):
            async with serve(served.handle, host="127.0.0.1", port=port):
                pass
