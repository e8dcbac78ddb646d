"""The simulated cloud on its wire: who may ask what, and what is answered to the letter."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.simulators.cloud.far_end import ARGON, FarEnd

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.firmware.module import parse_module
from particle_cli.ports.http import HttpNoRoute, HttpRequest, HttpResponse, HttpTimeout, Part
from particle_cli.simulators.cloud.cloud import ORIGIN, SimulatedCloud
from particle_cli.simulators.cloud.state import FIRST_TOKEN, CloudStateDamaged
from particle_cli.simulators.virtual_time import run_virtual

NOON = datetime(2024, 5, 13, 10, 55, 2, 520_000, tzinfo=UTC)
NOT_MINE = {
    "error": "Permission Denied",
    "info": "I didn't recognize that device name or ID, try opening "
    "https://api.particle.io/v1/devices?access_token=undefined",
}


class Asker:
    """Asks a cloud in the first user's name."""

    def __init__(self) -> None:
        self.cloud = SimulatedCloud(LoopClock(epoch=NOON))
        self.token: str | None = FIRST_TOKEN

    async def send(
        self,
        method: str,
        path: str,
        body: bytes | tuple[Part, ...] | None = None,
        *,
        kind: str = "application/json",
        **headers: str,
    ) -> HttpResponse:
        sent = [*headers.items()]
        if self.token is not None:
            sent.append(("Authorization", f"Bearer {self.token}"))
        if isinstance(body, bytes):
            sent.append(("content-type", kind))
        return await self.cloud.exchange(HttpRequest(method, ORIGIN + path, tuple(sent), body))

    async def ask(self, method: str, path: str, document: object = None) -> tuple[int, object]:
        body = None if document is None else json.dumps(document).encode()
        answer = await self.send(method, path, body)
        assert answer.header("content-type") == "application/json; charset=utf-8"
        return answer.status, json.loads(answer.body)

    async def log_in(self, **fields: str) -> tuple[int, dict[str, object]]:
        form = {
            "username": "you@example.com",
            "password": "password",
            "grant_type": "password",
            "client_id": "particle-cli",
            "client_secret": "particle-cli",
            **fields,
        }
        answer = await self.send(
            "POST", "/oauth/token", urlencode(form).encode(), kind="application/x-www-form-urlencoded"
        )
        return answer.status, json.loads(answer.body)


@pytest.fixture
def asker() -> Asker:
    return Asker()


# Tokens


async def test_no_token_an_unknown_one_and_an_expired_one_are_told_apart(asker: Asker) -> None:
    asker.token = None
    missing = {"error": "invalid_request", "error_description": "The access token was not found"}
    assert await asker.ask("GET", "/v1/devices") == (400, missing)
    asker.token = "0" * 40
    unknown = {"error": "invalid_token", "error_description": "The access token provided is invalid."}
    assert await asker.ask("GET", "/v1/devices") == (401, unknown)
    _, given_token = await asker.log_in(expires_in="60")
    asker.token = str(given_token["access_token"])
    assert (await asker.ask("GET", "/v1/devices"))[0] == 200
    await asyncio.sleep(61)  # noqa: TID251 - the test's own time
    expired = {"error": "invalid_token", "error_description": "The access token provided has expired."}
    assert await asker.ask("GET", "/v1/devices") == (401, expired)


async def test_a_token_may_come_in_the_header_the_query_or_the_form(asker: Asker) -> None:
    asker.token = None
    assert (await asker.ask("GET", f"/v1/devices?access_token={FIRST_TOKEN}"))[0] == 200
    form = urlencode({"access_token": FIRST_TOKEN, "name": "x"}).encode()
    answer = await asker.send("PUT", "/v1/devices/x", form, kind="application/x-www-form-urlencoded")
    assert answer.status == 403
    assert (await asker.send("GET", "/v1/devices", AUTHORIZATION=f"bearer {FIRST_TOKEN}")).status == 200


