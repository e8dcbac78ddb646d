"""Requests that the application on the device answers, in whatever form it likes."""

from __future__ import annotations

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S
from particle_cli.domain.errors import ProtocolError


async def send(
    channel: ControlChannel,
    content: str | bytes,
    *,
    timeout_s: float = DEFAULT_TIMEOUT_S,
    secret: bool = False,
) -> bytes:
    """Hand something to the application, and return its answer.

    Args:
        channel: the device.
        content: at most 65535 bytes; text goes out as UTF-8.
        timeout_s: bound on the whole of it.
        secret: whether content or answer is to be kept out of every record.

    Raises: as `ControlChannel.request`; RequestFailed with NOT_SUPPORTED where the application handles no
    requests, and with whatever result it gives.
    """
    payload = content.encode() if isinstance(content, str) else content
    return await channel.request(RequestType.APP_CUSTOM, payload, timeout_s=timeout_s, secret=secret)


async def echo(channel: ControlChannel, content: bytes, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Have the system send bytes back, to test the way to it and back (Device OS 1.5).

    Raises: as `ControlChannel.request`; ProtocolError when something else comes back.
    """
    back = await channel.request(RequestType.ECHO, content, timeout_s=timeout_s)
    if back != content:
        raise ProtocolError(
            f"{channel.device} sent {len(back)} bytes back that are not the {len(content)} sent."
        )
