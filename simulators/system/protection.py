"""How the owner of a protected device overrides its protection for a while (Device OS device protection).

The device and the cloud each choose a number (a nonce), and sign both: the device with its private key, the
cloud with the server's, whose public half is in the device. So only the cloud can allow it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.hardware.dct import UDP_DEVICE_KEY, UDP_SERVER_KEY, Dct
from particle_cli.simulators.hardware.dct import Field as Place
from particle_cli.simulators.hardware.factory_keys import device_key, public_der
from particle_cli.simulators.system.session import Challenge
from particle_cli.simulators.system.system import System

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

NONCE_SIZE: Final = 32
ANSWER_WITHIN_S: Final = 60.0
OVERRIDE_RESETS: Final = 20
OVERRIDE_S: Final = 86400.0
_BLANK: Final = 0xFF


@frozen
class Preparation:
    """What a device answers when the override is asked for."""

    nonce: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    key_fingerprint: bytes


def device_message(device_id: bytes, device_nonce: bytes, server_nonce: bytes) -> bytes:
    """Return what a device signs."""
    return b"device" + device_id + _with_length(device_nonce) + _with_length(server_nonce)


def server_message(
    device_id: bytes, server_nonce: bytes, device_nonce: bytes, device_key_fingerprint: bytes
) -> bytes:
    """Return what the server signs."""
    parts = (server_nonce, device_nonce, device_key_fingerprint)
    return b"server" + device_id + b"".join(map(_with_length, parts))


def _with_length(part: bytes) -> bytes:
    return len(part).to_bytes(4, "little") + part


def prepare(system: System, server_nonce: bytes) -> Preparation:
    """Begin an override: choose a number and sign. Raises: RequestFailed; PowerCut."""
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256

    if len(server_nonce) != NONCE_SIZE:
        raise RequestFailed(system_error.INVALID_ARGUMENT)
    key = _device_key(system)
    now = system.agenda.now_s
    device_id = bytes.fromhex(system.hardware.device_id)
    device_nonce = sha256(b"nonce" + device_id + repr(now).encode() + server_nonce).digest()
    challenge = Challenge(server_nonce, device_nonce, sha256(public_der(key)).digest(), now)
    system.session.challenge = challenge
    signature = key.sign(device_message(device_id, device_nonce, server_nonce), ECDSA(SHA256()))
    return Preparation(device_nonce, signature, challenge.key_fingerprint)


def confirm(system: System, signature: bytes, key_fingerprint: bytes) -> None:
    """End or override the protection, if the server has signed what `prepare` began. It counts once.

    Raises: RequestFailed.
    """
    challenge, system.session.challenge = system.session.challenge, None
    if challenge is None:
        raise RequestFailed(system_error.INVALID_STATE)
    if system.agenda.now_s - challenge.asked_s > ANSWER_WITHIN_S:
        raise RequestFailed(system_error.TIMEOUT)
    server_key = _der_at(system, UDP_SERVER_KEY)
    if not server_key or key_fingerprint != sha256(server_key).digest():
        raise RequestFailed(system_error.KEY_MISMATCH)
    message = server_message(
        bytes.fromhex(system.hardware.device_id),
        challenge.server_nonce,
        challenge.device_nonce,
        challenge.key_fingerprint,
    )
    if not _signed(server_key, signature, message):
        raise RequestFailed(system_error.INVALID_SIGNATURE)
    system.override_resets = OVERRIDE_RESETS
    system.override_s = system.uptime_s + OVERRIDE_S


def end_override(system: System) -> None:
    """Put the protection in force again."""
    system.session.challenge = None
    system.override_resets = 0


def _signed(public_key: bytes, signature: bytes, message: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(public_key)
        if not isinstance(key, EllipticCurvePublicKey):
            return False
        key.verify(signature, message, ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _table(system: System) -> Dct:
    dct = system.hardware.dct
    if dct is None:
        raise RequestFailed(system_error.NOT_SUPPORTED)
    return dct


def _der_at(system: System, place: Place) -> bytes:
    """Return the DER structure at the start of a place, without what follows it; empty for none."""
    data = _table(system).read(place.offset, place.size)
    if data[0] != 0x30:
        return b""
    if data[1] < 0x80:
        return data[: 2 + data[1]]
    digits = data[1] & 0x7F
    return data[: 2 + digits + int.from_bytes(data[2 : 2 + digits])]


def _device_key(system: System) -> EllipticCurvePrivateKey:
    """Return the device's key; a device that has none makes one, as it also would on its way to the cloud."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    if _table(system).read(UDP_DEVICE_KEY.offset, 1)[0] != _BLANK:
        try:
            found = serialization.load_der_private_key(_der_at(system, UDP_DEVICE_KEY), None)
        except ValueError:
            raise RequestFailed(system_error.CRYPTO) from None
        if not isinstance(found, ec.EllipticCurvePrivateKey):
            raise RequestFailed(system_error.CRYPTO)
        return found
    made = device_key(system.hardware.device_id)
    encoded = made.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    _table(system).write(UDP_DEVICE_KEY.offset, encoded)
    return made
