"""Clouds, proxies and networks that do what they must not: one clear error each, with what to do next.

Through the whole command line, over sockets; and the token is in nothing that is printed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.entrypoints.conftest import Particle, Ran
from tests.entrypoints.crooked import Crooked, answer, crooked
from tests.hunting import leaks

from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.module import Dependency, write_module

pytestmark = pytest.mark.real_time

TOKEN = "f00dface" * 5
D, HOOK = "0123456789abcdef01234567", "5b0967d1f9d9356e6226535a"
WEB_PAGE = b"<!DOCTYPE html><html><head><title>Welcome to Hotel WLAN</title></head></html>"
DEVICE = {"id": D, "name": "bench", "platform_id": 13, "product_id": 13, "online": True, "connected": True}

APPLICATION = write_module(
    build_module(
        platform_id=13, function=5, index=2, version=6, payload=bytes(600), start_address=0xB4000,
        dependencies=[Dependency(4, 1, 6200)],
    )
)  # fmt: skip
READING = (
    ("list",),
    ("whoami",),
    ("get", D, "temp"),
    ("function", "list"),
    ("product", "device", "list", "12"),
)
CHANGING = (
    ("call", D, "led", "on"),
    ("publish", "t", "1"),
    ("device", "rename", D, "new"),
    ("device", "add", D),
    ("nyan", D, "on"),
    ("webhook", "list"),
    ("webhook", "get", HOOK),
    ("webhook", "delete", HOOK),
    ("webhook", "POST", "ev", "https://example.com"),
    ("integration", "list"),
    ("variable", "list"),
    ("product", "device", "add", "12", D),
    ("product", "device", "remove", "12", D),
    ("device", "remove", D, "--yes"),
    ("flash", D, "blink.ino"),
    ("cloud", "flash", D, "blink.bin"),
    ("compile", "boron", "blink.ino"),
)
COMMANDS = READING + CHANGING


@pytest.fixture
def cloud() -> Iterator[Crooked]:
    with crooked() as server:
        yield server


@pytest.fixture
def particle(particle: Particle, cloud: Crooked, monkeypatch: pytest.MonkeyPatch) -> Particle:
    """The command line, logged in at the crooked cloud."""
    monkeypatch.setattr("random.random", lambda: 0.0)
    particle("config", "crooked")
    particle("config", "crooked", "apiUrl", cloud.address)
    particle("config", "crooked", "access_token", TOKEN)
    particle("config", "crooked", "access_token_expires_at", "2099-01-01T00:00:00.000Z")
    Path("blink.bin").write_bytes(APPLICATION)
    Path("blink.ino").write_text("void setup() {}\nvoid loop() {}\n")
    return particle


def refused(ran: Ran, *, code: str | None = None) -> str:
    """Check that a command failed as it should; return what it said."""
    assert ran.code == 1, ran
    error = ran.document["error"]
    assert error["message"]
    assert error["hint"], error
    assert "Traceback" not in ran.err
    assert not leaks("output", ran.out + ran.err, [TOKEN])
    if code is not None:
        assert error["code"] == code, error
    return str(error["message"])


def owning(device: object) -> Callable[[str], bytes]:
    """Answer as the cloud of somebody who has one device."""
    return lambda line: answer([device] if line.startswith("GET /v1/devices ") else device)


def name(words: tuple[str, ...]) -> str:
    return " ".join(word for word in words if word != D)


# Answers that are none


DEEP = b"[" * 100_000 + b"]" * 100_000
UNREADABLE = {
    "a web page": answer(WEB_PAGE, kind="text/html; charset=utf-8"),
    "a web page called JSON": answer(WEB_PAGE),
    "nothing": answer(b""),
    "half a document": answer(b'{"id": "0123'),
    "no JSON": answer(b"OK"),
    "not UTF-8": answer(b'{"id": "\xff\xfe"}'),
    "endless nesting": answer(DEEP),
    "a huge number": answer(b'{"return_value": ' + b"9" * 10_000 + b"}"),
    "bytes": answer(bytes(range(256)), kind="application/octet-stream"),
    "a text": answer("fine"),
    "a number": answer(17),
    "null": answer(None),
    "a list of numbers": answer([1, 2, 3]),
}


@pytest.mark.parametrize("damage", UNREADABLE, ids=str)
@pytest.mark.parametrize("words", READING + CHANGING[:1] + CHANGING[-1:], ids=name)
def test_an_answer_that_cannot_be_read(
    particle: Particle, cloud: Crooked, words: tuple[str, ...], damage: str
) -> None:
    cloud.says = UNREADABLE[damage]
    message = refused(particle(*words, "--json"))
    assert len(message) < 1000


@pytest.mark.parametrize("words", COMMANDS, ids=name)
def test_an_error_is_told_to_people_too(particle: Particle, cloud: Crooked, words: tuple[str, ...]) -> None:
    cloud.says = answer(WEB_PAGE, 500, kind="text/html")
    ran = particle(*words)
    assert ran.code == 1
    assert "HTTP error 500" in ran.err
    assert "try again" in ran.err.lower()
    assert "<html" not in ran.err
    assert not leaks("output", ran.err, [TOKEN])


# Refusals of every class


@pytest.mark.parametrize("words", [*READING[:3], *CHANGING[:5]], ids=name)
@pytest.mark.parametrize(
    "status",
    [300, 400, 402, 403, 404, 405, 406, 407, 408, 409, 410, 413, 414, 415, 418, 422, 429, 431, 451,
     500, 501, 502, 503, 504, 505, 511, 520, 529, 599],
)  # fmt: skip
def test_every_refusal_has_a_next_step(
    particle: Particle, cloud: Crooked, words: tuple[str, ...], status: int
) -> None:
    cloud.says = answer(WEB_PAGE, status, kind="text/html", retry_after="0")
    message = refused(particle(*words, "--json"))
    assert str(status) in message or status == 404
    assert len(cloud.heads) <= 3


def test_what_the_cloud_repeats_of_the_token_is_not_repeated(particle: Particle, cloud: Crooked) -> None:
    said = {"error": f"token {TOKEN} may not do that", "error_description": f"no, {TOKEN}!"}
    cloud.says = answer(said, 403)
    for words in COMMANDS:
        for more in ((), ("--json",), ("-v",), ("-vvv",)):
            ran = particle(*words, *more)
            assert ran.code == 1
            assert not leaks(name(words), ran.out + ran.err, [TOKEN])


def test_a_token_that_is_refused_is_forgotten_and_that_is_said(particle: Particle, cloud: Crooked) -> None:
    cloud.says = answer({"error": "invalid_token"}, 401)
    ran = particle("whoami")
    assert ran.code == 1
    assert "not logged in any more" in ran.err
    assert "particle login" in ran.err
    assert "not logged in" in refused(particle("whoami", "--json"), code="not_logged_in").lower()


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("words", [*READING, *CHANGING], ids=name)
def test_no_redirect_takes_the_token_elsewhere(
    particle: Particle, cloud: Crooked, words: tuple[str, ...], status: int
) -> None:
    with crooked() as thief:
        thief.says = answer([])
        cloud.says = answer(b"", status, location=f"{thief.address}/v1/user")
        refused(particle(*words, "--json"), code="cloud_address")
        assert thief.heads == []


@pytest.mark.parametrize(
    "place", ["localhost:{port}", "[::1]:{port}", "u:p@127.0.0.1:{port}", "127.0.0.1.:{port}"]
)
def test_another_name_is_another_host(particle: Particle, cloud: Crooked, place: str) -> None:
    there = place.format(port=cloud.port)
    cloud.says = answer(b"", 302, location=f"http://{there}/v1/user")
    refused(particle("whoami", "--json"), code="cloud_address")
    assert len(cloud.heads) == 1


def test_a_redirect_without_end_is_left(particle: Particle, cloud: Crooked) -> None:
    cloud.says = answer(b"", 302, location="/v1/user")
    refused(particle("whoami", "--json"), code="cloud_address")
    assert len(cloud.heads) < 10


# Fields of the wrong kind


FIELDS = (
    "id", "name", "platform_id", "product_id", "online", "connected", "cellular", "functions", "variables",
    "status", "serial_number", "system_firmware_version", "last_heard", "last_handshake_at",
    "last_ip_address", "notes", "owner",
)  # fmt: skip
KINDS = {"text": "x", "number": 7, "fraction": 1.5, "truth": True, "list": [[]], "object": {"a": {}}}
WANTED = {
    **dict.fromkeys(FIELDS, "text"),
    **dict.fromkeys(("platform_id", "product_id"), "number"),
    **dict.fromkeys(("online", "connected", "cellular"), "truth"),
    **dict.fromkeys(("functions", "variables"), "none of these"),
}


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_of_the_wrong_kind_is_named(particle: Particle, cloud: Crooked, field: str) -> None:
    for kind, value in KINDS.items():
        if kind == WANTED[field]:
            continue
        cloud.says = answer([{**DEVICE, field: value}])
        message = refused(particle("list", "--json"), code="cloud_answer")
        assert f".{field}" in message, (kind, message)


@pytest.mark.parametrize("field", [field for field in FIELDS if field != "id"])
def test_a_field_that_is_absent_or_null_is_tolerated(particle: Particle, cloud: Crooked, field: str) -> None:
    for device in ({key: value for key, value in DEVICE.items() if key != field}, {**DEVICE, field: None}):
        cloud.says = lambda line, device=device: answer(
            [device] if line.startswith("GET /v1/devices ") else device
        )
        assert particle("list").code == 0


def test_many_wrong_fields_make_no_endless_error(particle: Particle, cloud: Crooked) -> None:
    cloud.says = answer([{**DEVICE, "name": 5}] * 500)
    message = refused(particle("list", "--json"))
    assert "and 497 more" in message
    assert len(message) < 1000


# Names


@pytest.mark.parametrize(
    "given",
    [
        "lämpchen 💡",
        "👩‍👩‍👧‍👦",
        "дом",
        "家",
        "عربي",
        "a/b?c#d",
        "x" * 5000,
        "  ",
        "-v",
        "\t",
        "null",
        "",
        None,
    ],
    ids=lambda given: str(given)[:20],
)
def test_devices_may_be_called_anything_or_nothing(
    particle: Particle, cloud: Crooked, given: str | None
) -> None:
    device = {**DEVICE, "name": given}
    cloud.says = owning(device)
    ran = particle("list")
    assert (ran.code, ran.err) == (0, "")
    assert len(ran.out.splitlines()) == 1
    shown = particle("list", "--json").data[0]["name"]
    assert shown == (None if given in ("", "null") else given)


def test_a_name_goes_out_as_utf_8(particle: Particle, cloud: Crooked) -> None:
    cloud.says = answer({"cmd": "VarReturn", "result": 1, "coreInfo": {"deviceID": D}})
    assert particle("get", "lämpchen 💡/1", "temp").code == 0
    assert cloud.heads[-1].startswith("GET /v1/devices/l%C3%A4mpchen%20%F0%9F%92%A1%2F1/temp ")


# Wires


def test_a_cloud_that_is_not_there(particle: Particle) -> None:
    particle("config", "crooked", "apiUrl", "http://127.0.0.1:1")
    for words in COMMANDS:
        assert "Network error from" in refused(particle(*words, "--json"), code="cloud_unreachable")


def test_a_name_that_nobody_has(particle: Particle) -> None:
    particle("config", "crooked", "apiUrl", "https://cloud.invalid")
    assert "cloud.invalid cannot be reached" in refused(particle("whoami", "--json"))


def test_a_cloud_without_tls(particle: Particle, cloud: Crooked) -> None:
    particle("config", "crooked", "apiUrl", f"https://127.0.0.1:{cloud.port}")
    refused(particle("whoami", "--json"), code="cloud_unreachable")
    assert cloud.heads == []


def test_plain_http_to_another_machine(particle: Particle) -> None:
    particle("config", "crooked", "apiUrl", "http://192.0.2.1")
    assert "plain HTTP" in refused(particle("whoami", "--json"), code="cloud_address")


@pytest.mark.parametrize(
    "address", ["api.particle.io", "ftp://x", "https://u:pass-word@x", "https://", "https://x:0x"]
)
def test_an_address_that_is_none(particle: Particle, address: str) -> None:
    particle("config", "crooked", "apiUrl", address)
    message = refused(particle("whoami", "--json"))
    assert "pass-word" not in message


def test_a_proxy_that_refuses(particle: Particle, cloud: Crooked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:proxy-secret@127.0.0.1:{cloud.port}")
    particle("config", "crooked", "apiUrl", "https://cloud.invalid")
    cloud.says = answer(WEB_PAGE, 407, kind="text/html")
    ran = particle("whoami", "--json")
    assert "The proxy refused to lead to cloud.invalid: 407" in refused(ran)
    assert "proxy-secret" not in ran.out + ran.err
    assert all("Bearer" not in head for head in cloud.heads)


def test_a_hundred_megabytes(particle: Particle, cloud: Crooked) -> None:
    cloud.says = b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n" + b" " * 70_000
    assert "larger than" in refused(particle("list", "--json"))


def test_a_body_that_is_cut_off(particle: Particle, cloud: Crooked) -> None:
    cloud.says = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"
    assert "broke" in refused(particle("call", D, "led", "--json"), code="cloud_unreachable")


# Streams


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (answer(WEB_PAGE, kind="text/html"), "cloud_answer"),
        (answer({"ok": True}), "cloud_answer"),
        (answer(WEB_PAGE, 404, kind="text/html"), "cloud_not_found"),
        (answer({"error": "Too many"}, 529), "cloud_busy"),
        (answer(b"", 302, location="http://127.0.0.1:1/"), "cloud_address"),
        (answer(b"data: " + b"x" * (5 << 20), kind="text/event-stream"), "cloud_answer"),
    ],
    ids=["a web page", "JSON", "not found", "too many streams", "elsewhere", "an endless line"],
)
def test_a_stream_that_is_none(particle: Particle, cloud: Crooked, said: bytes, code: str) -> None:
    cloud.says = said
    refused(particle("subscribe", "t", "--timeout", "5", "--json"), code=code)


def test_events_that_are_none_are_passed_over(particle: Particle, cloud: Crooked) -> None:
    frames = "event: a\ndata: no JSON\n\nevent: b\ndata: [1]\n\n" + 'event: c\ndata: {"data":"grüße"}\n\n'
    cloud.says = answer(f":ok\n\n{frames}".encode(), kind="text/event-stream")
    ran = particle("subscribe", "--max", "1")
    assert ran.code == 0
    assert json.loads(ran.out) == {"data": "grüße", "name": "c"}
