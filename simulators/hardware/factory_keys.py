"""The keys that a device has from the factory: its own, and the public half of the simulated cloud's."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from particle_cli.domain.platforms.values import Platform

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

SERVER_PUBLIC_KEY: Final = bytes.fromhex(
    "3059301306072a8648ce3d020106082a8648ce3d0301070342000465783eb8c16473e91265210f430cffcc2713d516579b9c"
    "d5aa0eff5546d67f9977e8439031adc15021737df1c6c8b6b9450021735b0f7fbb950d713847c99304"
)
"""SubjectPublicKeyInfo, DER; the simulated cloud derives the private half from its seed."""

_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def speaks_udp(platform: Platform) -> bool:
    """Tell whether devices of a platform talk to the cloud over UDP, with keys on the curve P-256."""
    return "tcp" not in platform.features


def p256_key(seed: bytes) -> EllipticCurvePrivateKey:
    """Return a key pair on the curve P-256, always the same for the same seed."""
    from cryptography.hazmat.primitives.asymmetric import ec

    number = int.from_bytes(sha256(seed).digest())
    return ec.derive_private_key(number % (_P256_ORDER - 1) + 1, ec.SECP256R1())


def device_key(device_id: str) -> EllipticCurvePrivateKey:
    """Return the key pair that a device makes before it first goes to the cloud; made up from its id."""
    return p256_key(b"key" + device_id.encode())


def public_der(key: EllipticCurvePrivateKey) -> bytes:
    """Return the public half of a key pair as SubjectPublicKeyInfo, DER."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
