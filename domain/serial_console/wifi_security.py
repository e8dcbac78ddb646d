"""How a Wi-Fi network is secured, in the words of credentials files and in the digits of the console.

The digits are those of the console (Device OS system_setup.cpp); control requests number them otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

from attrs import frozen

from particle_cli.domain.serial_console.errors import CredentialsInvalid


class SecurityDigit(IntEnum):
    """The answer to `Security 0=unsecured, …`."""

    NONE = 0
    WEP = 1
    WPA = 2
    WPA2 = 3
    WPA_ENTERPRISE = 4
    WPA2_ENTERPRISE = 5
    WPA3 = 6
    """Taken by Device OS 5.5 and later, though the console does not offer it."""


class CipherDigit(IntEnum):
    """The answer to `Security Cipher …`; asked for unsecured networks, too, where any will do."""

    AES = 1
    TKIP = 2
    AES_TKIP = 3


class EapDigit(IntEnum):
    """The answer to `EAP Type …`."""

    PEAP = 0
    TLS = 1


@frozen
class WifiSecurity:
    """Security and cipher of a network."""

    digit: SecurityDigit
    cipher: CipherDigit = CipherDigit.AES

    @property
    def enterprise(self) -> bool:
        """Whether each user has an account of their own (802.1x)."""
        return self.digit in (SecurityDigit.WPA_ENTERPRISE, SecurityDigit.WPA2_ENTERPRISE)

    @property
    def has_password(self) -> bool:
        """Whether the network has one password for all."""
        return self.digit is not SecurityDigit.NONE and not self.enterprise


_AES, _TKIP, _BOTH = CipherDigit.AES, CipherDigit.TKIP, CipherDigit.AES_TKIP

SECURITY_WORDS: Final[Mapping[str, WifiSecurity]] = {
    "NONE": WifiSecurity(SecurityDigit.NONE),
    "WEP": WifiSecurity(SecurityDigit.WEP),
    "WPA_AES": WifiSecurity(SecurityDigit.WPA, _AES),
    "WPA_TKIP": WifiSecurity(SecurityDigit.WPA, _TKIP),
    "WPA_AES+TKIP": WifiSecurity(SecurityDigit.WPA, _BOTH),
    "WPA2_AES": WifiSecurity(SecurityDigit.WPA2, _AES),
    "WPA2_TKIP": WifiSecurity(SecurityDigit.WPA2, _TKIP),
    "WPA2_AES+TKIP": WifiSecurity(SecurityDigit.WPA2, _BOTH),
    "WPA3_AES": WifiSecurity(SecurityDigit.WPA3, _AES),
    "WPA_802.1x": WifiSecurity(SecurityDigit.WPA_ENTERPRISE, _AES),
    "WPA2_802.1x": WifiSecurity(SecurityDigit.WPA2_ENTERPRISE, _AES),
}
"""The words of a credentials file, as they are documented."""

_MORE_WORDS: Final[Mapping[str, str]] = {
    "NO_SECURITY": "NONE",
    "WPA": "WPA_AES",
    "WPA_PSK": "WPA_AES",
    "WPA2": "WPA2_AES",
    "WPA2_PSK": "WPA2_AES",
    "WPA_WPA2_PSK": "WPA2_AES+TKIP",
    "WPA2_WPA3_PSK": "WPA2_AES",
    "WPA3": "WPA3_AES",
    "WPA3_PSK": "WPA3_AES",
}
"""The words of other commands, and shorter ones."""

_BY_WORD: Final = {
    **{word.upper(): security for word, security in SECURITY_WORDS.items()},
    **{word: SECURITY_WORDS[same] for word, same in _MORE_WORDS.items()},
}

EAP_WORDS: Final[Mapping[str, EapDigit]] = {"PEAP/MSCHAPv2": EapDigit.PEAP, "EAP-TLS": EapDigit.TLS}


def security_named(word: str) -> WifiSecurity:
    """Return what a word of a credentials file, or of a scan, means; case is nothing.

    Raises: CredentialsInvalid, which lists the words.
    """
    found = _BY_WORD.get(word.strip().upper())
    if found is None:
        raise CredentialsInvalid(
            f"'{word}' is no security of a Wi-Fi network.",
            next_step=f"Use one of: {', '.join(SECURITY_WORDS)}.",
        )
    return found


def eap_named(word: str) -> EapDigit:
    """Return what a word for the EAP type means, `PEAP…` or `…TLS`; case is nothing.

    Raises: CredentialsInvalid, which lists the words.
    """
    plain = word.strip().lower()
    is_peap, is_tls = "peap" in plain, plain in ("tls", "eap-tls", "eap_tls", "eaptls")
    if is_peap == is_tls:
        raise CredentialsInvalid(
            f"'{word}' is no EAP type that a device knows.", next_step=f"Use one of: {', '.join(EAP_WORDS)}."
        )
    return EapDigit.PEAP if is_peap else EapDigit.TLS
