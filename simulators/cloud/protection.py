"""The cloud's part in overriding Device Protection: it signs what a device has signed.

Cloud and device each choose a number (a nonce). The device signs both, the cloud sees by the public key that
it is that device, and signs them too; so only the cloud can allow it, and only for this once.
"""

from __future__ import annotations

import base64
import binascii
from hashlib import sha256
from typing import Final

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.key_rows import Unprotection
from particle_cli.simulators.cloud.provisioning import public_key
from particle_cli.simulators.cloud.replies import refused, reply
from particle_cli.simulators.cloud.rows import DeviceRecord

NONCE_SIZE: Final = 32
_ANSWER_WITHIN_MS: Final = 5 * 60 * 1000


async def unprotect(call: Call) -> HttpResponse:
    """Take one of the two steps: choose a number, or sign."""
    record, action = call.device(), call.text("action")
    if action == "prepare":
        return _prepare(call, record)
    if action == "confirm":
        return _confirm(call, record)
    raise refused(400, "action must be prepare or confirm")


def _prepare(call: Call, record: DeviceRecord) -> HttpResponse:
    state = call.world.state
    nonce = state.fresh("server nonce", 2 * NONCE_SIZE)
    expires = call.world.now + _ANSWER_WITHIN_MS
    state.unprotections.put(Unprotection(record.id, nonce, call.user.id, expires))
    return reply({"server_nonce": base64.b64encode(bytes.fromhex(nonce)).decode()})


def _confirm(call: Call, record: DeviceRecord) -> HttpResponse:
    """Sign, if the device has. The number counts once. Raises: Refusal."""
    state = call.world.state
    server_nonce, device_nonce = _bytes(call, "server_nonce"), _bytes(call, "device_nonce")
    signature = _bytes(call, "device_signature")
    fingerprint = _bytes(call, "device_public_key_fingerprint")
    asked = state.unprotections.get(record.id)
    theirs = asked is not None and asked.user_id == call.user.id and asked.expires > call.world.now
    if asked is None or not theirs or asked.nonce != server_nonce.hex():
        raise refused(400, "Server nonce is invalid or has expired")
    state.unprotections.remove(record.id)
    if len(device_nonce) != NONCE_SIZE:
        raise refused(400, "Device nonce is invalid")
    key = public_key(call, record)
    if key is None or sha256(key).digest() != fingerprint:
        raise refused(404, "Device public key was not found")
    device_id = bytes.fromhex(record.id)
    if not _signed(key, signature, b"device" + device_id + _sized(device_nonce) + _sized(server_nonce)):
        raise refused(403, "Device signature is invalid")
    message = b"server" + device_id + b"".join(map(_sized, (server_nonce, device_nonce, fingerprint)))
    signed, own_fingerprint = _sign(state.derived("server key"), message)
    return reply(
        {
            "server_signature": base64.b64encode(signed).decode(),
            "server_public_key_fingerprint": base64.b64encode(own_fingerprint).decode(),
        }
    )


def _bytes(call: Call, name: str) -> bytes:
    """Return a field in base64. Raises: Refusal."""
    try:
        found = base64.b64decode(call.text(name), validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if not found:
        raise refused(400, f"{name} must be given in base64")
    return found


def _sized(part: bytes) -> bytes:
    return len(part).to_bytes(4, "little") + part


def _signed(key: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether a message is signed with the private half of a key (ECDSA with SHA-256)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    public = load_der_public_key(key)
    assert isinstance(public, EllipticCurvePublicKey)
    try:
        public.verify(signature, message, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _sign(seed: bytes, message: bytes) -> tuple[bytes, bytes]:
    """Return the cloud's signature, and the fingerprint of the public key that it can be checked with."""
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256

    from particle_cli.simulators.hardware.factory_keys import p256_key, public_der

    key = p256_key(seed)
    return key.sign(message, ECDSA(SHA256())), sha256(public_der(key)).digest()
