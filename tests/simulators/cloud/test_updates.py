"""Firmware over the air: what the cloud answers, what the device does, and what is told of it."""

from __future__ import annotations

import json

import pytest
from tests.simulators.cloud.updating import ARGON, BORON, LATEST, PHOTON, Bench, application, file

from particle_cli.domain.firmware.bundle import NamedFile
from particle_cli.domain.firmware.bundling import create_bundle
from particle_cli.domain.firmware.module import parse_module
from particle_cli.ports.http import Part
from particle_cli.simulators.device import Mode
from particle_cli.simulators.system.session import ResetReason


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_an_update_is_told_of_in_the_order_and_at_the_pace_of_the_real_one(bench: Bench) -> None:
    device = await bench.device()
    content = application("fresh")
    await bench.update(device, content)
    assert device.functions == ("fresh",)
    assert device.session.reset_reason is ResetReason.UPDATE
    assert bench.told == [
        ("spark/flash/status", "started "),
        ("spark/flash/status", "success "),
        ("spark/status", "offline"),
        ("spark/status", "online"),
        ("spark/device/app-hash", parse_module(content, name="app").uuid.upper()),
        ("spark/device/last_reset", "update"),
        ("particle/device/updates/forced", "false"),
        ("particle/device/updates/pending", "false"),
        ("particle/device/updates/enabled", "true"),
    ]
    at = [event.at_s for event in bench.noted]
    online = at[3]
    assert at[0] == 0
    assert 0.5 < at[1] < 5
    assert 4 < online - at[1] < 12
    assert [round(one - online, 1) for one in at[4:]] == [0.8, 0.8, 0.8, 1.8, 6.0]
    assert {event.source for event in bench.noted} == {device.id}


async def test_a_larger_file_and_a_slower_radio_take_longer(bench: Bench) -> None:
    took: dict[int, float] = {}
    for platform_id in (ARGON, BORON):
        device = await bench.device(platform_id)
        await bench.update(device, application("x", platform_id))
        took[platform_id] = next(event.at_s for event in bench.noted if event.data == "success ")
    assert took[BORON] > took[ARGON] * 1.2


async def test_while_it_is_sent_the_device_shows_it_and_takes_nothing_else(bench: Bench) -> None:
    device = await bench.device()
    await bench.put(device, file(application("first")), LATEST)
    assert str(device.led) == "blinking magenta"
    busy = (409, {"ok": False, "error": "Another update of this device is in progress"})
    assert await bench.put(device, file(application("second")), LATEST) == busy
    while bench.status[-1] != "success ":
        await bench.clock.sleep(0.1)
    assert await bench.put(device, file(application("second")), LATEST) == busy
    await bench.world.settle()
    assert device.functions == ("first",)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: application("foreign", PHOTON),
        lambda content: b"\x00\x01\x02\xff",
        lambda content: content[:1000],
    ],
)
async def test_what_is_no_firmware_for_it_a_device_refuses(bench: Bench, spoil: object) -> None:
    device = await bench.device()
    before = device.functions
    assert callable(spoil)
    await bench.update(device, spoil(application("spoilt")))
    assert bench.status == ["started ", "failed "]
    assert device.online
    assert device.functions == before
    await bench.update(device, application("good"))
    assert device.functions == ("good",)


async def test_an_application_may_refuse_updates_and_the_cloud_may_force_them(bench: Bench) -> None:
    device = await bench.device()
    device.updates_enabled = False
    await bench.update(device, application("fresh"))
    assert bench.status == ["started ", "failed "]
    await bench.ask("PUT", f"/v1/devices/{device.id}", {"firmware_updates_forced": True})
    await bench.update(device, application("fresh"))
    assert bench.status[2:] == ["started ", "success "]
    assert device.functions == ("fresh",)
    assert ("particle/device/updates/forced", "true") in bench.told
    assert bench.told[-1] == ("particle/device/updates/enabled", "false")


async def test_a_device_that_is_not_there_gets_nothing(bench: Bench) -> None:
    device = await bench.device()
    bench.world.unplug(device)
    status, said = await bench.put(device, file(application("x")), LATEST)
    assert (status, said) == (500, {"ok": False, "code": 500, "errors": ["Request Timed Out"]})
    status, said = await bench.ask("PUT", f"/v1/devices/{'0' * 24}", (file(b"x"),))
    assert status == 403
    assert bench.status == []


async def test_without_power_in_the_middle_the_old_firmware_stays(bench: Bench) -> None:
    device = await bench.device()
    before = device.functions
    device.cut_power_during(5)
    await bench.update(device, application("fresh"))
    assert bench.told[:3] == [
        ("spark/flash/status", "started "),
        ("spark/flash/status", "failed "),
        ("spark/status", "offline"),
    ]
    assert device.online
    assert device.functions == before
    await bench.update(device, application("fresh"))
    assert device.functions == ("fresh",)


async def test_without_network_in_the_middle_it_goes_on_with_what_it_had(bench: Bench) -> None:
    device = await bench.device()
    before = device.functions
    await bench.put(device, file(application("fresh")), LATEST)
    await bench.clock.sleep(0.6)
    device.connection.network = False
    await bench.world.settle()
    assert bench.status == ["started ", "failed "]
    assert str(device.led) != "blinking magenta"
    device.connection.network = True
    await bench.world.settle()
    assert device.functions == before
    await bench.update(device, application("fresh"))
    assert device.functions == ("fresh",)


