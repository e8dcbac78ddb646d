"""The network's configuration and state, on Gen 2 before Device OS 2.0 (system/src/control/network.cpp)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from attrs import evolve

from particle_cli.domain.control.messages import common_pb2
from particle_cli.domain.control.messages import network_old_pb2 as pb
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import NEVER, Entry, Versions, decoded, reply, since
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.network.ip_settings import IpSettings
from particle_cli.simulators.network.network import Network
from particle_cli.simulators.system.system import System

_BEFORE_2_0: Final[Versions] = since(300, until=2000)
_INTERFACE: Final = 1
_IPV4_SIZE: Final = 4
_MOST_NAME_SERVERS: Final = 2


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group. Of any interface but the first, an empty reply tells nothing."""
    network = system.network

    def set_configuration(payload: bytes) -> Outcome:
        if network.wifi is None:
            raise RequestFailed(system_error.NOT_SUPPORTED)
        told = decoded(pb.NetworkSetConfigurationRequest, payload).config
        network.ip_settings = _settings(told, network.ip_settings)
        return Outcome()

    def configuration(payload: bytes) -> Outcome:
        if decoded(pb.NetworkGetConfigurationRequest, payload).interface != _INTERFACE:
            return Outcome()
        return reply(pb.NetworkGetConfigurationReply(config=_configured(network.ip_settings)))

    def status(payload: bytes) -> Outcome:
        if decoded(pb.NetworkGetStatusRequest, payload).interface != _INTERFACE:
            return Outcome()
        return reply(pb.NetworkGetStatusReply(config=_running(network)))

    def gen2(handle: Callable[[bytes], Outcome]) -> Entry:
        return Entry(handle, gen3=NEVER, gen2=_BEFORE_2_0)

    return {
        RequestType.NETWORK_SET_CONFIGURATION: gen2(set_configuration),
        RequestType.NETWORK_GET_CONFIGURATION: gen2(configuration),
        RequestType.NETWORK_GET_STATUS: gen2(status),
    }


def _settings(told: pb.NetworkConfiguration, before: IpSettings) -> IpSettings:
    """Return the settings that a host asks for. Raises: RequestFailed."""
    ip, servers = told.ipconfig, told.dnsconfig.servers
    if len(servers) > _MOST_NAME_SERVERS:
        raise RequestFailed(system_error.BAD_DATA)
    hostname = ip.hostname or before.hostname
    if ip.type == pb.IPConfiguration.DHCP:
        return IpSettings(hostname=hostname)
    if ip.type != pb.IPConfiguration.STATIC:
        return evolve(before, hostname=hostname)
    return IpSettings(
        static=True,
        address=_bytes(ip.address),
        netmask=_bytes(ip.netmask),
        gateway=_bytes(ip.gateway),
        name_servers=tuple(_bytes(one) for one in servers),
        hostname=hostname,
    )


def _configured(settings: IpSettings) -> pb.NetworkConfiguration:
    if not settings.static:
        ip = pb.IPConfiguration(type=pb.IPConfiguration.DHCP, hostname=settings.hostname)
        return pb.NetworkConfiguration(interface=_INTERFACE, ipconfig=ip)
    return _with_addresses(
        pb.NetworkConfiguration(interface=_INTERFACE),
        settings,
        pb.IPConfiguration(type=pb.IPConfiguration.STATIC, hostname=settings.hostname),
    )


def _running(network: Network) -> pb.NetworkConfiguration:
    """Return what is in use: nothing while there is no link, and only the address with a modem."""
    config = pb.NetworkConfiguration(interface=_INTERFACE, state=pb.UP if network.linked else pb.DOWN)
    used = network.addresses_in_use
    if used is None:
        if network.wifi and network.ip_settings.hostname:
            config.ipconfig.hostname = network.ip_settings.hostname
        return config
    if network.wifi is None:
        config.ipconfig.address.CopyFrom(_ip(used.address))
        return config
    config.mac = network.wifi.mac
    ip = pb.IPConfiguration(hostname=used.hostname)
    if not used.static:
        ip.dhcp_server.CopyFrom(_ip(used.gateway))
    return _with_addresses(config, used, ip)


def _with_addresses(
    config: pb.NetworkConfiguration, settings: IpSettings, ip: pb.IPConfiguration
) -> pb.NetworkConfiguration:
    ip.address.CopyFrom(_ip(settings.address))
    ip.netmask.CopyFrom(_ip(settings.netmask))
    ip.gateway.CopyFrom(_ip(settings.gateway))
    config.ipconfig.CopyFrom(ip)
    config.dnsconfig.servers.extend(_ip(one) for one in settings.name_servers)
    return config


def _ip(address: bytes) -> common_pb2.IPAddress:
    return common_pb2.IPAddress(protocol=common_pb2.IPAddress.IPv4, address=address)


def _bytes(ip: common_pb2.IPAddress) -> bytes:
    """Return an IPv4 address; where a host has left one out, that of no device."""
    if ip.protocol == common_pb2.IPAddress.IPv4 and len(ip.address) == _IPV4_SIZE:
        return ip.address
    return bytes(_IPV4_SIZE)
