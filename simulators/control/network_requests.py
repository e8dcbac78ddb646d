"""Network interfaces, on Gen 3 and later (Device OS system/src/control/network.cpp)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from particle_cli.domain.control.messages import common_pb2
from particle_cli.domain.control.messages import network_pb2 as pb
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import NEVER, Entry, decoded, reply
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.network.interfaces import Address, Interface, InterfaceKind
from particle_cli.simulators.system.system import System

_NO_SUCH_INTERFACE: Final = -1
"""What if_get_by_index returns and the handler hands on as it is, though no system error has that number."""
_IPV4_SIZE: Final = 4

_TYPES: Final = {
    InterfaceKind.LOOPBACK: pb.LOOPBACK,
    InterfaceKind.ETHERNET: pb.ETHERNET,
    InterfaceKind.WIFI: pb.WIFI,
    InterfaceKind.PPP: pb.PPP,
}


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group."""

    def interface_list(payload: bytes) -> Outcome:
        found = [
            pb.InterfaceEntry(index=one.index, name=one.name, type=_TYPES[one.kind])
            for one in system.network.interfaces
        ]
        return reply(pb.GetInterfaceListReply(interfaces=found))

    def interface(payload: bytes) -> Outcome:
        index = decoded(pb.GetInterfaceRequest, payload).index
        found = next((one for one in system.network.interfaces if one.index == index), None)
        if found is None:
            raise RequestFailed(_NO_SUCH_INTERFACE)
        return reply(pb.GetInterfaceReply(interface=_details(found)))

    return {
        RequestType.NETWORK_GET_INTERFACE_LIST: Entry(interface_list, gen2=NEVER),
        RequestType.NETWORK_GET_INTERFACE: Entry(interface, gen2=NEVER),
    }


def _details(interface: Interface) -> pb.Interface:
    """Return an interface with its addresses; gateway, name servers and their source stay empty."""
    details = pb.Interface(
        index=interface.index,
        name=interface.name,
        type=_TYPES[interface.kind],
        flags=interface.flags.value,
        ext_flags=interface.extended_flags.value,
        hw_address=interface.mac,
        mtu=interface.mtu,
    )
    for address in interface.addresses:
        config = details.ipv4_config if len(address.value) == _IPV4_SIZE else details.ipv6_config
        config.addresses.append(_address(address))
    return details


def _address(address: Address) -> pb.InterfaceAddress:
    if len(address.value) == _IPV4_SIZE:
        number = int.from_bytes(address.value)
        ip = common_pb2.IpAddress(v4=common_pb2.Ipv4Address(address=number))
    else:
        ip = common_pb2.IpAddress(v6=common_pb2.Ipv6Address(address=address.value))
    return pb.InterfaceAddress(address=ip, prefix_length=address.prefix_length)
