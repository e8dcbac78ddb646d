"""Debian's tshark, Wireshark without a window, reads the traces that `--trace` writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.strangers.conftest import needs_program

from particle_cli.domain.platforms.catalogue import platform
from particle_cli.simulators.factory import factory_image

pytestmark = pytest.mark.strangers

BORON_DFU = "usb.product==0x2b04d00d,usbdfu"
Particle = Callable[..., None]


@pytest.fixture
def particle(tmp_path: Path) -> Particle:
    """The command line in a world with a Boron called red; each command has to succeed."""
    needs_program("tshark")
    environment = {**os.environ, "HOME": str(tmp_path)}

    def run(*words: str) -> None:
        command = [sys.executable, "-m", "particle_cli", "--profile", "sim", *words]
        ended = subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )
        assert ended.returncode == 0, ended.stderr

    run("sim", "add", "boron", "--name", "red")
    return run


def tshark(trace: Path, *words: str) -> list[str]:
    """Return what tshark says of a trace, line by line; it has to be content with the file."""
    ended = subprocess.run(
        ["tshark", "-r", str(trace), *words], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "cut short" not in ended.stderr
    return ended.stdout.splitlines()


def fields(trace: Path, *names: str) -> list[list[str]]:
    """Return fields of every packet, DFU requests taken for what they are."""
    chosen = [word for name in names for word in ("-e", name)]
    return [line.split("\t") for line in tshark(trace, "-d", BORON_DFU, "-T", "fields", *chosen)]


def test_it_knows_the_device_and_its_control_transfers(particle: Particle, tmp_path: Path) -> None:
    trace = tmp_path / "t.pcapng"
    particle("usb", "start-listening", "red", "--trace", str(trace))
    packets = fields(
        trace, "usb.urb_type", "usb.transfer_type", "usb.urb_status", "usb.device_address", "usb.bus_id"
    )
    assert [packet[0] for packet in packets] == ["'S'", "'C'"] * (len(packets) // 2)
    assert {tuple(packet[1:]) for packet in packets} == {
        ("0x02", "-115", "2", "1"),
        ("0x02", "0", "2", "1"),
    }
    lines = "\n".join(tshark(trace))
    for said in (
        "GET DESCRIPTOR Response DEVICE",
        "GET DESCRIPTOR Response CONFIGURATION",
        "SET CONFIGURATION",
    ):
        assert said in lines
    (ids,) = {tuple(row) for row in fields(trace, "usb.idVendor", "usb.idProduct") if any(row)}
    assert ids == ("0x2b04", "0xc00d")
    assert tshark(trace, "-Y", "_ws.malformed") == []
    requests = fields(trace, "usb.bmRequestType", "usb.setup.bRequest")
    assert ["0xc0", "1"] in requests  # a control request is opened


def test_it_reads_the_dfu_commands_of_a_flash(particle: Particle, tmp_path: Path) -> None:
    trace, application = tmp_path / "t.pcapng", tmp_path / "app.bin"
    application.write_bytes(factory_image(platform(13))[-1].data)
    particle("flash", "--local", "red", str(application), "--application-only", "--trace", str(trace))
    lines = "\n".join(tshark(trace, "-d", BORON_DFU))
    for said in (
        "Sent Command: Download Block Number=2",
        "Get Status = Status: OK, PollTimeout: 0 ms, State: dfuDownloadBusy",
        "Rcvd Response: Upload Block Number=2",
    ):
        assert said in lines
    blocks = [bytes.fromhex(row[0]) for row in fields(trace, "usb.data_fragment") if row[0]]
    assert application.read_bytes()[:4096] in blocks
    stages = {row[0] for row in fields(trace, "usb.device_address")}
    assert stages >= {"2", "3", "4"}  # before, in and after DFU mode


def test_it_shows_that_a_secret_was_withheld(particle: Particle, tmp_path: Path) -> None:
    trace, network = tmp_path / "t.pcapng", tmp_path / "network.json"
    network.write_text(json.dumps({"network": "Bench", "security": "WPA2_PSK", "password": "simulated"}))
    particle("sim", "add", "p2", "--name", "pea")
    particle("wifi", "add", "pea", "--file", str(network), "--trace", str(trace))
    commented = [row for row in fields(trace, "frame.comment", "usb.data_len") if row[0]]
    assert commented
    assert all("zeros in its place" in row[0] and int(row[1]) > 20 for row in commented)
    assert b"simulated" not in trace.read_bytes()


def test_a_trace_that_ends_anywhere_is_read_up_to_there(particle: Particle, tmp_path: Path) -> None:
    trace, part = tmp_path / "t.pcapng", tmp_path / "part.pcapng"
    particle("usb", "start-listening", "red", "--trace", str(trace))
    data, ends = trace.read_bytes(), [0]
    while ends[-1] < len(data):
        ends.append(ends[-1] + int.from_bytes(data[ends[-1] + 4 : ends[-1] + 8], "little"))
    for count, end in list(enumerate(ends))[2::5]:
        part.write_bytes(data[:end])
        assert len(tshark(part)) == count - 2, end


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes of Unix")
def test_it_can_watch_while_a_command_runs(particle: Particle, tmp_path: Path) -> None:
    pipe, seen = tmp_path / "pipe", list[str]()
    os.mkfifo(pipe)
    watcher = threading.Thread(target=lambda: seen.extend(tshark(pipe)))
    watcher.start()
    particle("usb", "start-listening", "red", "--trace", str(pipe))
    watcher.join(60)
    assert any("GET DESCRIPTOR Response DEVICE" in line for line in seen)
