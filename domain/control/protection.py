"""Device Protection, as running firmware tells of it.

Every function may raise what `ControlChannel.request` does.
"""

from __future__ import annotations

from attrs import frozen

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.errors import RequestFailed
from particle_cli.domain.control.exchange import exchange
from particle_cli.domain.control.messages import config_pb2 as config
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S
from particle_cli.domain.control.result_codes import ResultCode


@frozen
class ProtectedState:
    """Whether protection restricts what is allowed now, and whether it does not only for a while.

    Attributes:
        enforced: the device is protected.
        overridden: the device is a protected one in service mode.
    """

    enforced: bool
    overridden: bool


async def protected_state(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> ProtectedState:
    """Return how it stands with protection; firmware that does not know of it is open."""
    try:
        reply = await exchange(
            channel, RequestType.GET_PROTECTED_STATE, config.GetProtectedStateReply, timeout_s=timeout_s
        )
    except RequestFailed as failed:
        if failed.result != ResultCode.NOT_SUPPORTED:
            raise
        return ProtectedState(enforced=False, overridden=False)
    return ProtectedState(reply.state, reply.overridden)


async def end_service_mode(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Put a protected device out of service mode."""
    request = config.SetProtectedStateRequest(action=config.SetProtectedStateRequest.RESET)
    await exchange(
        channel,
        RequestType.SET_PROTECTED_STATE,
        config.SetProtectedStateReply,
        request,
        timeout_s=timeout_s,
    )
