"""Control requests for Wi-Fi on Gen 3 and later, message by message."""

from __future__ import annotations

import pytest
from tests.simulators.conftest import NewHost
from tests.simulators.talk import BORON, Host

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.messages import wifi_new_pb2 as pb
from particle_cli.simulators.bus.bus import SimulatedBus
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.factory import new_device
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.network.air import BENCH, AccessPoint, Air
from particle_cli.simulators.network.known_network import KnownNetwork
from particle_cli.simulators.network.security import Security
from particle_cli.simulators.network.wifi import WifiRadio
from particle_cli.simulators.system.led import Led

PHOTON, ELECTRON, ARGON, TRACKER, P2, MSOM = 6, 10, 12, 26, 32, 35
JOIN_NEW, JOIN_KNOWN, KNOWN, REMOVE, CLEAR, CURRENT, SCAN, SET_CREDENTIALS = range(500, 508)
NOT_SUPPORTED, NOT_FOUND, INVALID_STATE, INVALID_ARGUMENT, BAD_DATA = -120, -170, -210, -270, -280
HOME = AccessPoint(
    "my_ssid", bytes.fromhex("0123456789ab"), Security.WPA2_PSK, channel=6, rssi=-47, password="my_password"
)
SECRET = AccessPoint(
    "secret", bytes.fromhex("0123456789ac"), Security.WPA2_PSK, password="my_password", hidden=True
)
OPEN = AccessPoint("open_net", bytes.fromhex("0123456789ad"), rssi=-70)
JOIN_HOME = bytes.fromhex("0a076d795f737369641803220f0801120b6d795f70617373776f72643000")
JOIN_OPEN = bytes.fromhex("0a086f70656e5f6e65741800")


def at_home(new_host: NewHost, platform_id: int = P2, *, release: str | None = None) -> Host:
    """A device that knows no network, in the middle of three."""
    host = new_host(platform_id, release=release)
    air = Air((HOME, SECRET, OPEN, BENCH))
    host.device.link.air = lambda: air
    host.device.link.restore("", up=False)
    host.device.connection.seek()
    return host


def online(device: SimulatedDevice) -> bool:
    return device.online


def radio(host: Host) -> WifiRadio:
    found = host.device.network.wifi
    assert found
    return found


def join(
    ssid: str, password: str | None = None, security: pb.Security = pb.NO_SECURITY, *, hidden: bool = False
) -> bytes:
    request = pb.JoinNewNetworkRequest(ssid=ssid, security=security, hidden=hidden)
    if password is not None:
        request.credentials.type = pb.PASSWORD
        request.credentials.password = password
    return request.SerializeToString()


def known(host: Host) -> list[str]:
    result, reply = host.request(KNOWN)
    assert result == 0
    return [one.ssid for one in pb.GetKnownNetworksReply.FromString(reply).networks]


@pytest.mark.parametrize("platform_id", [ARGON, P2, MSOM])
def test_joining_a_new_network(new_host: NewHost, platform_id: int) -> None:
    host = at_home(new_host, platform_id)
    host.settle()
    host.waited_ms = 0
    assert host.request(JOIN_NEW, JOIN_HOME) == (0, b"")
    assert 5000 < host.waited_ms < 30000  # longer than the usual requests, within what hosts wait for a join
    assert not online(host.device)
    assert host.device.led == Led("blinking", "green")
    assert host.request(CURRENT) == (
        0,
        bytes.fromhex("0a076d795f7373696412060123456789ab180620d1ffffffffffffffff01"),
    )
    assert known(host) == ["my_ssid", "Bench"]
    host.settle()
    assert online(host.device)
    host.device.reset()
    host.settle()
    assert radio(host).current == HOME


