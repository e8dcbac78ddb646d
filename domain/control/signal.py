"""Having a device's LED show all colours of the rainbow, so that one finds it among others.

Every function may raise what `ControlChannel.request` does.
"""

from __future__ import annotations

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S


async def start_rainbow(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Begin; the device goes on until it is told to end or is reset."""
    await channel.request(RequestType.START_NYAN_SIGNAL, timeout_s=timeout_s)


async def stop_rainbow(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """End; no error where it was not shown."""
    await channel.request(RequestType.STOP_NYAN_SIGNAL, timeout_s=timeout_s)
