"""Control requests for network interfaces, and their forebears on Gen 2."""

from __future__ import annotations

import pytest
from tests.simulators.conftest import NewHost
from tests.simulators.talk import BORON, Host

from particle_cli.domain.control.messages import common_pb2
from particle_cli.domain.control.messages import network_old_pb2 as old_pb
from particle_cli.domain.control.messages import network_pb2 as pb

PHOTON, ELECTRON, ARGON, XENON, P2, MSOM = 6, 10, 12, 14, 32, 35
INTERFACE_LIST, INTERFACE = 400, 401
SET_CONFIGURATION, CONFIGURATION, STATUS = 120, 121, 122
NOT_SUPPORTED, BAD_DATA = -120, -280
OLD = "1.5.2"
FIRST = b"\x08\x01"


@pytest.mark.parametrize(
    ("platform_id", "interfaces"),
    [
        (ARGON, "0a09080112036c6f301801 0a0908041203776c331808"),
        (P2, "0a09080112036c6f301801 0a0908041203776c331808"),
        (BORON, "0a09080112036c6f301801 0a09080412037070331810"),
        (MSOM, "0a09080112036c6f301801 0a09080412037070331810 0a0908051203776c341808"),
        (XENON, "0a09080112036c6f301801 0a0908031203656e321804"),
    ],
)
def test_the_interfaces_of_each_family(new_host: NewHost, platform_id: int, interfaces: str) -> None:
    assert new_host(platform_id).request(INTERFACE_LIST) == (0, bytes.fromhex(interfaces))


def interface(host: Host, index: int) -> pb.Interface:
    result, reply = host.request(INTERFACE, bytes((8, index)))
    assert result == 0
    return pb.GetInterfaceReply.FromString(reply).interface


def test_wifi_in_detail(new_host: NewHost) -> None:
    host = new_host(P2)
    found = interface(host, 4)
    assert (found.index, found.name, found.type, found.mtu, found.metric) == (4, "wl3", pb.WIFI, 1500, 0)
    assert (found.flags, found.ext_flags) == (0x8043, 0x10000)
    assert found.hw_address.hex() == host.device.id[-12:]  # an RTL872x carries it in its id
    (address,) = found.ipv4_config.addresses
    assert (address.address.v4.address >> 8, address.prefix_length) == (0xC0A801, 24)
    (address6,) = found.ipv6_config.addresses
    assert address6.address.v6.address.hex().startswith("fe80000000000000")
    assert address6.prefix_length == 64
    assert not found.ipv4_config.HasField("gateway")  # the firmware leaves these empty
    assert not found.ipv4_config.dns
    assert found.ipv4_config.source == pb.NONE


def test_an_interface_without_a_link_has_no_addresses(new_host: NewHost) -> None:
    host = new_host(P2)
    host.device.connection.network = False
    found = interface(host, 4)
    assert found.flags == pb.IFF_UP | pb.IFF_BROADCAST | pb.IFF_MULTICAST
    assert not found.HasField("ipv4_config")
    assert len(found.hw_address) == 6


def test_in_listening_mode_interfaces_are_down(new_host: NewHost) -> None:
    host = new_host(P2)
    host.device.listen(True)
    assert interface(host, 4).flags == pb.IFF_BROADCAST | pb.IFF_MULTICAST


def test_a_modem_has_an_address_of_its_own_and_no_hardware_address(boron: Host) -> None:
    found = interface(boron, 4)
    assert (found.type, found.hw_address, found.flags) == (pb.PPP, b"", 0x51)
    assert found.ipv4_config.addresses[0].prefix_length == 32


def test_the_loopback_interface(boron: Host) -> None:
    found = interface(boron, 1)
    assert (found.name, found.type, found.flags) == ("lo0", pb.LOOPBACK, 0x8049)
    assert found.ipv4_config.addresses[0].address.v4.address == 0x7F000001


def test_an_interface_that_there_is_not(boron: Host) -> None:
    assert boron.request(INTERFACE, b"\x08\x03") == (-1, b"")
    assert boron.request(INTERFACE) == (-1, b"")
    assert boron.request(INTERFACE, b"\x08") == (BAD_DATA, b"")


def test_an_ethernet_controller_is_looked_for_when_the_feature_is_on(boron: Host) -> None:
    port = boron.device.network.ethernet
    assert port
    port.fitted = port.plugged = True
    assert boron.request(33, b"\x08\x01\x10\x01") == (0, b"")
    names = [one.name for one in pb.GetInterfaceListReply.FromString(boron.request(400)[1]).interfaces]
    assert names == ["lo0", "pp3"]
    boron.request(40)
    boron.settle()
    names = [one.name for one in pb.GetInterfaceListReply.FromString(boron.request(400)[1]).interfaces]
    assert names == ["lo0", "en2", "pp3"]
    assert interface(boron, 3).hw_address == port.mac


