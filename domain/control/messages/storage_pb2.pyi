from particle_cli.domain.control.messages import describe_pb2 as _describe_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FileFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BIN: _ClassVar[FileFormat]
    MINIZ: _ClassVar[FileFormat]

class FirmwareModuleType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INVALID_FIRMWARE_MODULE: _ClassVar[FirmwareModuleType]
    BOOTLOADER: _ClassVar[FirmwareModuleType]
    SYSTEM_PART: _ClassVar[FirmwareModuleType]
    USER_PART: _ClassVar[FirmwareModuleType]
    MONO_FIRMWARE: _ClassVar[FirmwareModuleType]
    NCP_FIRMWARE: _ClassVar[FirmwareModuleType]
    RADIO_STACK: _ClassVar[FirmwareModuleType]

class FirmwareModuleValidityFlag(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NO_VALIDATION_ERRORS: _ClassVar[FirmwareModuleValidityFlag]
    INTEGRITY_CHECK_FAILED: _ClassVar[FirmwareModuleValidityFlag]
    DEPENDENCY_CHECK_FAILED: _ClassVar[FirmwareModuleValidityFlag]

class StorageType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INVALID_STORAGE: _ClassVar[StorageType]
    INTERNAL: _ClassVar[StorageType]

class SectionType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INVALID_SECTION: _ClassVar[SectionType]
    FIRMWARE: _ClassVar[SectionType]
    OTA_BACKUP: _ClassVar[SectionType]
    FACTORY_BACKUP: _ClassVar[SectionType]
    CONFIG: _ClassVar[SectionType]
    EEPROM: _ClassVar[SectionType]

class SectionFlag(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NO_SECTION_FLAGS: _ClassVar[SectionFlag]
    CAN_READ: _ClassVar[SectionFlag]
    CAN_WRITE: _ClassVar[SectionFlag]
    CAN_CLEAR: _ClassVar[SectionFlag]
    CAN_GET_SIZE: _ClassVar[SectionFlag]
    NEED_CLEAR: _ClassVar[SectionFlag]
BIN: FileFormat
MINIZ: FileFormat
INVALID_FIRMWARE_MODULE: FirmwareModuleType
BOOTLOADER: FirmwareModuleType
SYSTEM_PART: FirmwareModuleType
USER_PART: FirmwareModuleType
MONO_FIRMWARE: FirmwareModuleType
NCP_FIRMWARE: FirmwareModuleType
RADIO_STACK: FirmwareModuleType
NO_VALIDATION_ERRORS: FirmwareModuleValidityFlag
INTEGRITY_CHECK_FAILED: FirmwareModuleValidityFlag
DEPENDENCY_CHECK_FAILED: FirmwareModuleValidityFlag
INVALID_STORAGE: StorageType
INTERNAL: StorageType
INVALID_SECTION: SectionType
FIRMWARE: SectionType
OTA_BACKUP: SectionType
FACTORY_BACKUP: SectionType
CONFIG: SectionType
EEPROM: SectionType
NO_SECTION_FLAGS: SectionFlag
CAN_READ: SectionFlag
CAN_WRITE: SectionFlag
CAN_CLEAR: SectionFlag
CAN_GET_SIZE: SectionFlag
NEED_CLEAR: SectionFlag

class StartFirmwareUpdateRequest(_message.Message):
    __slots__ = ("size", "format")
    SIZE_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    size: int
    format: FileFormat
    def __init__(self, size: _Optional[int] = ..., format: _Optional[_Union[FileFormat, str]] = ...) -> None: ...

class StartFirmwareUpdateReply(_message.Message):
    __slots__ = ("chunk_size",)
    CHUNK_SIZE_FIELD_NUMBER: _ClassVar[int]
    chunk_size: int
    def __init__(self, chunk_size: _Optional[int] = ...) -> None: ...

class FirmwareUpdateDataRequest(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    def __init__(self, data: _Optional[bytes] = ...) -> None: ...

class FirmwareUpdateDataReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class FinishFirmwareUpdateRequest(_message.Message):
    __slots__ = ("validate_only",)
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    validate_only: bool
    def __init__(self, validate_only: _Optional[bool] = ...) -> None: ...

class FinishFirmwareUpdateReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CancelFirmwareUpdateRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class CancelFirmwareUpdateReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetModuleInfoRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetModuleInfoReply(_message.Message):
    __slots__ = ("modules_deprecated", "modules")
    class Dependency(_message.Message):
        __slots__ = ("type", "index", "version")
        TYPE_FIELD_NUMBER: _ClassVar[int]
        INDEX_FIELD_NUMBER: _ClassVar[int]
        VERSION_FIELD_NUMBER: _ClassVar[int]
        type: FirmwareModuleType
        index: int
        version: int
        def __init__(self, type: _Optional[_Union[FirmwareModuleType, str]] = ..., index: _Optional[int] = ..., version: _Optional[int] = ...) -> None: ...
    class Module(_message.Message):
        __slots__ = ("type", "index", "version", "size", "validity", "dependencies")
        TYPE_FIELD_NUMBER: _ClassVar[int]
        INDEX_FIELD_NUMBER: _ClassVar[int]
        VERSION_FIELD_NUMBER: _ClassVar[int]
        SIZE_FIELD_NUMBER: _ClassVar[int]
        VALIDITY_FIELD_NUMBER: _ClassVar[int]
        DEPENDENCIES_FIELD_NUMBER: _ClassVar[int]
        type: FirmwareModuleType
        index: int
        version: int
        size: int
        validity: int
        dependencies: _containers.RepeatedCompositeFieldContainer[GetModuleInfoReply.Dependency]
        def __init__(self, type: _Optional[_Union[FirmwareModuleType, str]] = ..., index: _Optional[int] = ..., version: _Optional[int] = ..., size: _Optional[int] = ..., validity: _Optional[int] = ..., dependencies: _Optional[_Iterable[_Union[GetModuleInfoReply.Dependency, _Mapping]]] = ...) -> None: ...
    MODULES_DEPRECATED_FIELD_NUMBER: _ClassVar[int]
    MODULES_FIELD_NUMBER: _ClassVar[int]
    modules_deprecated: _containers.RepeatedCompositeFieldContainer[GetModuleInfoReply.Module]
    modules: _containers.RepeatedCompositeFieldContainer[_describe_pb2.FirmwareModule]
    def __init__(self, modules_deprecated: _Optional[_Iterable[_Union[GetModuleInfoReply.Module, _Mapping]]] = ..., modules: _Optional[_Iterable[_Union[_describe_pb2.FirmwareModule, _Mapping]]] = ...) -> None: ...

class GetAssetInfoRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetAssetInfoReply(_message.Message):
    __slots__ = ("available", "required")
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_FIELD_NUMBER: _ClassVar[int]
    available: _containers.RepeatedCompositeFieldContainer[_describe_pb2.FirmwareModuleAsset]
    required: _containers.RepeatedCompositeFieldContainer[_describe_pb2.FirmwareModuleAsset]
    def __init__(self, available: _Optional[_Iterable[_Union[_describe_pb2.FirmwareModuleAsset, _Mapping]]] = ..., required: _Optional[_Iterable[_Union[_describe_pb2.FirmwareModuleAsset, _Mapping]]] = ...) -> None: ...

class DescribeStorageRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class DescribeStorageReply(_message.Message):
    __slots__ = ("storage",)
    class Section(_message.Message):
        __slots__ = ("type", "size", "flags", "firmware_module")
        class FirmwareModule(_message.Message):
            __slots__ = ("type", "index")
            TYPE_FIELD_NUMBER: _ClassVar[int]
            INDEX_FIELD_NUMBER: _ClassVar[int]
            type: FirmwareModuleType
            index: int
            def __init__(self, type: _Optional[_Union[FirmwareModuleType, str]] = ..., index: _Optional[int] = ...) -> None: ...
        TYPE_FIELD_NUMBER: _ClassVar[int]
        SIZE_FIELD_NUMBER: _ClassVar[int]
        FLAGS_FIELD_NUMBER: _ClassVar[int]
        FIRMWARE_MODULE_FIELD_NUMBER: _ClassVar[int]
        type: SectionType
        size: int
        flags: int
        firmware_module: DescribeStorageReply.Section.FirmwareModule
        def __init__(self, type: _Optional[_Union[SectionType, str]] = ..., size: _Optional[int] = ..., flags: _Optional[int] = ..., firmware_module: _Optional[_Union[DescribeStorageReply.Section.FirmwareModule, _Mapping]] = ...) -> None: ...
    class Storage(_message.Message):
        __slots__ = ("type", "flags", "sections")
        TYPE_FIELD_NUMBER: _ClassVar[int]
        FLAGS_FIELD_NUMBER: _ClassVar[int]
        SECTIONS_FIELD_NUMBER: _ClassVar[int]
        type: StorageType
        flags: int
        sections: _containers.RepeatedCompositeFieldContainer[DescribeStorageReply.Section]
        def __init__(self, type: _Optional[_Union[StorageType, str]] = ..., flags: _Optional[int] = ..., sections: _Optional[_Iterable[_Union[DescribeStorageReply.Section, _Mapping]]] = ...) -> None: ...
    STORAGE_FIELD_NUMBER: _ClassVar[int]
    storage: _containers.RepeatedCompositeFieldContainer[DescribeStorageReply.Storage]
    def __init__(self, storage: _Optional[_Iterable[_Union[DescribeStorageReply.Storage, _Mapping]]] = ...) -> None: ...

class ReadSectionDataRequest(_message.Message):
    __slots__ = ("storage", "section", "offset", "size")
    STORAGE_FIELD_NUMBER: _ClassVar[int]
    SECTION_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    storage: int
    section: int
    offset: int
    size: int
    def __init__(self, storage: _Optional[int] = ..., section: _Optional[int] = ..., offset: _Optional[int] = ..., size: _Optional[int] = ...) -> None: ...

class ReadSectionDataReply(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    def __init__(self, data: _Optional[bytes] = ...) -> None: ...

class WriteSectionDataRequest(_message.Message):
    __slots__ = ("storage", "section", "offset", "data")
    STORAGE_FIELD_NUMBER: _ClassVar[int]
    SECTION_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    storage: int
    section: int
    offset: int
    data: bytes
    def __init__(self, storage: _Optional[int] = ..., section: _Optional[int] = ..., offset: _Optional[int] = ..., data: _Optional[bytes] = ...) -> None: ...

class WriteSectionDataReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ClearSectionDataRequest(_message.Message):
    __slots__ = ("storage", "section")
    STORAGE_FIELD_NUMBER: _ClassVar[int]
    SECTION_FIELD_NUMBER: _ClassVar[int]
    storage: int
    section: int
    def __init__(self, storage: _Optional[int] = ..., section: _Optional[int] = ...) -> None: ...

class ClearSectionDataReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetSectionDataSizeRequest(_message.Message):
    __slots__ = ("storage", "section")
    STORAGE_FIELD_NUMBER: _ClassVar[int]
    SECTION_FIELD_NUMBER: _ClassVar[int]
    storage: int
    section: int
    def __init__(self, storage: _Optional[int] = ..., section: _Optional[int] = ...) -> None: ...

class GetSectionDataSizeReply(_message.Message):
    __slots__ = ("size",)
    SIZE_FIELD_NUMBER: _ClassVar[int]
    size: int
    def __init__(self, size: _Optional[int] = ...) -> None: ...
