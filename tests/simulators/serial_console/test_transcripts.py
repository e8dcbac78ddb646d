"""Conversations as they were recorded: what the host sent, byte for byte, and what came back."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from tests.simulators.serial_console.typing_host import (
    ARGON,
    CORE,
    ELECTRON,
    P1,
    P2,
    PHOTON,
    TypingHost,
    listening,
)
from tests.simulators.talk import BORON

from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.hardware.hardware import Hardware
from particle_cli.simulators.network.air import AccessPoint, Air
from particle_cli.simulators.network.security import Security
from particle_cli.simulators.network.wifi import SCAN_MS

SECURITY = b"Security 0=unsecured, 1=WEP, 2=WPA, 3=WPA2: "
ENTERPRISE_SECURITY = b"Security 0=unsecured, 1=WEP, 2=WPA, 3=WPA2, 4=WPA Enterprise, 5=WPA2 Enterprise: "
CIPHER = b"Security Cipher 1=AES, 2=TKIP, 3=AES+TKIP: "
THANKS = (
    b"Thanks! Wait while I save those credentials...\r\n\r\n"
    b"Awesome. Now we'll connect!\r\n\r\n"
    b"If you see a pulsing cyan light, your device \r\n"
    b"has connected to the Cloud and is ready to go!\r\n\r\n"
    b"If your LED flashes red or you encounter any other problems,\r\n"
    b"visit https://www.particle.io/support to debug.\r\n\r\n"
    b"    Particle <3 you!\r\n\r\n"
)
PEM = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n\n"
PEM_ECHO = b"-----BEGIN CERTIFICATE-----\r\nAAAA\r\n-----END CERTIFICATE-----\r\n\r\n"


def follow(host: TypingHost, *exchanges: tuple[bytes, bytes]) -> None:
    for typed, answered in exchanges:
        assert host.types(typed) == answered, typed


def named(platform_id: int, device_id: str) -> TypingHost:
    host = listening(platform_id)
    host.device.hardware.device_id = device_id
    return host


def test_a_photon_tells_its_id() -> None:
    host = named(PHOTON, "1e0035000447343138333038")
    assert host.types(b"i") == b"Your device id is 1e0035000447343138333038\r\n"


def test_a_core_calls_itself_one() -> None:
    assert named(CORE, "48ff6c065067555026311387").types(b"i") == (
        b"Your core id is 48ff6c065067555026311387\r\n"
    )


def with_modem(host: TypingHost, monkeypatch: pytest.MonkeyPatch, firmware: str) -> None:
    modem = SimpleNamespace(imei="352753090000000", iccid="89014103271226425274", firmware=firmware)
    monkeypatch.setattr(host.device.network, "modem", modem)


def test_a_boron_tells_all_its_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    host = named(BORON, "e00fce68aaaaaaaaaaaaaaaa")
    with_modem(host, monkeypatch, "L0.0.00.00.05.08")
    assert len(host.device.hardware.mobile_secret) == len(host.device.hardware.serial_number) == 15
    monkeypatch.setattr(Hardware, "mobile_secret", "ABCDEFGHIJKLMNO")
    monkeypatch.setattr(Hardware, "serial_number", "B40KAB000000ABC")
    assert host.types(b"i") == (
        b"Device ID: e00fce68aaaaaaaaaaaaaaaa\r\n"
        b"Device Secret: ABCDEFGHIJKLMNO\r\n"
        b"Serial Number: B40KAB000000ABC\r\n"
        b"IMEI: 352753090000000\r\n"
        b"ICCID: 89014103271226425274\r\n"
        b"Cell Radio Version: L0.0.00.00.05.08\r\n"
    )


def test_values_are_cut_and_may_be_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    host = named(BORON, "e00fce68aaaaaaaaaaaaaaaa")
    with_modem(host, monkeypatch, "0123456789" * 4)
    monkeypatch.setattr(host.device.network.modem, "iccid", "")
    assert host.types(b"i").endswith(
        b"\r\nICCID: \r\nCell Radio Version: 0123456789012345678901234567890\r\n"
    )


def test_an_old_electron_does_not_know_its_radio(monkeypatch: pytest.MonkeyPatch) -> None:
    host = listening(ELECTRON, "0.6.1")
    host.device.hardware.device_id = "1e0035000447343138333038"
    with_modem(host, monkeypatch, "23.60")
    assert host.types(b"i") == (
        b"Device ID: 1e0035000447343138333038\r\nIMEI: 352753090000000\r\nICCID: 89014103271226425274\r\n"
    )


def test_version_claim_state_and_mac(monkeypatch: pytest.MonkeyPatch) -> None:
    host = listening(ARGON, "6.2.0")
    assert host.device.network.wifi is not None
    monkeypatch.setattr(host.device.network.wifi, "mac", bytes.fromhex("0123456789ab"))
    follow(
        host,
        (b"v", b"system firmware version: 6.2.0\n\r\n"),
        (b"c", b"Device claimed: no\r\n"),
        (b"m", b"Your device MAC address is\r\n01:23:45:67:89:AB\r\n"),
    )


def test_wpa2_out_of_range() -> None:
    host = listening(ARGON)
    follow(
        host,
        (b"w", b"SSID: "),
        (b"my_ssid\n", b"my_ssid\r\n" + SECURITY),
        (b"3\n", b"3\r\n" + CIPHER),
        (b"1\n", b"1\r\nPassword: "),
        (b"my_password\n", b"my_password\r\n" + THANKS),
    )
    assert host.device.mode is Mode.NORMAL
    assert host.waited_ms > SCAN_MS


def test_an_access_point_that_is_seen_tells_its_security() -> None:
    air = Air((AccessPoint("my_ssid", bytes(6), Security.WPA2_PSK, password="my_password"),))
    host = listening(P2, air=air)
    follow(
        host,
        (b"w", b"SSID: "),
        (b"my_ssid\n", b"my_ssid\r\nPassword: "),
        (b"my_password\n", b"my_password\r\n" + THANKS),
    )


def test_an_open_network_out_of_range() -> None:
    follow(
        listening(ARGON),
        (b"w", b"SSID: "),
        (b"open_net\n", b"open_net\r\n" + SECURITY),
        (b"0\n", b"0\r\n" + CIPHER),
        (b"1\n", b"1\r\n" + THANKS),
    )


def test_peap_on_a_photon() -> None:
    follow(
        listening(PHOTON),
        (b"w", b"SSID: "),
        (b"corp\n", b"corp\r\n" + ENTERPRISE_SECURITY),
        (b"5\n", b"5\r\n" + CIPHER),
        (b"1\n", b"1\r\nEAP Type 0=PEAP/MSCHAPv2, 1=EAP-TLS: "),
        (b"0\n", b"0\r\nUsername: "),
        (b"bob\n", b"bob\r\nPassword: "),
        (b"pw\n", b"pw\r\nOuter identity (optional): "),
        (b"anon\n", b"anon\r\nRoot CA in PEM format (optional):\r\n"),
        (PEM, PEM_ECHO + THANKS),
    )


def test_tls_on_a_p1() -> None:
    follow(
        listening(P1),
        (b"w", b"SSID: "),
        (b"corp\n", b"corp\r\n" + ENTERPRISE_SECURITY),
        (b"4\n", b"4\r\n" + CIPHER),
        (b"1\n", b"1\r\nEAP Type 0=PEAP/MSCHAPv2, 1=EAP-TLS: "),
        (b"1\n", b"1\r\nClient certificate in PEM format:\r\n"),
        (PEM, PEM_ECHO + b"Private key in PEM format:\r\n"),
        (PEM, PEM_ECHO + b"Outer identity (optional): "),
        (b"anon\n", b"anon\r\nRoot CA in PEM format (optional):\r\n"),
        (b"\n", b"\r\n" + THANKS),
    )


def test_a_claim_code_that_is_too_short() -> None:
    follow(
        listening(),
        (b"C", b"Enter 63-digit claim code: "),
        (
            b"abc\n",
            b"abc\r\nSorry, claim code is not 63 characters long. Claim code unchanged.\r\n",
        ),
    )


def test_ymodem_is_refused() -> None:
    host = listening(BORON, "6.2.0")
    host.device.serial.host_writes(b"f")
    assert host.reads() == b"Waiting for the binary file to be sent ... (press 'a' to abort)\r\n"
    host.settle()
    assert host.waited_ms == 100
    assert host.reads() == b"\x18\x18\x18\x18Serial/YModem flashing is no longer supported\r\n"


def test_a_wrong_digit_is_asked_for_again() -> None:
    follow(
        listening(ARGON),
        (b"w", b"SSID: "),
        (b"net\n", b"net\r\n" + SECURITY),
        (b"9\n", b"9\r\n" + SECURITY),
        (b"\n", b"\r\n" + SECURITY),
    )


def test_leaving() -> None:
    host = listening()
    assert host.types(b"x") == b""
    assert host.device.mode is Mode.NORMAL
