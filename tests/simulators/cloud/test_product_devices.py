"""The devices of a product: taken in, listed, changed, refused and taken out."""

from __future__ import annotations

import json

import pytest
from attrs import evolve
from tests.simulators.cloud.asking import Asker
from tests.simulators.cloud.far_end import ARGON, FarEnd

from particle_cli.ports.http import Part
from particle_cli.simulators.cloud.state import FIRST_PRODUCT

PRODUCT = f"/v1/products/{FIRST_PRODUCT}"
DEVICES = f"{PRODUCT}/devices"
NOT_YOURS = {"ok": False, "error": "Permission denied"}


def answer(**lists: list[str]) -> dict[str, object]:
    """What the cloud answers to an import with those lists."""
    empty = ("updated", "existing", "nonmember", "invalid", "protected")
    full = {f"{name}DeviceIds": lists.get(name, []) for name in empty}
    return {"updated": len(lists.get("updated", [])), **full}


@pytest.fixture
async def device(asker: Asker) -> FarEnd:
    """A Boron of the first user's, in no product yet."""
    far_end = FarEnd(1, functions={"length": len}, values={"warmth": 21.5})
    asker.cloud.adopt(far_end, name="red")
    return far_end


def note(asker: Asker, far_end: FarEnd, **changes: object) -> None:
    """Let the cloud know something else of a device."""
    state = asker.read()
    record = state.devices.get(far_end.id)
    assert record is not None
    state.devices.put(evolve(record, **changes))  # type: ignore[arg-type]
    asker.write(state)


async def take_in(asker: Asker, *words: str) -> object:
    file = Part("file", "\n".join(words).encode(), "file", "application/octet-stream")
    response = await asker.send("POST", DEVICES, (file,))
    assert response.status == 200
    return json.loads(response.body)


async def test_one_many_or_a_file_of_devices_are_taken_in(asker: Asker, device: FarEnd) -> None:
    assert await asker.ask("POST", DEVICES, {"id": device.id}) == (200, answer(updated=[device.id]))
    assert await asker.ask("POST", DEVICES, {"id": device.id}) == (200, answer(existing=[device.id]))
    for number in (2, 3, 4):
        asker.cloud.adopt(FarEnd(number))
    ids = [f"{number:024x}" for number in (2, 3)]
    assert await asker.ask("POST", DEVICES, {"ids": [*ids, "WAT"]}) == (
        200,
        answer(updated=ids, invalid=["WAT"]),
    )
    upper = f"{4:024X}"
    assert await take_in(asker, f"  {upper}\r", "", "WAT", "WAT") == answer(updated=[upper], invalid=["WAT"])


async def test_devices_are_found_by_what_stands_on_them(asker: Asker, device: FarEnd) -> None:
    serial = device.numbers.serial_number
    device.numbers = evolve(device.numbers, imei="352753090000001", iccid="8934076500002589174")
    device.go(online=False)
    device.go(online=True)
    assert await take_in(asker, serial, "352753090000001", "8934076500002589174") == answer(
        updated=[serial], existing=["352753090000001", "8934076500002589174"]
    )
    stray = FarEnd(9)
    asker.cloud.attach(stray)
    assert await take_in(asker, stray.id) == answer(updated=[stray.id])
    shown = await asker.told("GET", f"{DEVICES}/{stray.id}")
    assert (shown["owner"], shown["name"], shown["product_id"]) == (None, None, FIRST_PRODUCT)


async def test_what_does_not_belong_there_is_told_apart(asker: Asker) -> None:
    asker.cloud.open_account("she@example.com", "hers")
    others = {"argon": FarEnd(1, ARGON), "hers": FarEnd(2), "locked": FarEnd(3)}
    asker.cloud.adopt(others["argon"])
    asker.cloud.adopt(others["hers"], owner="she@example.com")
    asker.cloud.adopt(others["locked"])
    note(asker, others["locked"], protected=True)
    ids = {name: far_end.id for name, far_end in others.items()}
    assert await take_in(asker, *ids.values(), "0" * 24) == answer(
        invalid=[ids["argon"], "0" * 24], nonmember=[ids["hers"]], protected=[ids["locked"]]
    )
    state = asker.read()
    product = state.products.get(str(FIRST_PRODUCT))
    assert product is not None
    state.products.put(evolve(product, device_protection="active"))
    asker.write(state)
    assert await take_in(asker, ids["locked"]) == answer(updated=[ids["locked"]])


async def test_an_empty_file_and_an_unknown_owner_are_refused(asker: Asker, device: FarEnd) -> None:
    file = Part("file", b"\n \r\n", "file", "application/octet-stream")
    assert (await asker.send("POST", DEVICES, (file,))).status == 400
    assert (await asker.ask("POST", DEVICES, {"id": device.id, "claim_user": "x@y.z"}))[0] == 400
    stray = FarEnd(9)
    asker.cloud.attach(stray)
    status, _ = await asker.ask("POST", DEVICES, {"id": stray.id, "claim_user": "you@example.com"})
    assert (status, stray.ownership.claimed) == (200, True)


