"""`particle serial wifi`: from a file, or asked, on devices of every kind of the embedded world."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.domain.serial_console.scripted_line import ScriptedLine, transcript
from tests.domain.serial_console.test_wifi_dialogue import KEY, PEM
from tests.entrypoints.conftest import Particle
from tests.entrypoints.test_serial import Ports, add

from particle_cli.entrypoints.wires import Wires
from particle_cli.ports.serial import SerialPort

HOME = {"network": "my_ssid", "security": "WPA2_AES", "password": "hunter2222"}
CORP = {
    "network": "corp",
    "security": "WPA2_802.1x",
    "eap": "PEAP",
    "username": "bob",
    "password": "hunter2222",
    "outer_identity": "anon",
    "root_ca": PEM,
}
DONE = "Done! Your device should now restart.\n"


def written(document: object) -> str:
    Path("wifi.json").write_text(json.dumps(document))
    return "wifi.json"


@pytest.mark.parametrize("platform", ["photon", "p1", "argon", "p2", "msom"])
def test_a_listening_device_takes_credentials_from_a_file(sim: Particle, platform: str) -> None:
    (device,) = add(sim, platform)
    sim("usb", "start-listening")
    ran = sim("serial", "wifi", "--file", written(HOME))
    assert (ran.code, ran.out) == (0, DONE)
    assert "hunter2222" not in ran.err
    sim("usb", "start-listening")
    assert sim("serial", "wifi", "--file", written(HOME), "--json").data == {
        "id": device,
        "port": "ttySIM0",
        "network": "my_ssid",
    }
    assert sim("sim", "status", "--json").data[0]["mode"] == "normal"


@pytest.mark.parametrize("platform", ["photon", "p1"])
@pytest.mark.parametrize(
    "credentials",
    [
        CORP,
        {**CORP, "eap": "EAP-TLS", "client_certificate": PEM, "private_key": KEY, "root_ca": ""},
        {"network": "open", "security": "NONE"},
        {"network": "old", "security": "WEP", "password": "12345"},
    ],
    ids=["PEAP", "TLS", "open", "WEP"],
)
def test_any_security(sim: Particle, platform: str, credentials: object) -> None:
    add(sim, platform)
    sim("usb", "start-listening")
    assert sim("serial", "wifi", "--file", written(credentials)).out == DONE


def test_accounts_are_for_older_devices(sim: Particle) -> None:
    add(sim, "p2")
    sim("usb", "start-listening")
    ran = sim("serial", "wifi", "--file", written(CORP))
    assert (ran.code, ran.out) == (1, "")
    assert "only Photon and P1 know 802.1x" in ran.err
    assert sim("serial", "wifi", "--file", written(HOME)).out == DONE  # nothing was begun


def test_newer_devices_have_a_better_way(sim: Particle) -> None:
    add(sim, "p2", "photon")
    sim("usb", "start-listening", "--all")
    assert "particle wifi join" in sim("serial", "wifi", "--file", written(HOME), "--port", "1").err
    assert "particle wifi join" not in sim("serial", "wifi", "--file", written(HOME), "--port", "2").err


@pytest.mark.parametrize("platform", ["boron", "electron", "tracker"])
def test_a_device_without_wifi(sim: Particle, platform: str) -> None:
    add(sim, platform)
    ran = sim("serial", "wifi", "--file", written(HOME))
    assert (ran.code, ran.err) == (1, "The device does not support Wi-Fi\n")
    assert sim("serial", "wifi", "--json").document["error"]["code"] == "no_wifi"


def test_a_device_that_does_not_listen(sim: Particle) -> None:
    add(sim, "photon")
    ran = sim("serial", "wifi", "--file", written(HOME))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "Something went wrong: Serial timed out while initially listening to device, please ensure device is "
        "in listening mode with particle usb start-listening\n"
    )


def test_a_device_that_leaves_in_the_middle(sim: Particle, monkeypatch: pytest.MonkeyPatch) -> None:
    port = SerialPort("/dev/ttyACM0", 0x2B04, 0xC006, "1e0035000447343138333038", "Particle")
    line = ScriptedLine([*transcript("H w", "D SSID: ", "H my_ssid\n"), ("gone", b"")])
    monkeypatch.setattr(Wires, "serial", Ports([port], line))
    ran = sim("serial", "wifi", "--file", written(HOME))
    assert (ran.code, "Something went wrong: Serial port closed early" in ran.err) == (1, True)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("network=home", "not JSON"),
        ("[]", "not a JSON object"),
        ('{"security": "NONE"}', "network"),
        ('{"network": "n", "security": "secure"}', "'secure' is no security"),
        ('{"network": "n", "security": "WPA2_802.1x", "eap": "PAP"}', "'PAP' is no EAP type"),
        ('{"network": "n", "password": 12345678}', "password"),
    ],
)
def test_a_file_of_a_wrong_shape(sim: Particle, content: str, why: str) -> None:
    add(sim, "photon")
    Path("wifi.json").write_text(content)
    ran = sim("serial", "wifi", "--file", "wifi.json")
    assert (ran.code, ran.out) == (1, "")
    assert "wifi.json" in ran.err
    assert why in ran.err
    assert "12345678" not in ran.err


def test_a_file_that_is_not_there(sim: Particle) -> None:
    add(sim, "photon")
    assert sim("serial", "wifi", "--file", "none.json", "--json").document["error"]["code"] == "file_missing"


def test_a_file_without_a_password_is_completed_by_somebody_or_refused(sim: Particle) -> None:
    add(sim, "photon")
    sim("usb", "start-listening")
    path = written({"network": "my_ssid", "security": "WPA2_AES"})
    ran = sim("serial", "wifi", "--file", path)
    assert (ran.code, "--file" in ran.err) == (2, True)
    ran = sim("serial", "wifi", "--file", path, "--interactive", typed="\nhunter2222\n")
    assert ran.out == DONE
    assert "hunter2222" not in ran.err


def test_without_a_file_nothing_is_asked_where_nobody_is(sim: Particle) -> None:
    add(sim, "photon")
    ran = sim("serial", "wifi")
    assert ran.code == 2
    assert "--file" in ran.err


def test_everything_is_asked_for(sim: Particle) -> None:
    add(sim, "photon")
    sim("usb", "start-listening")
    ran = sim("serial", "wifi", "--interactive", typed="n\nmy_ssid\n6\nhunter2222\n")
    assert ran.out == DONE, ran
    assert "Should I scan for nearby Wi-Fi networks?" in ran.err
    assert "6) WPA2_AES" in ran.err
    Path("cert.pem").write_text(PEM)
    Path("key.pem").write_text(KEY)
    sim("usb", "start-listening")
    ran = sim("serial", "wifi", "--interactive", typed="n\ncorp\n11\n2\ncert.pem\nkey.pem\n")
    assert ran.out == DONE, ran
    sim("usb", "start-listening")
    ran = sim("serial", "wifi", "--interactive", typed="n\ncorp\n11\n1\nbob\nhunter2222\n")
    assert ran.out == DONE, ran


def test_a_network_is_chosen_from_those_that_the_device_sees(sim: Particle) -> None:
    add(sim, "p2")
    sim("usb", "start-listening")
    ran = sim("serial", "wifi", "--interactive", typed="y\n1\ny\nhunter2222\n")
    assert "Select the Wi-Fi network with which you wish to connect your device:\n  1) " in ran.err
    assert "[rescan networks]" in ran.err
    assert ran.out == DONE, ran


def test_a_name_that_no_scan_shows_is_doubted(sim: Particle) -> None:
    add(sim, "p2")
    sim("usb", "start-listening")
    first = sim("serial", "wifi", "--interactive", typed="y\n").err
    other = next(line.split(")")[0].strip() for line in first.splitlines() if "[type the name" in line)
    ran = sim("serial", "wifi", "--interactive", typed=f"y\n{other}\nhidden\n6\nhunter2222\n")
    assert "cannot join a network that hides its name" in ran.err
