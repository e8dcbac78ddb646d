from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WiFiAntenna(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ANTENNA_NONE: _ClassVar[WiFiAntenna]
    INTERNAL: _ClassVar[WiFiAntenna]
    EXTERNAL: _ClassVar[WiFiAntenna]
    AUTO: _ClassVar[WiFiAntenna]

class WiFiSecurityType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    UNSEC: _ClassVar[WiFiSecurityType]
    WEP: _ClassVar[WiFiSecurityType]
    WPA: _ClassVar[WiFiSecurityType]
    WPA2: _ClassVar[WiFiSecurityType]
    WPA_ENTERPRISE: _ClassVar[WiFiSecurityType]
    WPA2_ENTERPRISE: _ClassVar[WiFiSecurityType]
    UNKNOWN: _ClassVar[WiFiSecurityType]

class WiFiSecurityCipher(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CIPHER_NONE: _ClassVar[WiFiSecurityCipher]
    AES: _ClassVar[WiFiSecurityCipher]
    TKIP: _ClassVar[WiFiSecurityCipher]
    AES_TKIP: _ClassVar[WiFiSecurityCipher]

class EapType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EAP_TYPE_NONE: _ClassVar[EapType]
    TLS: _ClassVar[EapType]
    PEAP: _ClassVar[EapType]
ANTENNA_NONE: WiFiAntenna
INTERNAL: WiFiAntenna
EXTERNAL: WiFiAntenna
AUTO: WiFiAntenna
UNSEC: WiFiSecurityType
WEP: WiFiSecurityType
WPA: WiFiSecurityType
WPA2: WiFiSecurityType
WPA_ENTERPRISE: WiFiSecurityType
WPA2_ENTERPRISE: WiFiSecurityType
UNKNOWN: WiFiSecurityType
CIPHER_NONE: WiFiSecurityCipher
AES: WiFiSecurityCipher
TKIP: WiFiSecurityCipher
AES_TKIP: WiFiSecurityCipher
EAP_TYPE_NONE: EapType
TLS: EapType
PEAP: EapType

class WiFiAccessPoint(_message.Message):
    __slots__ = ("ssid", "bssid", "security", "cipher", "channel", "max_data_rate", "rssi", "password", "eap_type", "inner_identity", "outer_identity", "private_key", "client_certificate", "ca_certificate")
    SSID_FIELD_NUMBER: _ClassVar[int]
    BSSID_FIELD_NUMBER: _ClassVar[int]
    SECURITY_FIELD_NUMBER: _ClassVar[int]
    CIPHER_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    MAX_DATA_RATE_FIELD_NUMBER: _ClassVar[int]
    RSSI_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_FIELD_NUMBER: _ClassVar[int]
    EAP_TYPE_FIELD_NUMBER: _ClassVar[int]
    INNER_IDENTITY_FIELD_NUMBER: _ClassVar[int]
    OUTER_IDENTITY_FIELD_NUMBER: _ClassVar[int]
    PRIVATE_KEY_FIELD_NUMBER: _ClassVar[int]
    CLIENT_CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    CA_CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    ssid: str
    bssid: bytes
    security: WiFiSecurityType
    cipher: WiFiSecurityCipher
    channel: int
    max_data_rate: int
    rssi: int
    password: str
    eap_type: EapType
    inner_identity: str
    outer_identity: str
    private_key: bytes
    client_certificate: bytes
    ca_certificate: bytes
    def __init__(self, ssid: _Optional[str] = ..., bssid: _Optional[bytes] = ..., security: _Optional[_Union[WiFiSecurityType, str]] = ..., cipher: _Optional[_Union[WiFiSecurityCipher, str]] = ..., channel: _Optional[int] = ..., max_data_rate: _Optional[int] = ..., rssi: _Optional[int] = ..., password: _Optional[str] = ..., eap_type: _Optional[_Union[EapType, str]] = ..., inner_identity: _Optional[str] = ..., outer_identity: _Optional[str] = ..., private_key: _Optional[bytes] = ..., client_certificate: _Optional[bytes] = ..., ca_certificate: _Optional[bytes] = ...) -> None: ...

class WiFiAccessPointList(_message.Message):
    __slots__ = ("aps",)
    APS_FIELD_NUMBER: _ClassVar[int]
    aps: _containers.RepeatedCompositeFieldContainer[WiFiAccessPoint]
    def __init__(self, aps: _Optional[_Iterable[_Union[WiFiAccessPoint, _Mapping]]] = ...) -> None: ...

class WiFiSetAntennaRequest(_message.Message):
    __slots__ = ("antenna",)
    ANTENNA_FIELD_NUMBER: _ClassVar[int]
    antenna: WiFiAntenna
    def __init__(self, antenna: _Optional[_Union[WiFiAntenna, str]] = ...) -> None: ...

class WiFiSetAntennaReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WiFiGetAntennaRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WiFiGetAntennaReply(_message.Message):
    __slots__ = ("antenna",)
    ANTENNA_FIELD_NUMBER: _ClassVar[int]
    antenna: WiFiAntenna
    def __init__(self, antenna: _Optional[_Union[WiFiAntenna, str]] = ...) -> None: ...

class WiFiScanRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WiFiScanReply(_message.Message):
    __slots__ = ("list",)
    LIST_FIELD_NUMBER: _ClassVar[int]
    list: WiFiAccessPointList
    def __init__(self, list: _Optional[_Union[WiFiAccessPointList, _Mapping]] = ...) -> None: ...

class WiFiSetCredentialsRequest(_message.Message):
    __slots__ = ("ap",)
    AP_FIELD_NUMBER: _ClassVar[int]
    ap: WiFiAccessPoint
    def __init__(self, ap: _Optional[_Union[WiFiAccessPoint, _Mapping]] = ...) -> None: ...

class WiFiSetCredentialsReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WiFiGetCredentialsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WiFiGetCredentialsReply(_message.Message):
    __slots__ = ("list",)
    LIST_FIELD_NUMBER: _ClassVar[int]
    list: WiFiAccessPointList
    def __init__(self, list: _Optional[_Union[WiFiAccessPointList, _Mapping]] = ...) -> None: ...

class WiFiClearCredentialsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WiFiClearCredentialsReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
