"""Firmware over the air: handing it to the cloud, for a device that is online."""

from __future__ import annotations

from typing import Final

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.devices import device_path
from particle_cli.domain.cloud.errors import CloudFailed, CloudRefused, DeviceSilent
from particle_cli.domain.cloud.refusals import complaint
from particle_cli.domain.cloud.requests import CloudRequest, FilesBody, file_parts

_UPLOAD_MS: Final = 300_000
_NOT_THERE: Final = "Request Timed Out"


async def send_firmware(
    client: CloudClient, device: str, name: str, content: bytes, *, product: str | None = None
) -> None:
    """Have the cloud begin to send a binary or a bundle to a device.

    That it has begun is all that is known afterwards: the device's events tell how it goes on.

    Args:
        client: the cloud.
        device: id, or name within the account.
        name: file name, `.bin` or `.zip`.
        content: the file.
        product: id or slug, for a device of that product, which is named by its id.

    Raises: DeviceSilent when the device is not online; CloudDeviceNotFound, CloudError.
    """
    request = CloudRequest(
        "PUT",
        device_path(device, product),
        FilesBody(file_parts(((name, content),)), (("latest", "true"),)),
        about=f"device {device}",
        timeout_ms=_UPLOAD_MS,
    )
    try:
        answer = await client.send(request)
    except CloudFailed as failed:
        if _NOT_THERE not in failed.message:
            raise
        raise DeviceSilent(
            failed.message,
            next_step="See with `particle list` whether the device is online.",
            status=failed.status,
        ) from failed
    document = answer.json()
    begun = isinstance(document, dict) and (document.get("status") or document.get("message"))
    if not begun:
        raise CloudRefused(complaint(document) or "Flash failed", status=answer.status)
