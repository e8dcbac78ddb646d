"""What each control request answers."""

from __future__ import annotations

import json

import pytest
from tests.simulators.conftest import NewHost
from tests.simulators.talk import BORON, Host

from particle_cli.domain.control.messages import storage_pb2
from particle_cli.simulators.firmware.boot import BootRequest, Mode

PHOTON, P2, MSOM = 6, 32, 35


def test_echo(boron: Host) -> None:
    assert boron.request(1, b"abc") == (0, b"abc")
    assert boron.request(1) == (0, b"")


def test_identity(boron: Host) -> None:
    assert boron.request(20) == (0, b"\x0a\x18" + boron.device.id.encode())
    result, reply = boron.request(21)
    assert (result, len(reply)) == (0, 17)
    assert boron.request(30) == (0, bytes.fromhex("0a05362e322e30"))


@pytest.mark.parametrize("kind", [2, 31, 120, 260, 402, 500, 600, 1001, 1100, 65535])
def test_what_is_not_known_is_not_supported(boron: Host, kind: int) -> None:
    assert boron.request(kind) == (-120, b"")


def test_an_undecodable_message(boron: Host) -> None:
    assert boron.request(250, b"\xff\xff") == (-280, b"")


def test_the_application_may_answer(boron: Host) -> None:
    assert boron.request(10, b"x") == (-120, b"")
    boron.device.request_handler = lambda payload: payload[::-1]
    assert boron.request(10, b"abc") == (0, b"cba")


@pytest.mark.parametrize(
    ("kind", "mode"), [(40, Mode.NORMAL), (41, Mode.NORMAL), (50, Mode.DFU), (60, Mode.SAFE)]
)
def test_resets(boron: Host, kind: int, mode: Mode) -> None:
    assert boron.request(kind) == (0, b"")
    assert boron.mode() is Mode.NORMAL
    assert boron.settle() is mode
    if mode is Mode.NORMAL:
        assert boron.device.online


def test_the_time_that_a_reset_takes(boron: Host) -> None:
    boron.waited_ms = 0
    boron.request(50)
    boron.settle()
    assert boron.waited_ms == 1000 + 1500


def test_listening_mode(boron: Host) -> None:
    assert boron.request(72) == (0, b"")
    assert boron.request(70) == (0, b"")
    assert boron.mode() is Mode.LISTENING
    assert boron.request(72) == (0, b"\x08\x01")
    assert boron.request(70) == (0, b"")
    assert boron.request(71) == (0, b"")
    assert boron.mode() is Mode.NORMAL
    assert boron.settle() is Mode.NORMAL
    assert boron.device.online


def test_set_up_is_always_done(boron: Host) -> None:
    assert boron.request(74) == (0, b"\x08\x01")
    assert boron.request(73, b"\x08\x01") == (0, b"")
    assert boron.request(73, b"\x08\x00") == (-120, b"")


def test_the_end_of_the_service_mode(boron: Host) -> None:
    boron.device.override_resets = 7
    assert boron.request(77, b"\x08\x00") == (0, b"")
    assert boron.device.override_resets == 0


def test_the_cloud_connection(boron: Host) -> None:
    assert boron.request(300) == (0, b"\x08\x02")
    assert boron.request(302) == (0, b"")
    assert boron.request(300) == (0, b"")
    assert boron.request(301) == (0, b"")
    assert boron.request(300) == (0, b"\x08\x01")
    boron.settle()
    assert boron.request(300) == (0, b"\x08\x02")


def test_the_claim_code(boron: Host) -> None:
    assert boron.request(201) == (0, b"")
    assert boron.request(200, b"\x0a\x3f" + b"a" * 63) == (0, b"")
    assert boron.device.hardware.dct is not None
    assert boron.device.hardware.dct.read(1762, 63) == b"a" * 63
    assert boron.request(200, b"\x0a\x41" + b"a" * 65) == (-280, b"")
    assert boron.request(200, b"\x0a\x40" + b"b" * 64) == (0, b"")
    assert boron.device.hardware.dct.read(1762, 64) == b"b" * 63 + b"\xff"
    boron.device.hardware.dct.write(1825, b"\x01")
    assert boron.request(201) == (0, b"\x08\x01")


