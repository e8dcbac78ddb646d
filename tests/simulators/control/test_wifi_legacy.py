"""Control requests for Wi-Fi on Photon and P1 before Device OS 2.0."""

from __future__ import annotations

import pytest
from tests.simulators.conftest import NewHost
from tests.simulators.talk import Host

from particle_cli.domain.control.messages import wifi_pb2 as pb
from particle_cli.simulators.network.air import BENCH, AccessPoint, Air
from particle_cli.simulators.network.known_network import Enterprise, KnownNetwork
from particle_cli.simulators.network.security import Cipher, Eap, Security
from particle_cli.simulators.network.wifi import WifiRadio

PHOTON, P1, ELECTRON, P2 = 6, 8, 10, 32
SET_ANTENNA, ANTENNA, SCAN, SET_CREDENTIALS, CREDENTIALS, CLEAR = range(110, 116)
UNKNOWN, NOT_SUPPORTED, INVALID_ARGUMENT, BAD_DATA = -100, -120, -270, -280
HOME = bytes.fromhex("0a1a0a076d795f7373696418032001420b6d795f70617373776f7264")  # WPA2, AES


@pytest.fixture
def photon(new_host: NewHost) -> Host:
    host = new_host(PHOTON, release="1.5.2")
    air = Air((BENCH, AccessPoint("5G", bytes(6), Security.WPA2_PSK, channel=36)))
    host.device.link.air = lambda: air
    host.device.link.restore("", up=True)
    return host


def radio(host: Host) -> WifiRadio:
    found = host.device.network.wifi
    assert found
    return found


def credentials(**told: object) -> bytes:
    request = pb.WiFiSetCredentialsRequest()
    for name, value in told.items():
        setattr(request.ap, name, value)
    return request.SerializeToString()


def test_antennas(photon: Host) -> None:
    assert photon.request(ANTENNA) == (0, b"\x08\x01")
    assert photon.request(SET_ANTENNA, b"\x08\x03") == (0, b"")
    assert photon.request(ANTENNA) == (0, b"\x08\x03")
    assert photon.request(SET_ANTENNA) == (INVALID_ARGUMENT, b"")
    assert photon.request(SET_ANTENNA, b"\x08\x07") == (INVALID_ARGUMENT, b"")


def test_a_scan(photon: Host) -> None:
    result, reply = photon.request(SCAN)
    assert result == 0
    (seen,) = pb.WiFiScanReply.FromString(reply).list.aps
    assert (seen.ssid, seen.bssid, seen.security, seen.cipher) == ("Bench", BENCH.bssid, pb.WPA2, pb.AES)
    assert (seen.channel, seen.rssi) == (6, -47)


def test_credentials_are_stored_untried_and_told_without_the_password(photon: Host) -> None:
    assert photon.request(CLEAR) == (0, b"")
    assert photon.request(SET_CREDENTIALS, HOME) == (0, b"")
    assert radio(photon).known == (
        KnownNetwork("my_ssid", Security.WPA2_PSK, "my_password", cipher=Cipher.AES),
    )
    result, reply = photon.request(CREDENTIALS)
    assert result == 0
    (shown,) = pb.WiFiGetCredentialsReply.FromString(reply).list.aps
    assert shown == pb.WiFiAccessPoint(ssid="my_ssid", bssid=bytes(6), security=pb.WPA2, cipher=pb.AES)


def test_what_the_host_leaves_open_the_scan_finds(photon: Host) -> None:
    assert photon.request(SET_CREDENTIALS, credentials(ssid="Bench", security=255, password="x"))[0] == 0
    assert radio(photon).known == (KnownNetwork("Bench", Security.WPA2_PSK, "x", cipher=Cipher.AES),)
    for open_question in ({"security": 255}, {"security": 3}):
        request = credentials(ssid="nowhere", **open_question)
        assert photon.request(SET_CREDENTIALS, request) == (UNKNOWN, b"")


def test_enterprise_networks(photon: Host) -> None:
    request = credentials(
        ssid="corp",
        security=5,
        cipher=1,
        eap_type=25,
        inner_identity="bob",
        outer_identity="anon",
        password="pw",
    )
    assert photon.request(SET_CREDENTIALS, request) == (0, b"")
    assert radio(photon).known[-1] == KnownNetwork(
        "corp",
        Security.WPA2_ENTERPRISE,
        "pw",
        cipher=Cipher.AES,
        enterprise=Enterprise(Eap.PEAP, "bob", "anon"),
    )
    assert photon.request(SET_CREDENTIALS, credentials(ssid="corp", security=5))[0] == UNKNOWN


@pytest.mark.parametrize(
    ("told", "result"),
    [
        ({}, UNKNOWN),
        ({"ssid": "x" * 33}, BAD_DATA),
        ({"ssid": "home", "bssid": b"12345"}, BAD_DATA),
        ({"ssid": "open"}, 0),
    ],
)
def test_the_limits_of_credentials(photon: Host, told: dict[str, object], result: int) -> None:
    assert photon.request(SET_CREDENTIALS, credentials(**told)) == (result, b"")


@pytest.mark.parametrize("kind", range(110, 116))
@pytest.mark.parametrize(
    ("platform_id", "release"),
    [(PHOTON, "2.0.0"), (PHOTON, None), (ELECTRON, "1.5.2"), (P2, None)],
)
def test_other_devices_do_not_know_these_requests(
    new_host: NewHost, platform_id: int, release: str | None, kind: int
) -> None:
    assert new_host(platform_id, release=release).request(kind) == (NOT_SUPPORTED, b"")


def test_a_p1_knows_them_as_well(new_host: NewHost) -> None:
    assert new_host(P1, release="0.8.0-rc.4").request(CREDENTIALS)[0] == 0
