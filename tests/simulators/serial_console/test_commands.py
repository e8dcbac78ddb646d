"""What the console's commands do, on every family and in every version that differs."""

from __future__ import annotations

import json

import pytest
from tests.simulators.serial_console.test_transcripts import CIPHER, SECURITY, THANKS
from tests.simulators.serial_console.typing_host import (
    ARGON,
    ELECTRON,
    M_SOM,
    P2,
    PHOTON,
    TRACKER,
    TypingHost,
    listening,
)
from tests.simulators.talk import BORON, Host

from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.hardware.dct import CLAIM_CODE, CLAIMED
from particle_cli.simulators.network.air import AccessPoint, Air
from particle_cli.simulators.network.known_network import Enterprise, KnownNetwork
from particle_cli.simulators.network.security import Cipher, Eap, Security
from particle_cli.simulators.serial_console.enterprise import der_of

TRACKER_M = 28
WAITING = b"Waiting for the binary file to be sent ... (press 'a' to abort)\r\n"
DER = bytes.fromhex("3003020101")
PEM = b"-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n\n"


def wifi_of(host: TypingHost, ssid: str) -> KnownNetwork:
    assert host.device.network.wifi is not None
    network = host.device.network.wifi.known_network(ssid)
    assert network is not None
    return network


# Keys


@pytest.mark.parametrize(
    "key", [b"\r", b"\n", b" ", b"a", b"l", b"I", b"?", b"\x00", b"\x01", b"\x02", b"\xff"]
)
def test_keys_that_are_no_commands_are_passed_over_in_silence(key: bytes) -> None:
    host = listening(BORON, "6.2.0")
    assert host.types(key) == b""
    assert host.types(key + b"v" + key) == b"system firmware version: 6.2.0\n\r\n"


def test_several_commands_may_come_at_once() -> None:
    assert listening().types(b"cvc") == (
        b"Device claimed: no\r\nsystem firmware version: 6.2.0\n\r\nDevice claimed: no\r\n"
    )


def test_the_claim_state_and_code() -> None:
    host = listening()
    dct = host.device.hardware.dct
    assert dct is not None
    code = bytes(range(48, 48 + 63))
    assert host.types(b"C") == b"Enter 63-digit claim code: "
    assert host.types(code) == code
    assert host.types(b"!") == b"\r\nClaim code set to: " + code + b"\r\n"
    assert dct.read(CLAIM_CODE, 63) == code
    dct.write(CLAIMED, b"\x01")
    assert host.types(b"c") == b"Device claimed: yes\r\n"


def test_a_photon_without_a_label_tells_its_id_only() -> None:
    host = listening(PHOTON)
    assert host.types(b"i") == b"Your device id is " + host.device.id.encode() + b"\r\n"


@pytest.mark.parametrize(
    ("platform_id", "wifi"), [(PHOTON, True), (P2, True), (ELECTRON, False), (BORON, False)]
)
def test_the_mac_address_is_zeros_without_wifi(platform_id: int, wifi: bool) -> None:
    lines = listening(platform_id).types(b"m").split(b"\r\n")
    assert lines[0] == b"Your device MAC address is"
    assert (lines[1] == b"00:00:00:00:00:00") is not wifi
    assert lines[1] == lines[1].upper()
    assert len(bytes.fromhex(lines[1].decode().replace(":", ""))) == 6


# JSON


def test_the_modules_are_described_in_one_line_with_keys_in_order() -> None:
    host = listening(BORON, "6.2.0")
    text = host.types(b"s")
    assert text.endswith(b"}\r\n")
    assert text.count(b"\n") == 1
    assert b" " not in text
    document = json.loads(text)
    assert list(document) == ["p", "imei", "iccid", "cellfw", "m"]
    assert document["p"] == BORON
    kinds = {(one["f"], one["n"]): one for one in document["m"]}
    assert list(kinds["b", "0"]) == ["s", "l", "vc", "vv", "f", "n", "v", "d"]
    assert kinds["b", "0"] | {"v": 0} == {
        "s": 49152, "l": "m", "vc": 30, "vv": 30, "f": "b", "n": "0", "v": 0, "d": [],
    }  # fmt: skip
    user = kinds["u", "2"]
    assert list(user) == ["s", "l", "vc", "vv", "u", "f", "n", "v", "d"]
    assert user["u"] == user["u"].upper()
    assert len(bytes.fromhex(user["u"])) == 32
    assert user["d"] == [{"f": "s", "n": "1", "v": 6200}]
    assert "u" not in kinds["s", "1"]


