"""Wi-Fi credentials, and files of every wrong shape."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.domain.serial_console.errors import CredentialsInvalid
from particle_cli.domain.serial_console.wifi_credentials import WifiCredentials, read_credentials
from particle_cli.domain.serial_console.wifi_security import (
    SECURITY_WORDS,
    CipherDigit,
    EapDigit,
    SecurityDigit,
    WifiSecurity,
    eap_named,
    security_named,
)

PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"


def read(document: object) -> WifiCredentials:
    return read_credentials(json.dumps(document).encode(), path="wifi.json")


def test_the_documented_file() -> None:
    told = read({"network": "my_ssid", "security": "WPA2_AES", "password": "my_password"})
    assert told == WifiCredentials(
        "my_ssid", security=WifiSecurity(SecurityDigit.WPA2, CipherDigit.AES), password="my_password"
    )
    assert "my_password" not in repr(told)


def test_a_file_with_an_account() -> None:
    told = read(
        {
            "network": "corp",
            "security": "WPA2_802.1x",
            "eap": "PEAP/MSCHAPv2",
            "username": " bob ",
            "password": "pw",
            "outer_identity": " anon\n",
            "root_ca": f"\r\n{PEM}\r\n\r\n",
            "hidden": False,
        }
    )
    assert (told.eap, told.username, told.outer_identity) == (EapDigit.PEAP, "bob", "anon")
    assert told.root_ca
    assert "MIIB" not in repr(told)


def test_a_byte_order_mark_and_empty_texts_are_nothing() -> None:
    data = b"\xef\xbb\xbf" + json.dumps({"network": "n", "password": "", "root_ca": "", "eap": None}).encode()
    assert read_credentials(data, path="f") == WifiCredentials("n")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"network=x", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"network": "\xff"}', "not UTF-8"),
        (b'"text"', "not a JSON object"),
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b"{}", r"required field missing @ \$\.network"),
        (b'{"network": null}', r"\$\.network"),
        (b'{"network": 5}', r"expected str @ \$\.network"),
        (b'{"network": "n", "password": 12345678}', r"\$\.password"),
        (b'{"network": "n", "password": ["secret"]}', r"\$\.password"),
        (b'{"network": "n", "security": 3, "eap": {}}', r"\$\.security.*\$\.eap"),
        (b'{"network": ""}', "empty"),
        (b'{"network": "' + b"n" * 33 + b'"}', "longer than the 32 bytes"),
        ('{"network": "' + "é" * 17 + '"}', "longer than the 32 bytes"),
        (b'{"network": "a\\nb"}', "cannot be typed"),
        (b'{"network": "\\ud800"}', "cannot be typed"),
        (b'{"network": "n", "password": "' + b"p" * 65 + b'"}', "longer than the 64 bytes"),
        (b'{"network": "n", "root_ca": "MIIB"}', "root_ca is not in PEM format"),
        (b'{"network": "n", "private_key": "-----BEGIN A-----\\n-----END A"}', None),
        (b'{"network": "n", "root_ca": "-----BEGIN A-----\\n\\u00e9\\n-----END A"}', "do not belong in PEM"),
        (
            b'{"network": "n", "private_key": "-----BEGIN A-----\\n' + b"A" * 2048 + b'\\n-----END A"}',
            "longer than the 2047 bytes",
        ),
        (b" " * 300_000, "300000 bytes"),
    ],
)
def test_a_file_of_a_wrong_shape_is_told_what_is_wrong(data: bytes | str, why: str | None) -> None:
    data = data if isinstance(data, bytes) else data.encode()
    if why is None:
        read_credentials(data, path="wifi.json")
        return
    with pytest.raises(CredentialsInvalid, match=why) as caught:
        read_credentials(data, path="wifi.json")
    assert "wifi.json" in caught.value.message


@pytest.mark.parametrize("key", ["password", "private_key", "root_ca", "username"])
@pytest.mark.parametrize("value", [["hunter2"], {"hunter2": 1}, "hunter2\n\x00" + "x" * 5000])
def test_what_is_wrong_never_shows_a_secret(key: str, value: object) -> None:
    with pytest.raises(CredentialsInvalid) as caught:
        read({"network": "n", key: value})
    assert "hunter2" not in f"{caught.value.message} {caught.value.next_step}"
    assert caught.value.__context__ is None or "hunter2" not in str(caught.value.__cause__ or "")


def test_security_in_all_its_words() -> None:
    digits = {word: (found.digit.value, found.cipher.value) for word, found in SECURITY_WORDS.items()}
    assert digits == {
        "NONE": (0, 1),
        "WEP": (1, 1),
        "WPA_AES": (2, 1),
        "WPA_TKIP": (2, 2),
        "WPA_AES+TKIP": (2, 3),
        "WPA2_AES": (3, 1),
        "WPA2_TKIP": (3, 2),
        "WPA2_AES+TKIP": (3, 3),
        "WPA3_AES": (6, 1),
        "WPA_802.1x": (4, 1),
        "WPA2_802.1x": (5, 1),
    }
    assert security_named("wpa2_802.1X") == security_named("WPA2_802.1x")
    assert security_named(" wpa2_psk ") == security_named("WPA2_AES")


@pytest.mark.parametrize("word", ["", "WPA4", "secure", "802.1x"])
def test_an_unknown_security_lists_the_words(word: str) -> None:
    with pytest.raises(CredentialsInvalid) as caught:
        security_named(word)
    assert "WPA2_AES+TKIP" in str(caught.value.next_step)


@pytest.mark.parametrize(
    ("word", "digit"),
    [("PEAP", 0), ("peap/mschapv2", 0), ("EAP-PEAP", 0), ("EAP-TLS", 1), ("tls", 1), (" TLS ", 1)],
)
def test_eap_types(word: str, digit: int) -> None:
    assert eap_named(word).value == digit


@pytest.mark.parametrize("word", ["", "TTLS", "PAP", "peas"])
def test_an_unknown_eap_type_lists_the_words(word: str) -> None:
    with pytest.raises(CredentialsInvalid, match="no EAP type") as caught:
        eap_named(word)
    assert "EAP-TLS" in str(caught.value.next_step)


@given(
    st.binary(max_size=100) | st.text(max_size=100).map(lambda text: json.dumps({"network": text}).encode())
)
def test_a_file_is_read_or_refused(data: bytes) -> None:
    try:
        told = read_credentials(data, path="f")
    except CredentialsInvalid:
        return
    assert 1 <= len(told.network.encode()) <= 32
