from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SystemCapabilityFlag(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NO_SYSTEM_CAPABILITY_FLAGS: _ClassVar[SystemCapabilityFlag]
    COMPRESSED_OTA: _ClassVar[SystemCapabilityFlag]

class SecurityKeyType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INVALID_SECURITY_KEY: _ClassVar[SecurityKeyType]
    TCP_DEVICE_PRIVATE_KEY: _ClassVar[SecurityKeyType]
    TCP_DEVICE_PUBLIC_KEY: _ClassVar[SecurityKeyType]
    TCP_SERVER_PUBLIC_KEY: _ClassVar[SecurityKeyType]
    UDP_DEVICE_PRIVATE_KEY: _ClassVar[SecurityKeyType]
    UDP_DEVICE_PUBLIC_KEY: _ClassVar[SecurityKeyType]
    UDP_SERVER_PUBLIC_KEY: _ClassVar[SecurityKeyType]

class ServerProtocolType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INVALID_PROTOCOL: _ClassVar[ServerProtocolType]
    TCP_PROTOCOL: _ClassVar[ServerProtocolType]
    UDP_PROTOCOL: _ClassVar[ServerProtocolType]

class DeviceMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NORMAL_MODE: _ClassVar[DeviceMode]
    LISTENING_MODE: _ClassVar[DeviceMode]

class Feature(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INVALID_FEATURE: _ClassVar[Feature]
    ETHERNET_DETECTION: _ClassVar[Feature]
NO_SYSTEM_CAPABILITY_FLAGS: SystemCapabilityFlag
COMPRESSED_OTA: SystemCapabilityFlag
INVALID_SECURITY_KEY: SecurityKeyType
TCP_DEVICE_PRIVATE_KEY: SecurityKeyType
TCP_DEVICE_PUBLIC_KEY: SecurityKeyType
TCP_SERVER_PUBLIC_KEY: SecurityKeyType
UDP_DEVICE_PRIVATE_KEY: SecurityKeyType
UDP_DEVICE_PUBLIC_KEY: SecurityKeyType
UDP_SERVER_PUBLIC_KEY: SecurityKeyType
INVALID_PROTOCOL: ServerProtocolType
TCP_PROTOCOL: ServerProtocolType
UDP_PROTOCOL: ServerProtocolType
NORMAL_MODE: DeviceMode
LISTENING_MODE: DeviceMode
INVALID_FEATURE: Feature
ETHERNET_DETECTION: Feature

class GetDeviceIdRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetDeviceIdReply(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class GetSerialNumberRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetSerialNumberReply(_message.Message):
    __slots__ = ("serial",)
    SERIAL_FIELD_NUMBER: _ClassVar[int]
    serial: str
    def __init__(self, serial: _Optional[str] = ...) -> None: ...

class GetSystemVersionRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetSystemVersionReply(_message.Message):
    __slots__ = ("version",)
    VERSION_FIELD_NUMBER: _ClassVar[int]
    version: str
    def __init__(self, version: _Optional[str] = ...) -> None: ...

class GetNcpFirmwareVersionRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetNcpFirmwareVersionReply(_message.Message):
    __slots__ = ("version", "module_version")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    MODULE_VERSION_FIELD_NUMBER: _ClassVar[int]
    version: str
    module_version: int
    def __init__(self, version: _Optional[str] = ..., module_version: _Optional[int] = ...) -> None: ...

class GetSystemCapabilitiesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetSystemCapabilitiesReply(_message.Message):
    __slots__ = ("flags",)
    FLAGS_FIELD_NUMBER: _ClassVar[int]
    flags: int
    def __init__(self, flags: _Optional[int] = ...) -> None: ...

class SetClaimCodeRequest(_message.Message):
    __slots__ = ("code",)
    CODE_FIELD_NUMBER: _ClassVar[int]
    code: str
    def __init__(self, code: _Optional[str] = ...) -> None: ...

class SetClaimCodeReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class IsClaimedRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class IsClaimedReply(_message.Message):
    __slots__ = ("claimed",)
    CLAIMED_FIELD_NUMBER: _ClassVar[int]
    claimed: bool
    def __init__(self, claimed: _Optional[bool] = ...) -> None: ...

class SetSecurityKeyRequest(_message.Message):
    __slots__ = ("type", "data")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    type: SecurityKeyType
    data: bytes
    def __init__(self, type: _Optional[_Union[SecurityKeyType, str]] = ..., data: _Optional[bytes] = ...) -> None: ...

class SetSecurityKeyReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetSecurityKeyRequest(_message.Message):
    __slots__ = ("type",)
    TYPE_FIELD_NUMBER: _ClassVar[int]
    type: SecurityKeyType
    def __init__(self, type: _Optional[_Union[SecurityKeyType, str]] = ...) -> None: ...

class GetSecurityKeyReply(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    def __init__(self, data: _Optional[bytes] = ...) -> None: ...

class SetServerAddressRequest(_message.Message):
    __slots__ = ("protocol", "address", "port")
    PROTOCOL_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    PORT_FIELD_NUMBER: _ClassVar[int]
    protocol: ServerProtocolType
    address: str
    port: int
    def __init__(self, protocol: _Optional[_Union[ServerProtocolType, str]] = ..., address: _Optional[str] = ..., port: _Optional[int] = ...) -> None: ...

class SetServerAddressReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetServerAddressRequest(_message.Message):
    __slots__ = ("protocol",)
    PROTOCOL_FIELD_NUMBER: _ClassVar[int]
    protocol: ServerProtocolType
    def __init__(self, protocol: _Optional[_Union[ServerProtocolType, str]] = ...) -> None: ...

class GetServerAddressReply(_message.Message):
    __slots__ = ("address", "port")
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    PORT_FIELD_NUMBER: _ClassVar[int]
    address: str
    port: int
    def __init__(self, address: _Optional[str] = ..., port: _Optional[int] = ...) -> None: ...

class SetServerProtocolRequest(_message.Message):
    __slots__ = ("protocol",)
    PROTOCOL_FIELD_NUMBER: _ClassVar[int]
    protocol: ServerProtocolType
    def __init__(self, protocol: _Optional[_Union[ServerProtocolType, str]] = ...) -> None: ...

class SetServerProtocolReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetServerProtocolRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetServerProtocolReply(_message.Message):
    __slots__ = ("protocol",)
    PROTOCOL_FIELD_NUMBER: _ClassVar[int]
    protocol: ServerProtocolType
    def __init__(self, protocol: _Optional[_Union[ServerProtocolType, str]] = ...) -> None: ...

class SetSoftApSsidRequest(_message.Message):
    __slots__ = ("prefix", "suffix")
    PREFIX_FIELD_NUMBER: _ClassVar[int]
    SUFFIX_FIELD_NUMBER: _ClassVar[int]
    prefix: str
    suffix: str
    def __init__(self, prefix: _Optional[str] = ..., suffix: _Optional[str] = ...) -> None: ...

class SetSoftApSsidReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SystemResetRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SystemResetReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class StartListeningModeRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class StartListeningModeReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class StopListeningModeRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class StopListeningModeReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetDeviceModeRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetDeviceModeReply(_message.Message):
    __slots__ = ("mode",)
    MODE_FIELD_NUMBER: _ClassVar[int]
    mode: DeviceMode
    def __init__(self, mode: _Optional[_Union[DeviceMode, str]] = ...) -> None: ...

class SetDeviceSetupDoneRequest(_message.Message):
    __slots__ = ("done",)
    DONE_FIELD_NUMBER: _ClassVar[int]
    done: bool
    def __init__(self, done: _Optional[bool] = ...) -> None: ...

class SetDeviceSetupDoneReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class IsDeviceSetupDoneRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class IsDeviceSetupDoneReply(_message.Message):
    __slots__ = ("done",)
    DONE_FIELD_NUMBER: _ClassVar[int]
    done: bool
    def __init__(self, done: _Optional[bool] = ...) -> None: ...

class SetStartupModeRequest(_message.Message):
    __slots__ = ("mode",)
    MODE_FIELD_NUMBER: _ClassVar[int]
    mode: DeviceMode
    def __init__(self, mode: _Optional[_Union[DeviceMode, str]] = ...) -> None: ...

class SetStartupModeReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class StartNyanSignalRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class StartNyanSignalReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class StopNyanSignalRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class StopNyanSignalReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetProtectedStateRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetProtectedStateReply(_message.Message):
    __slots__ = ("state", "overridden")
    STATE_FIELD_NUMBER: _ClassVar[int]
    OVERRIDDEN_FIELD_NUMBER: _ClassVar[int]
    state: bool
    overridden: bool
    def __init__(self, state: _Optional[bool] = ..., overridden: _Optional[bool] = ...) -> None: ...

class SetProtectedStateRequest(_message.Message):
    __slots__ = ("action", "prepare", "confirm")
    class Action(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        RESET: _ClassVar[SetProtectedStateRequest.Action]
        PREPARE: _ClassVar[SetProtectedStateRequest.Action]
        CONFIRM: _ClassVar[SetProtectedStateRequest.Action]
    RESET: SetProtectedStateRequest.Action
    PREPARE: SetProtectedStateRequest.Action
    CONFIRM: SetProtectedStateRequest.Action
    class Prepare(_message.Message):
        __slots__ = ("server_nonce",)
        SERVER_NONCE_FIELD_NUMBER: _ClassVar[int]
        server_nonce: bytes
        def __init__(self, server_nonce: _Optional[bytes] = ...) -> None: ...
    class Confirm(_message.Message):
        __slots__ = ("server_signature", "server_public_key_fingerprint")
        SERVER_SIGNATURE_FIELD_NUMBER: _ClassVar[int]
        SERVER_PUBLIC_KEY_FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
        server_signature: bytes
        server_public_key_fingerprint: bytes
        def __init__(self, server_signature: _Optional[bytes] = ..., server_public_key_fingerprint: _Optional[bytes] = ...) -> None: ...
    ACTION_FIELD_NUMBER: _ClassVar[int]
    PREPARE_FIELD_NUMBER: _ClassVar[int]
    CONFIRM_FIELD_NUMBER: _ClassVar[int]
    action: SetProtectedStateRequest.Action
    prepare: SetProtectedStateRequest.Prepare
    confirm: SetProtectedStateRequest.Confirm
    def __init__(self, action: _Optional[_Union[SetProtectedStateRequest.Action, str]] = ..., prepare: _Optional[_Union[SetProtectedStateRequest.Prepare, _Mapping]] = ..., confirm: _Optional[_Union[SetProtectedStateRequest.Confirm, _Mapping]] = ...) -> None: ...

class SetProtectedStateReply(_message.Message):
    __slots__ = ("prepare",)
    class Prepare(_message.Message):
        __slots__ = ("device_nonce", "device_signature", "device_public_key_fingerprint")
        DEVICE_NONCE_FIELD_NUMBER: _ClassVar[int]
        DEVICE_SIGNATURE_FIELD_NUMBER: _ClassVar[int]
        DEVICE_PUBLIC_KEY_FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
        device_nonce: bytes
        device_signature: bytes
        device_public_key_fingerprint: bytes
        def __init__(self, device_nonce: _Optional[bytes] = ..., device_signature: _Optional[bytes] = ..., device_public_key_fingerprint: _Optional[bytes] = ...) -> None: ...
    PREPARE_FIELD_NUMBER: _ClassVar[int]
    prepare: SetProtectedStateReply.Prepare
    def __init__(self, prepare: _Optional[_Union[SetProtectedStateReply.Prepare, _Mapping]] = ...) -> None: ...

class SetFeatureRequest(_message.Message):
    __slots__ = ("feature", "enabled")
    FEATURE_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    feature: Feature
    enabled: bool
    def __init__(self, feature: _Optional[_Union[Feature, str]] = ..., enabled: _Optional[bool] = ...) -> None: ...

class SetFeatureReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetFeatureRequest(_message.Message):
    __slots__ = ("feature",)
    FEATURE_FIELD_NUMBER: _ClassVar[int]
    feature: Feature
    def __init__(self, feature: _Optional[_Union[Feature, str]] = ...) -> None: ...

class GetFeatureReply(_message.Message):
    __slots__ = ("enabled",)
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    enabled: bool
    def __init__(self, enabled: _Optional[bool] = ...) -> None: ...

class GetEnvRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetEnvReply(_message.Message):
    __slots__ = ("vars", "snapshot_hash")
    class Var(_message.Message):
        __slots__ = ("name", "value", "is_app")
        NAME_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        IS_APP_FIELD_NUMBER: _ClassVar[int]
        name: str
        value: str
        is_app: bool
        def __init__(self, name: _Optional[str] = ..., value: _Optional[str] = ..., is_app: _Optional[bool] = ...) -> None: ...
    VARS_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_HASH_FIELD_NUMBER: _ClassVar[int]
    vars: _containers.RepeatedCompositeFieldContainer[GetEnvReply.Var]
    snapshot_hash: bytes
    def __init__(self, vars: _Optional[_Iterable[_Union[GetEnvReply.Var, _Mapping]]] = ..., snapshot_hash: _Optional[bytes] = ...) -> None: ...

class ClearEnvRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ClearEnvReply(_message.Message):
    __slots__ = ("need_reset",)
    NEED_RESET_FIELD_NUMBER: _ClassVar[int]
    need_reset: bool
    def __init__(self, need_reset: _Optional[bool] = ...) -> None: ...
