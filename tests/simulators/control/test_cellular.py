"""Control requests for the modem and its SIMs."""

from __future__ import annotations

import pytest
from tests.simulators.conftest import NewHost
from tests.simulators.talk import BORON, Host

from particle_cli.domain.control.messages import cellular_pb2 as pb
from particle_cli.simulators.network.modem import Modem, Sim

PHOTON, ELECTRON, ARGON, P2, MSOM = 6, 10, 12, 32, 35
SET_ACCESS_POINT, ACCESS_POINT, SET_SIM, SIM, ICCID = range(550, 555)
NOT_SUPPORTED, INVALID_ARGUMENT, BAD_DATA, AT_NOT_OK = -120, -270, -280, -1200


def modem(host: Host) -> Modem:
    found = host.device.network.modem
    assert found
    return found


def identity(host: Host) -> tuple[str, str]:
    result, reply = host.request(ICCID)
    assert result == 0
    told = pb.GetIccidReply.FromString(reply)
    return told.iccid, told.imei


@pytest.mark.parametrize("platform_id", [BORON, MSOM])
def test_the_numbers_of_modem_and_sim(new_host: NewHost, platform_id: int) -> None:
    host = new_host(platform_id)
    assert identity(host) == (modem(host).iccid, modem(host).imei)
    assert host.waited_ms == 500


def test_a_modem_that_is_off_takes_its_time(boron: Host) -> None:
    modem(boron).powered = False
    boron.waited_ms = 0
    identity(boron)
    assert boron.waited_ms == 10500
    identity(boron)
    assert boron.waited_ms == 11000


@pytest.mark.parametrize(("release", "length"), [("5.7.0", 0), ("5.8.0", 15)])
def test_the_imei_is_told_since_5_8(new_host: NewHost, release: str, length: int) -> None:
    iccid, imei = identity(new_host(BORON, release=release))
    assert (len(iccid), len(imei)) == (20, length)


def test_without_a_sim_the_modem_answers_with_an_error(boron: Host) -> None:
    modem(boron).pull()
    assert boron.request(ICCID) == (AT_NOT_OK, b"")


def test_choosing_a_sim_takes_effect_after_a_reset(boron: Host) -> None:
    modem(boron).insert(Sim.EXTERNAL)
    assert boron.request(SIM) == (0, b"\x08\x01")
    internal, _ = identity(boron)
    assert boron.request(SET_SIM, b"\x08\x02") == (0, b"")
    assert boron.request(SIM) == (0, b"\x08\x02")
    assert identity(boron)[0] == internal
    boron.request(40)
    boron.settle()
    assert identity(boron)[0] != internal
    assert boron.device.online


@pytest.mark.parametrize("kind", [SET_ACCESS_POINT, ACCESS_POINT, SET_SIM])
@pytest.mark.parametrize("payload", [b"", b"\x08\x03"])
def test_a_sim_that_there_is_not(boron: Host, kind: int, payload: bytes) -> None:
    assert boron.request(kind, payload) == (INVALID_ARGUMENT, b"")


def test_the_access_point_of_each_sim(boron: Host) -> None:
    usual = b"\x0a\x02\x20\x01"
    assert boron.request(ACCESS_POINT, b"\x08\x02") == (0, usual)
    told = pb.AccessPoint(apn="internet", user="me", password="secret")
    request = pb.SetAccessPointRequest(sim_type=pb.EXTERNAL, access_point=told).SerializeToString()
    assert boron.request(SET_ACCESS_POINT, request) == (0, b"")
    reply = boron.request(ACCESS_POINT, b"\x08\x02")[1]
    assert pb.GetAccessPointReply.FromString(reply).access_point == told
    assert boron.request(ACCESS_POINT, b"\x08\x01") == (0, usual)
    assert boron.request(SET_ACCESS_POINT, b"\x08\x02\x12\x02\x20\x01") == (0, b"")
    assert boron.request(ACCESS_POINT, b"\x08\x02") == (0, usual)
    assert boron.request(ACCESS_POINT, b"\x08") == (BAD_DATA, b"")


@pytest.mark.parametrize("kind", range(550, 555))
@pytest.mark.parametrize("platform_id", [ARGON, P2, PHOTON, ELECTRON])
def test_other_devices_do_not_know_these_requests(new_host: NewHost, platform_id: int, kind: int) -> None:
    assert new_host(platform_id).request(kind, b"\x08\x01") == (NOT_SUPPORTED, b"")
