"""`particle serial monitor`: applications of the embedded world that print, and ports that come and go."""

from __future__ import annotations

import asyncio
import io
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.domain.serial_console.scripted_line import ScriptedLine, transcript
from tests.entrypoints.conftest import Particle, Ran
from tests.entrypoints.test_serial import HERE, Ports

from particle_cli.entrypoints.cli.commands import serial_monitor
from particle_cli.entrypoints.cli.output import Output
from particle_cli.entrypoints.cli.parser import parse
from particle_cli.entrypoints.cli.result import Result
from particle_cli.entrypoints.cli.table.entry import Command
from particle_cli.entrypoints.cli.table.index import entry
from particle_cli.entrypoints.wires import Wires
from particle_cli.ports.serial import SerialLine, SerialPort
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.virtual_time import run_virtual
from particle_cli.simulators.world import World

SOURCE = """
void setup() { Serial.begin(9600); Serial.println("starting"); }
void loop() { Serial.print("tick "); Serial.println("tock"); delay(1000); }
"""


@pytest.fixture
def ticking(sim: Particle) -> str:
    """A Boron whose application prints a line a second; returns its id."""
    device = str(sim("sim", "add", "boron", "--name", "red", "--json").data["id"])
    Path("app.ino").write_text(SOURCE)
    assert sim("flash", "--local", "app.ino").code == 0
    return device


def lines(ran: Ran) -> list[dict[str, object]]:
    return [json.loads(line) for line in ran.out.splitlines()]


# -- on the embedded world -------------------------------------------------------------------------------


def test_what_is_printed_is_shown_for_the_time_given(sim: Particle, ticking: str) -> None:
    ran = sim("serial", "monitor", "--timeout", "3.5")
    assert (ran.code, ran.out) in [(0, "tick tock\r\n" * count) for count in (3, 4)]
    assert ran.err == (
        'Opening serial monitor for com port: " ttySIM0 "\nSerial monitor opened successfully:\n'
    )
    assert sim("serial", "monitor", "--timeout", "1.5", "-q").err == ""


def test_lines_are_documents_for_programs(sim: Particle, ticking: str) -> None:
    told = lines(sim("serial", "monitor", "--timeout", "2.5", "--json"))
    assert {(one["device"], one["port"], one["text"]) for one in told} == {(ticking, "ttySIM0", "tick tock")}
    assert len(told) in (2, 3)
    assert all("T" in str(one["time"]) for one in told)


def test_a_pattern_ends_it_well(sim: Particle, ticking: str) -> None:
    ran = sim("serial", "monitor", "--until", "^tick t.ck$")
    assert (ran.code, ran.out) == (0, "tick tock\r\n")
    told = lines(sim("serial", "monitor", "--until", "tick", "--json"))
    assert [one["text"] for one in told] == ["tick tock"]


@pytest.mark.parametrize(("words", "seconds"), [(["--timeout", "4"], "4"), ([], "60")])
def test_a_pattern_that_does_not_come_fails_when_the_time_is_up(
    sim: Particle, ticking: str, words: list[str], seconds: str
) -> None:
    ran = sim("serial", "monitor", "--until", "never", *words)
    assert ran.code == 1
    assert f"'never' did not come within {seconds} s.\n" in ran.err
    told = lines(sim("serial", "monitor", "--until", "never", *words, "--json"))
    assert told[-1]["error"] == {
        "code": "pattern_not_seen",
        "message": f"'never' did not come within {seconds} s.",
        "hint": "Allow a longer --timeout, or see with particle serial monitor what comes.",
    }


def test_lines_have_their_times(sim: Particle, ticking: str) -> None:
    shown = sim("serial", "monitor", "--timeout", "2.5", "--timestamp").out.splitlines()
    assert {line.split(" ", 1)[1] for line in shown} == {"tick tock"}
    assert len(shown) in (2, 3)
    assert all(len(line.split()[0]) == len("2026-11-23T19:32:24.376+00:00") for line in shown)


def test_what_comes_is_added_to_a_file(sim: Particle, ticking: str, tmp_path: Path) -> None:
    log = tmp_path / "red.log"
    log.write_bytes(b"before\n")
    for _ in range(2):
        sim("serial", "monitor", "--until", "tock", "--log", str(log), "--json")
    assert log.read_bytes() == b"before\n" + b"tick tock\r\n" * 2


