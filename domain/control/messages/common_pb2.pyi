from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ResultCode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OK: _ClassVar[ResultCode]
    NOT_ALLOWED: _ClassVar[ResultCode]
    TIMEOUT: _ClassVar[ResultCode]
    NOT_FOUND: _ClassVar[ResultCode]
    ALREADY_EXIST: _ClassVar[ResultCode]
    INVALID_STATE: _ClassVar[ResultCode]
    NO_MEMORY: _ClassVar[ResultCode]
    INVALID_PARAM: _ClassVar[ResultCode]
OK: ResultCode
NOT_ALLOWED: ResultCode
TIMEOUT: ResultCode
NOT_FOUND: ResultCode
ALREADY_EXIST: ResultCode
INVALID_STATE: ResultCode
NO_MEMORY: ResultCode
INVALID_PARAM: ResultCode

class Ipv4Address(_message.Message):
    __slots__ = ("address",)
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    address: int
    def __init__(self, address: _Optional[int] = ...) -> None: ...

class Ipv6Address(_message.Message):
    __slots__ = ("address",)
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    address: bytes
    def __init__(self, address: _Optional[bytes] = ...) -> None: ...

class IpAddress(_message.Message):
    __slots__ = ("v4", "v6")
    V4_FIELD_NUMBER: _ClassVar[int]
    V6_FIELD_NUMBER: _ClassVar[int]
    v4: Ipv4Address
    v6: Ipv6Address
    def __init__(self, v4: _Optional[_Union[Ipv4Address, _Mapping]] = ..., v6: _Optional[_Union[Ipv6Address, _Mapping]] = ...) -> None: ...

class IPAddress(_message.Message):
    __slots__ = ("protocol", "address")
    class Protocol(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        NONE: _ClassVar[IPAddress.Protocol]
        IPv4: _ClassVar[IPAddress.Protocol]
        IPv6: _ClassVar[IPAddress.Protocol]
    NONE: IPAddress.Protocol
    IPv4: IPAddress.Protocol
    IPv6: IPAddress.Protocol
    PROTOCOL_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    protocol: IPAddress.Protocol
    address: bytes
    def __init__(self, protocol: _Optional[_Union[IPAddress.Protocol, str]] = ..., address: _Optional[bytes] = ...) -> None: ...
