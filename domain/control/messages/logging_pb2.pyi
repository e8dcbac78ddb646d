from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LogLevel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INVALID_LOG_LEVEL: _ClassVar[LogLevel]
    ALL: _ClassVar[LogLevel]
    TRACE: _ClassVar[LogLevel]
    INFO: _ClassVar[LogLevel]
    WARN: _ClassVar[LogLevel]
    ERROR: _ClassVar[LogLevel]
    NONE: _ClassVar[LogLevel]

class LogHandlerType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INVALID_LOG_HANDLER_TYPE: _ClassVar[LogHandlerType]
    DEFAULT_STREAM_HANDLER: _ClassVar[LogHandlerType]
    JSON_STREAM_HANDLER: _ClassVar[LogHandlerType]

class StreamType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INVALID_STREAM_TYPE: _ClassVar[StreamType]
    USB_SERIAL_STREAM: _ClassVar[StreamType]
    HW_SERIAL_STREAM: _ClassVar[StreamType]
INVALID_LOG_LEVEL: LogLevel
ALL: LogLevel
TRACE: LogLevel
INFO: LogLevel
WARN: LogLevel
ERROR: LogLevel
NONE: LogLevel
INVALID_LOG_HANDLER_TYPE: LogHandlerType
DEFAULT_STREAM_HANDLER: LogHandlerType
JSON_STREAM_HANDLER: LogHandlerType
INVALID_STREAM_TYPE: StreamType
USB_SERIAL_STREAM: StreamType
HW_SERIAL_STREAM: StreamType

class LogFilter(_message.Message):
    __slots__ = ("category", "level")
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    category: str
    level: LogLevel
    def __init__(self, category: _Optional[str] = ..., level: _Optional[_Union[LogLevel, str]] = ...) -> None: ...

class SerialStreamParams(_message.Message):
    __slots__ = ("index", "baud_rate")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    BAUD_RATE_FIELD_NUMBER: _ClassVar[int]
    index: int
    baud_rate: int
    def __init__(self, index: _Optional[int] = ..., baud_rate: _Optional[int] = ...) -> None: ...

class AddLogHandlerRequest(_message.Message):
    __slots__ = ("id", "handler_type", "level", "filters", "stream_type", "serial")
    ID_FIELD_NUMBER: _ClassVar[int]
    HANDLER_TYPE_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    STREAM_TYPE_FIELD_NUMBER: _ClassVar[int]
    SERIAL_FIELD_NUMBER: _ClassVar[int]
    id: str
    handler_type: LogHandlerType
    level: LogLevel
    filters: _containers.RepeatedCompositeFieldContainer[LogFilter]
    stream_type: StreamType
    serial: SerialStreamParams
    def __init__(self, id: _Optional[str] = ..., handler_type: _Optional[_Union[LogHandlerType, str]] = ..., level: _Optional[_Union[LogLevel, str]] = ..., filters: _Optional[_Iterable[_Union[LogFilter, _Mapping]]] = ..., stream_type: _Optional[_Union[StreamType, str]] = ..., serial: _Optional[_Union[SerialStreamParams, _Mapping]] = ...) -> None: ...

class AddLogHandlerReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RemoveLogHandlerRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class RemoveLogHandlerReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetLogHandlersRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetLogHandlersReply(_message.Message):
    __slots__ = ("handlers",)
    class Handler(_message.Message):
        __slots__ = ("id",)
        ID_FIELD_NUMBER: _ClassVar[int]
        id: str
        def __init__(self, id: _Optional[str] = ...) -> None: ...
    HANDLERS_FIELD_NUMBER: _ClassVar[int]
    handlers: _containers.RepeatedCompositeFieldContainer[GetLogHandlersReply.Handler]
    def __init__(self, handlers: _Optional[_Iterable[_Union[GetLogHandlersReply.Handler, _Mapping]]] = ...) -> None: ...