async def test_login_gives_a_token_that_works_until_it_is_revoked(asker: Asker) -> None:
    status, answer = await asker.log_in()
    assert (status, answer["token_type"], answer["expires_in"]) == (200, "bearer", 7_776_000)
    token = str(answer["access_token"])
    assert len(token) == 40
    asker.token = token
    assert await asker.ask("GET", "/v1/access_tokens/current") == (
        200,
        {
            "expires_at": "2024-08-11T10:55:02.520Z",
            "client": "particle-cli",
            "client_id": "particle-cli",
            "scopes": [],
            "orgs": [],
        },
    )
    assert await asker.ask("DELETE", "/v1/access_tokens/current") == (200, {"ok": True})
    assert (await asker.ask("GET", "/v1/user"))[0] == 401


async def test_a_token_can_be_revoked_by_whoever_knows_it_and_twice(asker: Asker) -> None:
    _, answer = await asker.log_in(expires_in="0")
    token = str(answer["access_token"])
    asker.token = None
    for _ in range(2):
        assert await asker.ask("DELETE", f"/v1/access_tokens/{token}") == (200, {"ok": True})
    asker.token = token
    assert (await asker.ask("GET", "/v1/user"))[0] == 401


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"password": "wrong"}, "invalid_grant"),
        ({"username": "nobody@example.com"}, "invalid_grant"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"grant_type": "magic"}, "unsupported_grant_type"),
        ({"expires_in": "soon"}, "invalid_request"),
    ],
)
async def test_a_login_that_is_wrong_is_refused(asker: Asker, fields: dict[str, str], error: str) -> None:
    status, answer = await asker.log_in(**fields)
    assert (status, answer["error"]) == (400, error)


async def test_the_client_may_come_as_basic_authentication(asker: Asker) -> None:
    asker.token = None
    basic = base64.b64encode(b"particle:particle").decode()
    form = urlencode(
        {"username": "YOU@example.com", "password": "password", "grant_type": "password"}
    ).encode()
    answer = await asker.send(
        "POST", "/oauth/token", form, kind="application/x-www-form-urlencoded", Authorization=f"Basic {basic}"
    )
    assert answer.status == 200


async def test_who_am_i(asker: Asker) -> None:
    asker.cloud.adopt(FarEnd(1))
    asker.cloud.adopt(FarEnd(2, ARGON))
    status, user = await asker.ask("GET", "/v1/user")
    assert status == 200
    assert isinstance(user, dict)
    assert user["username"] == "you@example.com"
    assert (user["wifi_device_count"], user["cellular_device_count"]) == (1, 1)


# Devices


async def test_a_device_is_shown_with_all_that_clients_look_at(asker: Asker) -> None:
    device = FarEnd(
        1, functions={"led": lambda argument: 1}, values={"temp": 21.5, "n": 1, "s": "", "b": True}
    )
    asker.cloud.adopt(device, name="bench")
    status, listed = await asker.ask("GET", "/v1/devices")
    assert status == 200
    assert listed == [(await asker.ask("GET", f"/v1/devices/{device.id}"))[1]]
    assert isinstance(listed, list)
    shown = listed[0]
    assert shown["id"] == device.id
    assert (shown["name"], shown["online"], shown["connected"], shown["cellular"]) == (
        "bench",
        True,
        True,
        True,
    )
    assert (shown["platform_id"], shown["product_id"], shown["status"]) == (13, 13, "normal")
    assert shown["functions"] == ["led"]
    assert shown["variables"] == {"temp": "double", "n": "int32", "s": "string", "b": "bool"}
    assert shown["last_handshake_at"] == shown["last_heard"] == "2024-05-13T10:55:02.520Z"


async def test_what_is_known_of_a_device_stays_when_it_goes(asker: Asker) -> None:
    device = FarEnd(1, functions={"led": lambda argument: 1}, online=False)
    asker.cloud.adopt(device)
    _, shown = await asker.ask("GET", f"/v1/devices/{device.id}")
    assert isinstance(shown, dict)
    assert (shown["functions"], shown["variables"], shown["last_heard"]) == (None, None, None)
    device.go(online=True)
    device.go(online=False)
    _, shown = await asker.ask("GET", f"/v1/devices/{device.id}")
    assert isinstance(shown, dict)
    assert (shown["functions"], shown["variables"], shown["online"]) == (["led"], {}, False)