def test_diagnostics(boron: Host) -> None:
    result, reply = boron.request(100)
    assert result == 0
    assert json.loads(reply)["cloud:stat"] == 2
    assert boron.request(100, b"\x08\x01") == (-120, b"")


def test_module_info(boron: Host) -> None:
    result, reply = boron.request(90)
    assert result == 0
    info = storage_pb2.GetModuleInfoReply.FromString(reply)
    assert not info.modules_deprecated
    shown = [
        (one.type, one.index, one.version, one.store, one.checked_flags, one.passed_flags)
        for one in info.modules
    ]
    assert shown == [
        (2, 0, 3100, 0, 0x1E, 0x1E),
        (4, 1, 6200, 0, 0x1E, 0x1E),
        (5, 2, 6, 0, 0x1E, 0x1E),
        (8, 0, 202, 0, 0x1E, 0x1E),
    ]
    assert [one.max_size for one in info.modules] == [49152, 573440, 262144, 155648]
    assert all(len(one.hash) == 32 and one.size for one in info.modules)
    system = info.modules[1]
    assert [(need.type, need.index, need.version) for need in system.dependencies] == [
        (2, 0, 3100),
        (8, 0, 202),
    ]


def test_module_info_tells_what_is_wrong(boron: Host) -> None:
    memory = boron.device.hardware.memory
    memory.flip(0x1000 + 8192)  # the radio stack's information structure
    memory.erase(0x3000, 4096)
    memory.flip(0xB4020)
    boron.device.reset()
    assert boron.settle() is Mode.SAFE
    info = storage_pb2.GetModuleInfoReply.FromString(boron.request(90)[1])
    assert [(one.type, one.passed_flags) for one in info.modules] == [(2, 0x1E), (4, 0x1A)]


def test_module_info_of_old_firmware(new_host: NewHost) -> None:
    host = new_host(BORON, release="4.1.0")
    host.device.hardware.memory.erase(0xF4000, 0xC000)
    old = new_host(BORON, release="3.0.0").device.hardware.memory.read(0xF4000, 0xC000)
    host.device.hardware.memory.replace(0xF4000, old)
    host.device.reset()
    assert host.settle() is Mode.SAFE
    info = storage_pb2.GetModuleInfoReply.FromString(host.request(90)[1])
    assert not info.modules
    shown = [(one.type, one.index, one.version, one.validity) for one in info.modules_deprecated]
    assert shown == [(1, 0, 1005, 0), (2, 1, 4100, 2), (3, 2, 6, 0), (6, 0, 202, 0)]
    assert info.modules_deprecated[1].size == host.device.modules[1].size - 4


@pytest.mark.parametrize(
    ("number", "release", "kind", "result"),
    [
        (BORON, "5.5.0", 91, -120),
        (BORON, "5.6.0", 91, 0),
        (MSOM, "6.2.0", 91, 0),
        (PHOTON, None, 91, -120),
        (BORON, "5.9.0", 76, -120),
        (BORON, "6.0.0", 76, 0),
        (BORON, "6.1.0", 77, -120),
        (BORON, "6.1.1", 77, 0),
        (BORON, "1.4.4", 1, -120),
        (BORON, "1.5.0", 1, 0),
        (PHOTON, "1.0.1", 20, -120),
        (PHOTON, "1.1.0", 20, 0),
        (PHOTON, "1.0.1", 50, 0),
    ],
)
def test_requests_by_release(
    new_host: NewHost, number: int, release: str | None, kind: int, result: int
) -> None:
    assert new_host(number, release=release).request(kind)[0] == result


def test_safe_mode_answers_as_well(boron: Host) -> None:
    boron.device.reset(BootRequest.SAFE)
    assert boron.settle() is Mode.SAFE
    assert boron.request(20)[0] == 0
    assert boron.request(10, b"x")[0] == -120


def test_all_control_requests_of_the_p2(new_host: NewHost) -> None:
    host = new_host(P2)
    assert host.request(20)[0] == 0
    info = storage_pb2.GetModuleInfoReply.FromString(host.request(90)[1])
    assert [(one.type, one.index) for one in info.modules] == [(2, 0), (2, 1), (2, 2), (4, 1), (5, 1)]