@pytest.mark.parametrize("operation", range(1, 40, 3))
async def test_wherever_the_power_fails_one_firmware_runs_afterwards(bench: Bench, operation: int) -> None:
    device = await bench.device()
    before = device.functions
    device.cut_power_during(operation)
    await bench.update(device, application("fresh"))
    assert device.mode is Mode.NORMAL
    assert device.functions in (before, ("fresh",))
    assert bench.world.cloud._state.open_updates.get(device.id) is None


async def test_sources_are_compiled_for_the_device(bench: Bench) -> None:
    device = await bench.device()
    sketch = b'int f(String a) { return 2; } void setup() { Particle.function("led", f); } void loop() {}'
    answer = await bench.put(device, file(sketch, "src/app.ino"), LATEST)
    assert answer == (200, {"ok": True, "message": "Update started"})
    await bench.world.settle()
    assert device.functions == ("led",)


async def test_sources_that_do_not_compile_are_not_sent(bench: Bench) -> None:
    device = await bench.device()
    answer = await bench.put(device, file(b"broken", "main.cpp", "text/x-c"), LATEST)
    assert answer == (
        200,
        {
            "ok": False,
            "output": "build didn't produce binary",
            "stdout": "",
            "errors": ["main.cpp:1:1: error: 'broken' does not name a type\n"],
        },
    )
    assert bench.told == []


async def test_a_known_app_is_sent_by_its_name(bench: Bench) -> None:
    device = await bench.device()
    await bench.update(device, application("fresh"))
    answer = await bench.put(device, Part("app", b"tinker"))
    assert answer == (200, {"id": device.id, "status": "Update started"})
    await bench.world.settle()
    assert "digitalWrite" in device.functions
    status, said = await bench.ask("PUT", f"/v1/devices/{device.id}", {"app": "tinke"})
    assert status == 500
    assert said == {"ok": False, "code": 500, "errors": ["Can't flash unknown app tinke"]}


def bundle(name: str, **assets: bytes) -> bytes:
    files = [NamedFile(asset, content) for asset, content in assets.items()]
    return create_bundle(NamedFile("app.bin", application(name)), files)


async def test_the_assets_of_a_bundle_follow_the_application_that_wants_them(bench: Bench) -> None:
    device = await bench.device()
    content = bundle("with_assets", cat=b"meow" * 500, dog=b"wuff")
    answer = await bench.put(device, file(content, "app.zip", "application/zip"), LATEST)
    assert answer == (200, {"id": device.id, "status": "Update started"})
    await bench.world.settle()
    assert bench.status == ["started ", "success "] * 2
    assert "spark/status/safe-mode" in [name for name, _ in bench.told]
    assert device.mode is Mode.NORMAL, device.verdict.reason
    assert device.functions == ("with_assets",)


async def test_a_bundle_has_to_be_one_and_to_come_as_one(bench: Bench) -> None:
    device = await bench.device()
    zipped = bundle("x", cat=b"meow")
    status, said = await bench.put(device, file(zipped, "app.zip"), LATEST)
    assert (status, said) == (400, {"ok": False, "error": "A bundle has to come as application/zip"})
    status, said = await bench.put(device, file(b"PK nonsense", "app.zip", "application/zip"), LATEST)
    assert status == 400
    assert isinstance(said, dict)
    assert "app.zip" in said["error"]
    assert bench.status == []


async def test_a_device_in_safe_mode_is_sent_the_device_os_that_its_application_needs(bench: Bench) -> None:
    device = await bench.device(ARGON, "5.8.0")
    await bench.update(device, application("modern", target="6.2.0"))
    assert device.mode is Mode.NORMAL
    assert device.functions == ("modern",)
    told = dict(reversed(bench.told))
    described = json.loads(told["spark/status/safe-mode"] or "")
    application_module = next(one for one in described["m"] if one["f"] == "u")
    assert application_module["vv"] != application_module["vc"]
    assert application_module["d"] == [{"f": "s", "n": "1", "v": 6200}]
    updating = [event for event in bench.noted if event.name == "spark/safe-mode-updater/updating"]
    assert [event.data for event in updating] == ["0", "1"]
    assert {event.source for event in updating} == {"particle-internal"}
    assert bench.status == ["started ", "success "] * 3
    _, shown = await bench.ask("GET", f"/v1/devices/{device.id}")
    assert isinstance(shown, dict)
    assert (shown["status"], shown["system_firmware_version"]) == ("normal", "6.2.0")


async def test_a_device_that_was_not_updated_stays_in_safe_mode(bench: Bench) -> None:
    device = await bench.device(ARGON)
    device.press("both", hold_s=1.5)
    await bench.world.settle()
    assert device.mode is Mode.SAFE
    assert device.online
    assert bench.status == []
    assert "spark/status/safe-mode" in [name for name, _ in bench.told]


async def test_the_product_takes_the_same_way(bench: Bench) -> None:
    device = await bench.device(BORON)
    path = "/v1/products/12345/devices"
    ids = Part("file", device.id.encode(), "ids.txt", "application/octet-stream")
    assert (await bench.ask("POST", path, (ids,)))[0] == 200
    answer = await bench.ask("PUT", f"{path}/{device.id}", (file(application("fresh", BORON)), LATEST))
    assert answer == (200, {"id": device.id, "status": "Update started"})
    await bench.world.settle()
    assert device.functions == ("fresh",)


async def test_an_open_update_outlasts_the_cloud(bench: Bench) -> None:
    device = await bench.device()
    content = bundle("with_assets", cat=b"meow")
    await bench.put(device, file(content, "app.zip", "application/zip"), LATEST)
    cloud = bench.world.cloud
    kept = cloud.dump_state()
    cloud.load_state(kept)
    assert cloud.dump_state() == kept
    await bench.world.settle()
    assert device.mode is Mode.NORMAL