def test_known_networks_are_told_without_their_passwords(new_host: NewHost) -> None:
    host = at_home(new_host)
    assert host.request(CLEAR) == (0, b"")
    assert host.request(KNOWN) == (0, b"")
    assert host.request(SET_CREDENTIALS, JOIN_HOME) == (0, b"")
    assert host.request(SET_CREDENTIALS, JOIN_OPEN) == (0, b"")
    vector = "0a0d0a076d795f7373696410031801" + "0a0a0a086f70656e5f6e6574"
    assert host.request(KNOWN) == (0, bytes.fromhex(vector))


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(join("nowhere", "password", pb.WPA2_PSK), id="unknown"),
        pytest.param(join("my_ssid", "wrong password", pb.WPA2_PSK), id="wrong password"),
        pytest.param(join("my_ssid"), id="no password"),
        pytest.param(join("secret", "my_password", pb.WPA2_PSK), id="hidden"),
    ],
)
def test_a_network_that_cannot_be_joined_is_not_remembered(new_host: NewHost, request_bytes: bytes) -> None:
    host = at_home(new_host)
    host.settle()
    before = known(host)
    assert host.request(JOIN_NEW, request_bytes) == (NOT_FOUND, b"")
    assert known(host) == before
    assert host.request(CURRENT) == (INVALID_STATE, b"")
    assert not online(host.device)
    host.settle()
    assert online(host.device)  # back by the network that it knew
    assert radio(host).current == BENCH


def test_a_wrong_password_does_not_spoil_what_is_remembered(new_host: NewHost) -> None:
    host = at_home(new_host)
    host.request(JOIN_NEW, JOIN_HOME)
    assert host.request(JOIN_NEW, join("my_ssid", "wrong password", pb.WPA2_PSK))[0] == NOT_FOUND
    host.settle()
    assert radio(host).current == HOME


@pytest.mark.parametrize(
    ("platform_id", "security", "hidden", "result"),
    [
        (P2, pb.WEP, False, 0),  # what the scan finds wins
        (P2, pb.NO_SECURITY, False, 0),
        (ARGON, pb.NO_SECURITY, False, 0),  # a password without security: the scan fills it in
        (ARGON, pb.WPA2_PSK, False, 0),
    ],
)
def test_what_the_network_asks_for_is_found_out(
    new_host: NewHost, platform_id: int, security: pb.Security, hidden: bool, result: int
) -> None:
    host = at_home(new_host, platform_id)
    assert host.request(JOIN_NEW, join("my_ssid", "my_password", security, hidden=hidden))[0] == result
    (first, *_) = pb.GetKnownNetworksReply.FromString(host.request(KNOWN)[1]).networks
    assert (first.ssid, first.security) == ("my_ssid", pb.WPA2_PSK)


def test_of_a_hidden_network_the_host_has_to_know(new_host: NewHost) -> None:
    host = at_home(new_host)
    assert host.request(JOIN_NEW, join("secret", "my_password", pb.WEP, hidden=True))[0] == NOT_FOUND
    assert host.request(JOIN_NEW, join("secret", "my_password", pb.WPA2_PSK, hidden=True))[0] == 0


@pytest.mark.parametrize("kind", [JOIN_NEW, SET_CREDENTIALS])
@pytest.mark.parametrize(
    ("payload", "result"),
    [
        ("", INVALID_ARGUMENT),
        ("1803220f0801120b6d795f70617373776f7264", INVALID_ARGUMENT),  # no ssid
        ("0a0161" + "1809", INVALID_ARGUMENT),  # no such security
        ("0a0161" + "22020802", NOT_SUPPORTED),  # credentials of another type
        ("0a0161" + "120701020304050607", BAD_DATA),  # a bssid of seven bytes
        ("0a0561", BAD_DATA),
    ],
)
def test_requests_that_make_no_sense(new_host: NewHost, kind: int, payload: str, result: int) -> None:
    assert new_host(P2).request(kind, bytes.fromhex(payload)) == (result, b"")


def test_joining_a_known_network(new_host: NewHost) -> None:
    host = at_home(new_host)
    host.request(SET_CREDENTIALS, JOIN_OPEN)
    host.request(SET_CREDENTIALS, JOIN_HOME)
    assert host.request(JOIN_KNOWN, b"\x0a\x08open_net") == (0, b"")
    current = pb.GetCurrentNetworkReply.FromString(host.request(CURRENT)[1])
    assert (current.ssid, current.rssi) == ("open_net", -70)
    assert known(host) == ["open_net", "Bench", "my_ssid"]
    assert host.request(JOIN_KNOWN, b"\x0a\x07unknown") == (NOT_FOUND, b"")
    assert host.request(JOIN_KNOWN) == (0, b"")  # no name: any of them
    host.settle()
    assert online(host.device)


