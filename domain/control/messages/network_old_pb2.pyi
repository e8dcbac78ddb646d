from particle_cli.domain.control.messages import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NetworkState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NETWORK_STATUS_NONE: _ClassVar[NetworkState]
    DOWN: _ClassVar[NetworkState]
    UP: _ClassVar[NetworkState]
NETWORK_STATUS_NONE: NetworkState
DOWN: NetworkState
UP: NetworkState

class IPConfiguration(_message.Message):
    __slots__ = ("type", "address", "netmask", "gateway", "dhcp_server", "hostname")
    class Type(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        NONE: _ClassVar[IPConfiguration.Type]
        DHCP: _ClassVar[IPConfiguration.Type]
        STATIC: _ClassVar[IPConfiguration.Type]
    NONE: IPConfiguration.Type
    DHCP: IPConfiguration.Type
    STATIC: IPConfiguration.Type
    TYPE_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    NETMASK_FIELD_NUMBER: _ClassVar[int]
    GATEWAY_FIELD_NUMBER: _ClassVar[int]
    DHCP_SERVER_FIELD_NUMBER: _ClassVar[int]
    HOSTNAME_FIELD_NUMBER: _ClassVar[int]
    type: IPConfiguration.Type
    address: _common_pb2.IPAddress
    netmask: _common_pb2.IPAddress
    gateway: _common_pb2.IPAddress
    dhcp_server: _common_pb2.IPAddress
    hostname: str
    def __init__(self, type: _Optional[_Union[IPConfiguration.Type, str]] = ..., address: _Optional[_Union[_common_pb2.IPAddress, _Mapping]] = ..., netmask: _Optional[_Union[_common_pb2.IPAddress, _Mapping]] = ..., gateway: _Optional[_Union[_common_pb2.IPAddress, _Mapping]] = ..., dhcp_server: _Optional[_Union[_common_pb2.IPAddress, _Mapping]] = ..., hostname: _Optional[str] = ...) -> None: ...

class DNSConfiguration(_message.Message):
    __slots__ = ("servers",)
    SERVERS_FIELD_NUMBER: _ClassVar[int]
    servers: _containers.RepeatedCompositeFieldContainer[_common_pb2.IPAddress]
    def __init__(self, servers: _Optional[_Iterable[_Union[_common_pb2.IPAddress, _Mapping]]] = ...) -> None: ...

class NetworkConfiguration(_message.Message):
    __slots__ = ("interface", "state", "name", "mac", "ipconfig", "dnsconfig")
    INTERFACE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    MAC_FIELD_NUMBER: _ClassVar[int]
    IPCONFIG_FIELD_NUMBER: _ClassVar[int]
    DNSCONFIG_FIELD_NUMBER: _ClassVar[int]
    interface: int
    state: NetworkState
    name: str
    mac: bytes
    ipconfig: IPConfiguration
    dnsconfig: DNSConfiguration
    def __init__(self, interface: _Optional[int] = ..., state: _Optional[_Union[NetworkState, str]] = ..., name: _Optional[str] = ..., mac: _Optional[bytes] = ..., ipconfig: _Optional[_Union[IPConfiguration, _Mapping]] = ..., dnsconfig: _Optional[_Union[DNSConfiguration, _Mapping]] = ...) -> None: ...

class NetworkGetStatusRequest(_message.Message):
    __slots__ = ("interface",)
    INTERFACE_FIELD_NUMBER: _ClassVar[int]
    interface: int
    def __init__(self, interface: _Optional[int] = ...) -> None: ...

class NetworkGetStatusReply(_message.Message):
    __slots__ = ("config",)
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    config: NetworkConfiguration
    def __init__(self, config: _Optional[_Union[NetworkConfiguration, _Mapping]] = ...) -> None: ...

class NetworkGetConfigurationRequest(_message.Message):
    __slots__ = ("interface",)
    INTERFACE_FIELD_NUMBER: _ClassVar[int]
    interface: int
    def __init__(self, interface: _Optional[int] = ...) -> None: ...

class NetworkGetConfigurationReply(_message.Message):
    __slots__ = ("config",)
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    config: NetworkConfiguration
    def __init__(self, config: _Optional[_Union[NetworkConfiguration, _Mapping]] = ...) -> None: ...

class NetworkSetConfigurationRequest(_message.Message):
    __slots__ = ("config",)
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    config: NetworkConfiguration
    def __init__(self, config: _Optional[_Union[NetworkConfiguration, _Mapping]] = ...) -> None: ...

class NetworkSetConfigurationReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
