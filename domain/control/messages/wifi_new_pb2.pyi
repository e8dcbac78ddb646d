from particle_cli.domain.control.messages import network_pb2 as _network_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Security(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NO_SECURITY: _ClassVar[Security]
    WEP: _ClassVar[Security]
    WPA_PSK: _ClassVar[Security]
    WPA2_PSK: _ClassVar[Security]
    WPA_WPA2_PSK: _ClassVar[Security]
    WPA3_PSK: _ClassVar[Security]
    WPA2_WPA3_PSK: _ClassVar[Security]

class CredentialsType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NO_CREDENTIALS: _ClassVar[CredentialsType]
    PASSWORD: _ClassVar[CredentialsType]
NO_SECURITY: Security
WEP: Security
WPA_PSK: Security
WPA2_PSK: Security
WPA_WPA2_PSK: Security
WPA3_PSK: Security
WPA2_WPA3_PSK: Security
NO_CREDENTIALS: CredentialsType
PASSWORD: CredentialsType

class Credentials(_message.Message):
    __slots__ = ("type", "password")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_FIELD_NUMBER: _ClassVar[int]
    type: CredentialsType
    password: str
    def __init__(self, type: _Optional[_Union[CredentialsType, str]] = ..., password: _Optional[str] = ...) -> None: ...

class JoinNewNetworkRequest(_message.Message):
    __slots__ = ("ssid", "bssid", "security", "credentials", "interface_config", "hidden")
    SSID_FIELD_NUMBER: _ClassVar[int]
    BSSID_FIELD_NUMBER: _ClassVar[int]
    SECURITY_FIELD_NUMBER: _ClassVar[int]
    CREDENTIALS_FIELD_NUMBER: _ClassVar[int]
    INTERFACE_CONFIG_FIELD_NUMBER: _ClassVar[int]
    HIDDEN_FIELD_NUMBER: _ClassVar[int]
    ssid: str
    bssid: bytes
    security: Security
    credentials: Credentials
    interface_config: _network_pb2.Interface
    hidden: bool
    def __init__(self, ssid: _Optional[str] = ..., bssid: _Optional[bytes] = ..., security: _Optional[_Union[Security, str]] = ..., credentials: _Optional[_Union[Credentials, _Mapping]] = ..., interface_config: _Optional[_Union[_network_pb2.Interface, _Mapping]] = ..., hidden: _Optional[bool] = ...) -> None: ...

class JoinNewNetworkReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class JoinKnownNetworkRequest(_message.Message):
    __slots__ = ("ssid",)
    SSID_FIELD_NUMBER: _ClassVar[int]
    ssid: str
    def __init__(self, ssid: _Optional[str] = ...) -> None: ...

class JoinKnownNetworkReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetKnownNetworksRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetKnownNetworksReply(_message.Message):
    __slots__ = ("networks",)
    class Network(_message.Message):
        __slots__ = ("ssid", "security", "credentials_type")
        SSID_FIELD_NUMBER: _ClassVar[int]
        SECURITY_FIELD_NUMBER: _ClassVar[int]
        CREDENTIALS_TYPE_FIELD_NUMBER: _ClassVar[int]
        ssid: str
        security: Security
        credentials_type: CredentialsType
        def __init__(self, ssid: _Optional[str] = ..., security: _Optional[_Union[Security, str]] = ..., credentials_type: _Optional[_Union[CredentialsType, str]] = ...) -> None: ...
    NETWORKS_FIELD_NUMBER: _ClassVar[int]
    networks: _containers.RepeatedCompositeFieldContainer[GetKnownNetworksReply.Network]
    def __init__(self, networks: _Optional[_Iterable[_Union[GetKnownNetworksReply.Network, _Mapping]]] = ...) -> None: ...

class RemoveKnownNetworkRequest(_message.Message):
    __slots__ = ("ssid",)
    SSID_FIELD_NUMBER: _ClassVar[int]
    ssid: str
    def __init__(self, ssid: _Optional[str] = ...) -> None: ...

class RemoveKnownNetworkReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ClearKnownNetworksRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ClearKnownNetworksReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetCurrentNetworkRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetCurrentNetworkReply(_message.Message):
    __slots__ = ("ssid", "bssid", "channel", "rssi")
    SSID_FIELD_NUMBER: _ClassVar[int]
    BSSID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    RSSI_FIELD_NUMBER: _ClassVar[int]
    ssid: str
    bssid: bytes
    channel: int
    rssi: int
    def __init__(self, ssid: _Optional[str] = ..., bssid: _Optional[bytes] = ..., channel: _Optional[int] = ..., rssi: _Optional[int] = ...) -> None: ...

class ScanNetworksRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ScanNetworksReply(_message.Message):
    __slots__ = ("networks",)
    class Network(_message.Message):
        __slots__ = ("ssid", "bssid", "security", "channel", "rssi")
        SSID_FIELD_NUMBER: _ClassVar[int]
        BSSID_FIELD_NUMBER: _ClassVar[int]
        SECURITY_FIELD_NUMBER: _ClassVar[int]
        CHANNEL_FIELD_NUMBER: _ClassVar[int]
        RSSI_FIELD_NUMBER: _ClassVar[int]
        ssid: str
        bssid: bytes
        security: Security
        channel: int
        rssi: int
        def __init__(self, ssid: _Optional[str] = ..., bssid: _Optional[bytes] = ..., security: _Optional[_Union[Security, str]] = ..., channel: _Optional[int] = ..., rssi: _Optional[int] = ...) -> None: ...
    NETWORKS_FIELD_NUMBER: _ClassVar[int]
    networks: _containers.RepeatedCompositeFieldContainer[ScanNetworksReply.Network]
    def __init__(self, networks: _Optional[_Iterable[_Union[ScanNetworksReply.Network, _Mapping]]] = ...) -> None: ...

class SetNetworkCredentialsRequest(_message.Message):
    __slots__ = ("ssid", "bssid", "security", "credentials", "interface_config", "hidden")
    SSID_FIELD_NUMBER: _ClassVar[int]
    BSSID_FIELD_NUMBER: _ClassVar[int]
    SECURITY_FIELD_NUMBER: _ClassVar[int]
    CREDENTIALS_FIELD_NUMBER: _ClassVar[int]
    INTERFACE_CONFIG_FIELD_NUMBER: _ClassVar[int]
    HIDDEN_FIELD_NUMBER: _ClassVar[int]
    ssid: str
    bssid: bytes
    security: Security
    credentials: Credentials
    interface_config: _network_pb2.Interface
    hidden: bool
    def __init__(self, ssid: _Optional[str] = ..., bssid: _Optional[bytes] = ..., security: _Optional[_Union[Security, str]] = ..., credentials: _Optional[_Union[Credentials, _Mapping]] = ..., interface_config: _Optional[_Union[_network_pb2.Interface, _Mapping]] = ..., hidden: _Optional[bool] = ...) -> None: ...

class SetNetworkCredentialsReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
