"""Network settings of Gen 2 before Device OS 2.0.

Every function may raise what `ControlChannel.request` does; RequestFailed with NOT_SUPPORTED from any other
device. The functions of `network` are for devices of Gen 3 and later.
"""

from __future__ import annotations

from enum import Enum
from ipaddress import IPv4Address, IPv6Address, ip_address

from attrs import frozen

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.exchange import exchange, member
from particle_cli.domain.control.messages import common_pb2 as common
from particle_cli.domain.control.messages import network_old_pb2 as network
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S
from particle_cli.domain.errors import ProtocolError

Address = IPv4Address | IPv6Address


class NetworkState(Enum):
    """Whether an interface is up; the names are those of the messages."""

    NETWORK_STATUS_NONE = 0
    DOWN = 1
    UP = 2


class AddressKind(Enum):
    """Where the addresses come from; the names are those of the messages."""

    NONE = 0
    DHCP = 1
    STATIC = 2


@frozen
class NetworkSettings:
    """The settings of an interface, or how it stands with it; None and empty for what is not told.

    Attributes:
        interface: its number.
        state: whether it is up.
        name: its name.
        mac: its hardware address, six bytes.
        kind: where the addresses come from.
        address, netmask, gateway, dhcp_server: as far as told.
        hostname: what the device calls itself to the network.
        dns: the name servers.
    """

    interface: int
    state: NetworkState = NetworkState.NETWORK_STATUS_NONE
    name: str = ""
    mac: bytes = b""
    kind: AddressKind = AddressKind.NONE
    address: Address | None = None
    netmask: Address | None = None
    gateway: Address | None = None
    dhcp_server: Address | None = None
    hostname: str = ""
    dns: tuple[Address, ...] = ()


async def settings(
    channel: ControlChannel, interface: int, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> NetworkSettings:
    """Return the stored settings of an interface."""
    reply = await exchange(
        channel,
        RequestType.NETWORK_GET_CONFIGURATION,
        network.NetworkGetConfigurationReply,
        network.NetworkGetConfigurationRequest(interface=interface),
        timeout_s=timeout_s,
    )
    return _settings(channel, reply.config)


async def status(
    channel: ControlChannel, interface: int, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> NetworkSettings:
    """Return how it stands with an interface now."""
    reply = await exchange(
        channel,
        RequestType.NETWORK_GET_STATUS,
        network.NetworkGetStatusReply,
        network.NetworkGetStatusRequest(interface=interface),
        timeout_s=timeout_s,
    )
    return _settings(channel, reply.config)


async def set_settings(
    channel: ControlChannel, wanted: NetworkSettings, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> None:
    """Store settings for an interface."""
    request = network.NetworkSetConfigurationRequest(
        config=network.NetworkConfiguration(
            interface=wanted.interface,
            state=wanted.state.name,
            name=wanted.name,
            mac=wanted.mac,
            ipconfig=network.IPConfiguration(
                type=wanted.kind.name,
                address=_told(wanted.address),
                netmask=_told(wanted.netmask),
                gateway=_told(wanted.gateway),
                dhcp_server=_told(wanted.dhcp_server),
                hostname=wanted.hostname,
            ),
            dnsconfig=network.DNSConfiguration(servers=[_bytes(server) for server in wanted.dns]),
        )
    )
    await channel.request(
        RequestType.NETWORK_SET_CONFIGURATION, request.SerializeToString(), timeout_s=timeout_s
    )


def _settings(channel: ControlChannel, told: network.NetworkConfiguration) -> NetworkSettings:
    ip = told.ipconfig
    try:
        return NetworkSettings(
            interface=told.interface,
            state=member(NetworkState, told.state) or NetworkState.NETWORK_STATUS_NONE,
            name=told.name,
            mac=told.mac,
            kind=member(AddressKind, ip.type) or AddressKind.NONE,
            address=_address(ip.address),
            netmask=_address(ip.netmask),
            gateway=_address(ip.gateway),
            dhcp_server=_address(ip.dhcp_server),
            hostname=ip.hostname,
            dns=tuple(server for server in map(_address, told.dnsconfig.servers) if server),
        )
    except ValueError as fault:
        raise ProtocolError(f"{channel.device} tells an impossible address: {fault}") from fault


def _address(told: common.IPAddress) -> Address | None:
    """Return an address from its bytes in network order. Raises: ValueError for neither four nor sixteen."""
    return ip_address(told.address) if told.protocol != common.IPAddress.NONE else None


def _told(address: Address | None) -> common.IPAddress | None:
    return None if address is None else _bytes(address)


def _bytes(address: Address) -> common.IPAddress:
    protocol = common.IPAddress.IPv4 if address.version == 4 else common.IPAddress.IPv6
    return common.IPAddress(protocol=protocol, address=address.packed)