def test_without_a_modem_the_description_has_no_numbers_of_one() -> None:
    assert list(json.loads(listening(PHOTON).types(b"s"))) == ["p", "m"]


def test_a_check_that_failed_is_one_that_did_not_pass() -> None:
    host = listening(BORON, "6.2.0")
    application = next(one for one in host.device.modules if one.slot.type == "user_part")
    memory = host.device.hardware.memory
    at = application.address + application.size - 100
    memory.replace(at, bytes((memory.read(at, 1)[0] ^ 1,)))
    host.device.reset()
    host.settle()
    host.device.listen(True)
    modules = json.loads(host.types(b"s"))["m"]
    assert [(one["vc"], one["vv"]) for one in modules if one["f"] == "u"] == [(30, 28)]


def test_diagnostics_are_those_of_the_control_requests() -> None:
    host = listening()
    typed = host.types(b"d")
    result, reply = Host(host.device).request(100)
    assert (result, typed) == (0, reply + b"\r\n")
    assert "sys:uptime" in json.loads(typed)
    assert listening(ELECTRON, "0.7.0").types(b"d") == b""


# Wi-Fi


@pytest.mark.parametrize("platform_id", [BORON, ELECTRON, TRACKER, TRACKER_M])
def test_without_wifi_for_connections_there_is_no_dialogue(platform_id: int) -> None:
    assert listening(platform_id).types(b"wc") == b"Device claimed: no\r\n"


@pytest.mark.parametrize("platform_id", [PHOTON, ARGON, P2, M_SOM])
def test_with_wifi_there_is_one(platform_id: int) -> None:
    host = listening(platform_id)
    assert host.types(b"w") == b"SSID: "
    assert host.types(b"\n") == b"\r\nSSID: "


def test_what_was_typed_is_stored_and_listening_ends() -> None:
    host = listening(ARGON)
    for typed in (b"w", b"net\n", b"2\n", b"3\n"):
        host.types(typed)
    assert host.settle() is Mode.LISTENING
    assert host.types(b"secret\n") == b"secret\r\n" + THANKS
    assert host.settle() is Mode.NORMAL
    assert wifi_of(host, "net") == KnownNetwork("net", Security.WPA_PSK, "secret", cipher=Cipher.AES_TKIP)


@pytest.mark.parametrize(
    ("seen", "asked"),
    [
        (Security.WPA2_PSK, b"Password: "),
        (Security.WPA_PSK, b"Password: "),
        (Security.NO_SECURITY, CIPHER),
        (Security.WEP, CIPHER),
    ],
)
def test_the_cipher_is_asked_for_where_the_scan_cannot_tell(seen: Security, asked: bytes) -> None:
    host = listening(ARGON, air=Air((AccessPoint("net", bytes(6), seen),)))
    host.types(b"w")
    assert host.types(b"net\n") == b"net\r\n" + asked


def test_only_the_exact_name_counts_as_seen() -> None:
    host = listening(ARGON, air=Air((AccessPoint("Net", bytes(6), Security.WPA2_PSK),)))
    host.types(b"w")
    assert host.types(b"net\n") == b"net\r\n" + SECURITY


@pytest.mark.parametrize(("release", "known"), [("5.4.1", False), ("5.5.0", True)])
def test_wpa3_has_a_digit_that_is_not_shown(release: str, known: bool) -> None:
    host = listening(P2, release)
    host.types(b"w")
    host.types(b"net\n")
    assert host.types(b"6\n") == b"6\r\n" + (CIPHER if known else SECURITY)


def test_there_is_no_wpa3_and_no_more_than_enterprise_on_a_photon() -> None:
    host = listening(PHOTON)
    host.types(b"w")
    host.types(b"net\n")
    assert host.types(b"6\n").endswith(b"5=WPA2 Enterprise: ")
    assert host.types(b"5\n") == b"5\r\n" + CIPHER


