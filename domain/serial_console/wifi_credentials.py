"""What a device has to know to join a Wi-Fi network, and the JSON file that tells it."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Final, TypeVar

from attrs import field, frozen
from cattrs import Converter
from cattrs.errors import BaseValidationError
from cattrs.v import transform_error

from particle_cli.domain.serial_console.errors import CredentialsInvalid
from particle_cli.domain.serial_console.wifi_security import (
    EapDigit,
    WifiSecurity,
    eap_named,
    security_named,
)

File = TypeVar("File")

LONGEST_NETWORK: Final = 32
LONGEST_TEXT: Final = 64
LONGEST_CERTIFICATE: Final = 4095
LONGEST_KEY: Final = 2047
_LONGEST_FILE: Final = 256 * 1024
_PEM_BEGIN, _PEM_END = "-----BEGIN ", "-----END "
_UNTYPABLE: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@frozen
class WifiCredentials:
    """A network and the way into it. What is None is not known, and must not be asked for by the device.

    Attributes:
        network: its name (SSID).
        security: how it is secured.
        password: of the network, or of the account with PEAP.
        eap: how an account proves itself, with 802.1x.
        username: of the account, with PEAP.
        outer_identity: the name to show before the connection is encrypted; may stay unknown.
        client_certificate, private_key: PEM, with EAP-TLS.
        root_ca: PEM, of who vouches for the network; may stay unknown.

    Raises: CredentialsInvalid for what the console would cut off or take for the end of a line.
    """

    network: str
    security: WifiSecurity | None = None
    password: str | None = field(default=None, repr=False)
    eap: EapDigit | None = None
    username: str | None = None
    outer_identity: str | None = None
    client_certificate: str | None = field(default=None, repr=False)
    private_key: str | None = field(default=None, repr=False)
    root_ca: str | None = field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        """Check everything, before the first byte is sent: a dialogue cannot be taken back."""
        if not self.network:
            raise CredentialsInvalid("The name of the Wi-Fi network is empty.")
        _check_line("network", self.network, LONGEST_NETWORK)
        for name in ("password", "username", "outer_identity"):
            _check_line(name, getattr(self, name), LONGEST_TEXT)
        for name, longest in (
            ("client_certificate", LONGEST_CERTIFICATE),
            ("private_key", LONGEST_KEY),
            ("root_ca", LONGEST_CERTIFICATE),
        ):
            _check_pem(name, getattr(self, name), longest)


def _check_line(name: str, value: str | None, longest: int) -> None:
    if value is None:
        return
    if _UNTYPABLE.search(value):
        raise CredentialsInvalid(f"The {name} has characters in it that cannot be typed, as a line end.")
    if len(value.encode()) > longest:
        raise CredentialsInvalid(f"The {name} is longer than the {longest} bytes that a device takes.")


def _check_pem(name: str, value: str | None, longest: int) -> None:
    if value is None:
        return
    lines = pem_lines(value)
    if not lines or not lines[0].startswith(_PEM_BEGIN) or not lines[-1].startswith(_PEM_END):
        raise CredentialsInvalid(
            f"The {name} is not in PEM format.",
            next_step="It has to begin with a line -----BEGIN …----- and to end with a line -----END …-----.",
        )
    if not all(line.isascii() and line.isprintable() for line in lines):
        raise CredentialsInvalid(f"The {name} has characters in it that do not belong in PEM.")
    if len("\r\n".join(lines)) > longest:  # as the device stores it
        raise CredentialsInvalid(f"The {name} is longer than the {longest} bytes that a device takes.")


def pem_lines(text: str) -> tuple[str, ...]:
    """Return the lines of a PEM text; empty ones, which would end it on the console, are left out."""
    return tuple(line for line in map(str.strip, text.splitlines()) if line)


@frozen
class _CredentialsFile:
    """The file as it stands; other keys pass."""

    network: str
    security: str | None = None
    password: str | None = field(default=None, repr=False)
    eap: str | None = None
    username: str | None = None
    outer_identity: str | None = None
    client_certificate: str | None = field(default=None, repr=False)
    private_key: str | None = field(default=None, repr=False)
    root_ca: str | None = field(default=None, repr=False)


def read_credentials(data: bytes, *, path: str) -> WifiCredentials:
    """Read a credentials file: `network`, `security`, `password`, and for 802.1x the others.

    An empty text counts as absent, blanks around PEM are nothing.

    Args:
        data: the file.
        path: its name, for messages; never what it holds.

    Raises: CredentialsInvalid, with all that is wrong with its shape.
    """
    told = structured(data, _CredentialsFile, path=path)
    try:
        return WifiCredentials(
            network=told.network,
            security=security_named(told.security) if told.security else None,
            password=told.password or None,
            eap=eap_named(told.eap) if told.eap else None,
            username=(told.username or "").strip() or None,
            outer_identity=(told.outer_identity or "").strip() or None,
            client_certificate=told.client_certificate or None,
            private_key=told.private_key or None,
            root_ca=told.root_ca or None,
        )
    except CredentialsInvalid as fault:
        raise CredentialsInvalid(f"{path}: {fault.message}", next_step=fault.next_step) from fault


def structured(data: bytes, into: type[File], *, path: str) -> File:
    """Return what a JSON file of Wi-Fi credentials holds; keys that are unknown pass.

    Args:
        data: the file.
        into: what it is to be: attributes of text, or of true and false.
        path: its name, for messages; never what it holds.

    Raises: CredentialsInvalid, with all that is wrong with its shape.
    """
    if len(data) > _LONGEST_FILE:
        raise _unusable(path, f"it has {len(data)} bytes")
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _unusable(path, "it is not UTF-8 text") from None
    except json.JSONDecodeError as fault:
        raise _unusable(path, f"it is not JSON (line {fault.lineno}: {fault.msg})") from None
    except (ValueError, RecursionError):
        raise _unusable(path, "it is not JSON") from None
    if not isinstance(document, dict):
        raise _unusable(path, "it is not a JSON object")
    try:
        return _converter().structure(document, into)
    except BaseValidationError as fault:  # its own text would show what it found
        raise _unusable(path, "; ".join(transform_error(fault, path="$"))) from None


@cache
def _converter() -> Converter:
    converter = Converter()
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook(bool, _truth)
    return converter


def _text(value: object, _: type[str]) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")
    return value


def _truth(value: object, _: type[bool]) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def _unusable(path: str, why: str) -> CredentialsInvalid:
    return CredentialsInvalid(
        f"{path} holds no Wi-Fi credentials: {why}.",
        next_step='Write it like this: {"network": "my_ssid", "security": "WPA2_AES", "password": "…"}',
    )
