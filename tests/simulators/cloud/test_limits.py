"""Who asks the simulated cloud too often, too much, or in the wrong way."""

from __future__ import annotations

import asyncio

import pytest
from tests.simulators.cloud.asking import Asker, parts

from particle_cli.adapters.clock import LoopClock
from particle_cli.ports.http import HttpRequest, HttpResponse, Part
from particle_cli.simulators.cloud.cloud import ORIGIN
from particle_cli.simulators.cloud.replies import EventStream
from particle_cli.simulators.cloud.state import FIRST_TOKEN
from particle_cli.simulators.cloud.traits import RATE_LIMITS

CLOCK = LoopClock()
HERE, THERE = "10.0.0.1", "10.0.0.2"
TOO_MANY = b'{"error":"Too many requests"}'


@pytest.fixture
def limited() -> Asker:
    asker = Asker(limits=True)
    asker.peer = HERE
    return asker


async def stream(asker: Asker, path: str = "/v1/devices/events") -> HttpResponse | EventStream:
    headers = (("authorization", f"Bearer {FIRST_TOKEN}"),)
    return await asker.cloud.handle(HttpRequest("GET", ORIGIN + path, headers), asker.peer)


# Too often


async def test_an_address_may_ask_ten_thousand_times_in_five_minutes(limited: Asker) -> None:
    for _ in range(10_000):
        assert (await limited.send("HEAD", "/v1/user")).status == 200
    await CLOCK.sleep(120.5)
    answer = await limited.send("GET", "/v1/user")
    assert (answer.status, answer.body, answer.header("retry-after")) == (429, TOO_MANY, "180")
    limited.peer = THERE
    assert (await limited.send("GET", "/v1/user")).status == 200
    limited.peer = HERE
    await CLOCK.sleep(179)
    assert (await limited.send("GET", "/v1/user")).status == 429
    await CLOCK.sleep(1)
    assert (await limited.send("GET", "/v1/user")).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/oauth/token"),
        ("GET", "/v1/access_tokens"),
        ("DELETE", "/v1/access_tokens/0"),
        ("DELETE", "/v1/access_tokens"),
        ("POST", "/v1/users"),
        ("DELETE", "/v1/user"),
        ("POST", "/v1/user/password-reset"),
        ("GET", "/v1/events"),
    ],
)
async def test_some_may_be_asked_for_a_hundred_times(limited: Asker, method: str, path: str) -> None:
    for _ in range(100):
        await limited.send(method, path)
        if path == "/oauth/token":
            await CLOCK.sleep(0.01)
    answer = await limited.send(method, path)
    assert (answer.status, answer.body) == (429, TOO_MANY)
    limited.token = FIRST_TOKEN
    assert (await limited.send("POST", "/v1/nothing")).status == 404
    await CLOCK.sleep(1800)
    assert (await limited.send(method, path)).status != 429


async def test_a_hundred_streams_may_be_opened_in_five_minutes_and_be_open(limited: Asker) -> None:
    opened = [await stream(limited, f"/v1/devices/events/{number}") for number in range(100)]
    assert all(isinstance(one, EventStream) for one in opened)
    late = await stream(limited)
    assert isinstance(late, HttpResponse)
    assert (late.status, late.header("retry-after")) == (429, "300")
    limited.peer = THERE
    elsewhere = await stream(limited)
    assert isinstance(elsewhere, EventStream)
    await elsewhere.close()
    limited.peer = HERE
    await CLOCK.sleep(300)
    late = await stream(limited)
    assert isinstance(late, HttpResponse)
    assert (late.status, late.body, late.header("retry-after")) == (429, TOO_MANY, None)
    first = opened.pop(0)
    assert isinstance(first, EventStream)
    await first.close()
    opened.append(await stream(limited))
    assert isinstance(opened[-1], EventStream)
    for one in opened:
        assert isinstance(one, EventStream)
        await one.close()


async def test_without_being_told_nobody_counts(asker: Asker) -> None:
    for _ in range(101):
        assert (await asker.send("DELETE", "/v1/access_tokens/0")).status == 200


async def test_limits_are_kept_with_the_memory(asker: Asker, limited: Asker) -> None:
    asker.cloud.take_on(RATE_LIMITS)
    kept = asker.cloud.dump_state()
    for cloud in (other := Asker(), limited):
        cloud.cloud.load_state(kept)
    other.peer = HERE
    limited.cloud.begin_anew()
    for strict in (other, limited):
        statuses = {(await strict.send("DELETE", "/v1/access_tokens/0")).status for _ in range(101)}
        assert statuses == {200, 429}
    with pytest.raises(ValueError, match="must be in"):
        asker.cloud.take_on("generous")


