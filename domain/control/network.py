"""The network interfaces of devices of Gen 3 and later.

Every function may raise what `ControlChannel.request` does.
"""

from __future__ import annotations

from enum import Enum, IntFlag
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface
from typing import Final

from attrs import frozen

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.exchange import exchange, member
from particle_cli.domain.control.messages import common_pb2 as common
from particle_cli.domain.control.messages import network_pb2 as network
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S
from particle_cli.domain.errors import DomainError, ProtocolError


class NoSuchInterface(DomainError):
    """The device has no network interface of that number."""

    code = "no_such_interface"


class InterfaceKind(Enum):
    """What an interface is; the values are the numbers that devices use."""

    LOOPBACK = 1
    THREAD = 2
    ETHERNET = 4
    WIFI = 8
    PPP = 16


class InterfaceFlag(IntFlag):
    """How it stands with an interface, as in <net/if.h>, with Device OS's numbers."""

    UP = 0x1
    BROADCAST = 0x2
    DEBUG = 0x4
    LOOPBACK = 0x8
    POINTOPOINT = 0x10
    LOWER_UP = 0x40
    """There is a link; the same bit as "running"."""
    NOARP = 0x80
    PROMISC = 0x100
    ALLMULTI = 0x200
    MULTICAST = 0x8000
    NOND6 = 0x10000


class AddressSource(Enum):
    """Where an interface has its addresses from; the values are the numbers that devices use."""

    DHCP = 1
    STATIC = 2
    SLAAC = 3
    DHCPV6 = 4


@frozen
class Interface:
    """An interface as it is listed.

    Attributes:
        index: its number, for `interface`.
        name: its name, e.g. `wl3`.
        kind: what it is; None for a kind that only newer firmware knows.
    """

    index: int
    name: str
    kind: InterfaceKind | None


@frozen
class Ipv4Settings:
    """The IPv4 side of an interface; None for what the device does not tell."""

    addresses: tuple[IPv4Interface, ...] = ()
    gateway: IPv4Address | None = None
    peer: IPv4Address | None = None
    dns: tuple[IPv4Address, ...] = ()
    source: AddressSource | None = None


@frozen
class Ipv6Settings:
    """The IPv6 side of an interface; None for what the device does not tell."""

    addresses: tuple[IPv6Interface, ...] = ()
    gateway: IPv6Address | None = None
    dns: tuple[IPv6Address, ...] = ()
    source: AddressSource | None = None


@frozen
class InterfaceDetails:
    """All that a device tells of an interface.

    Attributes:
        index, name, kind: as for Interface.
        flags: how it stands with it; may have bits that only newer firmware knows.
        ext_flags: Device OS's own flags, as a number.
        hardware_address: its MAC address, six or eight bytes, or none.
        mtu: bytes of the largest packet.
        metric: its weight when packets could take several ways.
        profile: the name of its stored settings; empty where there is none.
        ipv4, ipv6: its addresses.
    """

    index: int
    name: str
    kind: InterfaceKind | None
    flags: InterfaceFlag
    ext_flags: int
    hardware_address: bytes
    mtu: int
    metric: int
    profile: bytes
    ipv4: Ipv4Settings
    ipv6: Ipv6Settings

    @property
    def mac(self) -> str:
        """The hardware address as people write it, e.g. `01:23:45:67:89:ab`."""
        return self.hardware_address.hex(":")

    @property
    def flag_names(self) -> tuple[str, ...]:
        """The flags that are set and known, e.g. `UP`, `LOWER_UP`; the lowest bit first."""
        return tuple(flag.name for flag in InterfaceFlag if self.flags & flag and flag.name)


_PREFIXES: Final = {
    "lo": InterfaceKind.LOOPBACK,
    "th": InterfaceKind.THREAD,
    "en": InterfaceKind.ETHERNET,
    "wl": InterfaceKind.WIFI,
    "pp": InterfaceKind.PPP,
}


async def interfaces(
    channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> tuple[Interface, ...]:
    """Return the interfaces of the device, as it lists them."""
    reply = await exchange(
        channel, RequestType.NETWORK_GET_INTERFACE_LIST, network.GetInterfaceListReply, timeout_s=timeout_s
    )
    return tuple(Interface(one.index, one.name, _kind(one.type, one.name)) for one in reply.interfaces)


async def interface(
    channel: ControlChannel, index: int, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> InterfaceDetails:
    """Return what the device tells of one interface; Device OS up to 6.2 tells only the addresses of IP.

    Raises: NoSuchInterface.
    """
    reply = await exchange(
        channel,
        RequestType.NETWORK_GET_INTERFACE,
        network.GetInterfaceReply,
        network.GetInterfaceRequest(index=index),
        timeout_s=timeout_s,
    )
    if not reply.HasField("interface"):
        raise NoSuchInterface(f"{channel.device} has no network interface {index}.")
    told = reply.interface
    try:
        return InterfaceDetails(
            index=told.index,
            name=told.name,
            kind=_kind(told.type, told.name),
            flags=InterfaceFlag(told.flags),
            ext_flags=told.ext_flags,
            hardware_address=told.hw_address,
            mtu=told.mtu,
            metric=told.metric,
            profile=told.profile,
            ipv4=_ipv4(told.ipv4_config),
            ipv6=_ipv6(told.ipv6_config),
        )
    except ValueError as fault:
        raise ProtocolError(
            f"{channel.device} tells an impossible address of interface {index}: {fault}"
        ) from fault


def _kind(number: int, name: str) -> InterfaceKind | None:
    """Return the kind by its number, or by the name's prefix where the device tells no number."""
    if not number:
        return _PREFIXES.get(name[:2])
    return member(InterfaceKind, number)


def _ipv4(told: network.Ipv4Config) -> Ipv4Settings:
    return Ipv4Settings(
        addresses=tuple(IPv4Interface((one.address.v4.address, one.prefix_length)) for one in told.addresses),
        gateway=IPv4Address(told.gateway.address) if told.HasField("gateway") else None,
        peer=IPv4Address(told.peer.address) if told.HasField("peer") else None,
        dns=tuple(IPv4Address(one.address) for one in told.dns),
        source=member(AddressSource, told.source),
    )


def _ipv6(told: network.Ipv6Config) -> Ipv6Settings:
    return Ipv6Settings(
        addresses=tuple(
            IPv6Interface((_packed(one.address.v6), one.prefix_length)) for one in told.addresses
        ),
        gateway=IPv6Address(_packed(told.gateway)) if told.HasField("gateway") else None,
        dns=tuple(IPv6Address(_packed(one)) for one in told.dns),
        source=member(AddressSource, told.source),
    )


def _packed(told: common.Ipv6Address) -> bytes:
    """Return the sixteen bytes of an address; all zero where the device leaves them out, as protobuf does."""
    return told.address or bytes(16)
