"""A traced way to servers: what is asked and answered, without what is secret."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.adapters.clock import LoopClock
from particle_cli.adapters.tracing.secrets_in_http import shown_header, shown_json, shown_url
from particle_cli.adapters.tracing.traced_http import TracedHttp
from particle_cli.ports.http import (
    HttpNoRoute,
    HttpRequest,
    HttpResponse,
    HttpStream,
    Part,
)

JSON = (("content-type", "application/json; charset=utf-8"),)
URL = "https://api.test/v1/devices"


class Server:
    """Answers everything with one answer, after a quarter of a second."""

    status = 200
    headers = (("content-type", "text/event-stream"),)

    def __init__(self, answer: HttpResponse | None = None) -> None:
        self._answer = answer
        self.asked: list[HttpRequest] = []

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        self.asked.append(request)
        await LoopClock().sleep(0.25)
        if self._answer is None:
            raise HttpNoRoute("api.test cannot be reached: hush.")
        return self._answer

    @asynccontextmanager
    async def stream(self, request: HttpRequest) -> AsyncIterator[HttpStream]:
        await self.exchange(request)
        yield self

    async def chunks(self) -> AsyncIterator[bytes]:
        yield b"event: temperature\n"
        yield b'data: {"data":"23"}\n\n'


async def told_of(request: HttpRequest, answer: HttpResponse | None) -> list[str]:
    told: list[str] = []
    server = Server(answer)
    http = TracedHttp(server, LoopClock(), told.append)
    if answer is None:
        with pytest.raises(HttpNoRoute):
            await http.exchange(request)
    else:
        assert await http.exchange(request) is answer
    assert server.asked == [request]
    return "\n".join(told).splitlines()


async def test_an_exchange_with_its_headers_bodies_and_time() -> None:
    request = HttpRequest(
        "POST",
        f"{URL}/red/led",
        (("Authorization", "Bearer f00d"), ("Content-Type", "application/json")),
        b'{"args":"on"}',
    )
    answer = HttpResponse(
        200, (*JSON, ("set-cookie", "session=f00d")), b'{"return_value": 1, "ok": "\xc3\xa9"}'
    )
    assert await told_of(request, answer) == [
        "HTTP -> #1 POST https://api.test/v1/devices/red/led",
        "HTTP -> #1   Authorization: <redacted>",
        "HTTP -> #1   Content-Type: application/json",
        "HTTP -> #1",
        'HTTP -> #1 {"args": "on"}',
        "HTTP <- #1 200 after 250 ms, 31 bytes",
        "HTTP <- #1   content-type: application/json; charset=utf-8",
        "HTTP <- #1   set-cookie: <redacted>",
        "HTTP <- #1",
        'HTTP <- #1 {"return_value": 1, "ok": "é"}',
    ]


async def test_secret_bodies_are_left_out_in_both_directions() -> None:
    request = HttpRequest("POST", "https://api.test/x", JSON, b'{"a":"hush"}', secret=True)
    told = await told_of(request, HttpResponse(200, JSON, b'{"b":"hush"}'))
    assert "hush" not in "\n".join(told)
    assert [line for line in told if "<redacted>" in line] == [
        "HTTP -> #1 body: <redacted>",
        "HTTP <- #1 body: <redacted>",
    ]


async def test_a_server_that_repeats_the_token_is_not_repeated() -> None:
    request = HttpRequest("GET", f"{URL}/f00dface", (("Authorization", "Bearer f00dface"),))
    answer = HttpResponse(401, JSON, b'{"info": "f00dface is invalid"}')
    told = "\n".join(await told_of(request, answer))
    assert "f00dface" not in told
    assert '{"info": "<redacted> is invalid"}' in told


async def test_an_address_that_is_secret_is_shown_as_its_maker_says() -> None:
    request = HttpRequest("DELETE", f"{URL}/hush", shown_url=f"{URL}/<redacted>")
    told = await told_of(request, HttpResponse(204, (), b""))
    assert told == [f"HTTP -> #1 DELETE {URL}/<redacted>", "HTTP <- #1 204 after 250 ms, 0 bytes"]


async def test_no_answer_is_told_as_such() -> None:
    told = await told_of(HttpRequest("GET", URL), None)
    assert told[-1] == "HTTP <- #1 no answer after 250 ms: http_no_route"


async def test_files_and_binary_answers_are_told_by_name_and_size() -> None:
    parts = (Part("file", b"int x;", "src/a\x1b.cpp", "text/x-c"), Part("platform_id", b"13"))
    octets = (("Content-Type", "application/octet-stream"),)
    told = await told_of(HttpRequest("POST", URL, body=parts), HttpResponse(200, octets, bytes(70)))
    assert r'HTTP -> #1 part file, "src/a\x1b.cpp", text/x-c: 6 bytes' in told
    assert "HTTP -> #1 part platform_id: 2 bytes" in told
    assert told[-1] == "HTTP <- #1 70 bytes, application/octet-stream"


@pytest.mark.parametrize(
    ("kind", "body", "last"),
    [
        ("text/plain", b"two\nlines\x07", r"lines\x07"),
        ("application/x-www-form-urlencoded", b"a=b&password=hush", "a=b&password=<redacted>"),
        ("application/json", b"{half", "5 bytes that are no JSON"),
        ("application/json", b"[" * 20_000, "20000 bytes that are no JSON"),
        ("application/json", b'{"access_token":"hush"}', '{"access_token": "<redacted>"}'),
        ("", b"?", "1 bytes, of no known kind"),
        ("text/plain", b"x" * 5000, "x" * 4096 + " … and more, 5000 bytes in all"),
    ],
)
async def test_bodies_by_their_kind(kind: str, body: bytes, last: str) -> None:
    told = await told_of(HttpRequest("GET", URL), HttpResponse(200, (("content-type", kind),), body))
    assert told[-1] == f"HTTP <- #1 {last}"


async def test_a_stream_is_told_as_it_comes() -> None:
    told: list[str] = []
    http = TracedHttp(Server(HttpResponse(200, (), b"")), LoopClock(), told.append)
    async with http.stream(HttpRequest("GET", URL)) as stream:
        assert (stream.status, len(stream.headers)) == (200, 1)
        assert told[-1].startswith("HTTP <- #1 200 after 250 ms, a stream\n")
        pieces = [piece async for piece in stream.chunks()]
    assert len(pieces) == 2
    assert 'HTTP <- #1 data: {"data":"23"}' in "\n".join(told).splitlines()
    assert told[-1] == "HTTP <- #1 ended after 250 ms"
    with pytest.raises(HttpNoRoute):
        async with TracedHttp(Server(), LoopClock(), told.append).stream(HttpRequest("GET", URL)):
            pass
    assert told[-1].endswith("http_no_route")


async def test_exchanges_are_numbered() -> None:
    told: list[str] = []
    clock = LoopClock()
    http = TracedHttp(Server(HttpResponse(204, (), b"")), clock, told.append)
    await clock.together(*(http.exchange(HttpRequest("GET", f"{URL}/{name}")) for name in "ab"))
    assert [line[:10] for line in told] == ["HTTP -> #1", "HTTP -> #2", "HTTP <- #1", "HTTP <- #2"]


# what is secret by its name


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (URL, URL),
        (f"{URL}?access_token=hush&page=2", f"{URL}?access_token=<redacted>&page=2"),
        (f"{URL}?Access%5FToken=hush", f"{URL}?Access%5FToken=<redacted>"),
        (f"{URL}?access_token=&x", f"{URL}?access_token=&x"),
        ("https://joe:hush@api.test/", "https://<redacted>@api.test/"),
        (f"{URL}#id_token=hush", f"{URL}#id_token=<redacted>"),
        (f"{URL}?X-Amz-Signature=hush&code=hush", f"{URL}?X-Amz-Signature=<redacted>&code=<redacted>"),
    ],
)
def test_addresses_lose_their_secrets(url: str, shown: str) -> None:
    assert shown_url(url) == shown


def test_headers_lose_theirs() -> None:
    for name in ("Authorization", "PROXY-AUTHORIZATION", "cookie", "Set-Cookie", "X-Api-Key", "x-auth-token"):
        assert shown_header(name, "hush") == "<redacted>"
    assert shown_header("Location", "https://x/?token=hush") == "https://x/?token=<redacted>"
    assert shown_header("location", "/next?token=hush#end") == "/next?token=<redacted>#end"
    assert shown_header("Content-Type", "text/plain") == "text/plain"


def test_documents_lose_theirs_at_every_depth() -> None:
    document = {"a": [{"password": "hush", "mfa_token": None, "has_token": True}], "secrets": {"b": "hush"}}
    assert shown_json(document) == {  # type: ignore[arg-type]
        "a": [{"password": "<redacted>", "mfa_token": None, "has_token": True}],
        "secrets": "<redacted>",
    }


@given(st.text(), st.sampled_from(["access_token", "password", "client_secret", "otp", "claim_code"]))
def test_no_secret_value_survives(value: str, name: str) -> None:
    told = json.dumps(shown_json({name: f"«{value}»", "list": [{name: [f"«{value}»"]}]}), ensure_ascii=False)
    assert "«" not in told
