"""What a test can do with a simulated world and its devices: the application, command lines, coroutines."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from particle_cli.entrypoints.suite.device import NothingOffered, ParticleDevice
from particle_cli.entrypoints.suite.ran import CommandFailed
from particle_cli.entrypoints.suite.serial import NotPrinted
from particle_cli.entrypoints.suite.world import ParticleWorld

SOURCE = """
SerialLogHandler logs;
int brightness = 50;

int led(String command) {
    return 1;
}

void setup() {
    Serial.begin(9600);
    Particle.function("led", led);
    Particle.variable("brightness", brightness);
    Serial.println("ready");
}

void loop() {
    Serial.println("tick");
    delay(1000);
}
"""


@pytest.fixture
def red(particle_world: ParticleWorld) -> ParticleDevice:
    """A Boron with an application of its own."""
    return particle_world.add("boron", name="red", application={"code": SOURCE})


# -- the application ---------------------------------------------------------------------------------------


def test_functions_and_variables(red: ParticleDevice) -> None:
    assert (red.functions, red.variables) == (("led",), ("brightness",))
    assert red.call("led", "on") == 1
    assert red.variable("brightness") == 50
    red.set_variable("brightness", 80)
    assert red.variable("brightness") == 80


def test_python_can_answer_for_the_application(particle_world: ParticleWorld, red: ParticleDevice) -> None:
    heard: list[str] = []

    def led(argument: str) -> int:
        heard.append(argument)
        return len(heard)

    red.on_function("led", led)
    red.on_variable("brightness", lambda: 7)
    red.on_request(lambda data: data[::-1])
    red.on_serial(bytes.upper)
    assert [red.call("led", "a"), red.call("led", "b")] == [1, 2]
    red.press("reset")
    assert particle_world.run("call", "red", "led", "c", "--json").data["returnValue"] == 3
    assert heard == ["a", "b", "c"]
    assert particle_world.run("get", "red", "brightness").out == "7\n"
    red.serial.write("hello")
    assert red.serial.read_until("HELLO").endswith("HELLO")


def test_what_is_not_offered_is_told_with_what_is(red: ParticleDevice) -> None:
    with pytest.raises(NothingOffered, match=r"red \[e00fce68.*\] .* offers no function 'lamp', but led\."):
        red.call("lamp")
    with pytest.raises(NothingOffered, match="offers no variable 'x', but brightness"):
        red.variable("x")
    with pytest.raises(NothingOffered, match="offers no variable 'x'"):
        red.set_variable("x", 1)
    red.press("both", 3)
    with pytest.raises(NothingOffered, match="dfu mode, blinking yellow offers no function 'led', but none"):
        red.call("led")


def test_serial_output_is_read_over_resets(particle_world: ParticleWorld, red: ParticleDevice) -> None:
    with red.serial:
        red.press("reset")
        assert red.serial.read_until("ready").endswith("ready")
        red.serial.read()
        particle_world.advance(3)
        assert red.serial.read().count("tick") in (3, 4)
    particle_world.advance(3)
    with (
        red.serial,
        pytest.raises(NotPrinted, match=r"red did not print 'tock' within 2 s\. It printed: '.*tick"),
    ):
        red.serial.read_until("tock", seconds=2)


# -- command lines -----------------------------------------------------------------------------------------


def test_a_command_line_is_run_in_the_world(particle_world: ParticleWorld, red: ParticleDevice) -> None:
    ran = particle_world.run("usb", "list")
    assert ran.ok
    assert (ran.exit_code, ran.out, ran.err) == (0, f"red [{red.id}] (Boron)\n", "")
    assert particle_world.run("usb", "list", "--json").data[0]["name"] == "red"
    assert particle_world.run("--version").out[0].isdigit()


def test_a_project_is_flashed(particle_world: ParticleWorld, tmp_path: Path) -> None:
    device = particle_world.add("p2", name="blue")
    source = tmp_path / "blue.ino"
    source.write_text(SOURCE)
    particle_world.run("flash", "--local", source, check=True)
    assert device.functions == ("led",)


def test_a_command_line_that_fails_tells_all_it_printed(particle_world: ParticleWorld) -> None:
    ran = particle_world.run("usb", "reset", "nobody")
    assert (ran.ok, ran.exit_code) == (False, 1)
    assert repr(ran) == "<particle usb reset nobody: exit code 1, Device not found: nobody>"
    with pytest.raises(CommandFailed) as failed:
        ran.check()
    assert str(failed.value).startswith("$ particle usb reset nobody\n")
    assert str(failed.value).endswith("\n(exit code 1)")
    with pytest.raises(CommandFailed, match="Device not found"):
        particle_world.run("usb", "reset", "nobody", check=True)
    with pytest.raises(CommandFailed, match="Was it run with --json"):
        _ = ran.json
    error = particle_world.run("usb", "reset", "nobody", "--json").json["error"]
    assert error["code"] == "device_unknown"
    assert ", Device not found: nobody>" in repr(particle_world.run("usb", "reset", "nobody", "--json"))


def test_what_is_typed_is_read(particle_world: ParticleWorld, red: ParticleDevice) -> None:
    ran = particle_world.run("sim", "reset-world", "--interactive", typed="y\n")
    assert ran.ok
    assert particle_world.devices == ()


def test_a_home_of_its_own_and_no_way_out(
    particle_world: ParticleWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    particle_world.run("config", "mine", "username", "somebody", check=True)
    assert list(tmp_path.iterdir()) == []
    assert (particle_world.home / ".particle").is_dir()
    for words in (("--profile", "particle"), ("--bus", "libusb")):
        ran = particle_world.run("usb", "list", *words)
        assert ran.exit_code == 2
        assert "leads out of the simulated world" in ran.err


def test_a_command_without_an_end_is_refused(particle_world: ParticleWorld, red: ParticleDevice) -> None:
    ran = particle_world.run("serial", "monitor")
    assert ran.exit_code == 2
    assert "would never end" in ran.err


def test_lines_of_json_are_read_one_by_one(particle_world: ParticleWorld, red: ParticleDevice) -> None:
    ran = particle_world.run("serial", "monitor", "--timeout", "5", "--json")
    assert len(ran.documents) >= 3, ran
    with pytest.raises(CommandFailed, match="JSON documents, not one"):
        _ = ran.json


# -- coroutines --------------------------------------------------------------------------------------------


@pytest.mark.both_times
async def test_all_of_it_works_in_a_coroutine(particle_world: ParticleWorld) -> None:
    device = particle_world.add("boron")
    device.press("both", 3)
    assert particle_world.run("usb", "list", "--json").data[0]["mode"] == "dfu"
    device.press("reset")
    device.on_function("digitalRead", lambda pin: 42)
    assert device.call("digitalRead", "D7") == 42
    assert asyncio.get_running_loop().is_running()


def test_a_handler_cannot_run_commands(particle_world: ParticleWorld, red: ParticleDevice) -> None:
    red.on_function("led", lambda argument: particle_world.run("usb", "list").exit_code)
    with pytest.raises(RuntimeError, match="a handler was called by the simulated world"):
        red.call("led")
    assert red.variable("brightness") == 50


def test_events_reach_python_and_come_from_it(particle_world: ParticleWorld) -> None:
    listener = "void heard(const char *name, const char *data) {}\nvoid loop() {}\n"
    code = f'{listener}void setup() {{ Particle.subscribe("door/", heard); }}\n'
    door = particle_world.add("argon", name="door", application={"code": code})
    bell = particle_world.add("argon", name="bell")
    heard: list[tuple[str, str]] = []
    door.on_event(lambda name, data: heard.append((name, data)))
    assert particle_world.run("publish", "door/open", "wide").ok
    assert bell.publish("door/rung")
    assert bell.publish("window/open")
    particle_world.advance(1)
    assert heard == [("door/open", "wide"), ("door/rung", "")]
    assert not bell.publish("n" * 65)
