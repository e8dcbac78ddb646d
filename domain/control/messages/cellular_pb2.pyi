from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SimType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INVALID_SIM_TYPE: _ClassVar[SimType]
    INTERNAL: _ClassVar[SimType]
    EXTERNAL: _ClassVar[SimType]
INVALID_SIM_TYPE: SimType
INTERNAL: SimType
EXTERNAL: SimType

class AccessPoint(_message.Message):
    __slots__ = ("apn", "user", "password", "use_defaults")
    APN_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_FIELD_NUMBER: _ClassVar[int]
    USE_DEFAULTS_FIELD_NUMBER: _ClassVar[int]
    apn: str
    user: str
    password: str
    use_defaults: bool
    def __init__(self, apn: _Optional[str] = ..., user: _Optional[str] = ..., password: _Optional[str] = ..., use_defaults: _Optional[bool] = ...) -> None: ...

class SetAccessPointRequest(_message.Message):
    __slots__ = ("sim_type", "access_point")
    SIM_TYPE_FIELD_NUMBER: _ClassVar[int]
    ACCESS_POINT_FIELD_NUMBER: _ClassVar[int]
    sim_type: SimType
    access_point: AccessPoint
    def __init__(self, sim_type: _Optional[_Union[SimType, str]] = ..., access_point: _Optional[_Union[AccessPoint, _Mapping]] = ...) -> None: ...

class SetAccessPointReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetAccessPointRequest(_message.Message):
    __slots__ = ("sim_type",)
    SIM_TYPE_FIELD_NUMBER: _ClassVar[int]
    sim_type: SimType
    def __init__(self, sim_type: _Optional[_Union[SimType, str]] = ...) -> None: ...

class GetAccessPointReply(_message.Message):
    __slots__ = ("access_point",)
    ACCESS_POINT_FIELD_NUMBER: _ClassVar[int]
    access_point: AccessPoint
    def __init__(self, access_point: _Optional[_Union[AccessPoint, _Mapping]] = ...) -> None: ...

class SetActiveSimRequest(_message.Message):
    __slots__ = ("sim_type",)
    SIM_TYPE_FIELD_NUMBER: _ClassVar[int]
    sim_type: SimType
    def __init__(self, sim_type: _Optional[_Union[SimType, str]] = ...) -> None: ...

class SetActiveSimReply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetActiveSimRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetActiveSimReply(_message.Message):
    __slots__ = ("sim_type",)
    SIM_TYPE_FIELD_NUMBER: _ClassVar[int]
    sim_type: SimType
    def __init__(self, sim_type: _Optional[_Union[SimType, str]] = ...) -> None: ...

class GetIccidRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetIccidReply(_message.Message):
    __slots__ = ("iccid", "imei")
    ICCID_FIELD_NUMBER: _ClassVar[int]
    IMEI_FIELD_NUMBER: _ClassVar[int]
    iccid: str
    imei: str
    def __init__(self, iccid: _Optional[str] = ..., imei: _Optional[str] = ...) -> None: ...
