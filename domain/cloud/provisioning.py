"""Making a device's key known to the cloud, which then believes who it is."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.requests import CloudRequest, FormBody


async def send_public_key(
    client: CloudClient,
    device_id: str,
    public_key: str,
    *,
    at: datetime,
    algorithm: Literal["rsa", "ecc"],
    product_id: int | None = None,
) -> None:
    """Make the public half of a device's key known.

    Args:
        client: the cloud, in the name of the device's owner.
        device_id: 24 hexadecimal digits.
        public_key: PEM, SubjectPublicKeyInfo.
        at: the time of day, aware; the cloud puts several keys of a device in this order.
        algorithm: `rsa` for devices that speak TCP with the cloud, `ecc` for those that speak UDP.
        product_id: number of the product that the device belongs to, or None.

    Raises: CloudDeviceNotFound, CloudError.
    """
    fields: tuple[tuple[str, str], ...] = (
        ("deviceID", device_id),
        ("publicKey", public_key),
        ("filename", "cli"),
        ("order", f"manual_{round(at.timestamp() * 1000)}"),
        ("algorithm", algorithm),
    )
    if product_id is not None:
        fields += (("product_id", str(product_id)),)
    about = f"device {device_id}"
    await client.send(CloudRequest("POST", ("v1", "provisioning", device_id), FormBody(fields), about=about))
