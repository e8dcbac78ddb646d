"""The simulated cloud says the same in process and through sockets, by way of the http adapter."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from attrs import frozen

from particle_cli.adapters.clock import PacedClock
from particle_cli.adapters.http import AiohttpClient
from particle_cli.adapters.http_server import serve
from particle_cli.ports.http import Http, HttpNoRoute, HttpRequest, HttpResponse, Part
from particle_cli.simulators.cloud.cloud import SimulatedCloud
from particle_cli.simulators.cloud.state import FIRST_TOKEN, FIRST_USER

pytestmark = pytest.mark.real_time

AUTHORIZED = (("Authorization", f"Bearer {FIRST_TOKEN}"),)
BLINKY = b"""
#include "Particle.h"
void setup() { Particle.function("led", led); }
void loop() {}
int led(String s) { return 7; }
"""


@frozen
class Reached:
    """A cloud, and the way to it."""

    http: Http
    address: str

    async def ask(
        self,
        method: str,
        path: str,
        headers: tuple[tuple[str, str], ...] = AUTHORIZED,
        body: bytes | tuple[Part, ...] | None = None,
    ) -> HttpResponse:
        return await self.http.exchange(HttpRequest(method, f"{self.address}{path}", headers, body))


@pytest.fixture(params=["in process", "through sockets"])
async def cloud(request: pytest.FixtureRequest) -> AsyncIterator[Reached]:
    cloud = SimulatedCloud(PacedClock(20))
    if request.param == "in process":
        yield Reached(cloud, cloud.origin)
        return

    client = AiohttpClient()
    async with serve(cloud.handle, host="127.0.0.1", port=0) as address:
        yield Reached(client, address)
        await client.close()


async def test_an_answer_has_status_headers_and_body(cloud: Reached) -> None:
    answer = await cloud.ask("GET", "/v1/user")
    assert answer.status == 200
    assert (answer.header("content-type") or "").startswith("application/json")
    assert json.loads(answer.body)["username"] == FIRST_USER
    assert all(name == name.lower() for name, _ in answer.headers)


async def test_a_refusal_is_an_answer(cloud: Reached) -> None:
    assert (await cloud.ask("GET", "/v1/user", headers=())).status in (400, 401)
    assert (await cloud.ask("GET", "/v1/nowhere")).status == 404


async def test_head_has_no_body(cloud: Reached) -> None:
    assert (await cloud.ask("HEAD", "/v1/user")).body == b""


async def test_a_form_of_files_is_compiled(cloud: Reached) -> None:
    parts = (
        Part("file", BLINKY, "src/blinky.ino", "text/plain"),
        Part("platform_id", b"13"),
        Part("build_target_version", b"latest"),
    )
    answer = await cloud.ask("POST", "/v1/binaries", body=parts)
    told = json.loads(answer.body)
    assert (answer.status, told["ok"]) == (200, True), told
    binary = await cloud.ask("GET", told["binary_url"])
    assert binary.status == 200
    assert b"led" in binary.body


async def test_an_answer_read_as_a_stream_is_the_same(cloud: Reached) -> None:
    request = HttpRequest("GET", f"{cloud.address}/v1/user", AUTHORIZED)
    async with cloud.http.stream(request) as stream:
        streamed = b"".join([piece async for piece in stream.chunks()])
        assert stream.status == 200
    assert json.loads(streamed) == json.loads((await cloud.http.exchange(request)).body)


async def test_several_at_once(cloud: Reached) -> None:
    answers = await asyncio.gather(*(cloud.ask("GET", "/v1/user") for _ in range(10)))
    assert {answer.status for answer in answers} == {200}


async def test_another_server_is_not_to_be_reached(cloud: Reached) -> None:
    with pytest.raises(HttpNoRoute, match=r"nowhere\.invalid"):
        await cloud.http.exchange(HttpRequest("GET", "https://nowhere.invalid/v1/user"))


async def test_events_are_pushed(cloud: Reached) -> None:
    request = HttpRequest("GET", f"{cloud.address}/v1/devices/events/t", AUTHORIZED)
    async with cloud.http.stream(request) as stream:
        pieces = stream.chunks()
        assert await anext(pieces) == b":ok\n\n"
        for number in range(3):
            body = b'{"name":"t","data":"%d"}' % number
            kind = ("content-type", "application/json")
            answer = await cloud.ask("POST", "/v1/devices/events", (*AUTHORIZED, kind), body)
            assert answer.status == 200
        read = b""
        while read.count(b"event: t") < 3:
            read += await anext(pieces)
    assert [json.loads(line[6:])["data"] for line in read.splitlines() if line.startswith(b"data")] == [
        "0",
        "1",
        "2",
    ]


async def test_links_lead_to_where_one_asked(cloud: Reached) -> None:
    answer = await cloud.ask("GET", "/v1/device-os/versions/latest?platform_id=13")
    assert json.loads(answer.body)["base_url"].startswith(f"{cloud.address}/")
