"""Requests of one transfer, answered from the interrupt handler: they work while all else hangs.

They need no channel and are not subject to Device Protection (Device OS 0.6 and later; 2.0 for those that do
something). A bootloader refuses them.
"""

from __future__ import annotations

from typing import Final

from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.ports.usb import Setup, UsbHandle, UsbStall, UsbTimeout

_OUT: Final = 0x40
_IN: Final = 0xC0
_RAW: Final = 0x50
_ROOM: Final = 64


async def system_version(handle: UsbHandle, *, timeout_ms: int = 5000) -> str | None:
    """Return the Device OS version, e.g. `6.2.0`; None from devices that do not tell, as in DFU mode."""
    return await _text(handle, RequestType.SYSTEM_VERSION, timeout_ms)


async def device_id(handle: UsbHandle, *, timeout_ms: int = 5000) -> str | None:
    """Return the device id, 24 hex digits in lower case; None from devices that do not tell."""
    told = await _text(handle, RequestType.DEVICE_ID, timeout_ms)
    return told.lower() if told else None


async def force_reset(handle: UsbHandle, *, data_stage: bool, timeout_ms: int = 5000) -> None:
    """Reset the device at once, whatever it is doing; the transfer itself then usually fails.

    Args:
        handle: the open device.
        data_stage: whether the platform cannot take a request without data, so that it needs a dummy byte.
        timeout_ms: bound on the transfer.

    Raises: UsbStall (Device OS before 2.0), UsbTimeout, UsbGone: the device has perhaps reset.
    """
    await _order(handle, RequestType.RESET_DEVICE, data_stage, timeout_ms)


async def force_cloud_disconnect(handle: UsbHandle, *, data_stage: bool, timeout_ms: int = 5000) -> None:
    """Break the cloud connection off and do not connect again.

    Args:
        handle: the open device.
        data_stage: as for `force_reset`.
        timeout_ms: bound on the transfer.

    Raises: UsbStall (Device OS before 2.0), UsbTimeout, UsbGone.
    """
    await _order(handle, RequestType.CLOUD_DISCONNECT, data_stage, timeout_ms)


async def _text(handle: UsbHandle, kind: int, timeout_ms: int) -> str | None:
    try:
        told = await handle.control_in(Setup(_IN, _RAW, 0, kind, _ROOM), timeout_ms=timeout_ms)
    except (UsbStall, UsbTimeout):
        return None
    return told.split(b"\0")[0].decode("ascii", "replace") or None


async def _order(handle: UsbHandle, kind: int, data_stage: bool, timeout_ms: int) -> None:
    data = b"\0" if data_stage else b""
    await handle.control_out(Setup(_OUT, _RAW, 0, kind, len(data)), data, timeout_ms=timeout_ms)
