"""What our client puts on the wire is what the official ones were recorded to put there, byte for byte."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from attrs import define, field
from tests.adapters.talking import served
from tests.contract.recorded_exchanges import BOUNDARY, PARTS, RECORDED, TOKEN, Exchange

from particle_cli.adapters.clock import LoopClock
from particle_cli.adapters.http import AiohttpClient
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import CloudError

pytestmark = pytest.mark.real_time


@define
class Request:
    """A request as it came, its boundary put into plain words."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    def normal_body(self) -> bytes:
        found = re.fullmatch(r"multipart/form-data; ?boundary=(\S+)", self.headers.get("content-type", ""))
        return self.body.replace(found[1].encode(), BOUNDARY) if found else self.body


@define
class Recorder:
    """A server that writes down what comes, and gives the answers of an exchange."""

    exchange: Exchange
    requests: list[Request] = field(factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {
                name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:-2])
            }
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            self.requests.append(Request(head[0], headers, body))
            first = len(self.requests) == 1
            content = self.exchange.answer if first else self.exchange.then
            status = self.exchange.status if first else 200
            kind = self.exchange.answer_type if first else "application/binary"
            length = "" if kind == "text/event-stream" else f"Content-Length: {len(content)}\r\n"
            writer.write(f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\n{length}\r\n".encode() + content)


@asynccontextmanager
async def recorded(exchange: Exchange) -> AsyncIterator[tuple[CloudClient, Recorder]]:
    """A client of a cloud that answers as the recorded one did."""
    recorder = Recorder(exchange)
    http = AiohttpClient()
    async with served(recorder.talk) as port:
        try:
            yield CloudClient(http, LoopClock(), api_url=f"http://127.0.0.1:{port}", token=TOKEN), recorder
        finally:
            await http.close()


@pytest.mark.parametrize("exchange", RECORDED, ids=lambda exchange: exchange.name)
async def test_our_client_says_what_the_official_ones_say(exchange: Exchange) -> None:
    async with recorded(exchange) as (client, recorder):
        if exchange.error is None:
            await exchange.call(client)
        else:
            with pytest.raises(CloudError) as caught:
                await exchange.call(client)
            assert type(caught.value) is exchange.error
            assert caught.value.next_step or exchange.error.code == "compile_failed"
    request = recorder.requests[0]
    assert request.line == f"{exchange.asked} HTTP/1.1"
    assert request.content_type == exchange.content_type
    assert request.normal_body() == exchange.body
    authorization = request.headers.get("authorization")
    assert (authorization == f"Bearer {TOKEN}") is exchange.authorized
    assert "cookie" not in request.headers


async def test_a_compiled_binary_is_fetched_as_the_official_clients_do() -> None:
    exchange = next(one for one in RECORDED if one.name.startswith("20 "))
    async with recorded(exchange) as (client, recorder):
        await exchange.call(client)
    fetched = recorder.requests[1]
    assert fetched.line == "GET /v1/binaries/5734a5d4a71c2601243809e6 HTTP/1.1"
    assert fetched.headers["authorization"] == f"Bearer {TOKEN}"
    assert recorder.requests[0].content_type == PARTS
