"""The cloud's part in unlocking a protected device, and which products know of Device Protection.

Numbers (nonces), signatures and fingerprints travel in base64 here. Each is good for one try and no secret.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from typing import Final

from attrs import frozen

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.devices import device_path
from particle_cli.domain.cloud.errors import CloudAnswerUnreadable, CloudRefused
from particle_cli.domain.cloud.reading import Json
from particle_cli.domain.cloud.requests import CloudRequest, JsonBody

_KEY_UNKNOWN: Final = "Device public key was not found"
_ACTIVE: Final = "active"


class DeviceKeyUnknown(CloudRefused):
    """The cloud cannot tell whether it is that device: it has not got its public key."""

    code = "device_key_unknown"


@frozen
class ServerProof:
    """By what a device sees that the cloud wants it to be unlocked.

    Attributes:
        signature: the server's, ECDSA in DER.
        public_key_fingerprint: SHA-256 of the key that it is to be checked with.
    """

    signature: bytes
    public_key_fingerprint: bytes


@frozen
class _Prepared:
    server_nonce: str


@frozen
class _Confirmed:
    server_signature: str
    server_public_key_fingerprint: str


@frozen
class _Product:
    device_protection: str | None = None


@frozen
class _ProductAnswer:
    product: _Product


async def prepare_unlock(client: CloudClient, device_id: str, *, product: str | None = None) -> bytes:
    """Begin to unlock a device; return the number that the server chose.

    Args:
        client: the cloud.
        device_id: 24 hexadecimal digits.
        product: id or slug, for a device that is the product's rather than the account's.

    Raises: CloudDeviceNotFound, CloudError.
    """
    answer = await client.send(_step(device_id, product, {"action": "prepare"}))
    return _decoded(answer.into(_Prepared).server_nonce)


async def confirm_unlock(
    client: CloudClient,
    device_id: str,
    *,
    server_nonce: bytes,
    device_nonce: bytes,
    device_signature: bytes,
    device_public_key_fingerprint: bytes,
    product: str | None = None,
) -> ServerProof:
    """Show the cloud what the device answered, and return by what the device can be unlocked.

    Args:
        client: the cloud.
        device_id: 24 hexadecimal digits.
        server_nonce: the number from `prepare_unlock`.
        device_nonce: the number that the device chose.
        device_signature: the device's signature, ECDSA in DER.
        device_public_key_fingerprint: SHA-256 of the device's public key in DER.
        product: as for `prepare_unlock`.

    Raises: DeviceKeyUnknown, CloudError.
    """
    body: dict[str, Json] = {
        "action": "confirm",
        "device_nonce": _encoded(device_nonce),
        "server_nonce": _encoded(server_nonce),
        "device_signature": _encoded(device_signature),
        "device_public_key_fingerprint": _encoded(device_public_key_fingerprint),
    }
    try:
        answer = await client.send(_step(device_id, product, body))
    except CloudRefused as refused:
        if _KEY_UNKNOWN not in refused.message:
            raise
        raise DeviceKeyUnknown(
            f"The cloud does not know the key of device {device_id}: {_KEY_UNKNOWN}.",
            next_step="Let the device connect to the cloud once, so that it learns the key, then try again.",
            status=refused.status,
        ) from refused
    told = answer.into(_Confirmed)
    return ServerProof(_decoded(told.server_signature), _decoded(told.server_public_key_fingerprint))


async def product_protects(client: CloudClient, product: str) -> bool:
    """Tell whether the devices of a product can be protected ones. Raises: CloudError."""
    answer = await client.send(CloudRequest("GET", ("v1", "products", product), about=f"product {product}"))
    return answer.into(_ProductAnswer).product.device_protection == _ACTIVE


def _step(device_id: str, product: str | None, body: dict[str, Json]) -> CloudRequest:
    path = (*device_path(device_id, product), "unprotect")
    return CloudRequest("PUT", path, JsonBody(body), about=f"device {device_id}")


def _encoded(part: bytes) -> str:
    return b64encode(part).decode()


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise CloudAnswerUnreadable(
            "What the cloud answered to unlock the device with is no base64.", next_step="Try again."
        ) from fault
