"""Log handlers by JSON (request 80), for applications with the log-config feature (spark_wiring_logging)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.log_values import LogHandler, LogStream
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.errors import ProtocolError

_STREAMS: Final = {
    LogStream.USB: "Serial",
    LogStream.USB_1: "USBSerial1",
    LogStream.HARDWARE_1: "Serial1",
}


async def add(channel: ControlChannel, handler: LogHandler, *, timeout_s: float) -> None:
    """Add a handler. Raises: as `ControlChannel.request`."""
    wired = handler.stream is LogStream.HARDWARE_1
    command = {
        "cmd": "addHandler",
        "id": handler.id,
        "hnd": {"type": "JSONStreamLogHandler" if handler.json else "StreamLogHandler", "param": {}},
        "strm": {
            "type": _STREAMS[handler.stream],
            "param": {"baud": handler.baud_rate} if wired else {},
        },
        "filt": [{one.category: one.level.value} for one in handler.filters],
        "lvl": handler.level.value,
    }
    await _say(channel, command, timeout_s)


async def remove(channel: ControlChannel, identifier: str, *, timeout_s: float) -> None:
    """Remove a handler. Raises: as `ControlChannel.request`."""
    await _say(channel, {"cmd": "removeHandler", "id": identifier}, timeout_s)


async def handlers(channel: ControlChannel, *, timeout_s: float) -> tuple[str, ...]:
    """Return the ids of the handlers.

    Raises: as `ControlChannel.request`; ProtocolError for an answer that is no list of them.
    """
    answer = await _say(channel, {"cmd": "enumHandlers"}, timeout_s)
    try:
        told = json.loads(answer)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        raise ProtocolError(f"{channel.device}: LOG_CONFIG was answered with what is no list of handlers.")
    return tuple(told)


async def _say(channel: ControlChannel, command: Mapping[str, object], timeout_s: float) -> bytes:
    text = json.dumps(command, separators=(",", ":"), ensure_ascii=False)
    return await channel.request(RequestType.LOG_CONFIG, text.encode(), timeout_s=timeout_s)
