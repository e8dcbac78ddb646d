"""Clients of every bad kind against a simulated cloud in a process of its own: others go on being served."""

from __future__ import annotations

import asyncio
import gzip
import json
import signal
import socket
import struct
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path

import pytest
from attrs import define, field
from tests.entrypoints.serving import Served

from particle_cli.adapters.clock import LoopClock
from particle_cli.adapters.http import AiohttpClient
from particle_cli.domain.cloud.events import EventReader
from particle_cli.ports.clock import TimeIsUp
from particle_cli.ports.http import HttpRequest
from particle_cli.simulators.cloud.state import FIRST_TOKEN

pytestmark = [
    pytest.mark.real_time,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to end a program by"),
]

CLOCK = LoopClock()
AUTHORIZED = ("Authorization", f"Bearer {FIRST_TOKEN}")
LONGEST_WAIT_S = 2.0
MIB = 1 << 20


@pytest.fixture
def server(home: Path) -> Iterator[Served]:
    with ExitStack() as stack:
        server = Served()
        stack.enter_context(server.process)
        stack.callback(server.process.kill)
        yield server
        assert server.end(signal.SIGTERM) == (0, "", ""), "nothing that a client does is worth a word"


@define
class Regular:
    """Somebody who works with the cloud meanwhile: publishes, and follows what is published."""

    address: str
    published: int = 0
    received: list[str] = field(factory=list)
    longest_s: float = 0.0

    async def work(self) -> None:
        http = AiohttpClient()
        try:
            async with http.stream(self._request("GET", "/v1/devices/events/regular")) as stream:
                following = asyncio.ensure_future(self._follow(stream.chunks()))
                try:
                    await self._publish(http)
                finally:
                    following.cancel()
                    await asyncio.gather(following, return_exceptions=True)
        finally:
            await http.close()

    async def _publish(self, http: AiohttpClient) -> None:
        while True:
            before = asyncio.get_running_loop().time()
            body = json.dumps({"name": "regular", "data": str(self.published)}).encode()
            answer = await http.exchange(self._request("POST", "/v1/devices/events", body))
            assert answer.status == 200
            self.published += 1
            assert (await http.exchange(self._request("GET", "/v1/user"))).status == 200
            self.longest_s = max(self.longest_s, asyncio.get_running_loop().time() - before)
            await CLOCK.sleep(0.01)

    async def _follow(self, pieces: AsyncIterator[bytes]) -> None:
        reader = EventReader()
        async for piece in pieces:
            self.received += [event.data or "" for event in reader.feed(piece)]

    def _request(self, method: str, path: str, body: bytes | None = None) -> HttpRequest:
        kind = (("Content-Type", "application/json"),) if body else ()
        return HttpRequest(method, self.address + path, (AUTHORIZED, *kind), body, timeout_ms=10_000)


@asynccontextmanager
async def regular(server: Served) -> AsyncIterator[Regular]:
    """Have somebody work with the cloud while the body runs; he must not notice a thing."""
    one = Regular(server.address)
    work = asyncio.ensure_future(one.work())
    try:
        await CLOCK.sleep(0.2)
        yield one
        before = one.published
        async with CLOCK.timeout(10):
            while one.published < before + 5 or len(one.received) < one.published - 1:
                assert not work.done(), work
                await CLOCK.sleep(0.02)
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
    assert one.received == [str(number) for number in range(len(one.received))]
    assert one.longest_s < LONGEST_WAIT_S


def port_of(server: Served) -> int:
    return int(server.address.rpartition(":")[2])


