"""What devices measure of themselves; and the rainbow."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.simulators.conftest import NewHost
from tests.simulators.talk import BORON, Host

from particle_cli.simulators.firmware.boot import BootRequest, Mode
from particle_cli.simulators.keeping import restored, state_of
from particle_cli.simulators.system.led import Led

PHOTON, ARGON, P2, MSOM = 6, 12, 32, 35
NOTHING = {"err": -210}


def told(host: Host) -> dict[str, Any]:
    result, reply = host.request(100)
    assert result == 0
    document = json.loads(reply)
    assert reply.decode() == json.dumps(document, separators=(",", ":"))
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize("platform_id", [PHOTON, BORON, ARGON, P2, MSOM])
def test_every_device_has_a_number_or_an_error_for_every_source(new_host: NewHost, platform_id: int) -> None:
    document = told(new_host(platform_id))
    for value in document.values():
        assert isinstance(value, int) or value == NOTHING
    assert {"sys:reset", "mem:free", "sys:uptime", "net:stat", "net:at", "cloud:stat"} <= set(document)
    has_modem = platform_id in (BORON, MSOM)
    assert ("batt:soc" in document) is ("net:cell:cgi:mcc" in document) is has_modem
    assert ("sys:protected" in document) is (platform_id != PHOTON)


def test_on_line_and_off(new_host: NewHost) -> None:
    host = new_host(ARGON)
    online = told(host)
    assert (online["net:stat"], online["cloud:stat"], online["net:at"]) == (4, 2, 1)
    assert online["net:sigstrv"] == -47 * 256
    assert online["cloud:connif"] == 4
    host.request(70)
    offline = told(host)
    assert (offline["net:stat"], offline["cloud:stat"], offline["net:at"]) == (0, 0, NOTHING)
    assert offline["net:ip:addr"] == offline["net:sigstr"] == NOTHING
    assert offline["cloud:connif"] == offline["net:flags"] == 0


def test_the_time_since_the_start_and_why_it_started(boron: Host) -> None:
    time = [0.0]
    boron.device.agenda.follow(lambda: time[0])
    before = told(boron)
    assert before["sys:reset"] == 40
    time[0] += 90.5
    assert told(boron)["sys:uptime"] == before["sys:uptime"] + 90
    again = restored(state_of(boron.device), dict(boron.device.hardware.memory.changed()).get)
    assert told(Host(again))["sys:uptime"] == before["sys:uptime"] + 90
    resets: tuple[tuple[Callable[[], None], int], ...] = (
        (lambda: boron.device.press("reset"), 20),
        (lambda: boron.device.press("both", 1.0), 20),
        (lambda: boron.device.reset(BootRequest.SAFE), 110),
        (lambda: boron.device.reset(BootRequest.FACTORY), 100),
        (boron.device.reset, 140),
    )
    for reset, reason in resets:
        reset()
        boron.settle()
        shown = told(boron)
        assert (shown["sys:reset"], shown["sys:uptime"]) == (reason, 0)


def test_safe_mode_runs_no_loop(new_host: NewHost) -> None:
    assert told(new_host(mode=Mode.SAFE))["app:loops"] == 0


def test_the_rainbow(boron: Host) -> None:
    assert boron.request(230) == (0, b"")
    assert boron.device.led == Led("rainbow")
    again = restored(state_of(boron.device), dict(boron.device.hardware.memory.changed()).get)
    assert again.led == Led("rainbow")
    assert boron.request(231) == (0, b"")
    assert boron.device.led == Led("breathing", "cyan")
    boron.request(230)
    boron.device.reset()
    boron.settle()
    assert boron.device.led == Led("breathing", "cyan")
