"""What every http port keeps: aiohttp against a server of this machine, as it is and traced."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest
from aiohttp import BodyPartReader, web

from particle_cli.adapters.clock import LoopClock
from particle_cli.adapters.http import AiohttpClient
from particle_cli.adapters.tracing.traced_http import TracedHttp
from particle_cli.ports.http import Http, HttpError, HttpNoRoute, HttpRequest, HttpTimeout, Part

pytestmark = pytest.mark.real_time


async def echo(request: web.Request) -> web.Response:
    """Tell what came, as bytes and in headers."""
    told = {
        "X-Method": request.method,
        "X-Path": request.raw_path,
        "X-Token": request.headers.get("Authorization", ""),
        "X-Content-Type": request.headers.get("Content-Type", ""),
        "X-User-Agent": request.headers.get("User-Agent", ""),
        "X-Cookie": request.headers.get("Cookie", ""),
        "Set-Cookie": "a=b",
    }
    return web.Response(status=202, body=await request.read(), headers=told)


async def form(request: web.Request) -> web.Response:
    """List the parts of a form."""
    lines = []
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        content = await part.read()
        lines.append(f"{part.name!r} {part.filename!r} {part.headers.get('Content-Type')} {bytes(content)!r}")
    return web.Response(text="\n".join(lines))


async def zipped(request: web.Request) -> web.Response:
    return web.Response(body=gzip.compress(b"unzipped"), headers={"Content-Encoding": "gzip"})


async def elsewhere(request: web.Request) -> web.Response:
    return web.Response(status=302, headers={"Location": "/echo"}, text="look elsewhere")


async def never(request: web.Request) -> web.Response:
    await asyncio.get_running_loop().create_future()
    raise AssertionError


async def events(request: web.Request) -> web.StreamResponse:
    """Send two pieces with a pause, then wait for the client, break off or end."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    await response.write(b"one")
    await LoopClock().sleep(0.15)
    await response.write(b"two")
    how = request.query.get("then")
    if how == "break":
        assert request.transport is not None
        request.transport.abort()
    elif how == "wait":
        await asyncio.get_running_loop().create_future()
    return response


@pytest.fixture
async def server() -> AsyncIterator[str]:
    """The address of a server that tells what it was sent."""
    application = web.Application(client_max_size=10_000_000)
    application.router.add_route("*", "/echo", echo)
    application.add_routes(
        [
            web.post("/form", form),
            web.get("/zipped", zipped),
            web.get("/elsewhere", elsewhere),
            web.get("/never", never),
            web.get("/events", events),
        ]
    )
    runner = web.AppRunner(application, shutdown_timeout=0.01)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture(params=["aiohttp", "traced"])
async def http(request: pytest.FixtureRequest) -> AsyncIterator[Http]:
    client = AiohttpClient()
    yield client if request.param == "aiohttp" else TracedHttp(client, LoopClock(), lambda told: None)
    await client.close()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_an_exchange(http: Http, server: str, method: str) -> None:
    body = None if method == "GET" else b"\x00\xff body"
    answer = await http.exchange(
        HttpRequest(method, f"{server}/echo", (("Authorization", "Bearer x"),), body)
    )
    assert (answer.status, answer.body) == (202, body or b"")
    assert answer.header("x-method") == method
    assert answer.header("X-Token") == "Bearer x"
    assert all(name == name.lower() for name, _ in answer.headers)


async def test_head_has_no_body(http: Http, server: str) -> None:
    answer = await http.exchange(HttpRequest("HEAD", f"{server}/echo"))
    assert (answer.status, answer.body) == (202, b"")


async def test_the_url_goes_as_it_is(http: Http, server: str) -> None:
    answer = await http.exchange(HttpRequest("GET", f"{server}/echo?name=a%2Fb%20c+d&x=%C3%A4"))
    assert answer.header("X-Path") == "/echo?name=a%2Fb%20c+d&x=%C3%A4"


async def test_bytes_have_the_content_type_they_are_given_or_none(http: Http, server: str) -> None:
    given = HttpRequest("POST", f"{server}/echo", (("Content-Type", "application/json"),), b"{}")
    assert (await http.exchange(given)).header("X-Content-Type") == "application/json"
    assert (await http.exchange(HttpRequest("POST", f"{server}/echo", (), b"{}"))).header(
        "X-Content-Type"
    ) == ""


