"""A device's connection to the cloud. Every function may raise what `ControlChannel.request` does."""

from __future__ import annotations

from enum import Enum
from typing import Final

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.errors import RequestFailed, RequestTimeout
from particle_cli.domain.control.exchange import exchange
from particle_cli.domain.control.messages import cloud_pb2 as cloud
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S
from particle_cli.domain.control.result_codes import ResultCode
from particle_cli.domain.errors import DeviceProtected
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.usb import UsbGone

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
    channel: ControlChannel,
    *,
    wait: bool = True,
    force: bool = False,
    timeout_s: float = DEFAULT_TIMEOUT_S,
) -> None:
    """Have the device disconnect, and wait until it has, if wanted.

    With `force` the connection is broken off at once, by a request of one transfer that works while all else
    on the device hangs (Device OS 2.0).

    Raises: RequestTimeout when it has not in time.
    """
    if not force:
        await _reach(channel, RequestType.CLOUD_DISCONNECT, ConnectionStatus.DISCONNECTED, wait, timeout_s)
        return
    await channel.force_cloud_disconnect()
    if wait:
        await _wait(channel, ConnectionStatus.DISCONNECTED, timeout_s)


async def wait_until(
    channel: ControlChannel, goal: ConnectionStatus, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> None:
    """Wait until it stands so with the connection; what fails meanwhile is asked again.

    Raises: RequestTimeout when it does not in time; UsbGone; DeviceProtected, or RequestFailed with
    NOT_SUPPORTED, from a device that does not tell.
    """
    clock = channel.clock
    deadline = clock.monotonic() + timeout_s
    while (left := deadline - clock.monotonic()) > 0:
        try:
            await _wait(channel, goal, left)
            return
        except (UsbGone, DeviceProtected):
            raise
        except ParticleError as error:
            if isinstance(error, RequestFailed) and error.result == ResultCode.NOT_SUPPORTED:
                raise
            await clock.sleep(min(_BETWEEN_LOOKS_S, max(0.0, deadline - clock.monotonic())))
    raise _not_in_time(channel, goal, timeout_s)


async def _reach(
    channel: ControlChannel, kind: int, goal: ConnectionStatus, wait: bool, timeout_s: float
) -> None:
    clock = channel.clock
    deadline = clock.monotonic() + timeout_s
    await channel.request(kind, timeout_s=timeout_s)
    if wait:
        await _wait(channel, goal, deadline - clock.monotonic())


async def _wait(channel: ControlChannel, goal: ConnectionStatus, timeout_s: float) -> None:
    clock = channel.clock
    deadline = clock.monotonic() + timeout_s
    while (left := deadline - clock.monotonic()) > 0:
        if await connection_status(channel, timeout_s=left) is goal:
            return
        await clock.sleep(_BETWEEN_LOOKS_S)
    raise _not_in_time(channel, goal, timeout_s)


def _not_in_time(channel: ControlChannel, goal: ConnectionStatus, timeout_s: float) -> RequestTimeout:
    return RequestTimeout(
        f"{channel.device} is not {goal.value} after {timeout_s:g} s.",
        next_step="Look at its LED: breathing cyan is connected, blinking green has no network.",
    )
