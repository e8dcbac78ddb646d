"""Servers and proxies that do what they must not: each ends in one error that says what to do next."""

from __future__ import annotations

import asyncio
import random
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.adapters.talking import Talk, says, served

from particle_cli.adapters.clock import LoopClock
from particle_cli.adapters.http import AiohttpClient, Proxies
from particle_cli.ports.http import (
    HttpBroken,
    HttpError,
    HttpNoRoute,
    HttpRequest,
    HttpResponse,
    HttpTimeout,
    HttpTlsError,
)

pytestmark = pytest.mark.real_time

SECRET = "hunter2"
LARGEST = 100_000
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.fixture
async def http() -> AsyncIterator[AiohttpClient]:
    client = AiohttpClient(largest_body=LARGEST)
    yield client
    await client.close()


def request(port: int, *, method: str = "GET", timeout_ms: int = 5000) -> HttpRequest:
    headers = (("Authorization", f"Bearer {SECRET}"),)
    url = f"http://127.0.0.1:{port}/v1/user?access_token={SECRET}"
    return HttpRequest(method, url, headers, timeout_ms=timeout_ms)


def check(error: HttpError) -> None:
    """Whatever went wrong, it is told in one line with what to do, and without a secret."""
    assert error.message
    assert "\n" not in error.message
    assert error.next_step
    assert SECRET not in f"{error!r} {error} {error.next_step}"


async def failure(http: AiohttpClient, talk: Talk, *, timeout_ms: int = 5000) -> HttpError:
    async with served(talk) as port:
        with pytest.raises(HttpError) as caught:
            await http.exchange(request(port, timeout_ms=timeout_ms))
    check(caught.value)
    return caught.value


