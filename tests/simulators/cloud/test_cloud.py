"""The simulated cloud as a whole: its wire, and its memory."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.simulators.cloud.asking import Asker, parts
from tests.simulators.cloud.far_end import FarEnd

from particle_cli.ports.http import HttpNoRoute, HttpRequest, HttpTimeout
from particle_cli.simulators.cloud.cloud import ORIGIN
from particle_cli.simulators.cloud.state import FIRST_TOKEN, CloudStateDamaged
from particle_cli.simulators.virtual_time import run_virtual

# The wire itself


async def test_addresses_that_lead_nowhere(asker: Asker) -> None:
    assert (await asker.ask("GET", "/v2/devices"))[0] == 404
    assert (await asker.ask("GET", "/"))[0] == 404
    assert (await asker.ask("PATCH", "/v1/devices"))[0] == 405


async def test_head_answers_like_get_without_a_body(asker: Asker) -> None:
    answer = await asker.send("HEAD", "/v1/devices")
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff", b"[" * 100_000])
async def test_a_body_that_is_none_is_refused(asker: Asker, body: bytes) -> None:
    asker.cloud.adopt(FarEnd(1), name="bench")
    assert (await asker.send("PUT", "/v1/devices/bench", body)).status == 400
    assert (await asker.send("PUT", "/v1/devices/bench", body, kind="text/html")).status == 415


async def test_in_process_there_is_no_other_host(asker: Asker) -> None:
    for url in ("https://api.particle.io/v1/user", f"{ORIGIN}.evil.test/v1/user", f"{ORIGIN}@evil.test/"):
        with pytest.raises(HttpNoRoute):
            await asker.cloud.exchange(HttpRequest("GET", url))


async def test_who_waits_less_than_it_takes_gets_no_answer(asker: Asker) -> None:
    headers = (("Authorization", f"Bearer {FIRST_TOKEN}"),)
    request = HttpRequest(
        "POST", f"{ORIGIN}/v1/binaries", headers, parts(("platform_id", "13")), timeout_ms=100
    )
    with pytest.raises(HttpTimeout):
        await asker.cloud.exchange(request)


async def test_an_answer_can_be_read_as_a_stream(asker: Asker) -> None:
    headers = (("Authorization", f"Bearer {FIRST_TOKEN}"),)
    async with asker.cloud.stream(HttpRequest("GET", f"{ORIGIN}/v1/devices", headers)) as stream:
        assert stream.status == 200
        assert [chunk async for chunk in stream.chunks()] == [b"[]"]


@given(
    st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "BREW"]),
    st.text(alphabet="abv1/?&=%20devicesé:@#\0", max_size=30),
    st.binary(max_size=20),
    st.sampled_from(
        ["application/json", "application/x-www-form-urlencoded", "multipart/form-data", "", "x/y; z"]
    ),
)
def test_every_request_has_an_answer(method: str, path: str, body: bytes, kind: str) -> None:
    async def run() -> None:
        answer = await Asker().send(method, "/v1/" + path, body, kind=kind)
        assert 200 <= answer.status < 500

    run_virtual(run())


# Memory


async def test_what_is_dumped_is_read_back_and_goes_on_alike(asker: Asker) -> None:
    device = FarEnd(1, functions={"led": lambda argument: 1}, values={"v": 1})
    asker.cloud.adopt(device, name="bench")
    await asker.send("POST", "/v1/binaries", parts(("platform_id", "13")))
    _, answer = await asker.log_in()
    dumped = asker.cloud.dump_state()
    other = Asker()
    other.cloud.load_state(dumped)
    assert other.cloud.dump_state() == dumped
    other.cloud.attach(device)
    other.token = str(answer["access_token"])
    assert (await other.ask("POST", "/v1/devices/bench/led", {}))[0] == 200
    assert await other.log_in() == await asker.log_in()


async def test_what_has_expired_is_not_kept(asker: Asker) -> None:
    empty = asker.cloud.dump_state()
    await asker.send("POST", "/v1/binaries", parts(("platform_id", "13")))
    assert len(asker.cloud.dump_state()) > 2 * len(empty)
    await asyncio.sleep(24 * 3600)  # noqa: TID251 - the test's own time
    assert len(asker.cloud.dump_state()) < len(empty) + 10


@pytest.mark.parametrize("dumped", [b"", b"{}", b"null", b"[]", b"\xff", b'{"version": 99}'])
async def test_a_memory_that_is_damaged_is_told_and_nothing_changes(asker: Asker, dumped: bytes) -> None:
    before = asker.cloud.dump_state()
    with pytest.raises(CloudStateDamaged):
        asker.cloud.load_state(dumped)
    assert asker.cloud.dump_state() == before


@pytest.mark.parametrize("field", ["users", "tokens", "devices", "binaries", "seed", "made"])
@pytest.mark.parametrize("value", [None, 5, "x", [5], [{}], [{"id": 5, "nonsense": True}]])
async def test_every_field_of_the_memory_is_checked(asker: Asker, field: str, value: object) -> None:
    document = json.loads(asker.cloud.dump_state())
    document[field] = value
    try:
        asker.cloud.load_state(json.dumps(document).encode())
    except CloudStateDamaged:
        return
    asker.cloud.dump_state()
    assert (await asker.send("GET", "/v1/devices")).status in (200, 401)


async def test_a_device_that_is_released_is_gone(asker: Asker) -> None:
    device = FarEnd(1)
    asker.cloud.adopt(device, name="bench")
    asker.cloud.release(device.id)
    assert device.watchers == []
    assert await asker.ask("GET", "/v1/devices") == (200, [])
