"""What a device measures and counts about itself: signal, memory, battery, connection and so on."""

from __future__ import annotations

import json
from collections.abc import Mapping

from attrs import frozen

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S
from particle_cli.domain.errors import ProtocolError


@frozen
class Unavailable:
    """The device cannot tell a figure now.

    Attributes:
        error: its system error code.
    """

    error: int


Figure = int | float | str | Unavailable


async def diagnostics(
    channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> Mapping[str, Figure]:
    """Return the device's figures by the names that it gives them, e.g. `net:rssi`, in its order.

    Raises: as `ControlChannel.request`; ProtocolError for an answer that is none.
    """
    text = await channel.request(RequestType.DIAGNOSTIC_INFO, timeout_s=timeout_s)
    try:
        return read_diagnostics(text)
    except ValueError as fault:
        raise ProtocolError(
            f"{channel.device}: what it tells about itself makes no sense: {fault}"
        ) from fault


def read_diagnostics(text: bytes) -> Mapping[str, Figure]:
    """Read the JSON that a device writes. Raises: ValueError."""
    try:
        told = json.loads(text or b"{}")
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if not isinstance(told, dict):
        raise ValueError("it is no object")
    return {str(name): _figure(name, value) for name, value in told.items()}


def _figure(name: str, value: object) -> Figure:
    if isinstance(value, dict) and isinstance(error := value.get("err"), int):
        return Unavailable(error)
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        return value
    raise ValueError(f"`{name}` is neither a figure nor an error")
