"""Which server a Gen 2 device with Device OS before 3.0 talks to, and how.

Later devices answer NOT_SUPPORTED; their server is set in DFU mode. Every function may raise what
`ControlChannel.request` does.
"""

from __future__ import annotations

from enum import Enum

from attrs import frozen

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.exchange import exchange, member
from particle_cli.domain.control.messages import config_pb2 as config
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S


class ServerProtocol(Enum):
    """How the device talks to the cloud; the values are the numbers that devices use."""

    TCP = 1
    UDP = 2


@frozen
class ServerAddress:
    """Where the server is.

    Attributes:
        host: a name or an IP address, at most 64 characters.
        port: 1 to 65535.
    """

    host: str
    port: int


async def server_protocol(
    channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> ServerProtocol | None:
    """Return the protocol, or None for one that is not known here."""
    reply = await exchange(
        channel, RequestType.GET_SERVER_PROTOCOL, config.GetServerProtocolReply, timeout_s=timeout_s
    )
    return member(ServerProtocol, reply.protocol)


async def set_server_protocol(
    channel: ControlChannel, protocol: ServerProtocol, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> None:
    """Use another protocol."""
    request = config.SetServerProtocolRequest(protocol=_number(protocol))
    await channel.request(RequestType.SET_SERVER_PROTOCOL, request.SerializeToString(), timeout_s=timeout_s)


async def server_address(
    channel: ControlChannel, protocol: ServerProtocol, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> ServerAddress:
    """Return the address of the server for a protocol."""
    reply = await exchange(
        channel,
        RequestType.GET_SERVER_ADDRESS,
        config.GetServerAddressReply,
        config.GetServerAddressRequest(protocol=_number(protocol)),
        timeout_s=timeout_s,
    )
    return ServerAddress(reply.address, reply.port)


async def set_server_address(
    channel: ControlChannel,
    protocol: ServerProtocol,
    address: ServerAddress,
    *,
    timeout_s: float = DEFAULT_TIMEOUT_S,
) -> None:
    """Store the address of the server for a protocol."""
    request = config.SetServerAddressRequest(
        protocol=_number(protocol), address=address.host, port=address.port
    )
    await channel.request(RequestType.SET_SERVER_ADDRESS, request.SerializeToString(), timeout_s=timeout_s)


def _number(protocol: ServerProtocol) -> config.ServerProtocolType:
    return config.TCP_PROTOCOL if protocol is ServerProtocol.TCP else config.UDP_PROTOCOL