async def test_the_list_has_the_newest_session_first(asker: Asker) -> None:
    first, second = FarEnd(1), FarEnd(2, online=False)
    asker.cloud.adopt(first)
    asker.cloud.adopt(second)
    await asyncio.sleep(1)  # noqa: TID251 - the test's own time
    second.go(online=True)
    _, listed = await asker.ask("GET", "/v1/devices")
    assert isinstance(listed, list)
    assert [one["id"] for one in listed] == [second.id, first.id]


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_a_device_of_nobody_or_of_somebody_else_is_not_to_be_told_apart(
    asker: Asker, method: str
) -> None:
    asker.cloud.attach(FarEnd(7))
    for name in (f"{7:024x}", "nobody"):
        assert await asker.ask(method, f"/v1/devices/{name}") == (403, NOT_MINE)
    for path in (f"{7:024x}/led", "nobody/led"):
        assert await asker.ask("GET", f"/v1/devices/{path}") == (403, NOT_MINE)
        assert await asker.ask("POST", f"/v1/devices/{path}", {}) == (403, NOT_MINE)


async def test_a_device_is_found_by_id_in_any_case_and_by_its_exact_name(asker: Asker) -> None:
    device = FarEnd(0xABC)
    asker.cloud.adopt(device, name="x/y é")
    for word in (device.id, device.id.upper(), "x%2Fy%20%C3%A9", "x%2fy%20%c3%a9/"):
        assert (await asker.ask("GET", f"//v1/devices//{word}"))[0] == 200
    assert (await asker.ask("GET", "/v1/devices/X%2Fy%20%C3%A9"))[0] == 403


async def test_a_device_is_renamed(asker: Asker) -> None:
    device = FarEnd(1)
    asker.cloud.adopt(device, name="old")
    assert await asker.ask("PUT", "/v1/devices/old", {"name": "new"}) == (
        200,
        {"id": device.id, "name": "new", "updated_at": "2024-05-13T10:55:02.520Z"},
    )
    assert asker.cloud.name_of(device.id) == "new"
    assert (await asker.ask("PUT", "/v1/devices/new", {"name": " "}))[0] == 400
    assert await asker.ask("PUT", "/v1/devices/new", {"x": 1}) == (
        400,
        {"ok": False, "error": "Nothing to do?"},
    )


async def test_signal_and_ping(asker: Asker) -> None:
    device = FarEnd(1)
    asker.cloud.adopt(device)
    path = f"/v1/devices/{device.id}"
    shown = {"id": device.id, "connected": True, "signaling": True}
    assert await asker.ask("PUT", path, {"signal": "1"}) == (200, shown)
    assert await asker.ask("PUT", f"{path}/ping") == (200, {"online": True, "ok": True})
    device.go(online=False)
    assert await asker.ask("PUT", path, {"signal": "0"}) == (
        500,
        {"ok": False, "code": 500, "errors": [{"error": "Timed out, didn't hear back from device service"}]},
    )
    assert await asker.ask("PUT", f"{path}/ping") == (200, {"online": False, "ok": True})


# Functions and variables


async def test_a_function_is_called_and_its_answer_takes_its_time(asker: Asker) -> None:
    heard: list[str] = []

    def led(argument: str) -> int:
        heard.append(argument)
        return 42

    device = FarEnd(1, functions={"led": led})
    asker.cloud.adopt(device, name="bench")
    before = asyncio.get_running_loop().time()
    assert await asker.ask("POST", "/v1/devices/bench/led", {"args": "on"}) == (
        200,
        {"id": device.id, "name": "bench", "last_app": "", "connected": True, "return_value": 42},
    )
    assert 0 < asyncio.get_running_loop().time() - before < 1
    assert await asker.ask("POST", "/v1/devices/bench/led", {"arg": "off", "format": "raw"}) == (200, 42)
    await asker.ask("POST", "/v1/devices/bench/led", {})
    assert heard == ["on", "off", ""]


