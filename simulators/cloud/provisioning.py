"""What devices are known by: their public keys, and the serial numbers on their labels."""

from __future__ import annotations

import re
from typing import Final

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.key_rows import ECC, RSA, DeviceKey
from particle_cli.simulators.cloud.replies import Plain, not_your_device, refused, reply
from particle_cli.simulators.cloud.rows import DeviceRecord

_ID: Final = re.compile(r"[0-9a-f]{24}")
_PEM_HEAD: Final = "-----BEGIN PUBLIC KEY-----"
_CURVE: Final = "secp256r1"


async def store_key(call: Call) -> HttpResponse:
    """Store the public key that a device of the caller's, or of nobody, will prove itself with."""
    device_id = call.places["device"].lower()
    said = call.text("deviceID", device_id).lower()
    if not _ID.fullmatch(device_id) or said != device_id:
        raise refused(400, "deviceID must be 24 hexadecimal digits")
    record = call.world.state.devices.get(device_id)
    if record is not None and record.owner_id not in (None, call.user.id):
        raise not_your_device()
    algorithm, pem = call.text("algorithm", RSA), call.text("publicKey").strip()
    if algorithm not in (RSA, ECC):
        raise refused(400, f"algorithm must be {RSA} or {ECC}")
    if _algorithm_of(pem) != algorithm:
        raise refused(400, f"publicKey must be an {algorithm.upper()} public key in PEM format")
    call.world.state.device_keys.put(DeviceKey(device_id, pem + "\n", algorithm))
    return reply("Success!")


def _algorithm_of(pem: str) -> str | None:
    """Return the algorithm of a public key, or None for what is no key that a device could have."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    if not pem.startswith(_PEM_HEAD):
        return None
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        return None
    if isinstance(key, EllipticCurvePublicKey) and key.curve.name == _CURVE:
        return ECC
    return RSA if isinstance(key, RSAPublicKey) else None


def public_key(call: Call, record: DeviceRecord) -> bytes | None:
    """Return the key on the curve P-256 that a device proves itself with, or None.

    It is the one that was stored last, or else the one that the factory has told of; as SubjectPublicKeyInfo.
    """
    row = call.world.state.device_keys.get(record.id)
    if row is None:
        device = call.world.devices.get(record.id)
        return device.registered_key() if device else None
    if row.algorithm != ECC:
        return None
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

    key = load_pem_public_key(row.public_key.encode())
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


async def find_serial_number(call: Call) -> HttpResponse:
    """Tell which device has a serial number."""
    wanted = call.places["serial"].upper()
    for record in call.world.state.devices:
        if record.serial_number == wanted:
            return reply(_found(wanted, record.id, record.platform_id, record.iccid))
    for device in call.world.devices.values():
        numbers = device.numbers
        if numbers.serial_number == wanted:
            return reply(_found(wanted, device.id, device.platform_id, numbers.iccid))
    raise refused(404, "Serial number not found")


def _found(serial: str, device_id: str, platform_id: int, iccid: str | None) -> dict[str, Plain]:
    """Return a device in the words of the documentation, and in those of the client's type definitions."""
    found: dict[str, Plain] = {"ok": True, "deviceID": device_id}
    if iccid is not None:
        found["iccid"] = iccid
    return {**found, "serial_number": serial, "device_id": device_id, "platform_id": platform_id}
