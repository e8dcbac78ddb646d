from particle_cli.domain.control.messages import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class InterfaceType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INVALID_INTERFACE_TYPE: _ClassVar[InterfaceType]
    LOOPBACK: _ClassVar[InterfaceType]
    THREAD: _ClassVar[InterfaceType]
    ETHERNET: _ClassVar[InterfaceType]
    WIFI: _ClassVar[InterfaceType]
    PPP: _ClassVar[InterfaceType]

class InterfaceFlag(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    IFF_NONE: _ClassVar[InterfaceFlag]
    IFF_UP: _ClassVar[InterfaceFlag]
    IFF_BROADCAST: _ClassVar[InterfaceFlag]
    IFF_DEBUG: _ClassVar[InterfaceFlag]
    IFF_LOOPBACK: _ClassVar[InterfaceFlag]
    IFF_POINTTOPOINT: _ClassVar[InterfaceFlag]
    IFF_RUNNING: _ClassVar[InterfaceFlag]
    IFF_LOWER_UP: _ClassVar[InterfaceFlag]
    IFF_NOARP: _ClassVar[InterfaceFlag]
    IFF_PROMISC: _ClassVar[InterfaceFlag]
    IFF_ALLMULTI: _ClassVar[InterfaceFlag]
    IFF_MULTICAST: _ClassVar[InterfaceFlag]
    IFF_NOND6: _ClassVar[InterfaceFlag]

class InterfaceExtFlag(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    IFXF_NONE: _ClassVar[InterfaceExtFlag]
    IFXF_WOL: _ClassVar[InterfaceExtFlag]
    IFXF_AUTOCONF6: _ClassVar[InterfaceExtFlag]
    IFXF_DHCP: _ClassVar[InterfaceExtFlag]
    IFXF_DHCP6: _ClassVar[InterfaceExtFlag]
    IFXF_AUTOIP: _ClassVar[InterfaceExtFlag]

class InterfaceConfigurationSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NONE: _ClassVar[InterfaceConfigurationSource]
    DHCP: _ClassVar[InterfaceConfigurationSource]
    STATIC: _ClassVar[InterfaceConfigurationSource]
    SLAAC: _ClassVar[InterfaceConfigurationSource]
    DHCPV6: _ClassVar[InterfaceConfigurationSource]
INVALID_INTERFACE_TYPE: InterfaceType
LOOPBACK: InterfaceType
THREAD: InterfaceType
ETHERNET: InterfaceType
WIFI: InterfaceType
PPP: InterfaceType
IFF_NONE: InterfaceFlag
IFF_UP: InterfaceFlag
IFF_BROADCAST: InterfaceFlag
IFF_DEBUG: InterfaceFlag
IFF_LOOPBACK: InterfaceFlag
IFF_POINTTOPOINT: InterfaceFlag
IFF_RUNNING: InterfaceFlag
IFF_LOWER_UP: InterfaceFlag
IFF_NOARP: InterfaceFlag
IFF_PROMISC: InterfaceFlag
IFF_ALLMULTI: InterfaceFlag
IFF_MULTICAST: InterfaceFlag
IFF_NOND6: InterfaceFlag
IFXF_NONE: InterfaceExtFlag
IFXF_WOL: InterfaceExtFlag
IFXF_AUTOCONF6: InterfaceExtFlag
IFXF_DHCP: InterfaceExtFlag
IFXF_DHCP6: InterfaceExtFlag
IFXF_AUTOIP: InterfaceExtFlag
NONE: InterfaceConfigurationSource
DHCP: InterfaceConfigurationSource
STATIC: InterfaceConfigurationSource
SLAAC: InterfaceConfigurationSource
DHCPV6: InterfaceConfigurationSource

class InterfaceAddress(_message.Message):
    __slots__ = ("address", "prefix_length")
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    PREFIX_LENGTH_FIELD_NUMBER: _ClassVar[int]
    address: _common_pb2.IpAddress
    prefix_length: int
    def __init__(self, address: _Optional[_Union[_common_pb2.IpAddress, _Mapping]] = ..., prefix_length: _Optional[int] = ...) -> None: ...

class Ipv4Config(_message.Message):
    __slots__ = ("addresses", "peer", "gateway", "dns", "source")
    ADDRESSES_FIELD_NUMBER: _ClassVar[int]
    PEER_FIELD_NUMBER: _ClassVar[int]
    GATEWAY_FIELD_NUMBER: _ClassVar[int]
    DNS_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    addresses: _containers.RepeatedCompositeFieldContainer[InterfaceAddress]
    peer: _common_pb2.Ipv4Address
    gateway: _common_pb2.Ipv4Address
    dns: _containers.RepeatedCompositeFieldContainer[_common_pb2.Ipv4Address]
    source: InterfaceConfigurationSource
    def __init__(self, addresses: _Optional[_Iterable[_Union[InterfaceAddress, _Mapping]]] = ..., peer: _Optional[_Union[_common_pb2.Ipv4Address, _Mapping]] = ..., gateway: _Optional[_Union[_common_pb2.Ipv4Address, _Mapping]] = ..., dns: _Optional[_Iterable[_Union[_common_pb2.Ipv4Address, _Mapping]]] = ..., source: _Optional[_Union[InterfaceConfigurationSource, str]] = ...) -> None: ...

class Ipv6Config(_message.Message):
    __slots__ = ("addresses", "dns", "source", "gateway")
    ADDRESSES_FIELD_NUMBER: _ClassVar[int]
    DNS_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    GATEWAY_FIELD_NUMBER: _ClassVar[int]
    addresses: _containers.RepeatedCompositeFieldContainer[InterfaceAddress]
    dns: _containers.RepeatedCompositeFieldContainer[_common_pb2.Ipv6Address]
    source: InterfaceConfigurationSource
    gateway: _common_pb2.Ipv6Address
    def __init__(self, addresses: _Optional[_Iterable[_Union[InterfaceAddress, _Mapping]]] = ..., dns: _Optional[_Iterable[_Union[_common_pb2.Ipv6Address, _Mapping]]] = ..., source: _Optional[_Union[InterfaceConfigurationSource, str]] = ..., gateway: _Optional[_Union[_common_pb2.Ipv6Address, _Mapping]] = ...) -> None: ...

class Interface(_message.Message):
    __slots__ = ("index", "name", "type", "flags", "ext_flags", "ipv4_config", "ipv6_config", "hw_address", "mtu", "metric", "profile")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    FLAGS_FIELD_NUMBER: _ClassVar[int]
    EXT_FLAGS_FIELD_NUMBER: _ClassVar[int]
    IPV4_CONFIG_FIELD_NUMBER: _ClassVar[int]
    IPV6_CONFIG_FIELD_NUMBER: _ClassVar[int]
    HW_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    MTU_FIELD_NUMBER: _ClassVar[int]
    METRIC_FIELD_NUMBER: _ClassVar[int]
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    index: int
    name: str
    type: InterfaceType
    flags: int
    ext_flags: int
    ipv4_config: Ipv4Config
    ipv6_config: Ipv6Config
    hw_address: bytes
    mtu: int
    metric: int
    profile: bytes
    def __init__(self, index: _Optional[int] = ..., name: _Optional[str] = ..., type: _Optional[_Union[InterfaceType, str]] = ..., flags: _Optional[int] = ..., ext_flags: _Optional[int] = ..., ipv4_config: _Optional[_Union[Ipv4Config, _Mapping]] = ..., ipv6_config: _Optional[_Union[Ipv6Config, _Mapping]] = ..., hw_address: _Optional[bytes] = ..., mtu: _Optional[int] = ..., metric: _Optional[int] = ..., profile: _Optional[bytes] = ...) -> None: ...

class InterfaceEntry(_message.Message):
    __slots__ = ("index", "name", "type")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    index: int
    name: str
    type: InterfaceType
    def __init__(self, index: _Optional[int] = ..., name: _Optional[str] = ..., type: _Optional[_Union[InterfaceType, str]] = ...) -> None: ...

class GetInterfaceListRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetInterfaceListReply(_message.Message):
    __slots__ = ("interfaces",)
    INTERFACES_FIELD_NUMBER: _ClassVar[int]
    interfaces: _containers.RepeatedCompositeFieldContainer[InterfaceEntry]
    def __init__(self, interfaces: _Optional[_Iterable[_Union[InterfaceEntry, _Mapping]]] = ...) -> None: ...

class GetInterfaceRequest(_message.Message):
    __slots__ = ("index",)
    INDEX_FIELD_NUMBER: _ClassVar[int]
    index: int
    def __init__(self, index: _Optional[int] = ...) -> None: ...

class GetInterfaceReply(_message.Message):
    __slots__ = ("interface",)
    INTERFACE_FIELD_NUMBER: _ClassVar[int]
    interface: Interface
    def __init__(self, interface: _Optional[_Union[Interface, _Mapping]] = ...) -> None: ...

class GetInterfaceStoredConfigurationRequest(_message.Message):
    __slots__ = ("index",)
    INDEX_FIELD_NUMBER: _ClassVar[int]
    index: int
    def __init__(self, index: _Optional[int] = ...) -> None: ...

class GetInterfaceStoredConfigurationReply(_message.Message):
    __slots__ = ("config",)
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    config: _containers.RepeatedCompositeFieldContainer[Interface]
    def __init__(self, config: _Optional[_Iterable[_Union[Interface, _Mapping]]] = ...) -> None: ...

class SetInterfaceStoredConfigurationRequest(_message.Message):
    __slots__ = ("config",)
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    config: Interface
    def __init__(self, config: _Optional[_Union[Interface, _Mapping]] = ...) -> None: ...

class SetInterfaceStoredConfigurationReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class DeleteInterfaceStoredConfigurationRequest(_message.Message):
    __slots__ = ("index", "profile")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    index: int
    profile: bytes
    def __init__(self, index: _Optional[int] = ..., profile: _Optional[bytes] = ...) -> None: ...

class DeleteInterfaceStoredConfigurationReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