def test_enterprise_credentials_are_stored() -> None:
    host = listening(PHOTON)
    for typed in (b"w", b"corp\n", b"5\n", b"1\n", b"0\n", b"bob\n", b"pw\n", b"anon\n", PEM):
        host.types(typed)
    assert wifi_of(host, "corp") == KnownNetwork(
        "corp",
        Security.WPA2_ENTERPRISE,
        "pw",
        cipher=Cipher.AES,
        enterprise=Enterprise(Eap.PEAP, "bob", "anon", root_ca=DER),
    )


def test_certificates_are_stored() -> None:
    host = listening(PHOTON)
    for typed in (b"w", b"corp\n", b"4\n", b"1\n", b"1\n", PEM, PEM, b"\n", b"\n"):
        host.types(typed)
    assert wifi_of(host, "corp").enterprise == Enterprise(Eap.TLS, client_certificate=DER, private_key=DER)


@pytest.mark.parametrize(
    ("text", "der"),
    [
        (PEM, DER),
        (PEM.replace(b"\n", b"\r\n"), DER),
        (b"", b""),
        (b"MAMCAQE=", b""),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b""),
        (b"-----BEGIN CERTIFICATE-----\nM*A=\n-----END CERTIFICATE-----\n", b""),
        (b"-----BEGIN CERTIFICATE-----\nMAMCAQE=\n", b""),
    ],
)
def test_a_pem_that_holds_nothing_sound_is_dropped(text: bytes, der: bytes) -> None:
    assert der_of(text) == der


def test_a_device_that_cannot_store_says_so_and_listens_on() -> None:
    host = listening(ARGON)
    assert host.device.network.wifi is not None
    host.device.network.wifi.storage_worn = True
    for typed in (b"w", b"net\n", b"0\n"):
        host.types(typed)
    assert host.types(b"1\n") == (
        b"1\r\nThanks! Wait while I save those credentials...\r\n\r\n"
        b"Derp. Sorry, we couldn't save the credentials.\r\n\r\n"
    )
    assert host.types(b"c") == b"Device claimed: no\r\n"


def test_what_is_typed_during_the_scan_answers_the_next_prompt() -> None:
    host = listening(ARGON)
    host.types(b"w")
    host.device.serial.host_writes(b"net\n")
    host.device.serial.host_writes(b"3\n")
    host.settle()
    assert host.reads() == b"net\r\n" + SECURITY + b"3\r\n" + CIPHER


# Leaving, restarting, files


def test_the_console_is_gone_in_normal_mode() -> None:
    host = listening()
    assert host.types(b"xv") == b""
    assert host.types(b"v") == b""


def test_a_dialogue_ends_with_the_listening() -> None:
    host = listening(ARGON)
    assert host.types(b"w") == b"SSID: "
    host.device.listen(False)
    host.device.listen(True)
    assert host.types(b"c") == b"Device claimed: no\r\n"


def test_capital_l_restarts_in_safe_mode_and_listens() -> None:
    host = listening()
    before = host.device.enumerations
    assert host.types(b"L") == b""
    assert host.device.enumerations == before + 1
    assert (host.device.mode, host.device.mode_behind_listening) == (Mode.LISTENING, Mode.SAFE)
    host.device.serial.host_opens()
    assert host.types(b"c") == b"Device claimed: no\r\n"
    host.device.reset()
    assert host.settle() is Mode.NORMAL


@pytest.mark.parametrize("start", [b"f", b"\x01", b"\x02"])
@pytest.mark.parametrize("end", [b"a", b"\x18\x18"])
def test_old_firmware_receives_until_it_is_told_to_abort(start: bytes, end: bytes) -> None:
    host = listening(BORON, "5.9.0")
    assert host.types(start) == (WAITING if start == b"f" else b"")
    assert host.types(b"vvv\x18v") == b""
    assert host.types(end + b"c") == b"Device claimed: no\r\n"


def test_power_that_fails_while_a_claim_code_is_written() -> None:
    host = listening()
    host.device.cut_power_during(1)
    host.types(b"C")
    host.device.serial.host_writes(b"x" * 64)
    assert host.device.mode is Mode.OFF
    assert host.settle() is Mode.NORMAL
