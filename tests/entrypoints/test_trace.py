"""`--trace` and `-vv` on the command line: what is recorded, where it goes, and what it never disturbs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.adapters.tracing.reading import trace_in
from tests.entrypoints.conftest import Particle

from particle_cli.entrypoints.cli.commands import usb_list
from particle_cli.entrypoints.cli.given import Given
from particle_cli.entrypoints.cli.result import Result
from particle_cli.entrypoints.wires import Wires
from particle_cli.ports.files import FileRefused

LISTEN = ("usb", "start-listening", "red")


@pytest.fixture
def red(sim: Particle) -> Particle:
    """The command line, with a Boron called red."""
    assert sim("sim", "add", "boron", "--name", "red").code == 0
    return sim


def test_what_goes_over_usb_is_in_the_file(red: Particle) -> None:
    ran = red(*LISTEN, "--trace", "usb.pcapng")
    assert (ran.code, ran.out, ran.err) == (0, "Done.\n", "")
    records = trace_in(Path("usb.pcapng"))
    asked = [one.request[:2] for one in records if one.event == "S" and one.has_setup]
    assert asked[:4] == [(0x80, 6), (0x80, 6), (0x80, 6), (0x00, 9)]  # who it is
    assert (0xC0, 1) in asked  # a control request begins
    assert len(records) == 2 * len(asked)
    times = [one.time_us for one in records]
    assert times == sorted(times)
    assert abs(times[0] / 1_000_000 - time.time()) < 600  # virtual time begins when the command does


@pytest.mark.parametrize("words", [("--trace", "t.pcapng", *LISTEN), (*LISTEN, "--trace=t.pcapng")])
def test_the_flag_may_stand_anywhere(red: Particle, words: tuple[str, ...]) -> None:
    assert red(*words).code == 0
    assert trace_in(Path("t.pcapng"))


@pytest.mark.parametrize(
    "words", [("config",), ("completion", "bash"), ("whoami",), ("usb", "list", "--json")]
)
def test_a_command_that_uses_no_usb_leaves_an_empty_trace(sim: Particle, words: tuple[str, ...]) -> None:
    assert sim(*words, "--trace", "t.pcapng").code == 0
    assert trace_in(Path("t.pcapng")) == []


@pytest.mark.parametrize(
    ("place", "code"), [("gone/t.pcapng", "file_missing"), (".", "file"), ("precious", "file_refused")]
)
def test_a_trace_that_cannot_be_is_refused_before_anything_is_done(
    red: Particle, place: str, code: str
) -> None:
    Path("precious").write_bytes(b"no trace")
    ran = red(*LISTEN, "--trace", place, "--json")
    assert (ran.code, ran.document["error"]["code"]) == (1, code)
    assert red("sim", "status", "red", "--json").data[0]["mode"] == "normal"
    assert Path("precious").read_bytes() == b"no trace"


@pytest.mark.parametrize("name", ["", "-"])
def test_a_trace_needs_a_file(sim: Particle, name: str) -> None:
    ran = sim("usb", "list", f"--trace={name}")
    assert ran.code == 2
    assert "--trace needs the name of a file" in ran.err


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ZeroDivisionError("a fault"), FileRefused("no")])
def test_whatever_ends_the_command_the_trace_is_whole(
    red: Particle, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    async def run(given: Given, wires: Wires) -> Result:
        (device,) = await wires.usb.attached()
        handle = await wires.usb.open(device)
        await handle.string(3)
        raise error

    monkeypatch.setattr(usb_list, "run", run)
    assert red("usb", "list", "--trace", "t.pcapng").code in (1, 130)
    assert len(trace_in(Path("t.pcapng"))) == 10


def test_a_trace_that_stops_short_is_told(red: Particle, monkeypatch: pytest.MonkeyPatch) -> None:
    write, room = os.write, iter(range(3))

    def fills_up(descriptor: int, data: bytes) -> int:
        if bytes(data[:4]) == b"\x06\0\0\0" and next(room, None) is None:
            raise OSError(28, "No space left on device")
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", fills_up)
    ran = red(*LISTEN, "--trace", "t.pcapng")
    assert (ran.code, ran.out) == (0, "Done.\n")
    assert ran.err.startswith("Warning: The trace ends before the work does. Cannot write t.pcapng")
    assert len(trace_in(Path("t.pcapng"))) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="kills as Unix does")
def test_a_killed_program_leaves_a_trace_that_can_be_read(red: Particle, home: Path) -> None:
    trace = Path("t.pcapng")
    environment = {**os.environ, "HOME": str(home), "PARTICLE_SIM_SPEED": "20"}
    with subprocess.Popen(
        [sys.executable, "-m", "particle_cli", "usb", "dfu", "red", "--trace", str(trace)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        while process.poll() is None and (not trace.exists() or trace.stat().st_size < 500):
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
    assert trace_in(trace)


# as text


def test_http_exchanges_are_told_from_vvv_on(red: Particle) -> None:
    assert "HTTP" not in red("list", "-vv").err
    ran = red("list", "-vvv", "--json")
    assert ran.data[0]["name"] == "red"
    assert ran.err.startswith("HTTP -> #1 GET https://")
    assert "HTTP -> #1   Authorization: <redacted>\n" in ran.err
    assert "HTTP <- #1 200 after " in ran.err
    assert '"name": "red"' in ran.err
    assert red("list", "-vvvq").err == ""


def test_serial_traffic_is_told_from_vv_on(red: Particle, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(given: Given, wires: Wires) -> Result:
        (port,) = await wires.serial.ports()
        line = await wires.serial.open(port.path, baud_rate=9600)
        await line.write(b"\n")
        await line.close()
        return usb_list.UsbDevices(())

    monkeypatch.setattr(usb_list, "run", run)
    assert red("usb", "list", "-v").err == ""
    for flag in ("-vv", "-vvv"):
        told = red("usb", "list", flag).err.splitlines()
        assert told[0].startswith("Serial Open ")
        assert told[1] == r"Serial Out -> \n"
        assert told[-1].startswith("Serial Close ")


def test_what_was_not_asked_for_costs_nothing(red: Particle, home: Path) -> None:
    code = (
        "import sys; from particle_cli.entrypoints.cli.main import main; main(['usb', 'list', '-v']);"
        "print([name for name in sys.modules if 'trac' in name and name.startswith('particle')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.endswith("(Boron)\n[]\n")
