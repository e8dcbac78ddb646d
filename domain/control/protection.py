"""Device Protection, as running firmware tells of it, and the way into service mode and out of it.

A protected device goes into service mode when the server that it trusts says so. Device and server prove to
each other who they are: each chooses a number (nonce) and signs both, the device in answer to `prepare`, the
server for `confirm`. What the host carries between them is no secret, and good for once.

Every function may raise what `ControlChannel.request` does.
"""

from __future__ import annotations

from typing import Final

from attrs import frozen

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.errors import RequestFailed, RequestInvalid
from particle_cli.domain.control.exchange import exchange
from particle_cli.domain.control.messages import config_pb2 as config
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S
from particle_cli.domain.control.result_codes import ResultCode

NONCE_SIZE: Final = 32
_END: Final = b"\x08\x00"
"""A SetProtectedStateRequest with the action RESET spelt out, as hosts have always sent it."""


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


@frozen
class Preparation:
    """What a device answers to the number that the server chose.

    Attributes:
        device_nonce: the number that the device chose, 32 bytes.
        device_signature: its signature over both numbers and its id, ECDSA in DER.
        device_public_key_fingerprint: SHA-256 of its public key in DER.
    """

    device_nonce: bytes
    device_signature: bytes
    device_public_key_fingerprint: bytes


async def prepare(
    channel: ControlChannel, server_nonce: bytes, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> Preparation | None:
    """Begin to put a device into service mode; `confirm` has to follow within a minute.

    Args:
        channel: the device.
        server_nonce: the number that the server chose, 32 bytes.
        timeout_s: bound on the whole of it.

    Returns: what the server wants to see, or None where the device is not protected.
    Raises: RequestInvalid for a number of another size.
    """
    if len(server_nonce) != NONCE_SIZE:
        raise RequestInvalid(f"The server's nonce has {len(server_nonce)} bytes, not {NONCE_SIZE}.")
    reply = await exchange(
        channel,
        RequestType.SET_PROTECTED_STATE,
        config.SetProtectedStateReply,
        config.SetProtectedStateRequest(
            action=config.SetProtectedStateRequest.PREPARE,
            prepare=config.SetProtectedStateRequest.Prepare(server_nonce=server_nonce),
        ),
        timeout_s=timeout_s,
    )
    if not reply.HasField("prepare"):
        return None
    told = reply.prepare
    return Preparation(told.device_nonce, told.device_signature, told.device_public_key_fingerprint)


async def confirm(
    channel: ControlChannel,
    server_signature: bytes,
    server_public_key_fingerprint: bytes,
    *,
    timeout_s: float = DEFAULT_TIMEOUT_S,
) -> None:
    """Put a device into service mode, for 20 resets or 24 hours.

    Args:
        channel: the device, after `prepare`.
        server_signature: the server's signature over both numbers, the device's id and its key; ECDSA in DER.
        server_public_key_fingerprint: SHA-256 of the server's public key in DER.
        timeout_s: bound on the whole of it.

    Raises: RequestFailed with INVALID_STATE without `prepare`, TIMEOUT a minute after it, KEY_MISMATCH for
    another server than the device's own, INVALID_SIGNATURE.
    """
    request = config.SetProtectedStateRequest(
        action=config.SetProtectedStateRequest.CONFIRM,
        confirm=config.SetProtectedStateRequest.Confirm(
            server_signature=server_signature, server_public_key_fingerprint=server_public_key_fingerprint
        ),
    )
    await channel.request(RequestType.SET_PROTECTED_STATE, request.SerializeToString(), timeout_s=timeout_s)


async def end_service_mode(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Put a protected device out of service mode."""
    await channel.request(RequestType.SET_PROTECTED_STATE, _END, timeout_s=timeout_s)
