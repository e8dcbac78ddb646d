"""The Wi-Fi dialogue, byte for byte as the firmware holds it."""

from __future__ import annotations

import pytest
from attrs import evolve
from tests.domain.serial_console.scripted_line import ScriptedLine, transcript

from particle_cli.domain.serial_console.errors import (
    AnswerMissing,
    ConsoleGarbled,
    ConsoleRefused,
    ConsoleSilent,
    PortClosedEarly,
)
from particle_cli.domain.serial_console.wifi_credentials import WifiCredentials
from particle_cli.domain.serial_console.wifi_dialogue import send_credentials
from particle_cli.domain.serial_console.wifi_security import EapDigit, security_named

SECURITY = "Security 0=unsecured, 1=WEP, 2=WPA, 3=WPA2: "
ENTERPRISE = "Security 0=unsecured, 1=WEP, 2=WPA, 3=WPA2, 4=WPA Enterprise, 5=WPA2 Enterprise: "
CIPHER = "Security Cipher 1=AES, 2=TKIP, 3=AES+TKIP: "
EAP = "EAP Type 0=PEAP/MSCHAPv2, 1=EAP-TLS: "
THANKS = "Thanks! Wait while I save those credentials...\r\n\r\n"
AWESOME = (
    "Awesome. Now we'll connect!\r\n\r\n"
    "If you see a pulsing cyan light, your device \r\nhas connected to the Cloud and is ready to go!\r\n\r\n"
    "If your LED flashes red or you encounter any other problems,\r\n"
    "visit https://www.particle.io/support to debug.\r\n\r\n    Particle <3 you!\r\n\r\n"
)
PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n\n"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nBBBB\n-----END RSA PRIVATE KEY-----\n\n"

HOME = WifiCredentials("my_ssid", security=security_named("WPA2_AES"), password="my_password")
OPEN = WifiCredentials("open_net", security=security_named("NONE"))
PEAP = WifiCredentials(
    "corp",
    security=security_named("WPA2_802.1x"),
    eap=EapDigit.PEAP,
    username="bob",
    password="pw",
    outer_identity="anon",
    root_ca=PEM,
)
TLS = WifiCredentials(
    "corp",
    security=security_named("WPA2_802.1x"),
    eap=EapDigit.TLS,
    client_certificate=PEM,
    private_key=KEY,
    outer_identity="anon",
)


def echo(pem: str) -> str:
    return pem.replace("\n", "\r\n")


T4 = [
    "H w",
    "D SSID: ",
    "H my_ssid\n",
    f"D my_ssid\r\n{SECURITY}",
    "H 3\n",
    f"D 3\r\n{CIPHER}",
    "H 1\n",
    "D 1\r\nPassword: ",
    "H my_password\n",
    f"D my_password\r\n{THANKS}{AWESOME}",
]
T5 = [
    "H w",
    "D SSID: ",
    "H my_ssid\n",
    "D my_ssid\r\nPassword: ",
    "H my_password\n",
    f"D my_password\r\n{THANKS}{AWESOME}",
]
T6 = [
    "H w",
    "D SSID: ",
    "H open_net\n",
    f"D open_net\r\n{SECURITY}",
    "H 0\n",
    f"D 0\r\n{CIPHER}",
    "H 1\n",
    f"D 1\r\n{THANKS}{AWESOME}",
]
CORP = [
    "H w",
    "D SSID: ",
    "H corp\n",
    f"D corp\r\n{ENTERPRISE}",
    "H 5\n",
    f"D 5\r\n{CIPHER}",
    "H 1\n",
    f"D 1\r\n{EAP}",
]
T7 = [
    *CORP,
    *("H 0\n", "D 0\r\nUsername: ", "H bob\n", "D bob\r\nPassword: ", "H pw\n"),
    *("D pw\r\nOuter identity (optional): ", "H anon\n", "D anon\r\nRoot CA in PEM format (optional):\r\n"),
    *(f"H {PEM}", f"D {echo(PEM)}{THANKS}{AWESOME}"),
]
T8 = [
    *CORP,
    *("H 1\n", "D 1\r\nClient certificate in PEM format:\r\n", f"H {PEM}"),
    *(f"D {echo(PEM)}Private key in PEM format:\r\n", f"H {KEY}"),
    *(f"D {echo(KEY)}Outer identity (optional): ", "H anon\n"),
    *("D anon\r\nRoot CA in PEM format (optional):\r\n", "H \n", f"D \r\n{THANKS}{AWESOME}"),
]
WHOLE = pytest.mark.parametrize(
    ("turns", "credentials"),
    [(T4, HOME), (T5, HOME), (T6, OPEN), (T7, PEAP), (T8, TLS)],
    ids=["T4 WPA2, not in range", "T5 seen by the device", "T6 open", "T7 PEAP", "T8 EAP-TLS"],
)


