"""The environment variables of a device (Device OS 6.4).

Every function may raise what `ControlChannel.request` does; RequestFailed with NOT_SUPPORTED from Device OS
before 6.4.
"""

from __future__ import annotations

from attrs import field, frozen

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.exchange import exchange
from particle_cli.domain.control.messages import config_pb2 as config
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S


@frozen
class Variable:
    """An environment variable.

    Attributes:
        name: its name.
        value: its value, which may be a secret.
        is_app: whether the application brought it along; otherwise it is from the cloud.
    """

    name: str
    value: str = field(repr=False)
    is_app: bool


@frozen
class Environment:
    """The environment variables of a device.

    Attributes:
        vars: the variables, in the order in which the device tells them.
        snapshot: hash of what came from the cloud, or None where nothing did.
    """

    vars: tuple[Variable, ...]
    snapshot: bytes | None


async def environment(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> Environment:
    """Return the variables that are in force on the device."""
    reply = await exchange(channel, RequestType.GET_ENV, config.GetEnvReply, timeout_s=timeout_s, secret=True)
    return Environment(
        tuple(Variable(one.name, one.value, one.is_app) for one in reply.vars),
        reply.snapshot_hash if reply.HasField("snapshot_hash") else None,
    )


async def clear(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> bool:
    """Have the device forget the variables from the cloud; return whether it has to be reset for that."""
    reply = await exchange(channel, RequestType.CLEAR_ENV, config.ClearEnvReply, timeout_s=timeout_s)
    return reply.need_reset
