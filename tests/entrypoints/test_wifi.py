"""`particle wifi …` on the devices of the embedded world and the networks around them."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.entrypoints.conftest import Particle
from tests.entrypoints.drawer import found_changed

from particle_cli.domain.devices.wifi_network import read_network
from particle_cli.ports.errors import ParticleError
from particle_cli.simulators.network.air import AccessPoint
from particle_cli.simulators.network.security import Security
from particle_cli.simulators.world import World

PASSWORD = "simulated"  # of the networks that the embedded world begins with
HIDDEN = AccessPoint(
    "Cellar", bytes(6), Security.WPA2_PSK, channel=3, rssi=-70, password=PASSWORD, hidden=True
)


@pytest.fixture
def red(sim: Particle) -> Particle:
    """A world of one P2."""
    assert sim("sim", "add", "p2", "--name", "red").code == 0
    return sim


def known(red: Particle) -> dict[str, str]:
    return {one["ssid"]: one["security"] for one in red("wifi", "list", "--json").data}


def write(content: object) -> str:
    text = content if isinstance(content, (str, bytes)) else json.dumps(content)
    Path("wifi.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    return "wifi.json"


def test_a_network_is_added_and_removed(red: Particle) -> None:
    ran = red(
        "wifi", "add", "--ssid", "My Home", "--security", "wpa2_aes", "--password", "-", typed="s3cret\n"
    )
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "Wi-Fi network 'My Home' added successfully.",
        "To join this network, run particle wifi join --ssid 'My Home'",
        "",
    ]
    assert red("wifi", "list").out.splitlines() == [
        "List of Wi-Fi networks on the device:",
        "",
        "- Bench (WPA2_PSK) - current network",
        "- My Home (WPA2_PSK)",
    ]
    assert red("wifi", "list", "red", "--json").data[0] == {
        "ssid": "Bench",
        "security": "WPA2_PSK",
        "hasPassword": True,
        "current": True,
    }
    ran = red("wifi", "remove", "--ssid", "My Home")
    assert ran.out.splitlines() == [
        "Wi-Fi network My Home removed from device's list successfully.",
        "To disconnect from the network, run particle usb reset.",
        "",
    ]
    assert known(red) == {"Bench": "WPA2_PSK"}
    assert red("wifi", "clear", "--device", "red").out == "Wi-Fi networks cleared successfully.\n"
    assert red("wifi", "list").out == "No Wi-Fi networks found.\n"
    assert red("wifi", "list", "--json").data == []


def test_the_current_network(red: Particle) -> None:
    told = red("wifi", "current", "--json").data
    assert (told["ssid"], told["channel"], len(told["bssid"].split(":"))) == ("Bench", 6, 6)
    assert red("wifi", "current").out.splitlines() == [
        "Current Wi-Fi network:",
        "",
        "- SSID: Bench",
        f"  BSSID: {told['bssid']}",
        f"  Channel: {told['channel']}",
        f"  RSSI: {told['rssi']}",
        "",
    ]
    red("wifi", "clear")
    red("usb", "reset")
    assert red("wifi", "current").out == "No Wi-Fi network connected\n"
    assert red("wifi", "current", "--json").data is None


def test_a_new_network_is_joined(red: Particle) -> None:
    path = write({"network": "Bench 5G", "security": "WPA2_WPA3_PSK", "password": PASSWORD})
    red("usb", "listen")
    ran = red("wifi", "join", "--file", path)
    assert ran.out.splitlines() == [
        "Exiting listening mode...",
        "Wi-Fi network 'Bench 5G' configured successfully. Attempting to join...",
        "Use particle wifi current to check the current network.",
    ]
    assert red("usb", "cloud-status", "--until", "connected").code == 0
    assert red("wifi", "current", "--json").data["ssid"] == "Bench 5G"
    number = red("usb", "list", "--ids-only").out.strip()
    assert red("wifi", "join", "--ssid", "Bench Guests", "--security", "none", "--json").data == {
        "id": number,
        "ssid": "Bench Guests",
        "leftListeningMode": False,
    }


def test_a_known_network_is_joined_by_its_name(red: Particle) -> None:
    red("wifi", "add", "--ssid", "Bench Guests", "--security", "NO_SECURITY")
    ran = red("wifi", "join", "--ssid", "Bench Guests")
    assert ran.out.splitlines()[0] == (
        "Wi-Fi network 'Bench Guests' configured successfully. Attemping to join..."
    )
    assert red("wifi", "current", "--json").data["ssid"] == "Bench Guests"
    ran = red("wifi", "join", "--ssid", "nowhere")
    assert (ran.code, ran.out) == (1, "")
    assert "Unable to join the Wi-Fi network 'nowhere': Not found" in ran.err
    assert "particle wifi add" in ran.err


def test_a_wrong_password_is_told_and_not_shown(red: Particle) -> None:
    words = ("wifi", "join", "--ssid", "Bench", "--password", "-")
    for ran in (red(*words, typed="hunter2!\n"), red(*words, "--json", "-vv", typed="hunter2!\n")):
        assert ran.code == 1
        assert "Unable to join the Wi-Fi network 'Bench': Not found" in ran.out + ran.err
        assert "password" in ran.out + ran.err
        assert "hunter2!" not in ran.out + ran.err
    assert red("wifi", "join", "--ssid", "Bench", "--password", PASSWORD).code == 0


def test_a_network_that_does_not_tell_its_name(red: Particle) -> None:
    def hide(world: World) -> None:
        world.air.add(HIDDEN)

    flags = ("--ssid", "Cellar", "--security", "WPA2_PSK", "--password", PASSWORD)
    with found_changed(hide):
        ran = red("wifi", "join", *flags)
        assert (ran.code, "--hidden" in ran.err) == (1, True)
        assert red("wifi", "join", *flags, "--hidden").code == 0
        assert red("wifi", "current", "--json").data["ssid"] == "Cellar"


def test_one_of_the_networks_around_is_chosen(red: Particle) -> None:
    ran = red("wifi", "add", "--interactive", typed=f"\n4\n3\n{PASSWORD}\n")
    assert ran.code == 0, ran
    assert "Would you like to scan for Wi-Fi networks?" in ran.err
    assert ran.err.count("1) Bench\n") == 2  # scanned twice
    assert "4) [rescan networks]" in ran.err
    assert PASSWORD not in ran.out + ran.err
    assert known(red) == {"Bench": "WPA2_PSK", "Bench 5G": "WPA2_WPA3_PSK"}
    ran = red("wifi", "join", "--interactive", typed="yes\n2\n")  # an open one needs no password
    assert (ran.code, "Password" in ran.err) == (0, False)


def test_a_network_is_typed_in(red: Particle) -> None:
    ran = red("wifi", "add", "--interactive", typed="n\nAttic\n4\nsecret words\n\n")
    assert ran.code == 0, ran
    assert [line for line in ran.err.splitlines() if line.startswith("  ")] == [
        "  1) NO_SECURITY",
        "  2) WEP",
        "  3) WPA_PSK",
        "  4) WPA2_PSK",
        "  5) WPA3_PSK",
    ]
    assert "Is this a hidden network? [y/N]" in ran.err
    assert known(red)["Attic"] == "WPA2_PSK"
    ran = red("wifi", "add", "--interactive", "--ssid", "Loft", typed="1\n")
    assert (ran.code, known(red)["Loft"]) == (0, "NO_SECURITY")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add",), 2, "--file or --ssid"),
        (("join",), 2, "--file or --ssid"),
        (("remove",), 2, "Please provide a network name to remove using the --ssid flag."),
        (("add", "--ssid", "x"), 2, "--security"),
        (("add", "--ssid", "x", "--security", "WPA2_PSK"), 2, "--password"),
        (("add", "--ssid", "x", "--security", "WPA2_PSK", "--password", ""), 2, "--password"),
        (("add", "--security", "WEP"), 2, "need --ssid"),
        (("join", "--hidden"), 2, "need --ssid"),
        (("add", "--file", "wifi.json", "--ssid", "x"), 2, "--file stands alone"),
        (("add", "--ssid", "x", "--security", "WPA9"), 2, "Unknown security type: WPA9"),
        (("add", "--ssid", "x", "--security", "WPA2_802.1x"), 2, "particle serial wifi"),
        (("join", "--ssid", "x" * 33), 1, "32 bytes"),
        (("remove", "--ssid", "ö" * 17), 1, "32 bytes"),
        (("add", "--file", "nothing.json"), 1, "nothing.json"),
        (("list", "nobody"), 1, "Device not found: nobody"),
        (("list", "red", "--device", "red"), 2, "Only one device"),
    ],
)
def test_words_that_lead_nowhere(red: Particle, words: tuple[str, ...], code: int, said: str) -> None:
    ran = red("wifi", *words)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert known(red) == {"Bench": "WPA2_PSK"}


def test_what_would_be_done_is_told_and_not_done(red: Particle) -> None:
    number = red("usb", "list", "--ids-only").out.strip()
    for words, said in {
        ("add", "--ssid", "x", "--security", "none"): "add the Wi-Fi network 'x'",
        ("join", "--ssid", "x", "--password", "y"): "join the Wi-Fi network 'x'",
        ("join", "--ssid", "x"): "join the Wi-Fi network 'x', which it has to know",
        ("remove", "--ssid", "Bench"): "remove the Wi-Fi network 'Bench'",
        ("clear",): "remove all Wi-Fi networks",
    }.items():
        assert red("wifi", *words, "--dry-run").out == f"Would {said} on [{number}] (Photon 2 / P2).\n"
        assert red("wifi", *words, "--dry-run", "--json").data["dryRun"] is True
    assert known(red) == {"Bench": "WPA2_PSK"}


@pytest.mark.parametrize(
    ("platform", "flags", "said"),
    [
        ("boron", (), "Boron) does not support Wi-Fi."),
        ("tracker", (), "does not support Wi-Fi."),
        ("electron", (), "Electron) does not support Wi-Fi."),
        ("photon", (), "Use 'particle serial wifi' instead."),
        ("p1", (), "The 'particle wifi' commands are not supported on this device"),
        ("argon", ("--device-os", "0.8.0-rc.25"), "can be controlled over USB from Device OS 0.9.0 on"),
        ("p2", ("--protected", "--unclaimed"), "could not be put into service mode"),
        ("p2", ("--mode", "dfu"), "RESET"),
    ],
)
def test_devices_that_cannot(sim: Particle, platform: str, flags: tuple[str, ...], said: str) -> None:
    sim("sim", "add", platform, *flags)
    for command in ("list", "current", "clear"):
        ran = sim("wifi", command)
        assert (ran.code, ran.out) == (1, "")
        assert said in ran.err


def test_only_newer_device_os_stores_a_network_untried(sim: Particle) -> None:
    sim("sim", "add", "argon", "--device-os", "5.0.0")
    ran = sim("wifi", "add", "--ssid", "x", "--security", "none", "--json")
    assert ran.code == 1
    assert ran.document["error"]["message"] == "Unable to add the Wi-Fi network 'x': Not supported"
    assert "6.2.0" in ran.document["error"]["hint"]


class TestFile:
    @pytest.mark.parametrize(
        ("word", "stored"),
        [
            ("NONE", "NO_SECURITY"),
            ("NO_SECURITY", "NO_SECURITY"),
            ("WEP", "WEP"),
            ("WPA_AES", "WPA_PSK"),
            ("WPA_TKIP", "WPA_PSK"),
            ("WPA_AES+TKIP", "WPA_PSK"),
            ("WPA_PSK", "WPA_PSK"),
            ("WPA2_AES", "WPA2_PSK"),
            ("WPA2_TKIP", "WPA2_PSK"),
            ("WPA2_AES+TKIP", "WPA2_PSK"),
            ("WPA2_PSK", "WPA2_PSK"),
            ("WPA_WPA2_PSK", "WPA_WPA2_PSK"),
            ("WPA3_PSK", "WPA3_PSK"),
            ("WPA2_WPA3_PSK", "WPA2_WPA3_PSK"),
        ],
    )
    def test_every_word_for_security(self, word: str, stored: str) -> None:
        network = read_network(
            json.dumps({"network": "x", "security": word, "password": "y"}).encode(), path="wifi.json"
        )
        assert network.security
        assert (network.security.name, network.password, network.hidden) == (stored, "y", False)

    def test_what_may_be_left_out(self) -> None:
        network = read_network(
            b'\xef\xbb\xbf{"network": "x", "security": "", "hidden": true, "more": 1}', path="wifi.json"
        )
        assert (network.security, network.password, network.hidden) == (None, None, True)

    @pytest.mark.parametrize(
        ("content", "code", "said"),
        [
            ("", 1, "it is not JSON"),
            ("network=x", 1, "it is not JSON"),
            (b"\xff\xfe\x00", 1, "it is not UTF-8 text"),
            ("[]", 1, "it is not a JSON object"),
            ("null", 1, "it is not a JSON object"),
            ("[" * 100_000, 1, "it is not JSON"),
            ({}, 2, "No network name found in the file"),
            ({"network": ""}, 2, "No network name found in the file"),
            ({"network": None}, 2, "No network name found in the file"),
            ({"network": 7}, 1, "network"),
            ({"network": "x", "security": 3}, 1, "security"),
            ({"network": "x", "password": 12345678}, 1, "password"),
            ({"network": "x", "hidden": "no"}, 1, "hidden"),
            ({"network": "x", "security": "BEST"}, 2, "Unknown security type: BEST"),
            ({"network": "x" * 33}, 1, "32 bytes"),
            ({"network": "x", "security": "WEP"}, 2, "--password"),
        ],
    )
    def test_files_of_every_wrong_kind(self, red: Particle, content: object, code: int, said: str) -> None:
        ran = red("wifi", "join", "--file", write(content))
        assert (ran.code, ran.out) == (code, "")
        assert said in ran.err
        assert "12345678" not in ran.err
        assert "Traceback" not in ran.err

    @given(
        st.binary(max_size=200)
        | st.recursive(st.none() | st.text(), st.lists).map(json.dumps).map(str.encode)
    )
    def test_whatever_a_file_holds_it_is_a_network_or_an_error(self, content: bytes) -> None:
        with suppress(ParticleError):
            assert read_network(content, path="wifi.json").ssid