@pytest.mark.parametrize(("value", "kept"), [(2**31, -(2**31)), (-1, -1), (2**32 + 5, 5), (True, 1)])
async def test_an_answer_is_an_int32(asker: Asker, value: int, kept: int) -> None:
    asker.cloud.adopt(FarEnd(1, functions={"f": lambda argument: value}), name="bench")
    assert await asker.ask("POST", "/v1/devices/bench/f", {"format": "raw"}) == (200, kept)


async def test_what_the_application_does_not_offer_is_not_asked_for(asker: Asker) -> None:
    asker.cloud.adopt(FarEnd(1), name="bench")
    missing = {"ok": False, "error": "Function nope not found"}
    assert await asker.ask("POST", "/v1/devices/bench/nope", {"args": "x"}) == (404, missing)
    unknown = {"ok": False, "error": "Unknown Variable: nope"}
    assert await asker.ask("GET", "/v1/devices/bench/nope") == (404, unknown)


async def test_a_device_that_is_offline_or_vanishes_times_out(asker: Asker) -> None:
    device = FarEnd(1, functions={"led": lambda argument: 1}, values={"v": 1})
    asker.cloud.adopt(device, name="bench")
    timed_out = (408, {"ok": False, "error": "Timed out."})
    call = asyncio.ensure_future(asker.ask("POST", "/v1/devices/bench/led", {}))
    await asyncio.sleep(0.01)  # noqa: TID251 - the test's own time
    device.go(online=False)
    assert await call == timed_out
    assert await asker.ask("POST", "/v1/devices/bench/led", {}) == timed_out
    assert await asker.ask("GET", "/v1/devices/bench/v") == timed_out


async def test_an_argument_has_its_limit(asker: Asker) -> None:
    asker.cloud.adopt(FarEnd(1, functions={"f": len}), name="bench")
    assert (await asker.ask("POST", "/v1/devices/bench/f", {"args": "x" * 63}))[0] == 200
    assert (await asker.ask("POST", "/v1/devices/bench/f", {"args": "x" * 64}))[0] == 400


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (5, 5),
        (-(2**31), -(2**31)),
        (21.5, 21.5),
        (True, True),
        ("å\n\U0001f600", "å\n\U0001f600"),
        ("", ""),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
async def test_a_variable_keeps_its_type(
    asker: Asker, value: bool | int | float | str, result: object
) -> None:
    device = FarEnd(1, values={"v": value})
    asker.cloud.adopt(device, name="bench")
    status, answer = await asker.ask("GET", "/v1/devices/bench/v")
    assert isinstance(answer, dict)
    assert (status, answer["result"], type(answer["result"])) == (200, result, type(result))
    assert (answer["cmd"], answer["name"], answer["coreInfo"]["deviceID"]) == ("VarReturn", "v", device.id)
    assert await asker.ask("GET", "/v1/devices/bench/v?format=raw") == (200, result)


# Compiling

SKETCH = b"void setup() {}\nvoid loop() {}\n"


def parts(*fields: tuple[str, str], path: str = "src\\app.ino", content: bytes = SKETCH) -> tuple[Part, ...]:
    return Part("file", content, path, "text/x-c"), *(Part(name, value.encode()) for name, value in fields)


async def test_a_binary_is_built_kept_for_a_day_and_given_to_its_owner_only(asker: Asker) -> None:
    sent = parts(("platform_id", "13"), ("build_target_version", "6.2.0"))
    answer = await asker.send("POST", "/v1/binaries", sent)
    told = json.loads(answer.body)
    assert (answer.status, told["ok"], told["build_target_version"]) == (200, True, "6.2.0")
    path = told["binary_url"]
    assert path == f"/v1/binaries/{told['binary_id']}"
    binary = await asker.send("GET", path)
    assert (binary.header("content-type"), binary.header("content-disposition")) == (
        "application/binary",
        "attachment; filename=firmware.bin",
    )
    assert parse_module(binary.body, name="firmware.bin").crc_ok
    asker.token = None
    assert (await asker.send("GET", path)).status == 400
    asker.token = FIRST_TOKEN
    await asyncio.sleep(24 * 3600)  # noqa: TID251 - the test's own time
    assert await asker.ask("GET", path) == (404, {"ok": False, "error": "Binary not found"})


