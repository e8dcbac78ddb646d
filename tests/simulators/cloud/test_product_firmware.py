"""The firmware of a product: uploaded, released, and brought to devices of a simulated world."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve
from tests.simulators.cloud.compiling import FRAME, built
from tests.simulators.cloud.updating import ARGON, BORON, Bench, file

from particle_cli.ports.http import HttpRequest, Part
from particle_cli.simulators.cloud.state import FIRST_PRODUCT, FIRST_TOKEN, CloudState
from particle_cli.simulators.device import SimulatedDevice

PRODUCT = f"/v1/products/{FIRST_PRODUCT}"
FIRMWARE = f"{PRODUCT}/firmware"
NOW = "2024-05-13T10:55"


@pytest.fixture
def bench() -> Bench:
    return Bench()


def firmware(version: int | None, product: int | None = None, platform_id: int = BORON) -> bytes:
    """An application that says which product and version it is."""
    text = FRAME
    text += f"PRODUCT_ID({product});\n" if product is not None else ""
    text += f"PRODUCT_VERSION({version});\n" if version is not None else ""
    return built(text, platform_id).binary


async def told(bench: Bench, method: str, path: str, body: object = None) -> Any:
    """Ask for something that has to succeed."""
    status, answer = await bench.ask(method, path, body)
    assert status in (200, 201), answer
    return answer


async def upload(bench: Bench, version: int, content: bytes | None = None) -> tuple[int, Any]:
    parts = (
        file(content or firmware(version), "firmware.bin"),
        Part("version", str(version).encode()),
        Part("title", b"t"),
        Part("description", b"d"),
    )
    return await bench.ask("POST", FIRMWARE, parts)


async def in_product(bench: Bench, **changes: object) -> SimulatedDevice:
    """A device of the product that runs version 1."""
    device = await bench.device(BORON)
    await told(bench, "POST", f"{PRODUCT}/devices", {"id": device.id})
    await told(bench, "PUT", f"{PRODUCT}/devices/{device.id}", {"development": True})
    await bench.update(device, firmware(1))
    await told(bench, "PUT", f"{PRODUCT}/devices/{device.id}", {"development": False, **changes})
    bench.forget()
    return device


async def shown(bench: Bench, device: SimulatedDevice) -> Any:
    return await told(bench, "GET", f"{PRODUCT}/devices/{device.id}")


async def reconnect(bench: Bench, device: SimulatedDevice) -> None:
    device.press("reset")
    await bench.world.settle()


# Uploaded


async def test_firmware_is_uploaded_described_and_handed_out(bench: Bench) -> None:
    content = firmware(3)
    status, made = await upload(bench, 3, content)
    assert (status, made["version"], made["title"], made["description"]) == (201, 3, "t", "d")
    assert (made["name"], made["size"], made["product_id"]) == ("firmware.bin", len(content), FIRST_PRODUCT)
    assert (made["product_default"], made["current"], made["groups"]) == (False, False, [])
    assert (made["uploaded_by"], made["device_count"]) == ({"username": "you@example.com"}, 0)
    assert made["uploaded_on"].startswith(NOW)
    assert ("particle/firmware/create", '{"version":"3"}') in bench.told
    await upload(bench, 2)
    assert [one["version"] for one in await told(bench, "GET", FIRMWARE)] == [2, 3]
    changed = await told(bench, "PUT", f"{FIRMWARE}/3", {"title": "t2"})
    assert (changed["title"], changed["description"]) == ("t2", "d")
    headers = (("Authorization", f"Bearer {FIRST_TOKEN}"),)
    url = f"{bench.world.cloud.origin}{FIRMWARE}/3/binary"
    assert (await bench.world.cloud.exchange(HttpRequest("GET", url, headers))).body == content
    url = url.removesuffix("/binary")
    assert (await bench.world.cloud.exchange(HttpRequest("DELETE", url, headers))).status == 204
    assert (await bench.ask("GET", f"{FIRMWARE}/3"))[0] == 404


@pytest.mark.parametrize(
    ("content", "version", "status"),
    [
        (firmware(3), 4, 400),
        (firmware(None), 3, 400),
        (firmware(3, product=999), 3, 400),
        (firmware(3, platform_id=ARGON), 3, 400),
        (firmware(3)[:-1] + b"\0", 3, 400),
        (b"no firmware", 3, 400),
        (firmware(3), 0, 400),
        (firmware(3), 70_000, 400),
        (firmware(2), 2, 409),
        (firmware(3, product=FIRST_PRODUCT), 3, 201),
        (firmware(3, product=BORON), 3, 201),
    ],
)
async def test_what_no_device_could_run_is_refused(
    bench: Bench, content: bytes, version: int, status: int
) -> None:
    await upload(bench, 2)
    assert (await upload(bench, version, content))[0] == status
    assert len(await told(bench, "GET", FIRMWARE)) == 1 + (status == 201)


# Released


async def test_a_release_reaches_devices_at_their_next_handshake(bench: Bench) -> None:
    device = await in_product(bench)
    for version in (1, 2):
        await upload(bench, version)
    refused = await bench.ask("PUT", f"{FIRMWARE}/release", {"version": 2, "product_default": True})
    assert refused[0] == 400  # no device runs it
    first = await told(bench, "PUT", f"{FIRMWARE}/release", {"version": 1, "product_default": True})
    assert (first["product_default"], first["device_count"]) == (True, 1)
    pilot = await in_product(bench, desired_firmware_version=2)
    await reconnect(bench, pilot)
    assert (await shown(bench, pilot))["firmware_version"] == 2
    bench.forget()
    second = await told(bench, "PUT", f"{FIRMWARE}/release", {"version": 2, "product_default": True})
    assert (second["product_default"], second["current"]) == (True, True)
    assert (await told(bench, "GET", f"{FIRMWARE}/1"))["product_default"] is False
    assert ("particle/firmware/release", '{"immediate":false,"version":2}') in bench.told
    before = await shown(bench, device)
    assert (before["firmware_version"], before["targeted_firmware_release_version"]) == (1, 2)
    assert bench.status == []
    await reconnect(bench, device)
    assert [one for one in bench.told if one[0] in ("spark/status", "spark/flash/status")] == [
        ("spark/status", "offline"),
        ("spark/status", "online"),
        ("spark/status", "auto-update"),
        ("spark/flash/status", "started "),
        ("spark/flash/status", "success "),
        ("spark/status", "offline"),
        ("spark/status", "online"),
    ]
    assert (await shown(bench, device))["firmware_version"] == 2
    bench.forget()
    await reconnect(bench, device)
    assert bench.status == []  # it runs what it should
    assert (await bench.ask("DELETE", f"{FIRMWARE}/1"))[0] == 400  # it was released once


async def test_an_intelligent_release_reaches_devices_at_once(bench: Bench) -> None:
    device, at_work = await in_product(bench), await in_product(bench, development=True)
    await told(bench, "POST", f"{PRODUCT}/groups", {"name": "beta"})
    pilot = await in_product(bench, groups=["beta"])
    for version in (1, 2):
        await upload(bench, version)
    await bench.update(pilot, firmware(2))
    bench.forget()
    release = {"version": 2, "groups": ["beta"], "product_default": True, "intelligent": True}
    assert (await told(bench, "PUT", f"{FIRMWARE}/release", release))["groups"] == ["beta"]
    assert bench.told[0] == ("particle/firmware/release", '{"immediate":true,"version":2}')
    await bench.world.settle()
    versions = [(await shown(bench, one))["firmware_version"] for one in (device, at_work, pilot)]
    assert versions == [2, 1, 2]
    (group,) = (await told(bench, "GET", f"{PRODUCT}/groups"))["groups"]
    assert group["fw_version"] == 2


async def test_a_group_s_firmware_comes_before_the_product_s(bench: Bench) -> None:
    await told(bench, "POST", f"{PRODUCT}/groups", {"name": "beta"})
    device, other = await in_product(bench, groups=["beta"]), await in_product(bench)
    for version in (1, 2):
        await upload(bench, version)
    await told(bench, "PUT", f"{FIRMWARE}/release", {"version": 1, "product_default": True})
    pilot = await in_product(bench, desired_firmware_version=2)
    await reconnect(bench, pilot)
    await told(bench, "PUT", f"{FIRMWARE}/release", {"version": 2, "groups": ["beta"]})
    targets = [(await shown(bench, one))["targeted_firmware_release_version"] for one in (device, other)]
    assert targets == [2, 1]
    for wrong in (
        {"version": 2},
        {"version": 2, "groups": ["none"]},
        {"version": 9, "product_default": True},
    ):
        assert (await bench.ask("PUT", f"{FIRMWARE}/release", wrong))[0] in (400, 404)


async def test_a_lock_with_flash_takes_effect_at_once(bench: Bench) -> None:
    device = await in_product(bench)
    await upload(bench, 2)
    answer = await told(
        bench, "PUT", f"{PRODUCT}/devices/{device.id}", {"desired_firmware_version": 2, "flash": True}
    )
    assert set(answer) == {"id", "desired_firmware_version", "updated_at"}
    await bench.world.settle()
    now = await shown(bench, device)
    assert (now["firmware_version"], now["desired_firmware_version"]) == (2, 2)


# Quarantine


@pytest.mark.parametrize("quarantines", [True, False])
async def test_a_device_that_says_it_is_of_a_product_is_set_aside(bench: Bench, quarantines: bool) -> None:
    state = CloudState.load(bench.world.cloud.dump_state())
    product = state.products.get(str(FIRST_PRODUCT))
    assert product is not None
    state.products.put(evolve(product, quarantines=quarantines))
    bench.world.cloud.load_state(state.dump())
    device = await bench.device(BORON)
    await bench.update(device, firmware(1, product=FIRST_PRODUCT))
    found = await shown(bench, device)
    assert (found["quarantined"], found["firmware_version"]) == (quarantines, 1)
    query = "?quarantined=true" if quarantines else ""
    listed = await told(bench, "GET", f"{PRODUCT}/devices{query}")
    assert [one["id"] for one in listed["devices"]] == [device.id]
    if quarantines:
        answer = await told(bench, "POST", f"{PRODUCT}/devices", {"id": device.id})
        assert answer["updatedDeviceIds"] == [device.id]
        assert (await shown(bench, device))["quarantined"] is False


async def test_a_device_of_another_platform_is_of_no_product(bench: Bench) -> None:
    device = await bench.device(ARGON)
    await bench.update(device, firmware(1, product=FIRST_PRODUCT, platform_id=ARGON))
    assert (await bench.ask("GET", f"{PRODUCT}/devices/{device.id}"))[0] == 404
