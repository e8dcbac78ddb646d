"""The memory of a Gen 2 device before Device OS 2.0, section by section."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from particle_cli.domain.control.messages import storage_pb2
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import NEVER, Entry, decoded, reply, since
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.module_reports import LEGACY_TYPES
from particle_cli.simulators.firmware.sections import Kind, Section, sections
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.system.system import System

T = TypeVar("T")

_KINDS: Final[Mapping[Kind, storage_pb2.SectionType]] = {
    Kind.FIRMWARE: storage_pb2.FIRMWARE,
    Kind.UPDATE: storage_pb2.OTA_BACKUP,
    Kind.FACTORY: storage_pb2.FACTORY_BACKUP,
    Kind.CONFIGURATION: storage_pb2.CONFIG,
    Kind.EEPROM: storage_pb2.EEPROM,
}
_VERSIONS: Final = since(300, until=2000)


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group."""
    present = sections(system.hardware)

    def section(storage: int, number: int) -> Section:
        if storage != 0 or number >= len(present):
            raise RequestFailed(system_error.NOT_FOUND)
        return present[number]

    def describe(payload: bytes) -> Outcome:
        answer = storage_pb2.DescribeStorageReply()
        storage = answer.storage.add(type=storage_pb2.INTERNAL)
        for one in present:
            storage.sections.append(_described(one))
        return reply(answer)

    def read(payload: bytes) -> Outcome:
        request = decoded(storage_pb2.ReadSectionDataRequest, payload)
        found = section(request.storage, request.section)
        data = _able(found.read)(*_inside(found, request.offset, request.size))
        return reply(storage_pb2.ReadSectionDataReply(data=data))

    def write(payload: bytes) -> Outcome:
        request = decoded(storage_pb2.WriteSectionDataRequest, payload)
        found = section(request.storage, request.section)
        offset, _ = _inside(found, request.offset, len(request.data)) if found.write else (0, 0)
        return Outcome(takes_ms=_able(found.write)(offset, request.data))

    def clear(payload: bytes) -> Outcome:
        request = decoded(storage_pb2.ClearSectionDataRequest, payload)
        return Outcome(takes_ms=_able(section(request.storage, request.section).clear)())

    def size(payload: bytes) -> Outcome:
        request = decoded(storage_pb2.GetSectionDataSizeRequest, payload)
        content_size = _able(section(request.storage, request.section).content_size)()
        return reply(storage_pb2.GetSectionDataSizeReply(size=content_size))

    return {
        RequestType.DESCRIBE_STORAGE: Entry(describe, NEVER, _VERSIONS),
        RequestType.READ_SECTION_DATA: Entry(read, NEVER, _VERSIONS),
        RequestType.WRITE_SECTION_DATA: Entry(write, NEVER, _VERSIONS, slow=True),
        RequestType.CLEAR_SECTION_DATA: Entry(clear, NEVER, _VERSIONS, slow=True),
        RequestType.GET_SECTION_DATA_SIZE: Entry(size, NEVER, _VERSIONS),
    }


def _able(ability: Callable[..., T] | None) -> Callable[..., T]:
    if ability is None:
        raise RequestFailed(system_error.NOT_SUPPORTED)
    return ability


def _inside(section: Section, offset: int, size: int) -> tuple[int, int]:
    if not size or offset + size > section.size:
        raise RequestFailed(system_error.OUT_OF_RANGE)
    return offset, size


def _described(section: Section) -> storage_pb2.DescribeStorageReply.Section:
    can = storage_pb2
    flags = can.CAN_READ if section.read else 0
    flags |= can.CAN_WRITE if section.write else 0
    flags |= can.CAN_CLEAR if section.clear else 0
    flags |= can.CAN_GET_SIZE if section.content_size else 0
    flags |= can.NEED_CLEAR if section.kind is Kind.FACTORY else 0
    described = can.DescribeStorageReply.Section(type=_KINDS[section.kind], size=section.size, flags=flags)
    if section.module:
        function = ModuleFunction(section.module.function)
        is_user_part = function is ModuleFunction.USER_PART
        described.firmware_module.type = LEGACY_TYPES[function]
        described.firmware_module.index = 0 if is_user_part else section.module.index
    return described
