"""Log handlers that a host adds, to applications that are built for it."""

from __future__ import annotations

import json

import pytest
from tests.simulators.conftest import NewHost
from tests.simulators.talk import Host

from particle_cli.simulators.firmware.boot import BootRequest
from particle_cli.simulators.keeping import restored, state_of

ADD = {
    "cmd": "addHandler",
    "id": "h1",
    "hnd": {"type": "JSONStreamLogHandler"},
    "strm": {"type": "Serial1", "param": {"baud": 115200}},
    "filt": [{"app": "info"}],
    "lvl": "warn",
}


@pytest.fixture
def host(boron: Host) -> Host:
    boron.device.policy.log_config = True
    return boron


def configure(host: Host, **request: object) -> tuple[int, bytes]:
    return host.request(80, json.dumps(request).encode())


def test_an_application_without_it(boron: Host) -> None:
    assert configure(boron, cmd="enumHandlers") == (-120, b"")


def test_handlers_come_and_go(host: Host) -> None:
    assert configure(host, cmd="enumHandlers") == (0, b"[]")
    assert configure(host, **ADD) == (0, b"")
    assert configure(host, **{**ADD, "id": "h2"}) == (0, b"")
    assert configure(host, **ADD) == (0, b"")  # another one of that name takes its place
    assert configure(host, cmd="enumHandlers") == (0, b'["h1","h2"]')
    assert configure(host, cmd="removeHandler", id="h1") == (0, b"")
    assert configure(host, cmd="removeHandler", id="h1") == (0, b"")
    assert configure(host, cmd="enumHandlers") == (0, b'["h2"]')


def test_a_reset_forgets_them_and_a_new_process_does_not(host: Host) -> None:
    configure(host, **ADD)
    again = Host(restored(state_of(host.device), dict(host.device.hardware.memory.changed()).get))
    assert configure(again, cmd="enumHandlers") == (0, b'["h1"]')
    again.device.reset()
    again.settle()
    assert configure(again, cmd="enumHandlers") == (0, b"[]")


def test_safe_mode_runs_no_application(host: Host) -> None:
    host.device.reset(BootRequest.SAFE)
    host.settle()
    assert configure(host, cmd="enumHandlers") == (-120, b"")


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"7", b"\xff", b'{"cmd":"addHandler"'])
def test_what_is_no_request(host: Host, text: bytes) -> None:
    assert host.request(80, text) == (-280, b"")


@pytest.mark.parametrize(
    ("change", "result"),
    [
        ({"id": ""}, -280),
        ({"id": 7}, -280),
        ({"lvl": "loud"}, -280),
        ({"filt": {"app": "info"}}, -280),
        ({"filt": [{"app": "loud"}]}, -280),
        ({"hnd": {"type": "Printer"}}, -120),
        ({"strm": "Serial"}, -120),
        ({"cmd": "dance"}, -120),
    ],
)
def test_what_is_refused(host: Host, change: dict[str, object], result: int) -> None:
    assert configure(host, **{**ADD, **change}) == (result, b"")


def test_the_other_log_requests_were_never_released(new_host: NewHost) -> None:
    assert [new_host().request(kind)[0] for kind in (1100, 1101, 1102)] == [-120] * 3
