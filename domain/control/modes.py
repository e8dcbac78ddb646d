"""In which mode a running device is, and the way to others.

A reset, DFU mode and safe mode begin about a second after the device has answered: only the bus tells when.
Every function may raise what `ControlChannel.request` does.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.errors import RequestFailed, RequestTimeout
from particle_cli.domain.control.exchange import exchange
from particle_cli.domain.control.messages import config_pb2 as config
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S

_BETWEEN_LOOKS_S: Final = 0.1


class RunningMode(Enum):
    """What a device that runs its firmware does."""

    NORMAL = "normal"
    LISTENING = "listening"


async def reset(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Restart the device."""
    await channel.request(RequestType.RESET_DEVICE, timeout_s=timeout_s)


async def factory_reset(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Restart the device with its factory firmware."""
    await channel.request(RequestType.FACTORY_RESET, timeout_s=timeout_s)


async def enter_dfu(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Restart the device into its bootloader."""
    await channel.request(RequestType.DFU_MODE, timeout_s=timeout_s)


async def enter_safe_mode(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Restart the device without its application."""
    await channel.request(RequestType.SAFE_MODE, timeout_s=timeout_s)


async def running_mode(
    channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> RunningMode | None:
    """Return the mode, or None for one that only newer firmware knows."""
    reply = await exchange(
        channel, RequestType.GET_DEVICE_MODE, config.GetDeviceModeReply, timeout_s=timeout_s
    )
    return {config.NORMAL_MODE: RunningMode.NORMAL, config.LISTENING_MODE: RunningMode.LISTENING}.get(
        reply.mode
    )


async def start_listening(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Put the device in listening mode, and wait until it is there, as far as its firmware tells."""
    clock = channel.clock
    deadline = clock.monotonic() + timeout_s
    await channel.request(RequestType.START_LISTENING, timeout_s=timeout_s)
    while (left := deadline - clock.monotonic()) > 0:
        try:
            if await running_mode(channel, timeout_s=left) is RunningMode.LISTENING:
                return
        except RequestFailed:
            return  # firmware that cannot tell
        await clock.sleep(_BETWEEN_LOOKS_S)
    raise RequestTimeout(
        f"{channel.device} does not enter listening mode.",
        next_step="Hold its MODE (or SETUP) button until it blinks blue.",
    )


async def stop_listening(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Ask the device to leave listening mode, which it then does by itself."""
    await channel.request(RequestType.STOP_LISTENING, timeout_s=timeout_s)