async def test_parts_of_a_form(http: Http, server: str) -> None:
    parts = (
        Part("platform_id", b"13"),
        Part("file", b"void setup() {}\r\n--", "src/blink.ino", "text/plain"),
        Part("file2", bytes(range(256)), 'Grüße "1"\n.h', "application/octet-stream"),
        Part("empty", b""),
    )
    answer = await http.exchange(HttpRequest("POST", f"{server}/form", (), parts))
    assert answer.body.decode().split("\n") == [
        "'platform_id' None None b'13'",
        "'file' 'src/blink.ino' text/plain b'void setup() {}\\r\\n--'",
        f"'file2' 'Grüße %221%22%0A.h' application/octet-stream {bytes(range(256))!r}",
        "'empty' None None b''",
    ]


async def test_encodings_are_undone(http: Http, server: str) -> None:
    assert (await http.exchange(HttpRequest("GET", f"{server}/zipped"))).body == b"unzipped"


async def test_redirects_are_not_followed(http: Http, server: str) -> None:
    answer = await http.exchange(HttpRequest("GET", f"{server}/elsewhere"))
    assert (answer.status, answer.header("location"), answer.body) == (302, "/echo", b"look elsewhere")


async def test_any_status_is_an_answer(http: Http, server: str) -> None:
    assert (await http.exchange(HttpRequest("GET", f"{server}/nowhere"))).status == 404


async def test_nothing_is_remembered_between_exchanges(http: Http, server: str) -> None:
    await http.exchange(HttpRequest("GET", f"{server}/echo"))
    assert (await http.exchange(HttpRequest("GET", f"{server}/echo"))).header("X-Cookie") == ""


async def test_several_exchanges_at_once(http: Http, server: str) -> None:
    bodies = [str(number).encode() for number in range(20)]
    answers = await asyncio.gather(
        *(http.exchange(HttpRequest("POST", f"{server}/echo", (), body)) for body in bodies)
    )
    assert [answer.body for answer in answers] == bodies


async def test_a_server_that_does_not_answer(http: Http, server: str) -> None:
    request = HttpRequest("GET", f"{server}/never?access_token=hunter2", timeout_ms=50)
    with pytest.raises(HttpTimeout, match=r"127\.0\.0\.1 did not answer within 0\.05 s") as caught:
        await http.exchange(request)
    assert "hunter2" not in caught.value.message
    with pytest.raises(HttpTimeout):
        async with http.stream(request):
            pass


async def test_a_server_that_is_not_there(http: Http) -> None:
    request = HttpRequest("GET", "http://127.0.0.1:1/?access_token=hunter2")
    with pytest.raises(HttpNoRoute, match=r"127\.0\.0\.1") as caught:
        await http.exchange(request)
    assert "hunter2" not in caught.value.message
    assert caught.value.next_step
    with pytest.raises(HttpNoRoute):
        async with http.stream(request):
            pass


async def test_a_stream_comes_piece_by_piece(http: Http, server: str) -> None:
    request = HttpRequest("GET", f"{server}/events", timeout_ms=100)  # shorter than the pause in the stream
    async with http.stream(request) as stream:
        assert stream.status == 200
        assert ("content-type", "text/event-stream") in stream.headers
        assert [piece async for piece in stream.chunks()] == [b"one", b"two"]


async def test_a_stream_may_be_left(http: Http, server: str) -> None:
    async with http.stream(HttpRequest("GET", f"{server}/events?then=wait")) as stream:
        async for piece in stream.chunks():
            assert piece == b"one"
            break
    assert (await http.exchange(HttpRequest("GET", f"{server}/zipped"))).status == 200


async def test_a_stream_that_breaks_says_so(http: Http, server: str) -> None:
    pieces: list[bytes] = []
    with pytest.raises(HttpError, match="broke"):
        async with http.stream(HttpRequest("GET", f"{server}/events?then=break")) as stream:
            pieces.extend([piece async for piece in stream.chunks()])
