"""npm's particle-api-js, the official client, cannot tell the simulated cloud from the real one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.strangers.particle_api import OfficialClient, content, file, official_client

pytestmark = [pytest.mark.strangers, pytest.mark.usefixtures("node")]

BORON = 13
SKETCH = b"""
#include "Particle.h"
int led(String command) { return 7; }
void setup() { Particle.function("led", led); }
void loop() {}
"""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficialClient]:
    with official_client(tmp_path_factory.mktemp("home")) as client:
        yield client


@pytest.fixture(scope="module")
def weather(api: OfficialClient) -> str:
    """The id of the device `weather`."""
    return str(next(one["id"] for one in api.body("listDevices") if one["name"] == "weather"))


# Accounts


def test_logging_in_and_out(api: OfficialClient) -> None:
    told = api.call("login", username="you@example.com", password="wrong", auth=None)
    assert (told.ok, told.status) == (False, 400)
    assert told.body == {"error": "invalid_grant", "error_description": "User credentials are invalid"}
    grant = api.body("login", username="you@example.com", password="password", tokenDuration=600, auth=None)
    assert (grant["token_type"], grant["expires_in"]) == ("bearer", 600)
    token = grant["access_token"]
    assert api.body("getUserInfo", auth=token)["username"] == "you@example.com"
    assert api.body("deleteCurrentAccessToken", auth=token) == {"ok": True}
    told = api.call("getUserInfo", auth=token)
    assert (told.status, told.body["error"]) == (401, "invalid_token")
    assert api.call("getUserInfo", auth="").status == 400


def test_a_second_factor(api: OfficialClient) -> None:
    told = api.call("login", username="mfa@example.com", password="password", auth=None)
    assert (told.status, told.body["error"]) == (403, "mfa_required")
    mfa_token = told.body["mfa_token"]
    assert api.call("sendOtp", mfaToken=mfa_token, otp="000000", auth=None).status == 403
    token = api.body("sendOtp", mfaToken=mfa_token, otp="123456", auth=None)["access_token"]
    assert api.body("getUserInfo", auth=token)["username"] == "mfa@example.com"
    assert api.body("deleteAccessToken", token=token, auth=None) == {"ok": True}


# Devices


def test_devices_are_listed_and_shown(api: OfficialClient, weather: str) -> None:
    listed = api.body("listDevices")
    assert {one["name"] for one in listed} >= {"weather", "door", "veteran"}
    assert all(one["online"] is one["connected"] is True for one in listed)
    shown = api.body("getDevice", deviceId=weather)
    assert (shown["functions"], shown["variables"]["temperature"]) == (["led"], "double")
    assert shown["platform_id"] == BORON
    told = api.call("getDevice", deviceId="0" * 24)
    assert (told.status, told.body["error"]) == (403, "Permission Denied")


def test_functions_and_variables(api: OfficialClient, weather: str) -> None:
    returned = api.body("callFunction", deviceId=weather, name="led", argument="on")
    assert (returned["id"], returned["return_value"], returned["connected"]) == (weather, 1, True)
    told = api.call("callFunction", deviceId=weather, name="nope", argument="")
    assert (told.status, told.body["error"]) == (404, "Function nope not found")
    values = {
        name: api.body("getVariable", deviceId=weather, name=name)["result"]
        for name in ("rain", "temperature", "open", "place")
    }
    assert values == {"rain": 3, "temperature": 21.5, "open": True, "place": "roof"}
    assert api.call("getVariable", deviceId=weather, name="nope").status == 404


def test_names_notes_and_signals(api: OfficialClient) -> None:
    (lamp,) = [one["id"] for one in api.body("listDevices") if one["name"] == "lamp"]
    renamed = api.body("renameDevice", deviceId=lamp, name="lämpchen 💡")
    assert (renamed["id"], renamed["name"]) == (lamp, "lämpchen 💡")
    assert api.body("setDeviceNotes", deviceId=lamp, notes="in the hall")["notes"] == "in the hall"
    assert api.body("getDevice", deviceId=lamp)["notes"] == "in the hall"
    assert api.body("signalDevice", deviceId=lamp, signal=True)["signaling"] is True
    assert api.body("signalDevice", deviceId=lamp, signal=False)["signaling"] is False
    assert api.body("renameDevice", deviceId=lamp, name="lamp")["name"] == "lamp"


def test_claiming_and_releasing(api: OfficialClient) -> None:
    (door,) = [one["id"] for one in api.body("listDevices") if one["name"] == "door"]
    assert api.body("removeDevice", deviceId=door) == {"ok": True}
    assert door not in [one["id"] for one in api.body("listDevices")]
    assert api.body("claimDevice", deviceId=door)["id"] == door
    assert api.body("renameDevice", deviceId=door, name="door")["name"] == "door"
    assert api.call("claimDevice", deviceId="0" * 24).status == 404
    code = api.body("getClaimCode")
    assert len(code["claim_code"]) == 63
    assert door in code["device_ids"]
    assert len(api.body("provisionDevice", productId=12)["device_id"]) == 24


# Events


def test_events_from_publish_to_stream(api: OfficialClient, weather: str) -> None:
    assert api.stream(deviceId="mine", name="t").ok
    for number in range(20):
        assert api.body("publishEvent", name="t/x", data=f"{number} ü 😀", isPrivate=True) == {"ok": True}
    told = api.events(20)
    assert [event["data"] for event in told] == [f"{number} ü 😀" for number in range(20)]
    assert all((event["name"], event["coreid"]) == ("t/x", "api") for event in told)
    assert api.stream(deviceId="mine", name="t", auth="nonsense").status == 401
    told_of_prefix = api.stream(name="")
    assert (told_of_prefix.ok, told_of_prefix.status) == (False, 400)


# Firmware


def test_compiling(api: OfficialClient) -> None:
    built = api.body(
        "compileCode", files={"src/main.ino": file(SKETCH)}, platformId=BORON, targetVersion="latest"
    )
    assert (built["ok"], len(built["binary_id"])) == (True, 24)
    assert "filename" in built["sizeInfo"]
    binary = content(api.call("downloadFirmwareBinary", binaryId=built["binary_id"]))
    assert b"led" in binary
    told = api.call("compileCode", files={"main.ino": file(b"broken")}, platformId=BORON)
    assert told.status == 406
    assert told.body["output"] == "Compiler timed out or encountered an error"
    assert "main.ino" in told.body["errors"][0]


def test_device_os(api: OfficialClient) -> None:
    listed = api.body("listDeviceOsVersions", platformId=BORON, page=1, perPage=3)
    assert len(listed["versions"]) == 3
    newest: dict[str, Any] = api.body("getDeviceOsVersion", version="latest", platformId=BORON)
    assert newest["base_url"].startswith(api.address)
    module = newest["modules"][0]
    downloaded = content(api.call("downloadFile", uri=f"{newest['base_url']}/{module['filename']}"))
    assert len(downloaded) > 1000
    assert api.call("getDeviceOsVersion", version="0.0.1", platformId=BORON).status == 404