@WHOLE
@pytest.mark.parametrize("chunk", [1, 3, 64, 4096])
async def test_a_dialogue_from_beginning_to_end(
    turns: list[str], credentials: WifiCredentials, chunk: int
) -> None:
    line = ScriptedLine(transcript(*turns), chunk=chunk)
    await send_credentials(line.console(), credentials)
    assert line.waited_s == 0
    assert chunk < 4096 or line.done


@WHOLE
@pytest.mark.parametrize("chunk", [1, 4096])
async def test_no_password_or_key_is_left_unmarked(
    turns: list[str], credentials: WifiCredentials, chunk: int
) -> None:
    line = ScriptedLine(transcript(*turns), chunk=chunk)
    await send_credentials(line.console(), credentials)
    for secret in (credentials.password, "BBBB"):
        if secret:
            assert secret.encode() not in line.plain_read
    for secret in filter(None, (credentials.password, credentials.private_key and "BBBB")):
        assert secret.encode() in line.secret_written
        assert secret not in repr(credentials)


@WHOLE
async def test_a_device_that_leaves_at_any_moment(turns: list[str], credentials: WifiCredentials) -> None:
    for length in range(len(turns)):
        line = ScriptedLine([*transcript(*turns[:length]), ("gone", b"")])
        with pytest.raises(PortClosedEarly, match="Serial port closed early"):
            await send_credentials(line.console(), credentials)


@WHOLE
async def test_a_device_that_falls_silent_at_any_moment(
    turns: list[str], credentials: WifiCredentials
) -> None:
    for length in range(1, len(turns), 2):
        line = ScriptedLine(transcript(*turns[:length]))
        with pytest.raises(ConsoleSilent, match="Serial timed out") as caught:
            await send_credentials(line.console(), credentials)
        assert ("initially listening" in caught.value.message) == (length == 1)
        assert 5 <= line.waited_s <= 60


async def test_old_firmware_loves_under_another_name() -> None:
    old = [turn.replace("Particle <3", "Spark <3") for turn in T5]
    await send_credentials(ScriptedLine(transcript(*old)).console(), HOME)


async def test_the_cipher_may_be_asked_for_a_network_that_was_seen() -> None:
    turns = [*T5[:3], f"D my_ssid\r\n{CIPHER}", "H 1\n", "D 1\r\nPassword: ", *T5[4:]]
    await send_credentials(ScriptedLine(transcript(*turns)).console(), HOME)


async def test_other_lines_are_passed_over() -> None:
    turns = [
        *("H w", "D \r\nWarning: SSID: is no prompt here\r\nSSID: ", "H my_ssid\n"),
        "D my_ssid\r\nWEP is not secure!\r\nPassword: ",
        *T5[4:],
    ]
    await send_credentials(ScriptedLine(transcript(*turns), chunk=1).console(), HOME)


@pytest.mark.parametrize("name", ["SSID: ", "Password: ", "Particle <3 you!", "Derp.", "é" * 16])
async def test_an_echo_is_no_prompt(name: str) -> None:
    encoded = name.encode()
    turns = [
        *transcript("H w", "D SSID: "),
        *[("H", encoded + b"\n"), ("D", encoded + b"\r\nPassword: ")],
        *transcript(*T5[4:]),
    ]
    line = ScriptedLine(turns, chunk=1)
    await send_credentials(line.console(), evolve(HOME, network=name))
    assert line.secret_written == b"my_password\n"