def test_a_log_that_cannot_be_written_is_told_before_anything_is_opened(sim: Particle, ticking: str) -> None:
    ran = sim("serial", "monitor", "--until", "tock", "--log", "/nowhere/red.log")
    assert (ran.code, ran.out) == (1, "")
    assert "/nowhere/red.log" in ran.err
    assert "Opening" not in ran.err


@pytest.mark.parametrize("words", [["--until", "("], ["--device", "a", "--device", "b"], ["--port", "9"]])
def test_wrong_usage(sim: Particle, ticking: str, words: list[str]) -> None:
    assert sim("serial", "monitor", *words, "--timeout", "1").code == 2


def test_a_device_is_found_by_name_and_by_id(sim: Particle, ticking: str) -> None:
    sim("sim", "add", "p2")
    for words in (["red"], [ticking], [ticking.upper()]):
        assert sim("serial", "monitor", "--until", "tock", "--device", *words).code == 0
    ran = sim("serial", "monitor", "--until", "tock", "--device", "0" * 24)
    assert (ran.code, "No serial port leads to device" in ran.err) == (1, True)


def test_a_device_that_is_not_there_is_waited_for(sim: Particle, ticking: str) -> None:
    sim("sim", "unplug", "red")
    ran = sim("serial", "monitor", "--device", ticking, "--follow", "--timeout", "2")
    assert (ran.code, ran.out, ran.err) == (0, "", "Polling for available serial device...\n")
    ran = sim("serial", "monitor", "--timeout", "2")
    assert (ran.code, "No serial port identified" in ran.err) == (1, True)


