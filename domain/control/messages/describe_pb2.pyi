from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FirmwareModuleType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INVALID_MODULE: _ClassVar[FirmwareModuleType]
    RESOURCE_MODULE: _ClassVar[FirmwareModuleType]
    BOOTLOADER_MODULE: _ClassVar[FirmwareModuleType]
    MONO_FIRMWARE_MODULE: _ClassVar[FirmwareModuleType]
    SYSTEM_PART_MODULE: _ClassVar[FirmwareModuleType]
    USER_PART_MODULE: _ClassVar[FirmwareModuleType]
    SETTINGS_MODULE: _ClassVar[FirmwareModuleType]
    NCP_FIRMWARE_MODULE: _ClassVar[FirmwareModuleType]
    RADIO_STACK_MODULE: _ClassVar[FirmwareModuleType]
    ASSET_MODULE: _ClassVar[FirmwareModuleType]

class FirmwareModuleStore(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MAIN_MODULE_STORE: _ClassVar[FirmwareModuleStore]
    FACTORY_MODULE_STORE: _ClassVar[FirmwareModuleStore]
    BACKUP_MODULE_STORE: _ClassVar[FirmwareModuleStore]
    SCRATCHPAD_MODULE_STORE: _ClassVar[FirmwareModuleStore]

class FirmwareModuleValidityFlag(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MODULE_NO_VALID_FLAGS: _ClassVar[FirmwareModuleValidityFlag]
    MODULE_INTEGRITY_VALID_FLAG: _ClassVar[FirmwareModuleValidityFlag]
    MODULE_DEPENDENCIES_VALID_FLAG: _ClassVar[FirmwareModuleValidityFlag]
    MODULE_RANGE_VALID_FLAG: _ClassVar[FirmwareModuleValidityFlag]
    MODULE_PLATFORM_VALID_FLAG: _ClassVar[FirmwareModuleValidityFlag]

class FirmwareModuleSecurityMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NONE: _ClassVar[FirmwareModuleSecurityMode]
    PROTECTED: _ClassVar[FirmwareModuleSecurityMode]
INVALID_MODULE: FirmwareModuleType
RESOURCE_MODULE: FirmwareModuleType
BOOTLOADER_MODULE: FirmwareModuleType
MONO_FIRMWARE_MODULE: FirmwareModuleType
SYSTEM_PART_MODULE: FirmwareModuleType
USER_PART_MODULE: FirmwareModuleType
SETTINGS_MODULE: FirmwareModuleType
NCP_FIRMWARE_MODULE: FirmwareModuleType
RADIO_STACK_MODULE: FirmwareModuleType
ASSET_MODULE: FirmwareModuleType
MAIN_MODULE_STORE: FirmwareModuleStore
FACTORY_MODULE_STORE: FirmwareModuleStore
BACKUP_MODULE_STORE: FirmwareModuleStore
SCRATCHPAD_MODULE_STORE: FirmwareModuleStore
MODULE_NO_VALID_FLAGS: FirmwareModuleValidityFlag
MODULE_INTEGRITY_VALID_FLAG: FirmwareModuleValidityFlag
MODULE_DEPENDENCIES_VALID_FLAG: FirmwareModuleValidityFlag
MODULE_RANGE_VALID_FLAG: FirmwareModuleValidityFlag
MODULE_PLATFORM_VALID_FLAG: FirmwareModuleValidityFlag
NONE: FirmwareModuleSecurityMode
PROTECTED: FirmwareModuleSecurityMode

class FirmwareModuleSecurity(_message.Message):
    __slots__ = ("mode", "certificate_fingerprint")
    MODE_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    mode: FirmwareModuleSecurityMode
    certificate_fingerprint: bytes
    def __init__(self, mode: _Optional[_Union[FirmwareModuleSecurityMode, str]] = ..., certificate_fingerprint: _Optional[bytes] = ...) -> None: ...

class FirmwareModuleDependency(_message.Message):
    __slots__ = ("type", "index", "version")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    type: FirmwareModuleType
    index: int
    version: int
    def __init__(self, type: _Optional[_Union[FirmwareModuleType, str]] = ..., index: _Optional[int] = ..., version: _Optional[int] = ...) -> None: ...

class FirmwareModuleAsset(_message.Message):
    __slots__ = ("hash", "name", "size", "storage_size")
    HASH_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    STORAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    hash: bytes
    name: str
    size: int
    storage_size: int
    def __init__(self, hash: _Optional[bytes] = ..., name: _Optional[str] = ..., size: _Optional[int] = ..., storage_size: _Optional[int] = ...) -> None: ...

class FirmwareModule(_message.Message):
    __slots__ = ("type", "index", "version", "store", "max_size", "checked_flags", "passed_flags", "hash", "dependencies", "asset_dependencies", "size", "security")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    STORE_FIELD_NUMBER: _ClassVar[int]
    MAX_SIZE_FIELD_NUMBER: _ClassVar[int]
    CHECKED_FLAGS_FIELD_NUMBER: _ClassVar[int]
    PASSED_FLAGS_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    DEPENDENCIES_FIELD_NUMBER: _ClassVar[int]
    ASSET_DEPENDENCIES_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    SECURITY_FIELD_NUMBER: _ClassVar[int]
    type: FirmwareModuleType
    index: int
    version: int
    store: FirmwareModuleStore
    max_size: int
    checked_flags: int
    passed_flags: int
    hash: bytes
    dependencies: _containers.RepeatedCompositeFieldContainer[FirmwareModuleDependency]
    asset_dependencies: _containers.RepeatedCompositeFieldContainer[FirmwareModuleAsset]
    size: int
    security: FirmwareModuleSecurity
    def __init__(self, type: _Optional[_Union[FirmwareModuleType, str]] = ..., index: _Optional[int] = ..., version: _Optional[int] = ..., store: _Optional[_Union[FirmwareModuleStore, str]] = ..., max_size: _Optional[int] = ..., checked_flags: _Optional[int] = ..., passed_flags: _Optional[int] = ..., hash: _Optional[bytes] = ..., dependencies: _Optional[_Iterable[_Union[FirmwareModuleDependency, _Mapping]]] = ..., asset_dependencies: _Optional[_Iterable[_Union[FirmwareModuleAsset, _Mapping]]] = ..., size: _Optional[int] = ..., security: _Optional[_Union[FirmwareModuleSecurity, _Mapping]] = ...) -> None: ...

class SystemDescribe(_message.Message):
    __slots__ = ("firmware_modules", "imei", "iccid", "modem_firmware_version", "assets", "protected_state", "env_vars_hash")
    FIRMWARE_MODULES_FIELD_NUMBER: _ClassVar[int]
    IMEI_FIELD_NUMBER: _ClassVar[int]
    ICCID_FIELD_NUMBER: _ClassVar[int]
    MODEM_FIRMWARE_VERSION_FIELD_NUMBER: _ClassVar[int]
    ASSETS_FIELD_NUMBER: _ClassVar[int]
    PROTECTED_STATE_FIELD_NUMBER: _ClassVar[int]
    ENV_VARS_HASH_FIELD_NUMBER: _ClassVar[int]
    firmware_modules: _containers.RepeatedCompositeFieldContainer[FirmwareModule]
    imei: str
    iccid: str
    modem_firmware_version: str
    assets: _containers.RepeatedCompositeFieldContainer[FirmwareModuleAsset]
    protected_state: bool
    env_vars_hash: bytes
    def __init__(self, firmware_modules: _Optional[_Iterable[_Union[FirmwareModule, _Mapping]]] = ..., imei: _Optional[str] = ..., iccid: _Optional[str] = ..., modem_firmware_version: _Optional[str] = ..., assets: _Optional[_Iterable[_Union[FirmwareModuleAsset, _Mapping]]] = ..., protected_state: _Optional[bool] = ..., env_vars_hash: _Optional[bytes] = ...) -> None: ...
