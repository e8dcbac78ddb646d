"""What a device says in the Wi-Fi dialogue (Device OS system_setup.cpp), and what it wants to hear."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final

from attrs import frozen

from particle_cli.domain.serial_console.wifi_credentials import WifiCredentials, pem_lines


class Saying(Enum):
    """What the device may say; the values of the prompts are the keys of a credentials file."""

    NETWORK = "network"
    SECURITY = "security"
    CIPHER = "security, for its cipher"
    EAP = "eap"
    USERNAME = "username"
    PASSWORD = "password"
    OUTER_IDENTITY = "outer_identity"
    CLIENT_CERTIFICATE = "client_certificate"
    PRIVATE_KEY = "private_key"
    ROOT_CA = "root_ca"
    SAVING = "saving"
    SAVED = "saved"
    NOT_SAVED = "not saved"
    NO_MEMORY = "no memory"


_TEXTS: Final[Mapping[Saying, bytes]] = {
    Saying.NETWORK: rb"SSID: ",
    Saying.SECURITY: rb"Security 0=unsecured[^:\r\n]*: ",
    Saying.CIPHER: rb"Security Cipher [^:\r\n]*: ",
    Saying.EAP: rb"EAP Type [^:\r\n]*: ",
    Saying.USERNAME: rb"Username: ",
    Saying.PASSWORD: rb"Password: ",
    Saying.OUTER_IDENTITY: rb"Outer identity \(optional\): ",
    Saying.CLIENT_CERTIFICATE: rb"Client certificate in PEM format:\r\n",
    Saying.PRIVATE_KEY: rb"Private key in PEM format:\r\n",
    Saying.ROOT_CA: rb"Root CA in PEM format \(optional\):\r\n",
    Saying.SAVING: rb"Thanks! Wait while I save those credentials",
    Saying.SAVED: rb"(?:Particle|Spark) <3 you!",
    Saying.NOT_SAVED: rb"Derp\.",
    Saying.NO_MEMORY: rb"Error while preparing to store enterprise credentials\.",
}
_ANY: Final = re.compile(
    rb"(?:\A|\n) *(?:%s)" % b"|".join(b"(?P<%s>%s)" % (key.name.encode(), _TEXTS[key]) for key in _TEXTS)
)
_ENTERPRISE: Final = b"Enterprise"


@frozen
class Said:
    """Something the device said.

    Attributes:
        saying: which of the things that it says.
        text: the very words.
        end: where in what was heard they end.
    """

    saying: Saying
    text: bytes
    end: int

    @property
    def offers_enterprise(self) -> bool:
        """Whether a security prompt names those with accounts."""
        return _ENTERPRISE in self.text


def first_said(heard: bytes) -> Said | None:
    """Return the first thing that the device says at the start of a line; other lines are passed over."""
    found = _ANY.search(heard)
    if not found or not found.lastgroup:
        return None
    saying = Saying[found.lastgroup]
    return Said(saying, found[found.lastgroup], found.end())


@frozen
class Prompt:
    """How a prompt is answered.

    Attributes:
        answer: takes it from the credentials; None where they do not hold it.
        patience_s: how long the device may then take to go on.
        secret: whether the answer is to be kept out of every record.
        multi_line: whether the answer goes on to an empty line.
    """

    answer: Callable[[WifiCredentials], str | None]
    patience_s: float
    secret: bool = False
    multi_line: bool = False

    def lines(self, answer: str) -> tuple[str, ...]:
        """Return the lines to be typed."""
        return (*pem_lines(answer), "") if self.multi_line else (answer,)


def _cipher(known: WifiCredentials) -> str | None:
    return str(known.security.cipher.value) if known.security else None


def _security(known: WifiCredentials) -> str | None:
    return str(known.security.digit.value) if known.security else None


PROMPTS: Final[Mapping[Saying, Prompt]] = {
    # The device scans for the network before it goes on, which takes seconds.
    Saying.NETWORK: Prompt(lambda known: known.network, 60.0),
    Saying.SECURITY: Prompt(_security, 10.0),
    Saying.CIPHER: Prompt(_cipher, 5.0),
    Saying.EAP: Prompt(lambda known: None if known.eap is None else str(known.eap.value), 5.0),
    Saying.USERNAME: Prompt(lambda known: known.username, 15.0),
    Saying.PASSWORD: Prompt(lambda known: known.password, 15.0, secret=True),
    Saying.OUTER_IDENTITY: Prompt(lambda known: known.outer_identity or "", 15.0),
    Saying.CLIENT_CERTIFICATE: Prompt(lambda known: known.client_certificate, 15.0, multi_line=True),
    Saying.PRIVATE_KEY: Prompt(lambda known: known.private_key, 15.0, secret=True, multi_line=True),
    Saying.ROOT_CA: Prompt(lambda known: known.root_ca or "", 15.0, multi_line=True),
}
