"""A Wi-Fi radio among access points: what it receives, what it remembers, whom it gets through to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.domain.platforms.catalogue import platform
from particle_cli.simulators.hardware.hardware import Hardware
from particle_cli.simulators.network.air import BENCH, AccessPoint, Air
from particle_cli.simulators.network.known_network import Enterprise, KnownNetwork
from particle_cli.simulators.network.security import Eap, Security
from particle_cli.simulators.network.wifi import JoinFailed, WifiRadio

PHOTON, ARGON, P2 = 6, 12, 32
PSK = Security.WPA2_PSK


def radio(platform_id: int, *access_points: AccessPoint) -> WifiRadio:
    made = WifiRadio(
        Hardware(platform(platform_id), "0a10aced2021aabbccddeeff"), Air(access_points), lambda: True
    )
    made.clear()
    return made


def point(
    ssid: str = "home",
    number: int = 1,
    security: Security = PSK,
    *,
    password: str = "password",
    channel: int = 6,
    rssi: int = -50,
    hidden: bool = False,
    username: str = "",
) -> AccessPoint:
    return AccessPoint(
        ssid,
        bytes((2, 0, 0, 0, 0, number)),
        security,
        channel=channel,
        rssi=rssi,
        password=password if security is not Security.NO_SECURITY else "",
        hidden=hidden,
        username=username,
    )


def test_a_scan_lists_the_strongest_first() -> None:
    weak, strong = point("weak", 1, rssi=-80), point("strong", 2, rssi=-40)
    assert radio(P2, weak, strong).scan() == (strong, weak)


@pytest.mark.parametrize(("platform_id", "seen"), [(PHOTON, False), (ARGON, False), (P2, True)])
def test_only_the_realtek_radio_receives_5_ghz(platform_id: int, seen: bool) -> None:
    high = point(channel=36)
    device = radio(platform_id, high)
    assert device.scan() == ((high,) if seen else ())
    if not seen:
        with pytest.raises(JoinFailed):
            device.join(KnownNetwork("home", PSK, "password"))


@pytest.mark.parametrize("password", ["", "Password", "password "])
def test_a_wrong_password_does_not_open_a_network(password: str) -> None:
    device = radio(P2, point())
    device.join(KnownNetwork("home", PSK, "password"))
    with pytest.raises(JoinFailed):
        device.join(KnownNetwork("home", PSK, password))
    assert device.current is None  # the old connection ended before the new one was tried


def test_of_one_network_the_strongest_access_point_is_joined() -> None:
    near = point(number=2, rssi=-30)
    device = radio(P2, point(number=1), near, point("other", 3, rssi=-10))
    assert device.join(KnownNetwork("home", PSK, "password")) == near


@pytest.mark.parametrize(
    ("asked", "believed", "joins"),
    [
        (Security.WPA2_PSK, Security.WPA2_PSK, True),
        (Security.WPA2_PSK, Security.WPA_PSK, False),
        (Security.WPA_WPA2_PSK, Security.WPA2_PSK, True),
        (Security.WPA2_WPA3_PSK, Security.WPA2_PSK, True),
        (Security.WPA3_PSK, Security.WPA2_PSK, False),
        (Security.WPA2_PSK, Security.NO_SECURITY, False),
        (Security.NO_SECURITY, Security.NO_SECURITY, True),
        (Security.NO_SECURITY, Security.WPA2_PSK, False),
        (Security.WEP, Security.WEP, True),
    ],
)
def test_a_network_has_to_be_of_the_kind_that_the_device_believes(
    asked: Security, believed: Security, joins: bool
) -> None:
    network = KnownNetwork("home", believed, "password" if believed is not Security.NO_SECURITY else "")
    device = radio(P2, point(security=asked))
    if joins:
        assert device.join(network).ssid == "home"
    else:
        with pytest.raises(JoinFailed):
            device.join(network)


def test_an_esp32_goes_by_what_the_access_point_says() -> None:
    assert radio(ARGON, point()).join(KnownNetwork("home", Security.NO_SECURITY, "password"))


def test_a_hidden_network_answers_only_who_asks_for_it_by_name() -> None:
    device = radio(P2, point(hidden=True))
    assert device.find("home") is None
    with pytest.raises(JoinFailed):
        device.join(KnownNetwork("home", PSK, "password"))
    assert device.join(KnownNetwork("home", PSK, "password", hidden=True))


@pytest.mark.parametrize(
    ("who", "password", "joins"),
    [
        (Enterprise(Eap.PEAP, "bob"), "pw", True),
        (Enterprise(Eap.PEAP, "eve"), "pw", False),
        (Enterprise(Eap.PEAP, "bob"), "", False),
        (Enterprise(Eap.TLS, client_certificate=b"c", private_key=b"k"), "", True),
        (Enterprise(Eap.TLS, client_certificate=b"c"), "", False),
        (None, "pw", False),
    ],
)
def test_enterprise_networks_ask_who_it_is(who: Enterprise | None, password: str, joins: bool) -> None:
    corp = point("corp", security=Security.WPA2_ENTERPRISE, username="bob", password="pw")
    network = KnownNetwork("corp", Security.WPA2_ENTERPRISE, password, enterprise=who)
    assert network.opens(corp) is joins


def names(device: WifiRadio) -> str:
    return " ".join(one.ssid for one in device.known)


def test_the_eleventh_network_takes_the_last_place() -> None:
    device = radio(P2)
    for number in range(12):
        device.store(KnownNetwork(f"n{number}"))
    assert names(device) == "n0 n1 n2 n3 n4 n5 n6 n7 n8 n11"


def test_on_gen_2_the_oldest_of_five_makes_room() -> None:
    device = radio(PHOTON)
    for number in range(7):
        device.store(KnownNetwork(f"n{number}"))
    assert names(device) == "n2 n3 n4 n5 n6"


def test_a_network_of_the_same_name_is_replaced_where_it_stands() -> None:
    device = radio(P2)
    for ssid in ("a", "b", "c"):
        device.store(KnownNetwork(ssid))
    device.store(KnownNetwork("b", PSK, "new password"))
    assert names(device) == "a b c"
    assert device.known_network("b") == KnownNetwork("b", PSK, "new password")
    device.remove("b")
    device.remove("never known")
    assert names(device) == "a c"


@given(st.lists(st.tuples(st.booleans(), st.sampled_from("abcdefghijklmn")), max_size=60))
def test_however_it_is_used_it_remembers_ten_names_once_each(steps: list[tuple[bool, str]]) -> None:
    device = radio(P2)
    for store, ssid in steps:
        if store:
            device.store(KnownNetwork(ssid))
            assert device.known_network(ssid)
        else:
            device.remove(ssid)
            assert device.known_network(ssid) is None
    assert len(names(device).split()) == len(set(names(device).split())) <= 10


def test_the_network_joined_last_is_tried_first() -> None:
    device = radio(P2, point("a", 1), point("b", 2, rssi=-30))
    for ssid in ("a", "b"):
        device.store(KnownNetwork(ssid, PSK, "password"))
    assert device.join_known().ssid == "a"
    device.join_known("b")
    assert names(device) == "b a"
    device.leave()
    assert device.join_known().ssid == "b"


def test_firmware_of_an_esp32_joins_the_strongest_known_network() -> None:
    device = radio(ARGON, point("a", 1), point("b", 2, rssi=-30))
    for ssid in ("a", "b"):
        device.store(KnownNetwork(ssid, PSK, "password"))
    assert device.join_known().ssid == "b"


def test_a_known_network_that_does_not_let_it_in_is_no_obstacle_to_the_next() -> None:
    device = radio(P2, point("a", 1), point("b", 2))
    device.store(KnownNetwork("a", PSK, "wrong"))
    device.store(KnownNetwork("b", PSK, "password"))
    device.associate()
    assert device.current
    assert device.current.ssid == "b"


def test_a_connection_ends_with_its_access_point() -> None:
    air = Air()
    device = WifiRadio(Hardware(platform(P2), "0a10aced2021aabbccddeeff"), air, lambda: True)
    device.associate()
    assert device.current == BENCH
    air.remove("Bench")
    device.air_changed()
    assert device.current is None


def test_secrets_are_in_no_repr() -> None:
    network = KnownNetwork(
        "home", PSK, "pass" + "word", enterprise=Enterprise(Eap.TLS, "bob", "", b"cert", b"k" * 9, b"root")
    )
    shown = repr((network, point(), BENCH))
    assert not any(secret in shown for secret in ("'password'", "b'cert", "kkk", "simulated"))


@pytest.mark.parametrize(
    ("ssid", "bssid"), [("", bytes(6)), ("x" * 33, bytes(6)), ("ü" * 17, bytes(6)), ("home", bytes(5))]
)
def test_what_is_no_access_point_is_refused(ssid: str, bssid: bytes) -> None:
    with pytest.raises(ValueError, match="bytes, unlike"):
        AccessPoint(ssid, bssid)
