"""Network interfaces: names, flags and addresses, the usual and the odd ones."""

from __future__ import annotations

from ipaddress import IPv4Interface, IPv6Address, IPv6Interface

import pytest
from tests.domain.control.running_boron import answered, channel_to

from particle_cli.domain.control import network, network_legacy
from particle_cli.domain.control.network import (
    AddressSource,
    Interface,
    InterfaceFlag,
    InterfaceKind,
    NoSuchInterface,
)
from particle_cli.domain.errors import ProtocolError

LINK_LOCAL = "fe80" + "00" * 13 + "01"


def wrapped(body: str) -> str:
    """A GetInterfaceReply around the bytes of an interface."""
    return f"0a{len(bytes.fromhex(body)):02x}{body}"


async def details(body: str) -> network.InterfaceDetails:
    channel, _ = channel_to(answered(401, "0804", wrapped(body)))
    return await network.interface(channel, 4)


async def test_a_kind_that_is_told_counts_more_than_the_name() -> None:
    channel, _ = channel_to(answered(400, reply="0a07 0802 1203 656e32 0a09 0803 1203 776c33 1804"))
    assert await network.interfaces(channel) == (
        Interface(2, "en2", InterfaceKind.ETHERNET),
        Interface(3, "wl3", InterfaceKind.ETHERNET),
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("lo0", InterfaceKind.LOOPBACK),
        ("th1", InterfaceKind.THREAD),
        ("en2", InterfaceKind.ETHERNET),
        ("wl3", InterfaceKind.WIFI),
        ("pp4", InterfaceKind.PPP),
        ("xx5", None),
        ("", None),
    ],
)
async def test_names(name: str, kind: InterfaceKind | None) -> None:
    told = f"12{len(name):02x}{name.encode().hex()}"
    assert (await details(told)).kind is kind


async def test_a_kind_that_only_newer_firmware_knows() -> None:
    assert (await details("1203776c33 1840")).kind is None


@pytest.mark.parametrize(
    ("flags", "names"),
    [
        ("20c38002", ("UP", "BROADCAST", "LOWER_UP", "MULTICAST")),
        ("20c38006", ("UP", "BROADCAST", "LOWER_UP", "MULTICAST", "NOND6")),
        ("2049", ("UP", "LOOPBACK", "LOWER_UP")),
        ("2051", ("UP", "POINTOPOINT", "LOWER_UP")),
        ("20848000", ("DEBUG",)),
        ("20808020", ()),
        ("", ()),
    ],
)
async def test_flags(flags: str, names: tuple[str, ...]) -> None:
    assert (await details(flags)).flag_names == names


async def test_the_link_and_running_are_one_flag() -> None:
    assert InterfaceFlag(0x8043) & InterfaceFlag.LOWER_UP
    assert InterfaceFlag(0x40) is InterfaceFlag.LOWER_UP


async def test_the_address_of_the_hardware() -> None:
    assert (await details("42060123456789ab")).mac == "01:23:45:67:89:ab"
    assert (await details("")).mac == ""


async def test_ipv6() -> None:
    told = await details(f"3a32 0a18 0a14 1212 0a10 {LINK_LOCAL} 1040 1212 0a10 {LINK_LOCAL} 1803 2200")
    assert told.ipv6.addresses == (IPv6Interface("fe80::1/64"),)
    assert told.ipv6.dns == (IPv6Address("fe80::1"),)
    assert told.ipv6.source is AddressSource.SLAAC
    assert told.ipv6.gateway == IPv6Address("::")


async def test_an_address_with_its_netmask() -> None:
    told = await details("320d 0a0b 0a07 0a05 0d6401a8c0 1018")
    assert told.ipv4.addresses == (IPv4Interface("192.168.1.100/24"),)
    assert str(told.ipv4.addresses[0].netmask) == "255.255.255.0"
    assert (told.ipv4.gateway, told.ipv4.peer, told.ipv4.source) == (None, None, None)


@pytest.mark.parametrize(
    "body",
    [
        "320d 0a0b 0a07 0a05 0d6401a8c0 1021",  # /33
        "3a0b 0a09 0a05 1203 0a01aa 1040",  # an IPv6 address of one byte
        "3a09 1207 0a05 0102030405",
    ],
)
async def test_impossible_addresses(body: str) -> None:
    with pytest.raises(ProtocolError, match="impossible address"):
        await details(body)


async def test_an_interface_that_there_is_not() -> None:
    channel, _ = channel_to(answered(401, "0809"))
    with pytest.raises(NoSuchInterface, match="no network interface 9"):
        await network.interface(channel, 9)


async def test_an_impossible_address_of_an_old_device() -> None:
    channel, _ = channel_to(answered(122, "0801", "0a09 2a07 1205 0801 1201 aa"))
    with pytest.raises(ProtocolError, match="impossible address"):
        await network_legacy.status(channel, 1)
