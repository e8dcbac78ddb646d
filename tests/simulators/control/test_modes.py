"""Listening mode, what the next boot begins with, and the mark that a device is set up."""

from __future__ import annotations

import pytest
from tests.simulators.conftest import NewHost
from tests.simulators.talk import BORON, Host

from particle_cli.simulators.firmware.boot import BootRequest, Mode
from particle_cli.simulators.hardware.dct import SETUP_DONE

PHOTON = 6


@pytest.mark.parametrize(
    ("platform_id", "release", "result"),
    [(BORON, "6.2.0", -130), (BORON, "4.0.0", -130), (BORON, "3.3.0", 0), (PHOTON, "1.0.1", 0)],
)
def test_an_application_that_does_not_allow_listening(
    new_host: NewHost, platform_id: int, release: str, result: int
) -> None:
    host = new_host(platform_id, release=release)
    host.device.policy.listening = False
    assert host.request(70) == (result, b"")
    assert host.mode() is Mode.NORMAL


def test_safe_mode_listens_whatever_the_application_says(new_host: NewHost) -> None:
    host = new_host(mode=Mode.SAFE)
    host.device.policy.listening = False
    assert host.request(70) == (0, b"")
    assert host.mode() is Mode.LISTENING
    assert host.request(71) == (0, b"")
    assert host.mode() is Mode.SAFE


def test_the_application_is_asked_in_listening_mode_too_but_not_in_safe_mode(boron: Host) -> None:
    boron.device.request_handler = lambda payload: b"here"
    boron.request(70)
    assert boron.request(10, b"?") == (0, b"here")
    boron.device.reset(BootRequest.SAFE)
    boron.settle()
    boron.request(70)
    assert boron.request(10, b"?") == (-120, b"")


def test_the_startup_mode_counts_once(boron: Host) -> None:
    assert boron.request(75, b"\x08\x01")[0] == 0
    boron.request(50)
    assert boron.settle() is Mode.DFU  # where it is left alone
    boron.device.reset()
    assert boron.settle() is Mode.LISTENING
    boron.device.reset()
    assert boron.settle() is Mode.NORMAL


def test_the_startup_mode_can_be_taken_back(boron: Host) -> None:
    boron.request(75, b"\x08\x01")
    assert boron.request(75, b"") == (0, b"")
    assert boron.request(75, b"\x08\x02") == (-270, b"")
    boron.request(40)
    assert boron.settle() is Mode.NORMAL


def test_old_firmware_waits_in_listening_mode_until_it_is_set_up(new_host: NewHost) -> None:
    host = new_host(release="3.3.0")
    assert host.request(74) == (0, b"\x08\x01")
    assert host.request(73, b"\x08\x00") == (0, b"")
    assert host.request(74) == (0, b"")
    host.device.reset()
    assert host.settle() is Mode.LISTENING
    assert host.request(73, b"\x08\x01") == (0, b"")
    assert host.device.hardware.dct
    assert host.device.hardware.dct.read(SETUP_DONE, 1) == b"\x01"
    host.device.reset()
    assert host.settle() is Mode.NORMAL


@pytest.mark.parametrize(("platform_id", "release"), [(BORON, "4.0.0"), (PHOTON, "1.5.2")])
def test_other_firmware_keeps_no_such_mark(new_host: NewHost, platform_id: int, release: str) -> None:
    host = new_host(platform_id, release=release)
    assert host.request(73, b"\x08\x01") == (0, b"")
    assert host.request(73, b"") == (-120, b"")
    assert host.request(74) == (0, b"\x08\x01")


def test_power_that_fails_while_the_flag_is_cleared(boron: Host) -> None:
    boron.request(75, b"\x08\x01")
    boron.device.cut_power_during(1)
    boron.device.reset()
    assert boron.device.mode is Mode.OFF
    assert boron.settle() is Mode.LISTENING