# Guessing passwords


async def fail(asker: Asker, times: int) -> None:
    refusal = {"error": "invalid_grant", "error_description": "User credentials are invalid"}
    for _ in range(times):
        assert await asker.log_in(password="guess") == (400, refusal)


async def test_ten_failures_in_a_row_lock_an_address_out_for_half_an_hour(asker: Asker) -> None:
    asker.peer = HERE
    await fail(asker, 10)
    await CLOCK.sleep(60)
    assert await asker.log_in() == (429, {"error": "Too many requests"})
    body = b"grant_type=password"
    answer = await asker.send("POST", "/oauth/token", body, kind="application/x-www-form-urlencoded")
    assert (answer.status, answer.header("retry-after")) == (429, "1740")
    assert (await asker.ask("GET", "/v1/user"))[0] == 200
    asker.peer = THERE
    assert (await asker.log_in())[0] == 200
    asker.peer = HERE
    await CLOCK.sleep(1740)
    await fail(asker, 9)
    assert (await asker.log_in())[0] == 200


async def test_a_success_makes_up_for_failures_and_a_question_for_the_code_is_none(asker: Asker) -> None:
    await fail(asker, 9)
    assert (await asker.log_in())[0] == 200
    await fail(asker, 9)
    status, answer = await asker.log_in(username="mfa@example.com")
    assert status == 403
    code = {"grant_type": "urn:custom:mfa-otp", "mfa_token": str(answer["mfa_token"])}
    assert (await asker.log_in(**code, otp="000000"))[0] == 403
    assert (await asker.log_in(**code, otp="123456"))[0] == 429


# Too much, and in the wrong way


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
async def test_a_body_has_its_limit(asker: Asker, kind: str) -> None:
    too_large = b'{"ok":false,"error":"Request Entity Too Large"}'
    start = b'{"account_info":"' if kind.endswith("json") else b"account_info="
    for size, status in ((1 << 20, 400), ((1 << 20) + 1, 413)):
        body = start.ljust(size - 2, b"x") + (b'"}' if kind.endswith("json") else b"xx")
        answer = await asker.send("PUT", "/v1/user", body, kind=kind)
        assert answer.status == status
    assert answer.body == too_large
    files = parts(("platform_id", "13"), content=b"x" * ((12 << 20) - 1))
    assert (await asker.send("POST", "/v1/binaries", files)).status == 413


@pytest.mark.parametrize("body", [b'{"ttl": NaN}', b'{"ttl": -Infinity}', b'{"a":1}}', b'"text"', b"null"])
async def test_what_is_no_json_object_is_refused(asker: Asker, body: bytes) -> None:
    answer = await asker.send("POST", "/v1/devices/events", body)
    assert answer.status == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "", "multipart/form-data", "json"])
async def test_a_body_of_another_kind_is_refused(asker: Asker, kind: str) -> None:
    answer = await asker.send("POST", "/v1/devices/events", b"name=x", kind=kind)
    shown = kind or "(none)"
    assert (answer.status, answer.body) == (
        415,
        f'{{"ok":false,"error":"Unsupported content type {shown}"}}'.encode(),
    )


async def test_every_route_takes_json_forms_and_parts(asker: Asker) -> None:
    for body, kind in (
        (b'{"name":"a"}', "Application/JSON; charset=utf-8"),
        (b"name=a", "application/x-www-form-urlencoded"),
        ((Part("name", b"a"),), ""),
    ):
        answer = await asker.send("POST", "/v1/devices/events", body, kind=kind)
        assert answer.status == 200


async def test_a_method_that_is_not_served_is_told_which_are(asker: Asker) -> None:
    answer = await asker.send("PATCH", "/v1/user/")
    assert (answer.status, answer.body) == (405, b'{"ok":false,"error":"Method Not Allowed"}')
    assert answer.header("allow") == "GET, PUT, DELETE"


async def test_a_page_from_elsewhere_may_ask(asker: Asker) -> None:
    asker.token = None
    answer = await asker.send("OPTIONS", "/v1/devices")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.header("access-control-allow-origin") == "*"
    assert "authorization" in str(answer.header("access-control-allow-headers"))


async def test_a_stream_that_is_only_looked_at_is_not_counted_for_ever(limited: Asker) -> None:
    for _ in range(3):
        for _ in range(99):
            assert (await limited.send("HEAD", "/v1/devices/events")).status == 200
        await asyncio.sleep(300)  # noqa: TID251 - the test's own time
