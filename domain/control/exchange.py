"""A request and its reply as protobuf messages."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, TypeVar, cast

from google.protobuf.message import DecodeError, Message

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S
from particle_cli.domain.errors import ProtocolError

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor

Reply = TypeVar("Reply", bound=Message)
Member = TypeVar("Member", bound=Enum)


async def exchange(
    channel: ControlChannel,
    kind: RequestType,
    reply: type[Reply],
    request: Message | None = None,
    *,
    timeout_s: float = DEFAULT_TIMEOUT_S,
    secret: bool = False,
) -> Reply:
    """Make a request and return the reply as a message.

    Args:
        channel: where.
        kind: the request's type.
        reply: the class of the reply.
        request: the request's message; None for one without fields.
        timeout_s: bound on the whole of it.
        secret: whether request or reply holds passwords or keys.

    Raises: as `ControlChannel.request`.
    """
    payload = request.SerializeToString() if request else b""
    data = await channel.request(kind, payload, timeout_s=timeout_s, secret=secret)
    return parsed(channel, kind, reply, data)


def parsed(channel: ControlChannel, kind: RequestType, reply: type[Reply], data: bytes) -> Reply:
    """Return a reply as a message; what is no UTF-8 in its text is replaced.

    Args:
        channel: where it came from.
        kind: the request's type.
        reply: the class of the reply.
        data: its bytes.

    Raises: ProtocolError.
    """
    try:
        return _message(reply, data)
    except DecodeError as damage:
        raise ProtocolError(
            f"{channel.device}: {RequestType.Name(kind)} was answered with what is no {reply.__name__}."
        ) from damage


def _message(reply: type[Reply], data: bytes) -> Reply:
    message = reply()
    try:
        message.ParseFromString(data)
    except DecodeError:
        from particle_cli.domain.control.text_repair import with_valid_text  # hardly ever needed

        message = reply()
        message.ParseFromString(with_valid_text(data, cast("Descriptor", reply.DESCRIPTOR)))
    return message


def member(kind: type[Member], number: int) -> Member | None:
    """Return the member of an enumeration by its number; None for one that only newer firmware knows."""
    try:
        return kind(number)
    except ValueError:
        return None