def endless(piece: bytes, *, head: bytes = b"", pause_s: float = 0.0) -> Talk:
    """A server that goes on saying the same until nobody listens."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await LoopClock().sleep(pause_s)

    return talk


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\x00" * 50,
        b"\x15\x03\x01\x00\x02\x02\x28",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"220 mail.test ESMTP\r\n",
        b"<html><body>no header at all</body></html>",
        b"HTTP/1.1",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 99999 Far too much\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nxxxxx",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabcde\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X" * 1_000_000 + b": y\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000 + b"\r\n",
        b"HTTP/1.1 200 " + b"O" * 1_000_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX\x00: y\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
    ],
    ids=lambda said: repr(said[:44])[2:-1],
)
async def test_what_is_no_answer_is_a_connection_that_broke(http: AiohttpClient, said: bytes) -> None:
    error = await failure(http, says(said))
    assert isinstance(error, HttpBroken)
    assert "127.0.0.1 broke" in error.message


@pytest.mark.parametrize("cut", [1, 10, 40, -1])
async def test_a_body_that_is_cut_off_is_no_answer(http: AiohttpClient, cut: int) -> None:
    whole = HEAD + b"Content-Length: 30\r\n\r\n" + b"x" * 30
    assert isinstance(await failure(http, says(whole[:cut])), HttpBroken)


async def test_a_connection_reset_in_the_middle(http: AiohttpClient) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD + b"Content-Length: 30\r\n\r\nx")
        await writer.drain()
        writer.transport.abort()

    assert isinstance(await failure(http, talk), HttpBroken)


async def test_a_half_closed_server_is_not_waited_for(http: AiohttpClient) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD + b"Content-Length: 30\r\n\r\nx")
        writer.write_eof()
        await reader.read()

    before = asyncio.get_running_loop().time()
    assert isinstance(await failure(http, talk, timeout_ms=3000), HttpBroken)
    assert asyncio.get_running_loop().time() - before < 1


@pytest.mark.parametrize(
    "talk",
    [
        endless(b"", head=b"", pause_s=0.01),
        endless(b"x", head=HEAD, pause_s=0.01),
        endless(b"x", head=HEAD + b"Content-Length: 90000\r\n\r\n", pause_s=0.01),
        endless(b"HTTP/1.1 100 Continue\r\n\r\n", pause_s=0.01),
        endless(b"1\r\nx\r\n", head=HEAD + b"Transfer-Encoding: chunked\r\n\r\n", pause_s=0.01),
    ],
    ids=["silence", "endless head", "dripping body", "continue for ever", "dripping chunks"],
)
async def test_who_takes_for_ever_is_not_waited_for(http: AiohttpClient, talk: Talk) -> None:
    error = await failure(http, talk, timeout_ms=150)
    assert isinstance(error, HttpTimeout)
    assert "0.15 s" in error.message


# Sizes


@pytest.mark.parametrize(
    "head",
    [b"Content-Length: 104857600\r\n\r\n", b"\r\n"],
    ids=["100 MB announced", "100 MB without a word"],
)
async def test_a_hundred_megabytes_are_not_taken(http: AiohttpClient, head: bytes) -> None:
    sent = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD + head)
        while not writer.is_closing() and sent < 100 << 20:
            writer.write(bytes(1 << 16))
            sent += 1 << 16
            await writer.drain()

    error = await failure(http, talk)
    assert f"larger than {LARGEST} bytes" in error.message
    assert sent < 30 << 20  # what fits in the system's buffers


@pytest.mark.parametrize("coding", [b"gzip", b"deflate"])
async def test_a_bomb_is_not_unpacked(http: AiohttpClient, coding: bytes) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31 if coding == b"gzip" else 15)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(100)) + packer.flush()
    head = HEAD + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (coding, len(bomb))
    tracemalloc.start()
    try:
        error = await failure(http, says(head + bomb))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "larger than" in error.message
    assert most < 8 << 20


@pytest.mark.parametrize("status", [b"200 OK", b"204 No Content", b"304 Not Modified", b"500 Oh"])
async def test_nothing_is_an_answer_too(http: AiohttpClient, status: bytes) -> None:
    async with served(says(b"HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n" % status)) as port:
        answer = await http.exchange(request(port))
    assert (answer.status, answer.body) == (int(status[:3]), b"")


async def test_a_head_is_not_judged_by_the_body_it_stands_for(http: AiohttpClient) -> None:
    async with served(says(HEAD + b"Content-Length: 104857600\r\n\r\n")) as port:
        assert (await http.exchange(request(port, method="HEAD"))).body == b""


# Connections


@pytest.mark.parametrize(
    ("method", "times"), [("GET", 2), ("HEAD", 2), ("PUT", 1), ("DELETE", 1), ("PATCH", 1), ("POST", 1)]
)
async def test_only_what_just_reads_is_sent_again_at_once(
    http: AiohttpClient, method: str, times: int
) -> None:
    heads: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readline())
        await reader.readuntil(b"\r\n\r\n")

    async with served(talk) as port:
        with pytest.raises(HttpBroken):
            await http.exchange(request(port, method=method))
    assert len(heads) == times


async def test_one_connection_serves_many_exchanges(http: AiohttpClient) -> None:
    connections = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while True:
            try:
                await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                return
            writer.write(HEAD + b"Content-Length: 2\r\n\r\n{}")

    async with served(talk) as port:
        for _ in range(5):
            await http.exchange(request(port))
        await http.close()
    assert connections == 1


async def test_streams_that_stay_open_are_in_nobody_s_way(http: AiohttpClient) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = await reader.readline()
        writer.write(HEAD + (b"Content-Length: 2\r\n\r\n{}" if b"user" in line else b"\r\n"))
        await reader.read()

    async with served(talk) as port, AsyncExitStack() as stack:
        for _ in range(120):
            url = f"http://127.0.0.1:{port}/events"
            await stack.enter_async_context(http.stream(HttpRequest("GET", url)))
        assert (await http.exchange(request(port))).body == b"{}"


async def test_a_connection_that_was_closed_meanwhile_is_replaced(http: AiohttpClient) -> None:
    async with served(says(HEAD + b"Content-Length: 2\r\n\r\n{}")) as port:
        for _ in range(3):
            assert (await http.exchange(request(port))).body == b"{}"


async def test_a_server_that_takes_no_connection(
    http: AiohttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object, **__: object) -> None:
        await asyncio.get_running_loop().create_future()

    monkeypatch.setattr("particle_cli.adapters.http._CONNECTED_WITHIN_S", 0.1)
    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", never)
    with pytest.raises(HttpNoRoute, match=r"no connection within 0\.1 s") as caught:
        await http.exchange(request(9))
    check(caught.value)


async def test_a_server_that_never_agrees_on_tls(
    http: AiohttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    monkeypatch.setattr("particle_cli.adapters.http._CONNECTED_WITHIN_S", 0.2)
    async with served(silent) as port:
        with pytest.raises(HttpNoRoute, match="no connection within") as caught:
            await http.exchange(HttpRequest("GET", f"https://127.0.0.1:{port}/"))
        await http.close()
    check(caught.value)


@pytest.mark.parametrize("said", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00" * 99, b""])
async def test_a_server_that_has_no_tls(http: AiohttpClient, said: bytes) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(said)

    async with served(plain) as port:
        with pytest.raises((HttpTlsError, HttpNoRoute)) as caught:
            await http.exchange(HttpRequest("GET", f"https://127.0.0.1:{port}/"))
    check(caught.value)


async def test_a_name_that_nobody_has(http: AiohttpClient) -> None:
    with pytest.raises(HttpNoRoute) as caught:
        await http.exchange(HttpRequest("GET", f"https://host.invalid/?token={SECRET}"))
    check(caught.value)


# Proxies

FAR = HttpRequest("GET", "https://host.invalid/v1", (("Authorization", f"Bearer {SECRET}"),), timeout_ms=3000)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "user name and password"),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\n<html>", "Check the proxy"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "Check the proxy"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://portal.test/\r\n\r\n", "Check the proxy"),
        (b"garbage\r\n\r\n", ""),
        (b"", ""),
    ],
    ids=["wants a login", "forbids", "cannot", "captive portal", "garbage", "hangs up"],
)
async def test_a_proxy_that_refuses(said: bytes, told: str) -> None:
    seen = b""

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal seen
        seen += await reader.readuntil(b"\r\n\r\n")
        writer.write(said)

    async with served(proxy) as port:
        client = AiohttpClient(proxies=Proxies(https=f"http://me:{SECRET}@127.0.0.1:{port}"))
        with pytest.raises(HttpError) as caught:
            await client.exchange(FAR)
        await client.close()
    check(caught.value)
    assert told in (caught.value.next_step or "")
    assert seen.startswith(b"CONNECT host.invalid:443 ")
    assert b"Bearer" not in seen  # nothing of the request itself before TLS


@pytest.mark.parametrize(
    "address",
    ["socks5://127.0.0.1:1", "ftp://x", "http://", "http://[bad", "http://h:99999", f"http://u:{SECRET}@"],
)
async def test_a_proxy_s_address_that_is_none(address: str) -> None:
    client = AiohttpClient(proxies=Proxies.from_environment({"HTTPS_PROXY": address}))
    with pytest.raises(HttpError, match="proxy") as caught:
        await client.exchange(FAR)
    await client.close()
    check(caught.value)


async def test_within_this_machine_no_proxy_hears_the_token(http: AiohttpClient) -> None:
    overheard: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        overheard.append(await reader.readline())

    async with served(proxy) as port, served(says(HEAD + b"Content-Length: 2\r\n\r\n{}")) as cloud:
        client = AiohttpClient(proxies=Proxies.from_environment({"HTTP_PROXY": f"127.0.0.1:{port}"}))
        assert (await client.exchange(request(cloud))).body == b"{}"
        with pytest.raises(HttpError):
            await client.exchange(HttpRequest("GET", "http://far.invalid/"))
        await client.close()
    assert set(overheard) == {b"GET http://far.invalid/ HTTP/1.1\r\n"}


# Anything at all


@settings(max_examples=60)
@given(st.data())
def test_whatever_a_server_says_there_is_an_answer_or_an_error(data: st.DataObject) -> None:
    fields = st.sampled_from(
        [b"Content-Length: 3", b"Transfer-Encoding: chunked", b"Content-Encoding: gzip", b"Connection: close",
         b"Location: //[", b"Content-Type: a/b; charset=\xff", b"Upgrade: websocket", b"X: \x7f"]
    )  # fmt: skip
    head = data.draw(
        st.sampled_from([b"HTTP/1.1 200 OK", b"HTTP/1.0 404 No", b"HTTP/1.1 101 Switching", b""])
    )
    said = b"\r\n".join((head, *data.draw(st.lists(fields, max_size=4)))) + b"\r\n\r\n"
    said += data.draw(st.binary(max_size=20))
    if data.draw(st.booleans()):
        position = data.draw(st.integers(0, len(said) - 1))
        said = said[:position] + bytes([random.Random(position).randrange(256)]) + said[position + 1 :]

    async def try_it() -> None:
        http = AiohttpClient(largest_body=LARGEST)
        try:
            async with served(says(said)) as port:
                try:
                    answer = await http.exchange(request(port, timeout_ms=2000))
                    assert isinstance(answer, HttpResponse)
                except HttpError as error:
                    check(error)
                finally:
                    await http.close()
        finally:
            await http.close()

    asyncio.run(try_it())
