"""Who a device is. Every function may raise what `ControlChannel.request` does."""

from __future__ import annotations

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.exchange import exchange
from particle_cli.domain.control.messages.config_pb2 import (
    GetDeviceIdReply,
    GetSerialNumberReply,
    GetSystemVersionReply,
)
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S


async def device_id(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> str:
    """Return the device id: 24 hex digits in lower case."""
    reply = await exchange(channel, RequestType.DEVICE_ID, GetDeviceIdReply, timeout_s=timeout_s)
    return reply.id.lower()


async def serial_number(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> str:
    """Return the serial number printed on the device; RequestFailed where it was never programmed."""
    reply = await exchange(channel, RequestType.SERIAL_NUMBER, GetSerialNumberReply, timeout_s=timeout_s)
    return reply.serial


async def system_version(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> str:
    """Return the Device OS version, e.g. `6.2.0`."""
    reply = await exchange(channel, RequestType.SYSTEM_VERSION, GetSystemVersionReply, timeout_s=timeout_s)
    return reply.version