@pytest.mark.parametrize("kind", [INTERFACE_LIST, INTERFACE])
@pytest.mark.parametrize("platform_id", [PHOTON, ELECTRON])
def test_gen_2_does_not_know_interfaces(new_host: NewHost, platform_id: int, kind: int) -> None:
    assert new_host(platform_id).request(kind) == (NOT_SUPPORTED, b"")


# Gen 2 before Device OS 2.0


def configuration(host: Host, kind: int) -> old_pb.NetworkConfiguration:
    result, reply = host.request(kind, FIRST)
    assert result == 0
    return old_pb.NetworkGetStatusReply.FromString(reply).config


def ipv4(*numbers: int) -> common_pb2.IPAddress:
    return common_pb2.IPAddress(protocol=common_pb2.IPAddress.IPv4, address=bytes(numbers))


def test_the_state_of_a_photons_network(new_host: NewHost) -> None:
    host = new_host(PHOTON, release=OLD)
    assert configuration(host, CONFIGURATION).ipconfig.type == old_pb.IPConfiguration.DHCP
    status = configuration(host, STATUS)
    assert (status.interface, status.state, status.mac) == (1, old_pb.UP, host.device.network.mac)
    assert status.ipconfig.address.address.startswith(bytes((192, 168, 1)))
    assert status.ipconfig.netmask == ipv4(255, 255, 255, 0)
    assert status.ipconfig.gateway == status.ipconfig.dhcp_server == ipv4(192, 168, 1, 1)
    host.device.listen(True)
    status = configuration(host, STATUS)
    assert (status.state, status.mac, status.ipconfig.HasField("address")) == (old_pb.DOWN, b"", False)


def test_an_address_of_its_own_choice(new_host: NewHost) -> None:
    host = new_host(PHOTON, release=OLD)
    request = old_pb.NetworkSetConfigurationRequest()
    told = request.config
    told.interface, told.ipconfig.hostname = 1, "lamp"
    told.ipconfig.type = old_pb.IPConfiguration.STATIC
    told.ipconfig.address.CopyFrom(ipv4(10, 0, 0, 7))
    told.ipconfig.netmask.CopyFrom(ipv4(255, 0, 0, 0))
    told.dnsconfig.servers.append(ipv4(10, 0, 0, 1))
    assert host.request(SET_CONFIGURATION, request.SerializeToString()) == (0, b"")
    kept = configuration(host, CONFIGURATION)
    assert (kept.ipconfig.type, kept.ipconfig.hostname) == (old_pb.IPConfiguration.STATIC, "lamp")
    assert kept.ipconfig.address == ipv4(10, 0, 0, 7)
    assert list(kept.dnsconfig.servers) == [ipv4(10, 0, 0, 1)]
    assert configuration(host, STATUS).ipconfig.address == ipv4(10, 0, 0, 7)

    told.dnsconfig.servers.extend([ipv4(10, 0, 0, 2), ipv4(10, 0, 0, 3)])
    assert host.request(SET_CONFIGURATION, request.SerializeToString()) == (BAD_DATA, b"")
    told.Clear()
    told.ipconfig.type = old_pb.IPConfiguration.DHCP
    assert host.request(SET_CONFIGURATION, request.SerializeToString()) == (0, b"")
    assert configuration(host, CONFIGURATION).ipconfig.type == old_pb.IPConfiguration.DHCP


def test_an_electron_only_tells_its_address(new_host: NewHost) -> None:
    host = new_host(ELECTRON, release=OLD)
    status = configuration(host, STATUS)
    assert (status.state, status.mac) == (old_pb.UP, b"")
    assert status.ipconfig.address.address.startswith(bytes((10, 64)))
    assert host.request(SET_CONFIGURATION) == (NOT_SUPPORTED, b"")


def test_there_is_only_one_interface(new_host: NewHost) -> None:
    host = new_host(PHOTON, release=OLD)
    for kind in (CONFIGURATION, STATUS):
        assert host.request(kind, b"\x08\x02") == (0, b"")
        assert host.request(kind) == (0, b"")


@pytest.mark.parametrize("kind", [SET_CONFIGURATION, CONFIGURATION, STATUS])
@pytest.mark.parametrize(("platform_id", "release"), [(PHOTON, "2.0.0"), (PHOTON, None), (BORON, OLD)])
def test_later_firmware_has_none_of_that(
    new_host: NewHost, platform_id: int, release: str | None, kind: int
) -> None:
    assert new_host(platform_id, release=release).request(kind, FIRST) == (NOT_SUPPORTED, b"")