def test_a_known_network_that_is_out_of_reach(new_host: NewHost) -> None:
    host = at_home(new_host)
    host.request(SET_CREDENTIALS, join("far away"))
    assert host.request(JOIN_KNOWN, b"\x0a\x08far away") == (NOT_FOUND, b"")
    host.settle()
    assert online(host.device)


def test_removing_what_is_not_there_is_no_error(new_host: NewHost) -> None:
    host = at_home(new_host)
    assert host.request(REMOVE, b"\x0a\x07unknown") == (0, b"")
    assert host.request(REMOVE, b"\x0a\x05Bench") == (0, b"")
    assert known(host) == []


def test_a_scan_shows_hidden_networks_without_their_names(new_host: NewHost) -> None:
    host = at_home(new_host)
    host.waited_ms = 0
    result, reply = host.request(SCAN)
    assert (result, host.waited_ms) == (0, 2500)
    seen = [
        (one.ssid, one.bssid.hex(), one.security, one.channel, one.rssi)
        for one in pb.ScanNetworksReply.FromString(reply).networks
    ]
    assert seen == [
        ("my_ssid", "0123456789ab", pb.WPA2_PSK, 6, -47),
        ("Bench", BENCH.bssid.hex(), pb.WPA2_PSK, 6, -47),
        ("", "0123456789ac", pb.WPA2_PSK, 6, -50),
        ("open_net", "0123456789ad", pb.NO_SECURITY, 6, -70),
    ]
    assert reply.hex().startswith("0a200a076d795f7373696412060123456789ab1803200628d1ffffffffffffffff01")


def test_with_nothing_in_the_air_a_scan_is_empty(new_host: NewHost) -> None:
    host = new_host(P2)
    host.device.connection.network = False
    assert host.request(SCAN) == (0, b"")
    assert host.request(CURRENT) == (INVALID_STATE, b"")


def test_in_listening_mode_a_network_is_joined_but_not_the_cloud(new_host: NewHost) -> None:
    host = at_home(new_host)
    host.device.listen(True)
    assert host.request(CURRENT)[0] == INVALID_STATE
    assert host.request(JOIN_NEW, JOIN_HOME)[0] == 0
    assert host.request(CURRENT)[0] == 0
    assert host.settle() is Mode.LISTENING
    assert host.device.led.colour == "blue"
    host.request(71)
    host.settle()
    assert online(host.device)


@pytest.mark.parametrize("kind", range(500, 508))
@pytest.mark.parametrize("platform_id", [BORON, TRACKER, PHOTON, ELECTRON])
def test_other_devices_do_not_know_these_requests(new_host: NewHost, platform_id: int, kind: int) -> None:
    assert new_host(platform_id).request(kind) == (NOT_SUPPORTED, b"")


@pytest.mark.parametrize(
    ("release", "result"),
    [("5.8.0", NOT_SUPPORTED), ("5.8.2", 0), ("6.1.1", NOT_SUPPORTED), ("6.2.0", 0)],
)
def test_credentials_are_set_in_two_lines_of_releases(new_host: NewHost, release: str, result: int) -> None:
    assert new_host(P2, release=release).request(SET_CREDENTIALS, JOIN_HOME)[0] == result


async def test_a_host_waits_for_a_join_and_finds_the_device_online_again() -> None:
    clock = LoopClock()
    device, bus = new_device(P2, small=True), SimulatedBus(LoopClock())
    bus.plug(device)
    await bus.settle()
    (attached,) = await bus.attached()
    handle = await bus.open(attached)
    channel = ControlChannel(handle, clock, data_stage=True)
    await channel.open()
    began = clock.monotonic()
    await channel.request(JOIN_NEW, join("Bench 5G", "simulated"), timeout_s=30, secret=True)
    assert 8 < clock.monotonic() - began < 15
    assert not online(device)
    await bus.settle()
    assert online(device)
    assert device.network.wifi
    assert device.network.wifi.known[0] == KnownNetwork("Bench 5G", Security.WPA2_WPA3_PSK, "simulated")
    await handle.close()
