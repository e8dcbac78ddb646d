"""How a device starts for the first time, and the next time.

Every function may raise what `ControlChannel.request` does.
"""

from __future__ import annotations

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.exchange import exchange
from particle_cli.domain.control.messages import config_pb2 as config
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.modes import RunningMode
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S


async def set_setup_done(
    channel: ControlChannel, done: bool, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> None:
    """Mark a Gen 3 device as set up, or as not set up, so that it begins in listening mode.

    Device OS 4.0 and later has no such mark: done is always true there, and anything else NOT_SUPPORTED.
    """
    request = config.SetDeviceSetupDoneRequest(done=done)
    # Spelt out also where it is the default, as hosts have always sent it: without bytes there is no message.
    payload = request.SerializeToString() or b"\x08\x00"
    await channel.request(RequestType.SET_DEVICE_SETUP_DONE, payload, timeout_s=timeout_s)


async def is_setup_done(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> bool:
    """Return whether the device is marked as set up."""
    reply = await exchange(
        channel, RequestType.IS_DEVICE_SETUP_DONE, config.IsDeviceSetupDoneReply, timeout_s=timeout_s
    )
    return reply.done


async def set_startup_mode(
    channel: ControlChannel, mode: RunningMode, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> None:
    """Have the device begin in a mode the next time that it starts, and only then."""
    number = config.LISTENING_MODE if mode is RunningMode.LISTENING else config.NORMAL_MODE
    request = config.SetStartupModeRequest(mode=number)
    await channel.request(RequestType.SET_STARTUP_MODE, request.SerializeToString(), timeout_s=timeout_s)


async def set_soft_ap_name(
    channel: ControlChannel, prefix: str, suffix: str, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> None:
    """Name the network that a Photon or P1 opens in listening mode (Device OS before 3.0).

    Args:
        channel: the device.
        prefix: what comes before the hyphen, at most 25 characters so that the whole is a name.
        suffix: what comes after it.
        timeout_s: bound on the whole of it.
    """
    request = config.SetSoftApSsidRequest(prefix=prefix, suffix=suffix)
    await channel.request(RequestType.SET_SOFTAP_SSID, request.SerializeToString(), timeout_s=timeout_s)
