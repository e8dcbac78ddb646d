"""Where a device writes its log, set while it runs.

There are two ways to say it: messages of the system, which no released Device OS understands yet, and JSON
for applications that were built with the log-config feature. The first is tried, then the second.

Every function may raise what `ControlChannel.request` does; RequestFailed with NOT_SUPPORTED where neither
is understood.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from particle_cli.domain.control import log_json, log_messages
from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.errors import RequestFailed
from particle_cli.domain.control.log_values import LogHandler
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S
from particle_cli.domain.control.result_codes import ResultCode

T = TypeVar("T")


async def add(channel: ControlChannel, handler: LogHandler, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Have the device write its log to a stream as well."""
    await _either(
        lambda: log_messages.add(channel, handler, timeout_s=timeout_s),
        lambda: log_json.add(channel, handler, timeout_s=timeout_s),
    )


async def remove(channel: ControlChannel, identifier: str, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Have the device no longer write its log where a handler says."""
    await _either(
        lambda: log_messages.remove(channel, identifier, timeout_s=timeout_s),
        lambda: log_json.remove(channel, identifier, timeout_s=timeout_s),
    )


async def handlers(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> tuple[str, ...]:
    """Return the ids of the handlers that were added."""
    return await _either(
        lambda: log_messages.handlers(channel, timeout_s=timeout_s),
        lambda: log_json.handlers(channel, timeout_s=timeout_s),
    )


async def _either(first: Callable[[], Awaitable[T]], second: Callable[[], Awaitable[T]]) -> T:
    try:
        return await first()
    except RequestFailed as failed:
        if failed.result != ResultCode.NOT_SUPPORTED:
            raise
    return await second()
