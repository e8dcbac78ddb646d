"""Keys, and where the cloud is, of Gen 2 devices; from Device OS 3.0 on only the bootloader gets at them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from ipaddress import AddressValueError, IPv4Address
from typing import Final

from particle_cli.domain.control.messages import config_pb2
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import NEVER, Entry, configuration, decoded, reply, since
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.hardware.dct import (
    CLOUD_TRANSPORT,
    SERVER_ADDRESSES,
    SOFTAP_PREFIX,
    SOFTAP_PREFIX_SIZE,
    SOFTAP_SUFFIX,
    SOFTAP_SUFFIX_SIZE,
    TCP_DEVICE_KEY,
    TCP_DEVICE_PUBLIC_KEY,
    TCP_SERVER_KEY,
    UDP_DEVICE_KEY,
    UDP_DEVICE_PUBLIC_KEY,
    UDP_SERVER_KEY,
    Field,
)
from particle_cli.simulators.system.system import System

_KEYS: Final[Mapping[int, Field]] = {
    config_pb2.TCP_DEVICE_PRIVATE_KEY: TCP_DEVICE_KEY,
    config_pb2.TCP_DEVICE_PUBLIC_KEY: TCP_DEVICE_PUBLIC_KEY,
    config_pb2.TCP_SERVER_PUBLIC_KEY: TCP_SERVER_KEY,
    config_pb2.UDP_DEVICE_PRIVATE_KEY: UDP_DEVICE_KEY,
    config_pb2.UDP_DEVICE_PUBLIC_KEY: UDP_DEVICE_PUBLIC_KEY,
    config_pb2.UDP_SERVER_PUBLIC_KEY: UDP_SERVER_KEY,
}
_IP, _NAME = 0, 1
_LONGEST_NAME: Final = 64
_LONGEST_PREFIX, _LONGEST_SUFFIX = 32, 16
"""What can be received, of all of these; there is not room for as much."""
_PORT_AT: Final = 66
_TCP, _UDP = 0x00, 0xFF
_VERSIONS: Final = since(300, until=3000)


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group."""
    handlers = {
        RequestType.SET_SECURITY_KEY: _set_key,
        RequestType.GET_SECURITY_KEY: _get_key,
        RequestType.SET_SERVER_ADDRESS: _set_address,
        RequestType.GET_SERVER_ADDRESS: _get_address,
        RequestType.SET_SERVER_PROTOCOL: _set_protocol,
        RequestType.GET_SERVER_PROTOCOL: _get_protocol,
        RequestType.SET_SOFTAP_SSID: _set_softap_ssid,
    }
    return {kind: Entry(partial(handle, system), NEVER, _VERSIONS) for kind, handle in handlers.items()}


def _key(kind: int) -> Field:
    if kind not in _KEYS:
        raise RequestFailed(system_error.INVALID_ARGUMENT)
    return _KEYS[kind]


def _set_key(system: System, payload: bytes) -> Outcome:
    request = decoded(config_pb2.SetSecurityKeyRequest, payload)
    field = _key(request.type)
    if len(request.data) > field.size:
        raise RequestFailed(system_error.TOO_LARGE)
    return Outcome(takes_ms=configuration(system).write(field.offset, request.data))


def _get_key(system: System, payload: bytes) -> Outcome:
    field = _key(decoded(config_pb2.GetSecurityKeyRequest, payload).type)
    data = configuration(system).read(field.offset, field.size)
    return reply(config_pb2.GetSecurityKeyReply(data=data))


def _address_field(protocol: int) -> Field:
    """Return where a server's address lies: type, length, address or name, and at its end the port."""
    if protocol not in (config_pb2.TCP_PROTOCOL, config_pb2.UDP_PROTOCOL):
        raise RequestFailed(system_error.INVALID_ARGUMENT)
    return SERVER_ADDRESSES[protocol == config_pb2.UDP_PROTOCOL]


