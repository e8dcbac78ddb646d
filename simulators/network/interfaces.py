"""The network interfaces as the device's TCP/IP stack has them.

Source: Device OS hal/network/lwip and hal/src/*/network: the order of creation gives the numbers, and a place
is kept for an interface that is not there (OpenThread, a W5500 that was not found).
"""

from __future__ import annotations

from enum import Enum, IntFlag
from typing import Final

from attrs import frozen

from particle_cli.domain.platforms.values import Platform
from particle_cli.simulators.network.ethernet import EthernetPort
from particle_cli.simulators.network.modem import Modem
from particle_cli.simulators.network.wifi import WifiRadio

MTU: Final = 1500
FIRST_NUMBER: Final = 1
_ETHERNET_NUMBER, _FIRST_RADIO_NUMBER = 3, 4


class InterfaceKind(Enum):
    """What an interface leads to."""

    LOOPBACK = "loopback"
    ETHERNET = "ethernet"
    WIFI = "wifi"
    PPP = "ppp"


class Flag(IntFlag):
    """What an interface is and does (Device OS ifapi.h, IFF_*)."""

    NONE = 0
    UP = 0x1
    BROADCAST = 0x2
    LOOPBACK = 0x8
    POINT_TO_POINT = 0x10
    LOWER_UP = 0x40
    MULTICAST = 0x8000


class ExtendedFlag(IntFlag):
    """How an interface gets its addresses (IFXF_*)."""

    NONE = 0
    DHCP = 0x10000


@frozen
class Address:
    """An address of an interface: 4 or 16 bytes, and how many of their bits name the network."""

    value: bytes
    prefix_length: int


@frozen
class Interface:
    """A network interface.

    Attributes:
        index: its number.
        name: letters for its kind, and the number less one.
        kind: what it leads to.
        flags, extended_flags: its state.
        mtu: of packets, bytes.
        mac: its address, 6 bytes; empty where it has none.
        addresses: those of the Internet protocols, while it is connected.
    """

    index: int
    name: str
    kind: InterfaceKind
    flags: Flag
    extended_flags: ExtendedFlag = ExtendedFlag.NONE
    mtu: int = MTU
    mac: bytes = b""
    addresses: tuple[Address, ...] = ()

    @property
    def linked(self) -> bool:
        """Whether it is connected."""
        return Flag.LOWER_UP in self.flags


def interfaces(
    platform: Platform,
    *,
    wifi: WifiRadio | None,
    modem: Modem | None,
    ethernet: EthernetPort | None,
    up: bool,
    host_number: int,
) -> tuple[Interface, ...]:
    """Return the interfaces of a device.

    Args:
        platform: its kind.
        wifi: its Wi-Fi radio.
        modem: its modem.
        ethernet: its Ethernet port.
        up: whether its firmware wants to be connected.
        host_number: last byte of the IPv4 addresses that routers give to it.
    """
    if platform.generation is None or platform.generation < 3:
        return ()  # their TCP/IP stack knows one network, without a number
    found = [_loopback()]
    lan = Address(lan_address(host_number), 24)
    if ethernet and ethernet.found:
        found.append(
            _with_mac(_ETHERNET_NUMBER, "en", InterfaceKind.ETHERNET, ethernet.mac, up, ethernet.linked, lan)
        )
    number = _FIRST_RADIO_NUMBER
    if modem:
        found.append(_ppp(number, up, modem.attached, Address(mobile_address(host_number), 32)))
        number += 1
    if wifi:
        linked = wifi.current is not None
        found.append(_with_mac(number, "wl", InterfaceKind.WIFI, wifi.mac, up or linked, linked, lan))
    return tuple(found)


def lan_address(host_number: int) -> bytes:
    """Return the IPv4 address that a device gets by Wi-Fi or Ethernet."""
    return bytes((192, 168, 1, host_number))


def mobile_address(host_number: int) -> bytes:
    """Return the IPv4 address that a device gets by its modem."""
    return bytes((10, 64, 1, host_number))


def _name(letters: str, number: int) -> str:
    return f"{letters}{number - 1}"


def _loopback() -> Interface:
    own = (Address(bytes((127, 0, 0, 1)), 8), Address(bytes(15) + b"\x01", 128))
    flags = Flag.UP | Flag.LOOPBACK | Flag.LOWER_UP | Flag.MULTICAST
    return Interface(FIRST_NUMBER, "lo0", InterfaceKind.LOOPBACK, flags, mtu=0, addresses=own)


def _ppp(number: int, up: bool, linked: bool, address: Address) -> Interface:
    flags = Flag.POINT_TO_POINT | _state(up, linked)
    name = _name("pp", number)
    return Interface(number, name, InterfaceKind.PPP, flags, addresses=(address,) if linked else ())


def _with_mac(
    number: int, letters: str, kind: InterfaceKind, mac: bytes, up: bool, linked: bool, lan: Address
) -> Interface:
    return Interface(
        number,
        _name(letters, number),
        kind,
        Flag.BROADCAST | Flag.MULTICAST | _state(up, linked),
        ExtendedFlag.DHCP,
        mac=mac,
        addresses=(lan, _link_local(mac)) if linked else (),
    )


def _state(up: bool, linked: bool) -> Flag:
    return (Flag.UP if up else Flag.NONE) | (Flag.LOWER_UP if linked else Flag.NONE)


def _link_local(mac: bytes) -> Address:
    """Return the IPv6 address that an interface gives itself (RFC 4291, appendix A)."""
    identifier = bytes((mac[0] ^ 0x02,)) + mac[1:3] + b"\xff\xfe" + mac[3:]
    return Address(bytes.fromhex("fe80000000000000") + identifier, 64)
