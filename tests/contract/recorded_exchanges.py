"""What the official clients were recorded to put on the wire, with the call of ours that is to do alike.

Recorded from particle-api-js 12.0.3 and the Node CLI 3.49.2. Of the headers there are those that mean
something. What differs on purpose: the event stream is asked for without a `nonce`, and multipart bodies have
another boundary and announce their length.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Final

from attrs import frozen

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.cloud.account import LoginRefused, complete_login, log_in, log_out, user
from particle_cli.domain.cloud.account_tokens import list_tokens, revoke_token
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.compiling import SourceFile, compile_sources
from particle_cli.domain.cloud.devices import call_function, get_device, get_variable, list_devices
from particle_cli.domain.cloud.errors import (
    CloudDeviceNotFound,
    CloudError,
    CloudRefused,
    CompileFailed,
    DeviceSilent,
    FunctionNotFound,
    MfaRequired,
)
from particle_cli.domain.cloud.events import publish
from particle_cli.domain.cloud.firmware import get_device_os
from particle_cli.domain.cloud.integrations import (
    Owner,
    Webhook,
    create_integration,
    delete_integration,
    integration_document,
    list_integrations,
)
from particle_cli.domain.cloud.libraries import (
    Wish,
    delete_library,
    get_library,
    get_versions,
    list_libraries,
    publish_library,
    upload_library,
)
from particle_cli.domain.cloud.over_the_air import send_firmware
from particle_cli.domain.cloud.ownership import (
    DeviceOfAnother,
    claim_device,
    release_device,
    rename_device,
    signal_device,
)
from particle_cli.domain.cloud.products import (
    add_to_product,
    list_product_devices,
    mark_as_development,
    remove_from_product,
)
from particle_cli.domain.cloud.protection import confirm_unlock, prepare_unlock, product_protects
from particle_cli.domain.cloud.provisioning import send_public_key
from particle_cli.domain.cloud.subscription import EventSource, follow
from particle_cli.domain.cloud.tokens import token_expiry

TOKEN: Final = "FAKE_TOKEN"
D: Final = "0123456789abcdef01234567"
BOUNDARY: Final = b"BOUNDARY"
JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
PARTS: Final = "multipart/form-data"
CLOCK: Final = LoopClock()
MOMENT: Final = datetime.fromtimestamp(1_700_000_000, UTC)
PEM: Final = "-----BEGIN PUBLIC KEY-----\nMIGfMA0/+A==\n-----END PUBLIC KEY-----\n"

Call = Callable[[CloudClient], Awaitable[object]]


@frozen
class Exchange:
    """One exchange, or several of which the last counts for what comes of it.

    Attributes:
        name: the recording.
        asked: method, and path with query.
        call: what of ours does the same.
        body: what was sent.
        content_type: of the body, without parameters.
        authorized: whether the token went along.
        status: of the answer.
        answer: its body.
        then: answers to what is asked next, which is not looked at.
        error: how the call ends; None: well.
        answer_type: content type of the answer.
    """

    name: str
    asked: str
    call: Call
    body: bytes = b""
    content_type: str = ""
    authorized: bool = True
    status: int = 200
    answer: bytes = b"{}"
    then: bytes = b""
    error: type[CloudError] | None = None
    answer_type: str = "application/json; charset=utf-8"


async def _first_event(client: CloudClient) -> object:
    async with aclosing(follow(client, CLOCK, EventSource("a/b"))) as news:
        return await anext(news)


def _parts(*parts: tuple[str, str]) -> bytes:
    """Return a multipart body as it was recorded: for each part the rest of its headers, and its content."""
    written = (
        f'--BOUNDARY\r\nContent-Disposition: form-data; name="{head}\r\n\r\n{content}\r\n'
        for head, content in parts
    )
    return "".join(written).encode("latin-1") + b"--BOUNDARY--\r\n"


def _said(document: object) -> bytes:
    return json.dumps(document).encode()


_LOGIN: Final = (
    b"username=%s&password=%s&grant_type=password&client_id=particle-cli&client_secret=particle-cli"
    b"&expires_in=7776000"
)
_GRANTED: Final = _said(
    {"token_type": "bearer", "access_token": TOKEN, "expires_in": 7776000, "refresh_token": "fakerefresh"}
)
_OK: Final = b'{"ok":true}'
_TIMED_OUT: Final = b'{"ok":false,"error":"Timed out."}'
_NOT_MINE: Final = _said(
    {
        "error": "Permission Denied",
        "info": "I didn't recognize that device name or ID, try opening "
        "https://api.particle.io/v1/devices?access_token=undefined",
    }
)
_FOREIGN: Final = _said(
    {
        "ok": False,
        "errors": [
            "That belongs to someone else. To request a transfer add ?request_transfer=true to the URL."
        ],
    }
)
_BUILT: Final = _said(
    {
        "ok": True,
        "binary_id": "5734a5d4a71c2601243809e6",
        "binary_url": "/v1/binaries/5734a5d4a71c2601243809e6",
    }
)
_SOURCES: Final = (
    SourceFile("lib/foo/src/foo.cpp", b"int x;\n"),
    SourceFile("project.properties", b"name=proj\n"),
    SourceFile("src/main.ino", b"void setup(){}\nvoid loop(){}\n"),
)
_HOOK: Final = _said(
    {
        "id": "5b0967d1f9d9356e6226535a",
        "event": "ev",
        "created_at": "2024-05-13T10:55:02.520Z",
        "integration_type": "Webhook",
        "url": "http://127.0.0.1/x",
        "ok": True,
        "hookUrl": "http://cloud.test/v1/webhooks/5b0967d1f9d9356e6226535a",
    }
)
_HOOK_FILE: Final = (
    b'{"event":"ev","url":"http://127.0.0.1/x","requestType":"POST","json":{"a":"{{{PARTICLE_EVENT_VALUE}}}"},'
    b'"noDefaults":true,"rejectUnauthorized":true,"mydevices":true,"integration_type":"Webhook"}'
)
_DEVICE: Final = {"id": D, "name": "bench", "product_id": 13, "platform_id": 13, "online": True}
_VALUE: Final = _said({"cmd": "VarReturn", "name": "temp", "result": 21.5, "coreInfo": {"deviceID": D}})
_EVENT: Final = (
    b':ok\n\nevent: a/b\ndata: {"data":"hello","ttl":60,"published_at":"2024-05-13T10:55:02.520Z",'
    b'"coreid":"api"}\n\n'
)
_PRODUCT_PAGE: Final = _said({"devices": [_DEVICE], "customers": [], "meta": {"total_pages": 1}})
_LIBRARY: Final = {
    "type": "libraries",
    "id": "neopixel",
    "links": {"download": "http://cloud.test/dl/neopixel.tar.gz"},
    "attributes": {
        "name": "neopixel",
        "version": "0.0.10",
        "installs": 9,
        "license": "MIT",
        "author": "A",
        "sentence": "S",
        "architectures": [],
        "visibility": "public",
        "official": False,
        "mine": True,
        "verified": True,
    },
}
_IMPORTED: Final = _said({"updated": 1, "updatedDeviceIds": [D], "invalidDeviceIds": ["WAT"]})

RECORDED: Final = (
    Exchange(
        "1 login",
        "POST /oauth/token",
        lambda c: log_in(c, CLOCK, username="joe@example.com", password="pw"),
        _LOGIN % (b"joe%40example.com", b"pw"),
        FORM,
        authorized=False,
        answer=_GRANTED,
    ),
    Exchange(
        "login with a password that has to be escaped",
        "POST /oauth/token",
        lambda c: log_in(c, CLOCK, username="joe@example.com", password="p&ss w=rd é"),
        _LOGIN % (b"joe%40example.com", b"p%26ss%20w%3Drd%20%C3%A9"),
        FORM,
        authorized=False,
        answer=_GRANTED,
    ),
    Exchange(
        "2 login, second factor asked",
        "POST /oauth/token",
        lambda c: log_in(c, CLOCK, username="mfa@example.com", password="pw"),
        _LOGIN % (b"mfa%40example.com", b"pw"),
        FORM,
        authorized=False,
        status=403,
        answer=_said(
            {
                "error": "mfa_required",
                "error_description": "Multifactor authentication required",
                "mfa_token": "FAKEMFA",
            }
        ),
        error=MfaRequired,
    ),
    Exchange(
        "3 one-time password",
        "POST /oauth/token",
        lambda c: complete_login(c, CLOCK, username="mfa@example.com", mfa_token="FAKEMFA", code="123456"),
        b"grant_type=urn%3Acustom%3Amfa-otp&mfa_token=FAKEMFA&otp=123456&client_id=particle-cli"
        b"&client_secret=particle-cli",
        FORM,
        authorized=False,
        answer=_GRANTED,
    ),
    Exchange(
        "4 login refused",
        "POST /oauth/token",
        lambda c: log_in(c, CLOCK, username="joe@example.com", password="bad"),
        _LOGIN % (b"joe%40example.com", b"bad"),
        FORM,
        authorized=False,
        status=400,
        answer=b'{"error":"invalid_grant","error_description":"User credentials are invalid"}',
        error=LoginRefused,
    ),
    Exchange("5 whoami", "GET /v1/user", user, answer=b'{"username":"joe@example.com"}'),
    Exchange(
        "6 expiry of this token",
        "GET /v1/access_tokens/current",
        token_expiry,
        answer=b'{"expires_at":"2030-01-01T00:00:00.000Z","client_id":"particle-cli","scopes":[],"orgs":[]}',
    ),
    Exchange("deleteCurrentAccessToken", "DELETE /v1/access_tokens/current", log_out, answer=_OK),
    Exchange(
        "7 revoke another token: no Authorization",
        "DELETE /v1/access_tokens/abc",
        lambda c: revoke_token(c, "abc"),
        authorized=False,
        answer=_OK,
    ),
    Exchange("8 list", "GET /v1/devices", list_devices, answer=_said([_DEVICE])),
    Exchange(
        "9 one device, not mine",
        f"GET /v1/devices/{D}",
        lambda c: get_device(c, D),
        status=403,
        answer=_NOT_MINE,
        error=CloudDeviceNotFound,
    ),
    Exchange(
        "getDevice by a name with a space",
        "GET /v1/devices/my%20device",
        lambda c: get_device(c, "my device"),
        answer=_said(_DEVICE),
    ),
    Exchange(
        "10 claim",
        "POST /v1/devices",
        lambda c: claim_device(c, D),
        b'{"id":"%s","request_transfer":false}' % D.encode(),
        JSON,
        answer=_said({"user_id": "u", "id": D, "connected": True, "ok": True}),
    ),
    Exchange(
        "claim with a transfer",
        "POST /v1/devices",
        lambda c: claim_device(c, D, request_transfer=True),
        b'{"id":"%s","request_transfer":true}' % D.encode(),
        JSON,
        answer=_said({"transfer_id": "t"}),
    ),
    Exchange(
        "11 claim, owned by another",
        "POST /v1/devices",
        lambda c: claim_device(c, "taken"),
        b'{"id":"taken","request_transfer":false}',
        JSON,
        status=403,
        answer=_FOREIGN,
        error=DeviceOfAnother,
    ),
    Exchange("removeDevice", f"DELETE /v1/devices/{D}", lambda c: release_device(c, D), answer=_OK),
    Exchange(
        "12 rename",
        f"PUT /v1/devices/{D}",
        lambda c: rename_device(c, D, "newname"),
        b'{"name":"newname"}',
        JSON,
        answer=_said({"id": D, "name": "newname"}),
    ),
    Exchange(
        "13 rainbow LED on",
        f"PUT /v1/devices/{D}",
        lambda c: signal_device(c, D, True),
        b'{"signal":"1"}',
        JSON,
        answer=_said({"id": D, "connected": True, "signaling": True}),
    ),
    Exchange(
        "rainbow LED off, in a product",
        f"PUT /v1/products/12/devices/{D}",
        lambda c: signal_device(c, D, False, product="12"),
        b'{"signal":"0"}',
        JSON,
        answer=_said({"id": D, "connected": True, "signaling": False}),
    ),
    Exchange(
        "14 function",
        f"POST /v1/devices/{D}/led",
        lambda c: call_function(c, D, "led", "on"),
        b'{"args":"on"}',
        JSON,
        answer=_said({"id": D, "name": "bench", "connected": True, "return_value": 1}),
    ),
    Exchange(
        "function without an argument",
        f"POST /v1/devices/{D}/led",
        lambda c: call_function(c, D, "led"),
        b'{"args":""}',
        JSON,
        answer=_said({"return_value": 1}),
    ),
    Exchange(
        "15 function missing",
        f"POST /v1/devices/{D}/nope",
        lambda c: call_function(c, D, "nope", "x"),
        b'{"args":"x"}',
        JSON,
        status=404,
        answer=b'{"ok":false,"error":"Function nope not found"}',
        error=FunctionNotFound,
    ),
    Exchange("16 variable", f"GET /v1/devices/{D}/temp", lambda c: get_variable(c, D, "temp"), answer=_VALUE),
    Exchange(
        "variable of a product's device",
        f"GET /v1/products/12/devices/{D}/temp",
        lambda c: get_variable(c, D, "temp", product="12"),
        answer=_VALUE,
    ),
    Exchange(
        "17 variable, device silent",
        f"GET /v1/devices/{D}/off",
        lambda c: get_variable(c, D, "off"),
        status=408,
        answer=_TIMED_OUT,
        error=DeviceSilent,
    ),
    Exchange(
        "18 publish",
        "POST /v1/devices/events",
        lambda c: publish(c, "a/b", "hello"),
        b'{"name":"a/b","data":"hello","private":true}',
        JSON,
        answer=_OK,
    ),
    Exchange(
        "publish in a product, to the public, without data",
        "POST /v1/products/12/events",
        lambda c: publish(c, "a/b", private=False, product="12"),
        b'{"name":"a/b","private":false}',
        JSON,
        answer=_OK,
    ),
    Exchange(
        "19 event stream",
        "GET /v1/devices/events/a%2Fb",
        _first_event,
        answer=_EVENT,
        answer_type="text/event-stream",
    ),
    Exchange(
        "20 compile, three files in sub-folders, named target",
        "POST /v1/binaries",
        lambda c: compile_sources(c, _SOURCES, platform_id=13, target="6.3.0"),
        _parts(
            ('file"; filename="lib/foo/src/foo.cpp"\r\nContent-Type: text/x-c', "int x;\n"),
            (
                'file2"; filename="project.properties"\r\nContent-Type: application/octet-stream',
                "name=proj\n",
            ),
            (
                'file3"; filename="src/main.ino"\r\nContent-Type: application/octet-stream',
                "void setup(){}\nvoid loop(){}\n",
            ),
            ('platform_id"', "13"),
            ('build_target_version"', "6.3.0"),
        ),
        PARTS,
        answer=_BUILT,
        then=b"\x00\x01\x02\xff",
    ),
    Exchange(
        "21 compile error",
        "POST /v1/binaries",
        lambda c: compile_sources(c, [SourceFile("main.cpp", b"broken\n")], platform_id=13),
        _parts(
            ('file"; filename="main.cpp"\r\nContent-Type: text/x-c', "broken\n"),
            ('platform_id"', "13"),
            ('latest"', "true"),
        ),
        PARTS,
        status=406,
        answer=_said(
            {
                "ok": False,
                "code": 200,
                "output": "Compiler timed out or encountered an error",
                "stdout": "",
                "errors": ["main.cpp:1:1: error: 'broken' does not name a type\n"],
            }
        ),
        error=CompileFailed,
    ),
    Exchange(
        "23 OTA flash of a binary",
        f"PUT /v1/devices/{D}",
        lambda c: send_firmware(c, D, "build/fw.bin", b"\x00\x01\x02\xff"),
        _parts(
            (
                'file"; filename="build/fw.bin"\r\nContent-Type: application/octet-stream',
                "\x00\x01\x02\xff",
            ),
            ('latest"', "true"),
        ),
        PARTS,
        answer=_said({"id": D, "status": "Update started"}),
    ),
    Exchange(
        "24 mark as development device",
        f"PUT /v1/products/12/devices/{D}",
        lambda c: mark_as_development(c, "12", D),
        b'{"development":true}',
        JSON,
        answer=_said({"id": D, "development": True}),
    ),
    Exchange(
        "25 product devices, by what our client filters",
        "GET /v1/products/prod/devices?deviceName=na%20me&groups=a%2Cb&page=2&per_page=25",
        lambda c: list_product_devices(c, "prod", name="na me", groups=["a", "b"], page=2, per_page=25),
        answer=_PRODUCT_PAGE,
    ),
    Exchange(
        "26 add devices to a product",
        "POST /v1/products/12/devices",
        lambda c: add_to_product(c, "12", [D]),
        _parts(('file"; filename="file"\r\nContent-Type: application/octet-stream', D)),
        PARTS,
        answer=_IMPORTED,
    ),
    Exchange(
        "27 remove from a product",
        f"DELETE /v1/products/12/devices/{D}",
        lambda c: remove_from_product(c, "12", D),
        b"{}",
        JSON,
        status=204,
        answer=b"",
    ),
    Exchange(
        "remove from a product for good",
        f"DELETE /v1/products/12/devices/{D}",
        lambda c: remove_from_product(c, "12", D, deny=True),
        b'{"deny":true}',
        JSON,
        status=204,
        answer=b"",
    ),
    Exchange(
        "28 webhook from the command line: no requestType",
        "POST /v1/integrations",
        lambda c: create_integration(c, integration_document("ev", Webhook("http://127.0.0.1/x"))),
        b'{"event":"ev","url":"http://127.0.0.1/x","integration_type":"Webhook"}',
        JSON,
        status=201,
        answer=_HOOK,
    ),
    Exchange(
        "29 webhook from a file",
        "POST /v1/integrations",
        lambda c: create_integration(c, json.loads(_HOOK_FILE)),
        _HOOK_FILE,
        JSON,
        status=201,
        answer=_HOOK,
    ),
    Exchange("listIntegrations", "GET /v1/integrations", list_integrations, answer=b"[]"),
    Exchange(
        "listIntegrations of an organization",
        "GET /v1/orgs/acme/integrations",
        lambda c: list_integrations(c, Owner(organization="acme")),
        answer=b"[]",
    ),
    Exchange(
        "deleteIntegration of a product",
        "DELETE /v1/products/12/integrations/INT",
        lambda c: delete_integration(c, "INT", Owner(product="12")),
        status=204,
        answer=b"",
    ),
    Exchange(
        "30 public key",
        f"POST /v1/provisioning/{D}",
        lambda c: send_public_key(c, D, PEM, at=MOMENT, algorithm="rsa", product_id=12),
        b"deviceID=0123456789abcdef01234567&publicKey=-----BEGIN%20PUBLIC%20KEY-----%0AMIGfMA0%2F%2BA%3D%3D%0A"
        b"-----END%20PUBLIC%20KEY-----%0A&filename=cli&order=manual_1700000000000&algorithm=rsa&product_id=12",
        FORM,
        answer=b'"Success!"',
    ),
    Exchange(
        "31 library search",
        "GET /v1/libraries?filter=neo",
        lambda c: list_libraries(c, Wish(name="neo")),
        answer=_said({"data": [_LIBRARY]}),
    ),
    Exchange(
        "library search with everything",
        "GET /v1/libraries?page=1&filter=one%20wire&limit=10&sort=popularity"
        "&architectures=particle-photon%2Cparticle-argon&category=Sensors&scope=all"
        "&excludeScopes=private%2Cmine",
        lambda c: list_libraries(
            c,
            Wish(
                name="one wire",
                page=1,
                limit=10,
                sort=["popularity"],
                architectures=["particle-photon", "particle-argon"],
                category="Sensors",
                scope="all",
                exclude_scopes=["private", "mine"],
            ),
        ),
        answer=_said({"data": []}),
    ),
    Exchange(
        "getLibrary",
        "GET /v1/libraries/neopixel?version=0.0.10",
        lambda c: get_library(c, "neopixel", "0.0.10"),
        answer=_said({"data": _LIBRARY}),
    ),
    Exchange(
        "getLibraryVersions",
        "GET /v1/libraries/neopixel/versions?page=1&limit=5",
        lambda c: get_versions(c, "neopixel", page=1, limit=5),
        answer=_said({"data": [_LIBRARY]}),
    ),
    Exchange(
        "32 library upload",
        "POST /v1/libraries",
        lambda c: upload_library(c, b"\x1f\x8b\x00"),
        _parts(('file"; filename="archive.tar.gz"\r\nContent-Type: application/gzip', "\x1f\x8b\x00")),
        PARTS,
        status=400,
        answer=_said(
            {
                "errors": [
                    {"message": "This version is not valid. Version must be greater than or equal to 1.0.2"}
                ]
            }
        ),
        error=CloudRefused,
    ),
    Exchange(
        "33 library publish",
        "PATCH /v1/libraries/testlib",
        lambda c: publish_library(c, "testlib"),
        b'{"visibility":"public"}',
        JSON,
        answer=_said({"data": _LIBRARY}),
    ),
    Exchange(
        "deleteLibrary",
        "DELETE /v1/libraries/neopixel",
        lambda c: delete_library(c, "neopixel", force="secret"),
        b'{"force":"secret"}',
        JSON,
        status=204,
        answer=b"",
    ),
    Exchange(
        "35 service mode, first step",
        f"PUT /v1/devices/{D}/unprotect",
        lambda c: prepare_unlock(c, D),
        b'{"action":"prepare"}',
        JSON,
        answer=b'{"server_nonce":"AAAA"}',
    ),
    Exchange(
        "35 service mode, second step",
        f"PUT /v1/products/12/devices/{D}/unprotect",
        lambda c: confirm_unlock(
            c,
            D,
            server_nonce=b64decode("AAAA"),
            device_nonce=b64decode("BBBB"),
            device_signature=b64decode("CCCC"),
            device_public_key_fingerprint=b64decode("DDDD"),
            product="12",
        ),
        b'{"action":"confirm","device_nonce":"BBBB","server_nonce":"AAAA","device_signature":"CCCC",'
        b'"device_public_key_fingerprint":"DDDD"}',
        JSON,
        answer=b'{"server_signature":"RUVFRQ==","server_public_key_fingerprint":"RkZGRg=="}',
    ),
    Exchange(
        "getProduct",
        "GET /v1/products/prod-v1",
        lambda c: product_protects(c, "prod-v1"),
        answer=b'{"product":{"id":12}}',
    ),
    Exchange(
        "getDeviceOsVersion",
        "GET /v1/device-os/versions/latest?platform_id=13",
        lambda c: get_device_os(c, "latest", platform_id=13),
        answer=b'{"version":"6.3.0"}',
    ),
    Exchange(
        "list of tokens, by user name and password",
        "GET /v1/access_tokens",
        lambda c: list_tokens(c, username="joe@example.com", password="pw"),
        authorized=False,
        answer=b"[]",
    ),
)