def _set_address(system: System, payload: bytes) -> Outcome:
    request = decoded(config_pb2.SetServerAddressRequest, payload)
    field = _address_field(request.protocol)
    name = request.address.encode()
    if len(name) > _LONGEST_NAME:
        raise RequestFailed(system_error.BAD_DATA)
    if not name or not 0 < request.port < 1 << 16:
        raise RequestFailed(system_error.INVALID_ARGUMENT)
    try:
        kind, address = _IP, IPv4Address(request.address).packed
    except AddressValueError:
        kind, address = _NAME, name
    data = (bytes((kind, len(address))) + address).ljust(_PORT_AT, b"\xff") + request.port.to_bytes(2)
    return Outcome(takes_ms=configuration(system).write(field.offset, data.ljust(field.size, b"\xff")))


def _get_address(system: System, payload: bytes) -> Outcome:
    field = _address_field(decoded(config_pb2.GetServerAddressRequest, payload).protocol)
    data = configuration(system).read(field.offset, field.size)
    kind, length = data[0], data[1]
    address = data[2 : 2 + length]
    if kind == _IP and length == 4:
        text = str(IPv4Address(address))
    elif kind == _NAME and length <= _LONGEST_NAME:
        text = address.decode(errors="replace")
    else:
        raise RequestFailed(system_error.NOT_FOUND)
    port = int.from_bytes(data[_PORT_AT : _PORT_AT + 2])
    return reply(config_pb2.GetServerAddressReply(address=text, port=port))


def _set_protocol(system: System, payload: bytes) -> Outcome:
    """Choose between TCP and UDP, where there is a choice."""
    protocol = decoded(config_pb2.SetServerProtocolRequest, payload).protocol
    if protocol not in (config_pb2.TCP_PROTOCOL, config_pb2.UDP_PROTOCOL):
        raise RequestFailed(system_error.INVALID_ARGUMENT)
    if _speaks_udp(system):
        byte = _UDP if protocol == config_pb2.UDP_PROTOCOL else _TCP
        return Outcome(takes_ms=configuration(system).write(CLOUD_TRANSPORT, bytes((byte,))))
    if protocol == config_pb2.UDP_PROTOCOL:
        raise RequestFailed(system_error.NOT_SUPPORTED)
    return Outcome()


def _get_protocol(system: System, payload: bytes) -> Outcome:
    over_udp = _speaks_udp(system) and configuration(system).read(CLOUD_TRANSPORT, 1)[0] == _UDP
    protocol = config_pb2.UDP_PROTOCOL if over_udp else config_pb2.TCP_PROTOCOL
    return reply(config_pb2.GetServerProtocolReply(protocol=protocol))


def _speaks_udp(system: System) -> bool:
    return "udp" in system.hardware.platform.features


def _set_softap_ssid(system: System, payload: bytes) -> Outcome:
    """Name the network that the device opens in listening mode; only those with Wi-Fi do."""
    request = decoded(config_pb2.SetSoftApSsidRequest, payload)
    if not system.hardware.platform.interfaces.wifi:
        raise RequestFailed(system_error.NOT_SUPPORTED)
    prefix, suffix = request.prefix.encode(), request.suffix.encode()
    if len(prefix) > _LONGEST_PREFIX or len(suffix) > _LONGEST_SUFFIX:
        raise RequestFailed(system_error.BAD_DATA)
    if len(prefix) >= SOFTAP_PREFIX_SIZE or len(suffix) > SOFTAP_SUFFIX_SIZE:
        raise RequestFailed(system_error.INVALID_ARGUMENT)
    dct, takes_ms = configuration(system), 0.0
    if prefix:
        named = bytes((len(prefix),)) + prefix
        takes_ms += dct.write(SOFTAP_PREFIX, named.ljust(SOFTAP_PREFIX_SIZE, b"\xff"))
    if suffix:
        takes_ms += dct.write(SOFTAP_SUFFIX, suffix.ljust(SOFTAP_SUFFIX_SIZE, b"\0"))
    return Outcome(takes_ms=takes_ms)
