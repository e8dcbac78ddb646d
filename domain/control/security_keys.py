"""The keys of Gen 2 devices with Device OS before 3.0, read and written while they run.

Later devices answer NOT_SUPPORTED; their keys are reached in DFU mode. Every function may raise what
`ControlChannel.request` does.
"""

from __future__ import annotations

from enum import Enum

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.exchange import exchange
from particle_cli.domain.control.messages import config_pb2 as config
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S


class SecurityKey(Enum):
    """Which key; the names are those of the messages."""

    TCP_DEVICE_PRIVATE_KEY = 1
    TCP_DEVICE_PUBLIC_KEY = 2
    TCP_SERVER_PUBLIC_KEY = 3
    UDP_DEVICE_PRIVATE_KEY = 4
    UDP_DEVICE_PUBLIC_KEY = 5
    UDP_SERVER_PUBLIC_KEY = 6


async def security_key(
    channel: ControlChannel, which: SecurityKey, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> bytes:
    """Return a key as the device keeps it: DER, with what lies behind it in its place."""
    reply = await exchange(
        channel,
        RequestType.GET_SECURITY_KEY,
        config.GetSecurityKeyReply,
        config.GetSecurityKeyRequest(type=which.name),
        timeout_s=timeout_s,
        secret=True,
    )
    return reply.data


async def set_security_key(
    channel: ControlChannel, which: SecurityKey, data: bytes, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> None:
    """Store a key, given as DER."""
    request = config.SetSecurityKeyRequest(type=which.name, data=data)
    await channel.request(
        RequestType.SET_SECURITY_KEY, request.SerializeToString(), timeout_s=timeout_s, secret=True
    )
