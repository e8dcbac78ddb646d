"""The part of the Wi-Fi dialogue about networks that let people in by name; Photon and P1 have it."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from particle_cli.simulators.network.known_network import Enterprise, KnownNetwork
from particle_cli.simulators.network.security import Cipher, Eap, Security
from particle_cli.simulators.serial_console.terminal import Program, Terminal

_LONGEST_CERTIFICATE: Final = 4095
_LONGEST_KEY: Final = 2047
_LONGEST_NAME: Final = 64

_PEM: Final = re.compile(rb"-----BEGIN [A-Z ]+-----(.*?)-----END [A-Z ]+-----", re.DOTALL)
_DER_SEQUENCE: Final = 0x30


class EnterpriseDialogue:
    """The questions in their order."""

    def __init__(self, terminal: Terminal) -> None:
        """Ask on a terminal."""
        self._terminal = terminal

    def network(self, ssid: str, security: Security, cipher: Cipher) -> Program[KnownNetwork]:
        """Ask for everything, and return the network."""
        ask = self._terminal
        tls = yield from ask.choice("EAP Type 0=PEAP/MSCHAPv2, 1=EAP-TLS: ", "01")
        username = password = ""
        certificate = key = b""
        if tls:
            certificate = yield from ask.block("Client certificate in PEM format:\r\n", _LONGEST_CERTIFICATE)
            key = yield from ask.block("Private key in PEM format:\r\n", _LONGEST_KEY)
        else:
            username = yield from ask.text("Username: ", _LONGEST_NAME)
            password = yield from ask.text("Password: ", _LONGEST_NAME)
        outer_identity = yield from ask.text("Outer identity (optional): ", _LONGEST_NAME)
        root_ca = yield from ask.block("Root CA in PEM format (optional):\r\n", _LONGEST_CERTIFICATE)
        who = Enterprise(
            Eap.TLS if tls else Eap.PEAP,
            username,
            outer_identity,
            client_certificate=der_of(certificate),
            private_key=der_of(key),
            root_ca=der_of(root_ca),
        )
        return KnownNetwork(ssid, security, password, cipher=cipher, enterprise=who)


def der_of(pem: bytes) -> bytes:
    """Return what a PEM text holds (RFC 7468), or nothing where it holds nothing sound: nobody is told so."""
    found = _PEM.search(pem)
    if found is None:
        return b""
    try:
        der = base64.b64decode(b"".join(found[1].split()), validate=True)
    except binascii.Error:
        return b""
    return der if der[:1] == bytes((_DER_SEQUENCE,)) else b""
