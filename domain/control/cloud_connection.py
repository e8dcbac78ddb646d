"""A device's connection to the cloud. Every function may raise what `ControlChannel.request` does."""

from __future__ import annotations

from enum import Enum
from typing import Final

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.errors import RequestTimeout
from particle_cli.domain.control.exchange import exchange
from particle_cli.domain.control.messages import cloud_pb2 as cloud
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S

_BETWEEN_LOOKS_S: Final = 0.25


class ConnectionStatus(Enum):
    """How it stands with the connection."""

    UNKNOWN = "unknown"
    DISCONNECTED = "disconnected"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    DISCONNECTING = "disconnecting"


_STATUSES: Final = {
    cloud.DISCONNECTED: ConnectionStatus.DISCONNECTED,
    cloud.CONNECTING: ConnectionStatus.CONNECTING,
    cloud.CONNECTED: ConnectionStatus.CONNECTED,
    cloud.DISCONNECTING: ConnectionStatus.DISCONNECTING,
}


async def connection_status(
    channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> ConnectionStatus:
    """Return how it stands with the connection; UNKNOWN for an answer that only newer firmware knows."""
    reply = await exchange(
        channel,
        RequestType.CLOUD_GET_CONNECTION_STATUS,
        cloud.GetConnectionStatusReply,
        timeout_s=timeout_s,
    )
    return _STATUSES.get(reply.status, ConnectionStatus.UNKNOWN)


async def connect(
    channel: ControlChannel, *, wait: bool = True, timeout_s: float = DEFAULT_TIMEOUT_S
) -> None:
    """Have the device connect, and wait until it has, if wanted.

    Raises: RequestTimeout when it has not in time.
    """
    await _reach(channel, RequestType.CLOUD_CONNECT, ConnectionStatus.CONNECTED, wait, timeout_s)


async def disconnect(
    channel: ControlChannel, *, wait: bool = True, timeout_s: float = DEFAULT_TIMEOUT_S
) -> None:
    """Have the device disconnect, and wait until it has, if wanted.

    Raises: RequestTimeout when it has not in time.
    """
    await _reach(channel, RequestType.CLOUD_DISCONNECT, ConnectionStatus.DISCONNECTED, wait, timeout_s)


async def _reach(
    channel: ControlChannel, kind: int, goal: ConnectionStatus, wait: bool, timeout_s: float
) -> None:
    clock = channel.clock
    deadline = clock.monotonic() + timeout_s
    await channel.request(kind, timeout_s=timeout_s)
    while wait:
        left = deadline - clock.monotonic()
        if left <= 0:
            raise RequestTimeout(f"{channel.device} is not {goal.value} after {timeout_s:g} s.")
        if await connection_status(channel, timeout_s=left) is goal:
            return
        await clock.sleep(_BETWEEN_LOOKS_S)