async def test_credentials_that_cannot_be_saved_are_told_at_once() -> None:
    turns = [*T5[:-1], f"D my_password\r\n{THANKS}Derp. Sorry, we couldn't save the credentials.\r\n\r\n"]
    line = ScriptedLine(transcript(*turns))
    with pytest.raises(ConsoleRefused, match="could not save the credentials"):
        await send_credentials(line.console(), HOME)
    assert line.waited_s == 0


async def test_no_memory_for_certificates() -> None:
    said = "Error while preparing to store enterprise credentials.\r\n\r\n"
    turns = [*T8[:-1], f"D \r\n{said}"]
    with pytest.raises(ConsoleRefused, match="no memory left"):
        await send_credentials(ScriptedLine(transcript(*turns)).console(), TLS)


async def test_t11_a_digit_that_is_not_taken() -> None:
    wpa3 = evolve(HOME, security=security_named("WPA3_AES"))
    turns = [*T4[:4], "H 6\n", f"D 6\r\n{SECURITY}"]
    line = ScriptedLine(transcript(*turns))
    with pytest.raises(ConsoleRefused, match="does not take what was given as security") as caught:
        await send_credentials(line.console(), wpa3)
    assert "particle usb reset" in str(caught.value.next_step)
    assert line.done


async def test_a_device_without_enterprise_is_not_asked_for_it() -> None:
    turns = [*T6[:2], "H corp\n", f"D corp\r\n{SECURITY}"]
    with pytest.raises(ConsoleRefused, match=r"cannot join networks with 802\.1x"):
        await send_credentials(ScriptedLine(transcript(*turns)).console(), PEAP)


@pytest.mark.parametrize(
    ("turns", "credentials", "missing"),
    [
        (T4[:4], evolve(HOME, security=None), "security"),
        (T5[:4], evolve(HOME, password=None), "password"),
        (CORP, evolve(PEAP, eap=None), "eap"),
        (T7[:10], evolve(PEAP, username=None), "username"),
        (T8[:10], evolve(TLS, client_certificate=None), "client_certificate"),
        (T8[:12], evolve(TLS, private_key=None), "private_key"),
    ],
)
async def test_what_is_not_known_is_named(
    turns: list[str], credentials: WifiCredentials, missing: str
) -> None:
    line = ScriptedLine(transcript(*turns))
    with pytest.raises(AnswerMissing, match=f"asks for the {missing},"):
        await send_credentials(line.console(), credentials)
    assert line.done


@pytest.mark.parametrize("said", ["my_ssie\r\nPassword: ", "my_ssid\n", "\r\n", "XXXXXXXXXXXXXXXXXXXX"])
async def test_another_echo_than_what_was_sent(said: str) -> None:
    line = ScriptedLine(transcript(*T5[:3], f"D {said}"))
    with pytest.raises(ConsoleGarbled, match="echoes something else"):
        await send_credentials(line.console(), HOME)


async def test_a_device_that_is_still_in_another_dialogue() -> None:
    with pytest.raises(ConsoleGarbled, match="earlier dialogue") as caught:
        await send_credentials(ScriptedLine(transcript("H w", "D w")).console(), HOME)
    assert "particle usb reset" in str(caught.value.next_step)


async def test_an_application_is_no_console() -> None:
    noise = [*transcript("H w"), ("D", b"\x00\xff temp=42\r\n" * 100)]
    with pytest.raises(ConsoleSilent, match="initially listening"):
        await send_credentials(ScriptedLine(noise).console(), HOME)


async def test_a_device_that_asks_for_ever_is_left() -> None:
    turns = [*T4[:4]]
    for _ in range(20):
        turns += ["H 3\n", f"D 3\r\n{CIPHER}", "H 1\n", f"D 1\r\n{SECURITY}"]
    with pytest.raises(ConsoleGarbled, match="asks and asks"):
        await send_credentials(ScriptedLine(transcript(*turns)).console(), HOME)