async def said(server: Served, sent: bytes, *, half: bool = False, patience_s: float = 4.0) -> bytes:
    """Send bytes as they are; return what comes until the other side hangs up, or has said all it will."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(server))
    answer = b""
    try:
        with suppress(ConnectionError, TimeIsUp):
            writer.write(sent)
            await writer.drain()
            if half:
                writer.write_eof()
            async with CLOCK.timeout(patience_s):
                while piece := await reader.read(1 << 16):
                    answer += piece
    finally:
        writer.transport.abort()
    return answer


def request(
    method: str = "POST",
    path: str = "/v1/devices/events",
    body: bytes = b"",
    kind: str = "application/json",
    *more: str,
) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: x",
        f"Authorization: Bearer {FIRST_TOKEN}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *more,
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


DEEP = b'{"name":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
FORM = "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.ino"\r\n\r\nx\r\n'

NOT_WELL_MEANT = {
    "no JSON": request(body=b"{name: 1"),
    "half of JSON": request(body=b'{"name": "x'),
    "JSON that is no object": request(body=b"[1,2,3]"),
    "deep JSON": request(body=DEEP),
    "a huge number": request(body=b'{"name": ' + b"9" * 100_000 + b"}"),
    "not UTF-8": request(body=b'{"name": "\xff\xfe"}'),
    "NUL in JSON": request(body=b'{"name": "a\\u0000b"}'),
    "a lone surrogate": request(body=b'{"name": "\\ud800"}'),
    "an object for a name": request(body=b'{"name": {"a": 1}}'),
    "XML": request(body=b"<name>x</name>", kind="application/xml"),
    "no content type": request(body=b"name=", kind=""),
    "nonsense for a content type": request(body=b"x", kind="\xff/\xfe; charset=\x01"),
    "an unknown character set": request(body=b'{"name":"x\xe9"}', kind="application/json; charset=ebcdic-9"),
    "a form without boundary": request(body=b"x", kind="multipart/form-data"),
    "a form that is none": request(body=b"x" * 1000, kind=FORM),
    "a form without end": request(body=PART, kind=FORM),
    "a form of too many parts": request(body=PART * 20_000 + b"--b--\r\n", kind=FORM),
    "a form in a form": request(
        body=b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c--\r\n--b--\r\n", kind=FORM
    ),
    "a body that is too large": request(body=b"x" * (13 * MIB)),
    "a bomb": request("POST", "/v1/devices/events", gzip.compress(bytes(64 * MIB)), "application/json",
                      "Content-Encoding: gzip"),
    "a body that is not zipped": request("POST", "/v1/devices/events", b"abc", "application/json",
                                         "Content-Encoding: gzip"),
    "10 MB of headers": request("GET", "/v1/user", b"", "x", "X-Long: " + "a" * (10 * MIB)),
    "a million headers": request("GET", "/v1/user", b"", "x", *["X: y"] * 1_000_000),
    "a long address": request("GET", "/v1/" + "a" * (2 * MIB)),
    "a long token": request("GET", "/v1/user?access_token=" + "a" * 7000),
    "a path upwards": request("GET", "/v1/../../etc/passwd"),
    "an encoded path upwards": request("GET", "/v1/devices/%2e%2e%2f%2e%2e%2fetc"),
    "an encoding that is none": request("GET", "/v1/devices/%zz%"),
    "NUL in the path": request("GET", "/v1/devices/%00"),
    "not UTF-8 in the path": request("GET", "/v1/devices/%ff%fe"),
    "an empty path": request("GET", "*"),
    "an unknown method": request("BREW", "/v1/user"),
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "two lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "length and chunks": b"POST /v1/user HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/user HTTP/1.1\r\nHost: x\r\n\r\n",
    "chunks that are none": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "an upgrade": request("GET", "/v1/user", b"", "x", "Upgrade: websocket", "Connection: upgrade"),
    "expectations": request("POST", "/v1/devices/events", b"{}", "application/json", "Expect: the-moon"),
}  # fmt: skip


async def test_nobody_notices_those_who_do_not_mean_well(server: Served) -> None:
    async with regular(server):
        for name, sent in NOT_WELL_MEANT.items():
            answer = await said(server, sent)
            first = answer.partition(b"\r\n")[0]
            assert not answer or first.startswith(b"HTTP/1."), (name, first)
            assert not answer or b" 4" in first[8:11] or name in HARMLESS, (name, answer[:300])


HARMLESS = {"a lone surrogate", "a long token", "an unknown character set", "an upgrade"}


async def test_nobody_waits_for_those_who_take_for_ever(server: Served) -> None:
    port = port_of(server)
    slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(200)]
    try:
        async with regular(server):
            for number, (_, writer) in enumerate(slow):
                writer.write(request(body=b"{}")[: 10 + number % 100])
            for _ in range(5):
                await CLOCK.sleep(0.1)
                for _, writer in slow:
                    with suppress(ConnectionError):
                        writer.write(b"X")
    finally:
        for _, writer in slow:
            writer.transport.abort()


async def test_nobody_waits_for_those_who_leave(server: Served) -> None:
    host = ("127.0.0.1", port_of(server))
    stream = request("GET", "/v1/devices/events")
    async with regular(server):
        for number in range(100):
            with socket.create_connection(host) as leaving:
                leaving.sendall(request("GET", "/v1/devices") if number % 2 else stream)
                if number % 3 == 0:  # not with a farewell, but with a reset
                    leaving.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        half = await said(server, request("GET", "/v1/user"), half=True)
        assert not half or b" 200 " in half.partition(b"\r\n")[0]
        half = await said(
            server, b"POST /v1/user HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx", half=True
        )
        assert not half or b" 400 " in half.partition(b"\r\n")[0]


async def test_a_reader_that_does_not_read_holds_up_nobody(server: Served) -> None:
    lazy = [await asyncio.open_connection("127.0.0.1", port_of(server), limit=1) for _ in range(5)]
    for _, writer in lazy:
        writer.write(request("GET", "/v1/devices/events"))
    http = AiohttpClient()
    try:
        async with regular(server):
            body = json.dumps({"name": "lazy", "data": "x" * 16_000}).encode()
            kind = ("Content-Type", "application/json")
            url = f"{server.address}/v1/devices/events"
            for _ in range(300):
                answer = await http.exchange(HttpRequest("POST", url, (AUTHORIZED, kind), body))
                assert answer.status == 200
    finally:
        await http.close()
        for _, writer in lazy:
            writer.transport.abort()
