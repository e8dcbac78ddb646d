"""Events of applications: what the compiler understands, what devices publish, and what they are told of."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.simulators.cloud.compiling import built, manifest
from tests.simulators.cloud.updating import ARGON, PHOTON, Bench

from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.firmware.application import (
    Action,
    ApplicationManifest,
    Step,
    Subscription,
    decode_manifest,
    encode_manifest,
)
from particle_cli.simulators.world_file import WorldFile

pytestmark = pytest.mark.usefixtures("world_files_closed")


@pytest.fixture
def bench() -> Bench:
    return Bench()


def sketch(setup: str = "", loop: str = "", more: str = "") -> str:
    return f"{more}\nvoid setup() {{ {setup} }}\nvoid loop() {{ {loop} }}\n"


async def runs(bench: Bench, text: str, platform_id: int = ARGON) -> SimulatedDevice:
    """Return a device that runs a program from now on."""
    device = await bench.device(platform_id)
    await bench.update(device, built({"src/app.ino": text}, platform_id).binary)
    return device


@pytest.mark.parametrize(
    ("statement", "step"),
    [
        ('Particle.publish("hello");', Step(Action.PUBLISH, "hello")),
        ('Particle.publish("hello", "you");', Step(Action.PUBLISH, "hello", "you")),
        ('Particle.publish("hello", "you", PRIVATE);', Step(Action.PUBLISH, "hello", "you")),
        ('Particle.publish("hello", "you", 60, PRIVATE);', Step(Action.PUBLISH, "hello", "you")),
        ('Particle.publish("hello", PRIVATE);', Step(Action.PUBLISH, "hello")),
        ('Particle.publish("hello", "you", PUBLIC);', Step(Action.PUBLISH_PUBLICLY, "hello", "you")),
        ('Particle.publish("n", String(21));', Step(Action.PUBLISH, "n", "21")),
        ('Particle.publish("n", String::format("%d of %s", 2, "3"));', Step(Action.PUBLISH, "n", "2 of 3")),
        ('Particle.publish("n", unknown());', Step(Action.PUBLISH, "n", "?")),
        ('Spark.publish("old", "name");', Step(Action.PUBLISH, "old", "name")),
    ],
)
def test_publishing_is_read_from_the_source(statement: str, step: Step) -> None:
    assert manifest(sketch(setup=statement)).setup == (step,)


def test_subscribing_is_read_with_what_the_handler_does() -> None:
    handler = (
        'void heard(const char *event, const char *data) { delay(5); Particle.publish("answer", "yes"); }'
    )
    found = manifest(sketch('Particle.subscribe("ask", heard); Particle.subscribe("x/", gone, MY_DEVICES);',
                            more=handler))  # fmt: skip
    answer = Step(Action.PUBLISH, "answer", "yes")
    assert found.subscriptions == (Subscription("ask", (answer,)), Subscription("x/"))


def test_what_is_read_travels_in_the_module() -> None:
    made = ApplicationManifest(
        loop=(Step(Action.PUBLISH, "a", "b"), Step(Action.DELAY, 5)),
        subscriptions=(Subscription("p", (Step(Action.PRINT, "x"),)),),
    )
    assert decode_manifest(b"code" + encode_manifest(made) + b"more") == made
    assert encode_manifest(ApplicationManifest(loop=(Step(Action.DELAY, 5),))).endswith(
        b'{"functions":{},"variables":{},"loop":[["delay",5]]}'
    )


async def test_setup_publishes_when_the_device_is_connected_and_the_loop_goes_on(bench: Bench) -> None:
    device = await runs(
        bench, sketch('Particle.publish("up", "1");', 'Particle.publish("t", "2"); delay(10s);')
    )
    mine = [event for event in bench.noted if event.name in ("up", "t")]
    online = next(event.at_s for event in bench.noted if event.data == "online")
    assert [event.name for event in mine[:2]] == ["up", "t"]
    assert mine[0].at_s == pytest.approx(online, abs=0.1)
    assert {event.source for event in mine} == {device.id}
    bench.forget()
    await bench.clock.sleep(100)
    assert bench.told == [("t", "2")] * 10
    device.connection.network = False
    bench.forget()
    await bench.clock.sleep(100)
    assert [name for name, _ in bench.told] == ["spark/status"]
    device.connection.network = True
    await bench.world.settle()
    await bench.clock.sleep(1)
    assert ("t", "2") in bench.told


async def test_a_loop_without_a_delay_is_slowed_down_to_one_event_a_second(bench: Bench) -> None:
    await runs(bench, sketch(loop='Particle.publish("t");'))
    bench.forget()
    await bench.clock.sleep(60)
    assert 59 <= len(bench.noted) <= 61


async def test_four_events_may_come_at_once(bench: Bench) -> None:
    device = await bench.device()
    assert [device.publish(f"n{n}", "x") for n in range(6)] == [True] * 4 + [False] * 2
    await bench.clock.sleep(2)
    assert [device.publish(f"m{n}", "x") for n in range(3)] == [True] * 2 + [False]


async def test_names_and_data_have_their_limits(bench: Bench) -> None:
    device = await bench.device(ARGON, "6.2.0")
    assert device.publish("n" * 64, "x" * 1024)
    for name, data in (("n" * 65, ""), ("", ""), ("é", ""), ("spark/x", ""), ("n", "x" * 1025)):
        assert not device.publish(name, data)
    old = await bench.device(PHOTON, "2.3.0")
    assert old.publish("n", "x" * 622)
    assert not old.publish("n", "x" * 623)
    bench.world.unplug(device)
    assert not device.publish("n", "x")


async def test_a_device_is_told_of_events_with_its_prefix(bench: Bench) -> None:
    text = sketch('Particle.subscribe("door/", heard);', more="void heard(const char *e, const char *d) {}")
    device = await runs(bench, text)
    other = await bench.device()
    told: list[tuple[str, str]] = []
    device.event_handler = lambda name, data: told.append((name, data))
    for name in ("door/open", "door", "Door/open", "door/"):
        assert (await bench.ask("POST", "/v1/devices/events", {"name": name, "data": "now"}))[0] == 200
    other.publish("door/shut")
    await bench.clock.sleep(1)
    assert told == [("door/open", "now"), ("door/", "now"), ("door/shut", "")]
    device.press("reset")
    await bench.ask("POST", "/v1/devices/events", {"name": "door/missed"})
    await bench.world.settle()
    await bench.ask("POST", "/v1/devices/events", {"name": "door/again"})
    await bench.world.settle()
    assert told[3:] == [("door/again", "")]


async def test_an_event_of_somebody_else_does_not_concern_a_device(bench: Bench) -> None:
    text = sketch('Particle.subscribe("door/", heard);', more="void heard(const char *e, const char *d) {}")
    device = await runs(bench, text)
    other = await bench.device()
    bench.world.cloud.release(other.id)
    bench.world.cloud.adopt(other, owner="mfa@example.com")
    told: list[str] = []
    device.event_handler = lambda name, data: told.append(name)
    assert other.publish("door/open")
    await bench.clock.sleep(1)
    assert told == []


async def test_devices_that_answer_one_another_let_the_world_settle(bench: Bench) -> None:
    handler = 'void heard(const char *e, const char *d) {{ Particle.publish("{}"); }}'
    await runs(bench, sketch('Particle.subscribe("ping", heard);', more=handler.format("pong")))
    await runs(bench, sketch('Particle.subscribe("pong", heard);', more=handler.format("ping")))
    bench.forget()
    before = bench.clock.monotonic()
    await bench.ask("POST", "/v1/devices/events", {"name": "ping"})
    await bench.world.settle()
    assert bench.told[:2] == [("ping", None), ("pong", None)]
    assert bench.clock.monotonic() - before < 1
    await bench.clock.sleep(60)
    assert 4 < len(bench.noted) < 20  # events beyond the limit are lost, and with them the answers


async def test_what_a_handler_prints_comes_out_of_the_serial_port(bench: Bench) -> None:
    handler = 'void heard(const char *e, const char *d) { Serial.println("heard"); }'
    device = await runs(bench, sketch('Particle.subscribe("door", heard);', more=handler))
    device.serial.host_opens()
    await bench.ask("POST", "/v1/devices/events", {"name": "door"})
    await bench.world.settle()
    assert device.serial.take(100) == b"heard\r\n"


async def test_an_application_goes_on_publishing_in_a_world_that_was_kept(
    bench: Bench, tmp_path: Path
) -> None:
    device = await runs(bench, sketch('Particle.publish("up");', 'Particle.publish("t"); delay(10s);'))
    await bench.world.settle()
    file = WorldFile(str(tmp_path / "world.sqlite"))
    changes = bench.world.changes()
    file.save(changes.devices, changes.cloud, devices_made=changes.devices_made)
    await bench.world.bus.close()
    later = Bench()
    later.world.restore(file.devices(), file.cloud(), devices_made=file.devices_made)
    await later.world.settle()
    await later.clock.sleep(100)
    assert {name for name, _ in later.told} == {"t"}
    assert len(later.told) in (9, 10, 11)
    assert {event.source for event in later.noted} == {device.id}
