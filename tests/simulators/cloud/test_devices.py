"""Devices of the simulated cloud: shown, renamed, called and read, to the letter."""

from __future__ import annotations

import asyncio

import pytest
from tests.simulators.cloud.asking import Asker
from tests.simulators.cloud.far_end import FarEnd

from particle_cli.simulators.factory import new_device
from particle_cli.simulators.network.numbers import Numbers

NOT_MINE = {
    "error": "Permission Denied",
    "info": "I didn't recognize that device name or ID, try opening "
    "https://api.particle.io/v1/devices?access_token=undefined",
}


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


async def test_numbers_are_shown_from_the_first_session_on(asker: Asker) -> None:
    device = FarEnd(1, online=False)
    device.numbers = Numbers(
        "SIM130000000001", "SECRET000000001", None, "352753090000000", "8901410000000000"
    )
    asker.cloud.adopt(device, name="bench")
    wanted = {
        "serial_number": "SIM130000000001",
        "mobile_secret": "SECRET000000001",
        "imei": "352753090000000",
        "iccid": "8901410000000000",
        "last_iccid": "8901410000000000",
    }
    _, shown = await asker.ask("GET", "/v1/devices/bench")
    assert isinstance(shown, dict)
    assert not wanted.keys() & shown.keys()
    assert "system_firmware_version" not in shown
    device.go(online=True)
    device.go(online=False)
    _, shown = await asker.ask("GET", "/v1/devices/bench")
    assert isinstance(shown, dict)
    assert {key: shown[key] for key in wanted} == wanted
    assert "mac_wifi" not in shown
    assert shown["device_protection"] == {"status": "disabled"}
    assert "SECRET" not in repr(device.numbers)


async def test_a_real_device_is_shown_with_its_numbers(asker: Asker) -> None:
    device = new_device(32, small=True)
    device.connection.online = True
    asker.cloud.adopt(device, name="bench")
    _, shown = await asker.ask("GET", "/v1/devices/bench")
    assert isinstance(shown, dict)
    assert shown["serial_number"] == device.hardware.serial_number
    assert shown["mac_wifi"] == bytes.fromhex(device.id[-12:]).hex(":").upper()
    assert shown["mobile_secret"] == device.hardware.mobile_secret
    assert shown["default_build_target"] == shown["system_firmware_version"]
    assert "imei" not in shown


async def test_updates_are_forced_and_the_device_is_told(asker: Asker) -> None:
    device = FarEnd(1)
    device.updates_enabled = False
    asker.cloud.adopt(device)
    path = f"/v1/devices/{device.id}"
    answer = (200, {"id": device.id, "firmware_updates_forced": True})
    assert await asker.ask("PUT", path, {"firmware_updates_forced": True}) == answer
    assert device.updates_forced
    _, shown = await asker.ask("GET", path)
    assert isinstance(shown, dict)
    assert (shown["firmware_updates_enabled"], shown["firmware_updates_forced"]) == (False, True)
    device.go(online=False)
    assert (await asker.ask("PUT", path, {"firmware_updates_forced": False}))[0] == 200
    assert device.updates_forced
    device.go(online=True)
    assert not device.updates_forced


async def test_notes_are_kept_and_what_is_unknown_is_passed_over(asker: Asker) -> None:
    device = FarEnd(1)
    asker.cloud.adopt(device, name="bench")
    path = f"/v1/devices/{device.id}"
    changed = {"id": device.id, "notes": "on the \u2600 side", "updated_at": "2024-05-13T10:55:02.520Z"}
    assert await asker.ask("PUT", path, {"notes": "on the \u2600 side", "colour": "red"}) == (200, changed)
    _, shown = await asker.ask("GET", f"/v1//devices/{device.id.upper()}/")
    assert isinstance(shown, dict)
    assert (shown["name"], shown["notes"]) == ("bench", "on the \u2600 side")
    assert (await asker.ask("PUT", path, {"notes": ""}))[0] == 200


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