async def test_a_device_is_shown_with_what_a_product_says_of_it(asker: Asker, device: FarEnd) -> None:
    await take_in(asker, device.id)
    listed = await asker.told("GET", DEVICES)
    (shown,) = listed["devices"]
    always = (
        "denied development firmware_product_id groups id last_handshake_at last_ip_address name online "
        "owner platform_id product_id quarantined serial_number system_firmware_version "
        "targeted_firmware_release_version"
    )
    assert set(always.split()) - set(shown) == {"system_firmware_version"}  # this one runs none
    assert (listed["customers"], listed["meta"]) == ([], {"total_pages": 1})
    one = await asker.told("GET", f"{DEVICES}/{device.id}")
    single = (
        "cellular connected default_build_target firmware_updates_enabled firmware_updates_forced last_heard"
    )
    assert set(single.split()) <= set(one)
    by_slug = await asker.told("GET", f"/v1/products/example-product/devices/{device.id}")
    assert by_slug == one


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [3, 2, 1]),
        ("?sortAttr=deviceId", [1, 2, 3]),
        ("?sortAttr=deviceId&sortDir=desc", [3, 2, 1]),
        ("?sortAttr=deviceName&sortDir=asc", [2, 1, 3]),
        ("?sortAttr=firmwareVersion&sortDir=desc", [3, 2, 1]),
        ("?deviceName=E", [3, 2, 1]),
        ("?deviceName=re&deviceId=01", [1]),
        ("?serialNumber=sim130000000002", [2]),
        ("?groups=a", [2]),
        ("?groups=a,b", [3, 2]),
        ("?groups=a,b&deviceName=blue", [2]),
        ("?quarantined=true", [4]),
        ("?per_page=2", [3, 2]),
        ("?perPage=2&page=2", [1]),
        ("?page=9", []),
    ],
)
async def test_filters_orders_and_pages(asker: Asker, query: str, numbers: list[int]) -> None:
    for number, name in enumerate(("red", "Blue", "yellow", "hidden"), 1):
        far_end = FarEnd(number)
        asker.cloud.adopt(far_end, name=name)
        changes = {"last_handshake": number, "firmware_version": number, "product_id": FIRST_PRODUCT}
        groups = {2: ("a",), 3: ("b", "c")}.get(number, ())
        note(asker, far_end, **changes, groups=groups, quarantined=number == 4)
    listed = await asker.told("GET", f"{DEVICES}{query}")
    assert [int(one["id"], 16) for one in listed["devices"]] == numbers
    assert listed["meta"]["total_pages"] == (2 if "er" in query and "age=2" in query else 1)


@pytest.mark.parametrize("query", ["page=0", "page=x", "per_page=-1", "sortAttr=color", "sortDir=up"])
async def test_a_list_that_cannot_be_is_refused(asker: Asker, query: str) -> None:
    assert (await asker.ask("GET", f"{DEVICES}?{query}"))[0] == 400


async def test_everything_that_a_device_does_goes_through_its_product(asker: Asker, device: FarEnd) -> None:
    path = f"{DEVICES}/{device.id}"
    missing = (404, {"ok": False, "error": "Device not found for this product"})
    assert await asker.ask("POST", f"{path}/length", {"args": "four"}) == missing
    await take_in(asker, device.id)
    called = await asker.told("POST", f"{path}/length", {"args": "four"})
    assert called["return_value"] == 4
    got = await asker.told("GET", f"{path}/warmth")
    assert (got["result"], got["coreInfo"]["product_id"]) == (21.5, FIRST_PRODUCT)
    assert (await asker.ask("PUT", path, {"signal": "1"}))[0] == 200
    assert (await asker.ask("PUT", f"{path}/ping", {}))[1] == {"online": True, "ok": True}
    assert await asker.ask("GET", f"{DEVICES}/red") == missing  # by id only
    assert await asker.ask("GET", f"/v1/products/999/devices/{device.id}") == (403, NOT_YOURS)


async def test_a_device_is_changed_as_one_of_a_product(asker: Asker, device: FarEnd) -> None:
    path = f"{DEVICES}/{device.id}"
    await take_in(asker, device.id)
    await asker.ask("POST", f"{PRODUCT}/groups", {"name": "kitchen"})
    status, told = await asker.ask("PUT", path, {"development": True})
    dated = "2024-05-13T10:55:02.520Z"
    assert (status, told) == (200, {"id": device.id, "development": True, "updated_at": dated})
    told = await asker.told("PUT", path, {"groups": ["kitchen", "kitchen"], "notes": "x", "name": "blue"})
    assert told == {
        "id": device.id,
        "groups": ["kitchen"],
        "notes": "x",
        "name": "blue",
        "updated_at": dated,
    }
    told = await asker.told("PUT", path, {"desired_firmware_version": None})
    assert told == {"id": device.id, "desired_firmware_version": None, "updated_at": dated}
    assert (await asker.ask("PUT", path, {"desired_firmware_version": 3}))[0] == 404
    assert (await asker.ask("PUT", path, {"groups": ["attic"]}))[0] == 400
    shown = await asker.told("GET", path)
    assert (shown["development"], shown["groups"], shown["name"]) == (True, ["kitchen"], "blue")


async def test_a_device_is_taken_out_or_denied(asker: Asker, device: FarEnd) -> None:
    path = f"{DEVICES}/{device.id}"
    await take_in(asker, device.id)
    response = await asker.send("DELETE", path, b"{}")
    assert (response.status, response.body) == (204, b"")
    status, told = await asker.ask("DELETE", path, {})
    assert (status, told) == (404, {"ok": False, "error": "Device not found for this product"})
    assert [one["name"] for one in (await asker.ask("GET", "/v1/devices"))[1]] == ["red"]  # type: ignore[attr-defined]
    await take_in(asker, device.id)
    assert (await asker.send("DELETE", path, b'{"deny":true}')).status == 204
    shown = await asker.told("GET", path)
    assert (shown["denied"], shown["quarantined"]) == (True, True)
    listed = await asker.told("GET", DEVICES)
    assert listed["devices"] == []
    assert await take_in(asker, device.id) == answer(updated=[device.id])  # which lets it in again
    status, told = await asker.ask("DELETE", f"{path}/owner")
    assert (status, told) == (200, {"ok": True})
