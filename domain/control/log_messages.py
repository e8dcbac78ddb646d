"""Log handlers by messages of the system (requests 1100 to 1102)."""

from __future__ import annotations

from typing import Final

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.exchange import exchange
from particle_cli.domain.control.log_values import LogHandler, LogLevel, LogStream
from particle_cli.domain.control.messages import logging_pb2 as logging
from particle_cli.domain.control.messages.request_type_pb2 import RequestType

_LEVELS: Final = {
    LogLevel.ALL: logging.ALL,
    LogLevel.TRACE: logging.TRACE,
    LogLevel.INFO: logging.INFO,
    LogLevel.WARN: logging.WARN,
    LogLevel.ERROR: logging.ERROR,
    LogLevel.PANIC: logging.ERROR,  # the messages know none above it
    LogLevel.NONE: logging.NONE,
}


async def add(channel: ControlChannel, handler: LogHandler, *, timeout_s: float) -> None:
    """Add a handler. Raises: as `ControlChannel.request`."""
    wired = handler.stream is LogStream.HARDWARE_1
    request = logging.AddLogHandlerRequest(
        id=handler.id,
        handler_type=logging.JSON_STREAM_HANDLER if handler.json else logging.DEFAULT_STREAM_HANDLER,
        level=_LEVELS[handler.level],
        filters=[
            logging.LogFilter(category=one.category, level=_LEVELS[one.level]) for one in handler.filters
        ],
        stream_type=logging.HW_SERIAL_STREAM if wired else logging.USB_SERIAL_STREAM,
        serial=logging.SerialStreamParams(
            index=0 if handler.stream is LogStream.USB else 1, baud_rate=handler.baud_rate if wired else 0
        ),
    )
    await channel.request(RequestType.ADD_LOG_HANDLER, request.SerializeToString(), timeout_s=timeout_s)


async def remove(channel: ControlChannel, identifier: str, *, timeout_s: float) -> None:
    """Remove a handler. Raises: as `ControlChannel.request`."""
    request = logging.RemoveLogHandlerRequest(id=identifier)
    await channel.request(RequestType.REMOVE_LOG_HANDLER, request.SerializeToString(), timeout_s=timeout_s)


async def handlers(channel: ControlChannel, *, timeout_s: float) -> tuple[str, ...]:
    """Return the ids of the handlers. Raises: as `ControlChannel.request`."""
    reply = await exchange(
        channel, RequestType.GET_LOG_HANDLERS, logging.GetLogHandlersReply, timeout_s=timeout_s
    )
    return tuple(handler.id for handler in reply.handlers)
