"""Whose a device is, what it is called, and making it known by its LED."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.devices import device_path
from particle_cli.domain.cloud.errors import CloudDeviceNotFound, CloudError, CloudRefused
from particle_cli.domain.cloud.requests import CloudRequest, JsonBody

_FOREIGN: Final = "belongs to someone else"


class DeviceOfAnother(CloudRefused):
    """The device has another owner, who can be asked for it."""

    code = "device_of_another"


@frozen
class _Claimed:
    transfer_id: str | None = None


async def claim_device(client: CloudClient, device_id: str, *, request_transfer: bool = False) -> str | None:
    """Make a device the account's.

    Args:
        client: the cloud.
        device_id: 24 hexadecimal digits; the device has to be online.
        request_transfer: ask its owner for it, where it has another.

    Returns: the id of the transfer that was asked for, or None when the device is the account's now.

    Raises: DeviceOfAnother, CloudDeviceNotFound, CloudError.
    """
    number = device_id.lower()
    request = CloudRequest(
        "POST",
        ("v1", "devices"),
        JsonBody({"id": number, "request_transfer": request_transfer}),
        about=f"device {device_id}",
    )
    try:
        answer = await client.send(request)
    except CloudError as refused:
        if _FOREIGN in refused.message:
            raise DeviceOfAnother(
                refused.message,
                next_step=f"Ask its owner for it: particle device add {device_id} --request-transfer",
                status=refused.status,
            ) from refused
        if "isn't online" in refused.message:
            refused.next_step = "Connect the device to the cloud first; its LED then breathes cyan."
        raise
    return answer.into(_Claimed).transfer_id


async def rename_device(client: CloudClient, device: str, name: str, *, product: str | None = None) -> None:
    """Give a device a name.

    Args:
        client: the cloud.
        device: id, or name within the account.
        name: what it is to be called.
        product: id or slug, for a device of that product.

    Raises: CloudDeviceNotFound, CloudError.
    """
    body = JsonBody({"name": name})
    try:
        await client.send(CloudRequest("PUT", device_path(device, product), body, about=f"device {device}"))
    except CloudDeviceNotFound as refused:
        raise CloudDeviceNotFound(
            f"Device not found: {device}", next_step=refused.next_step, status=refused.status
        ) from refused


async def release_device(client: CloudClient, device: str) -> None:
    """Make a device nobody's. Raises: CloudDeviceNotFound, CloudError."""
    await client.send(CloudRequest("DELETE", device_path(device, None), about=f"device {device}"))


async def signal_device(client: CloudClient, device: str, on: bool, *, product: str | None = None) -> None:
    """Let a device shout rainbows with its LED, or stop that.

    Raises: CloudDeviceNotFound, DeviceSilent, CloudError.
    """
    body = JsonBody({"signal": "1" if on else "0"})
    await client.send(CloudRequest("PUT", device_path(device, product), body, about=f"device {device}"))