async def test_what_does_not_compile_is_told_in_the_compiler_s_words(asker: Asker) -> None:
    sent = parts(("platform_id", "13"), ("latest", "true"), path="main.cpp", content=b"broken")
    answer = await asker.send("POST", "/v1/binaries", sent)
    assert answer.status == 406
    assert json.loads(answer.body) == {
        "ok": False,
        "code": 200,
        "output": "Compiler timed out or encountered an error",
        "stdout": "",
        "errors": ["main.cpp:1:1: error: 'broken' does not name a type\n"],
    }


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ([], 400),
        ([("platform_id", "boron")], 400),
        ([("platform_id", "99")], 400),
        ([("platform_id", "13"), ("build_target_version", "1.2.3.4")], 400),
    ],
)
async def test_a_request_that_is_none_is_refused(
    asker: Asker, fields: list[tuple[str, str]], status: int
) -> None:
    answer = await asker.send("POST", "/v1/binaries", parts(*fields))
    assert (answer.status, json.loads(answer.body)["ok"]) == (status, False)


# Device OS


async def test_releases_are_listed_newest_first_by_pages(asker: Asker) -> None:
    status, page = await asker.ask("GET", "/v1/device-os/versions?platform_id=13&per_page=2&page=2")
    assert status == 200
    assert isinstance(page, dict)
    assert [one["version"] for one in page["versions"]] == ["6.1.1", "6.1.0"]
    first = page["versions"][0]
    assert (first["internal_version"], first["release_state"]) == (6101, "ga")
    assert page["meta"]["total"] > 100
    _, found = await asker.ask("GET", "/v1/device-os/versions?platform_id=13&internal_version=5500")
    assert isinstance(found, dict)
    assert [(one["version"], one["release_state"]) for one in found["versions"]] == [
        ("5.5.0-rc.1", "preview")
    ]


async def test_a_release_names_modules_that_can_be_fetched_without_a_token(asker: Asker) -> None:
    shown = [
        await asker.ask("GET", f"/v1/device-os/versions/{v}?platform_id=13")
        for v in ("latest", "6.2.0", "6200")
    ]
    assert shown[0] == shown[1] == shown[2]
    status, release = shown[0]
    assert status == 200
    assert isinstance(release, dict)
    asker.token = None
    for module in release["modules"]:
        path = f"{release['base_url']}/{module['filename'].replace('@', '%40')}".removeprefix(ORIGIN)
        file = await asker.send("GET", path)
        assert file.status == 200
        assert file.body[-4:].hex() == module["crc"]["storedCrc"] == module["crc"]["actualCrc"]
    functions = [module["prefixInfo"]["moduleFunction"] for module in release["modules"]]
    assert {"bootloader", "system_part", "radio_stack"} <= set(functions)


async def test_what_there_is_not_is_an_empty_404(asker: Asker) -> None:
    for version, platform_id in (("9.9.9", 13), ("6.2.0", 6), ("6.2.0", 999)):
        path = f"/v1/device-os/versions/{version}?platform_id={platform_id}"
        assert await asker.ask("GET", path) == (404, {})


# The wire itself


async def test_addresses_that_lead_nowhere(asker: Asker) -> None:
    assert (await asker.ask("GET", "/v2/devices"))[0] == 404
    assert (await asker.ask("GET", "/"))[0] == 404
    assert (await asker.ask("PATCH", "/v1/devices"))[0] == 405
    assert (await asker.ask("GET", "/v1/devices/events"))[0] in (404, 405)


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
