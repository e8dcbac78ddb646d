"""Who reads the serial port in which mode, and the speeds that are commands."""

from __future__ import annotations

import pytest
from tests.simulators.serial_console.typing_host import (
    ARGON,
    ELECTRON,
    P2,
    PHOTON,
    TypingHost,
    listening,
    running,
)
from tests.simulators.talk import BORON, Host

from particle_cli.simulators.firmware.boot import BootRequest, Mode
from particle_cli.simulators.serial_console.side import DFU_BAUD_RATE, LISTENING_BAUD_RATE
from particle_cli.simulators.system.bootloader_side import BootloaderSide


def test_outside_listening_mode_nobody_answers() -> None:
    host = running()
    assert host.types(b"iv") == b""
    host.device.reset(BootRequest.SAFE)
    host.settle()
    assert host.device.mode is Mode.SAFE
    assert host.types(b"iv") == b""


def test_the_application_gets_what_is_sent_to_it() -> None:
    host = running()
    host.device.serial_handler = lambda data: data[::-1]
    assert host.types(b"abc") == b"cba"
    host.device.listen(True)
    assert host.types(b"c") == b"Device claimed: no\r\n"
    host.device.listen(False)
    assert host.types(b"abc") == b"cba"


def test_a_program_may_print_for_the_application() -> None:
    host = running()
    host.device.print("hello\r\n")
    assert host.reads() == b"hello\r\n"
    host.device.listen(True)
    host.device.print("lost")
    assert host.reads() == b""


def test_a_protected_device_listens_without_a_console(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BootloaderSide, "protected", True)
    host = listening()
    assert host.device.mode is Mode.LISTENING
    assert str(host.device.led) == "blinking blue"
    assert host.types(b"iv") == b""
    assert running().types(b"iv") == b""


def test_an_electron_listens_for_five_minutes() -> None:
    host = listening(ELECTRON)
    assert host.device.settled
    assert host.next_alarm() == 300_000
    assert host.device.mode is Mode.NORMAL
    host.device.listen(True)
    host.device.listen(False)
    assert all(alarm.after_ms < 300_000 for alarm in host.device.agenda.pending)


@pytest.mark.parametrize("platform_id", [PHOTON, BORON, ARGON, P2])
def test_others_listen_for_ever(platform_id: int) -> None:
    assert not listening(platform_id).device.agenda.pending


@pytest.mark.parametrize("platform_id", [PHOTON, ELECTRON, BORON, P2])
@pytest.mark.parametrize("mode", [Mode.NORMAL, Mode.LISTENING])
def test_one_speed_means_dfu_mode(platform_id: int, mode: Mode) -> None:
    host = running(platform_id) if mode is Mode.NORMAL else listening(platform_id)
    host.device.serial.set_baud_rate(DFU_BAUD_RATE)
    assert host.settle() is Mode.DFU
    host.device.reset()
    assert host.settle() is Mode.NORMAL


@pytest.mark.parametrize(
    ("platform_id", "release", "mode"),
    [
        (ELECTRON, "0.6.1", Mode.LISTENING),
        (BORON, "5.9.0", Mode.LISTENING),
        (BORON, "6.0.0", Mode.NORMAL),
        (P2, "6.2.0", Mode.NORMAL),
    ],
)
def test_another_speed_means_listening_mode_in_old_firmware(
    platform_id: int, release: str, mode: Mode
) -> None:
    host = running(platform_id, release)
    host.device.serial.set_baud_rate(LISTENING_BAUD_RATE)
    assert host.settle() is mode
    host.device.serial.set_baud_rate(LISTENING_BAUD_RATE)
    assert host.settle() is mode


@pytest.mark.parametrize("baud_rate", [9600, 19200, 57600, 115200, 14401])
def test_all_other_speeds_mean_nothing(baud_rate: int) -> None:
    host = running()
    host.device.serial.set_baud_rate(baud_rate)
    assert host.settle() is Mode.NORMAL
    assert host.device.serial.baud_rate == baud_rate


def check(host: TypingHost, number: int) -> int:
    """Return the status that a CHECK of a control request is answered with."""
    return Host(host.device).transfer(0xC0, 2, 0, number, 64).data[4]


def open_request(host: TypingHost, kind: int) -> int:
    return int.from_bytes(Host(host.device).transfer(0xC0, 1, 0, kind, 64).data[6:8], "little")


def test_old_firmware_serves_no_control_requests_while_its_console_waits() -> None:
    host = listening(ARGON, "5.4.1")
    host.types(b"w")
    number = open_request(host, 30)
    for _ in range(20):
        assert check(host, number) == 2
    for typed in (b"net\n", b"0\n", b"1\n"):
        host.types(typed)
    assert host.device.mode is Mode.NORMAL
    assert check(host, number) == 0


def test_newer_firmware_does() -> None:
    host = listening(ARGON, "5.5.0")
    host.types(b"w")
    assert Host(host.device).request(30)[0] == 0
    assert host.types(b"\n") == b"\r\nSSID: "