def test_what_is_piped_in_goes_to_the_device(
    sim: Particle, ticking: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTICLE_SIM_SPEED", "20")
    sim("usb", "start-listening", "red")
    ran = sim("serial", "monitor", "--send", "--until", "Device ID.*\n", typed="i\n")
    assert ran.code == 0
    assert f"Device ID: {ticking}" in ran.out


def test_what_the_device_learns_in_a_talk_it_remembers(
    sim: Particle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTICLE_SIM_SPEED", "20")
    sim("sim", "add", "p2", "--name", "green")
    sim("usb", "start-listening", "green")
    sim("serial", "monitor", "--send", "--timeout", "3", typed="x")
    assert sim("sim", "status", "green", "--json").data[0]["mode"] == "normal"


# -- over resets -----------------------------------------------------------------------------------------


Happenings = Sequence[tuple[float, Callable[[World, list[SimulatedDevice]], object]]]


def monitored(words: Sequence[str], happenings: Happenings) -> Result:
    """Run the monitor on a world of two Borons, to which things happen at their times."""

    async def run() -> Result:
        command = entry("serial monitor")
        assert isinstance(command, Command)
        wires = Wires(os.environ, Output(words).person, profile="sim")
        world = wires.world
        devices = [world.add(13), world.add(13)]
        await world.settle()

        async def happen() -> None:
            for after, event in happenings:
                await wires.clock.sleep(after)
                event(world, devices)

        happening = asyncio.create_task(happen())
        try:
            return await serial_monitor.run(parse(command, words), wires)
        finally:
            await happening

    return run_virtual(run())


def say(text: bytes) -> Callable[[World, list[SimulatedDevice]], object]:
    """Let the first device print something."""
    return lambda world, devices: devices[0].serial.transmit(text)


def press_reset(world: World, devices: list[SimulatedDevice]) -> None:
    devices[0].press("reset", 0.1)


def swap_ports(world: World, devices: list[SimulatedDevice]) -> None:
    """Pull both cables, and plug them in the other way round."""
    for device in devices:
        world.unplug(device)
    for device in reversed(devices):
        world.plug(device)


@pytest.mark.parametrize("event", [press_reset, swap_ports])
def test_a_device_is_followed_by_its_id(
    sim: Particle, capsys: pytest.CaptureFixture[str], event: Callable[[World, list[SimulatedDevice]], object]
) -> None:
    happenings: Happenings = [(1, say(b"one\r\n")), (1, event), (9, say(b"two\r\n"))]
    words = ["--port", "1", "--follow", "--until", "two", "--json"]
    assert monitored(words, happenings).streamed
    out, err = capsys.readouterr()
    told = [json.loads(line) for line in out.splitlines()]
    assert [one["text"] for one in told] == ["one", "two"]
    assert len({one["device"] for one in told}) == 1
    assert (told[0]["port"] == told[1]["port"]) == (event is press_reset)
    assert "Serial connection closed.  Attempting to reconnect...\n" in err
    assert f"Serial monitor opened again: {told[1]['port']} - Boron - {told[0]['device']}\n" in err


def test_a_reset_ends_it_unless_the_device_is_followed(
    sim: Particle, capsys: pytest.CaptureFixture[str]
) -> None:
    happenings: Happenings = [(1, say(b"one")), (1, press_reset), (9, say(b"two"))]
    assert not monitored(["--port", "1"], happenings).failed
    out, err = capsys.readouterr()
    assert (out, err.splitlines()[-1]) == ("one", "Serial connection closed.")


def test_a_reader_that_leaves_ends_it_well(sim: Particle, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stdout:
        monkeypatch.setattr("sys.stdout", stdout)
        happenings: Happenings = [(1, say(b"one\n")), (1, say(b"two\n"))]
        assert monitored(["--port", "1"], happenings).streamed


# -- ports that are scripted -----------------------------------------------------------------------------


def on_line(monkeypatch: pytest.MonkeyPatch, line: SerialLine, ports: Sequence[SerialPort] = (HERE,)) -> None:
    monkeypatch.setattr(Wires, "serial", Ports(ports, line))


def test_what_is_no_text_is_shown_all_the_same(sim: Particle, monkeypatch: pytest.MonkeyPatch) -> None:
    noise = b"\xff\xfe ok \xc3\xa9 \xc3\r\n\x1b[2J\xf0\x9f\x98"
    said = [("D", noise)]
    on_line(monkeypatch, ScriptedLine(said, chunk=1))
    told = lines(sim("serial", "monitor", "--timeout", "3", "--json"))
    assert [one["text"] for one in told] == ["\\xff\\xfe ok é \\xc3", "\x1b[2J", "\\xf0\\x9f\\x98"]
    on_line(monkeypatch, ScriptedLine(said, chunk=1))
    out = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(out, "utf-8", newline=""))
    sim("serial", "monitor", "--timeout", "3", "--log", "log")
    assert (out.getvalue(), Path("log").read_bytes()) == (noise, noise)


def test_an_unfinished_line_is_told_after_a_pause(sim: Particle, monkeypatch: pytest.MonkeyPatch) -> None:
    on_line(monkeypatch, ScriptedLine(transcript("D name: ")))
    assert [one["text"] for one in lines(sim("serial", "monitor", "--timeout", "3", "--json"))] == ["name: "]


def test_a_device_that_leaves_ends_it(sim: Particle, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = [*transcript("D half a line"), ("gone", b"")]
    on_line(monkeypatch, ScriptedLine(turns))
    ran = sim("serial", "monitor", "--timeout", "3")
    assert (ran.code, ran.out) == (0, "half a line")
    assert ran.err.endswith("\n\nSerial connection closed.\n")
    on_line(monkeypatch, ScriptedLine(turns))
    ran = sim("serial", "monitor", "--until", "whole", "--json")
    told = lines(ran)
    assert (ran.code, told[0]["text"]) == (1, "half a line")
    assert told[1]["error"] == {
        "code": "pattern_not_seen",
        "message": "The device left before 'whole' came.",
        "hint": "Wait for it to come back with --follow.",
    }


def test_a_port_of_which_nothing_is_known_can_be_watched(
    sim: Particle, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_line(monkeypatch, ScriptedLine(transcript("D hi\n")), ())
    told = lines(sim("serial", "monitor", "--port", "/dev/ttyUSB0", "--until", "hi", "--json"))
    assert (told[0]["device"], told[0]["port"]) == (None, "/dev/ttyUSB0")


def test_what_is_sent_and_comes_back_is_kept_out_of_records(
    sim: Particle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTICLE_SIM_SPEED", "20")
    line = ScriptedLine(transcript("H hunter2\n", "D hunter2\r\n"))
    on_line(monkeypatch, line)
    assert sim("serial", "monitor", "--send", "--until", "hunter2", typed="hunter2\n").code == 0
    assert (line.secret_written, line.plain_read) == (b"hunter2\n", b"")


def test_the_delay_between_two_looks_is_a_setting(sim: Particle) -> None:
    sim("config", "set", "serial_follow_delay", "1000")
    assert sim("serial", "monitor", "--follow", "--timeout", "2").code == 0
    sim("config", "set", "serial_follow_delay", "often")
    assert "serial_follow_delay" in sim("serial", "monitor", "--follow", "--timeout", "2").err
