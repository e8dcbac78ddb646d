"""Making a device somebody's own. Every function may raise what `ControlChannel.request` does."""

from __future__ import annotations

from typing import Final

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.errors import RequestInvalid
from particle_cli.domain.control.exchange import exchange
from particle_cli.domain.control.messages import config_pb2 as config
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S

CLAIM_CODE_SIZE: Final = 63


async def set_claim_code(channel: ControlChannel, code: str, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Give the device the code that it shows to the cloud, and so comes to belong to who asked for the code.

    Raises: RequestInvalid, before anything is sent, for what is no claim code.
    """
    if len(code) != CLAIM_CODE_SIZE or not code.isascii():
        raise RequestInvalid(
            f"A claim code has {CLAIM_CODE_SIZE} characters; this has {len(code)}.",
            next_step="Get a new claim code from the cloud.",
        )
    request = config.SetClaimCodeRequest(code=code)
    await channel.request(
        RequestType.SET_CLAIM_CODE, request.SerializeToString(), timeout_s=timeout_s, secret=True
    )


async def is_claimed(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> bool:
    """Return whether the device belongs to somebody, as far as it knows."""
    reply = await exchange(channel, RequestType.IS_CLAIMED, config.IsClaimedReply, timeout_s=timeout_s)
    return reply.claimed
