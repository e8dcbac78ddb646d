"""The memory of Gen 2 devices with Device OS from 0.8 to 1.5, section by section, while they run.

A section is addressed by where it stands in the device's description, not by what it is. Every function may
raise what `ControlChannel.request` does; RequestFailed with NOT_SUPPORTED from any other device.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, IntFlag
from typing import Final

from attrs import frozen

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.errors import RequestInvalid
from particle_cli.domain.control.exchange import exchange, member
from particle_cli.domain.control.messages import storage_pb2 as storage
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.module_info import legacy_function
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S
from particle_cli.domain.errors import ProtocolError

PIECE: Final = 4096
"""Bytes that one request reads or writes."""
_SMALL_PIECE: Final = 4032
"""The same before Device OS 1.5, where a request with its header has to fit into one transfer."""

Listener = Callable[[int, int], None]
"""Is told the bytes done and the bytes in all."""


class SectionKind(Enum):
    """What a section is for; the values are the numbers that devices use."""

    FIRMWARE = 1
    OTA_BACKUP = 2
    FACTORY_BACKUP = 3
    CONFIG = 4
    EEPROM = 5


class SectionFlag(IntFlag):
    """What can be done with a section."""

    CAN_READ = 1
    CAN_WRITE = 2
    CAN_CLEAR = 4
    CAN_GET_SIZE = 8
    """It knows how much of it is used."""
    NEED_CLEAR = 16
    """It has to be cleared before it is written."""


@frozen
class Section:
    """A section of a device's memory.

    Attributes:
        storage, index: the place in the device's description, by which it is addressed.
        kind: what it is for; None for a kind that is not known here.
        size: bytes that it has.
        flags: what can be done with it.
        function, module_index: which module lies there, for firmware; function as a ModuleFunction's number.
    """

    storage: int
    index: int
    kind: SectionKind | None
    size: int
    flags: SectionFlag
    function: int | None = None
    module_index: int | None = None


async def sections(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> tuple[Section, ...]:
    """Return the sections of the device's memory, in its order."""
    reply = await exchange(
        channel, RequestType.DESCRIBE_STORAGE, storage.DescribeStorageReply, timeout_s=timeout_s
    )
    return tuple(
        _section(place, index, told)
        for place, memory in enumerate(reply.storage)
        for index, told in enumerate(memory.sections)
    )


async def used_size(
    channel: ControlChannel, section: Section, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> int:
    """Return how many bytes of a section are used, as of the module in it.

    Raises: RequestInvalid for a section that does not know.
    """
    _require(section, SectionFlag.CAN_GET_SIZE, "does not know how much of it is used")
    reply = await exchange(
        channel,
        RequestType.GET_SECTION_DATA_SIZE,
        storage.GetSectionDataSizeReply,
        storage.GetSectionDataSizeRequest(storage=section.storage, section=section.index),
        timeout_s=timeout_s,
    )
    return reply.size


async def read_section(
    channel: ControlChannel,
    section: Section,
    *,
    offset: int = 0,
    size: int | None = None,
    progress: Listener | None = None,
    timeout_s: float = DEFAULT_TIMEOUT_S,
) -> bytes:
    """Return bytes of a section.

    Args:
        channel: the device.
        section: as `sections` has it.
        offset: where to begin.
        size: how many bytes; without it all that is used, or up to the end where that is not known.
        progress: is told what is read.
        timeout_s: bound on each request.

    Raises: RequestInvalid, before anything is sent, for what the section does not allow.
    """
    _require(section, SectionFlag.CAN_READ, "cannot be read")
    if size is None:
        known = section.flags & SectionFlag.CAN_GET_SIZE
        end = await used_size(channel, section, timeout_s=timeout_s) if known else section.size
        size = max(0, end - offset)
    _require_range(section, offset, size)
    data = bytearray()
    while len(data) < size:
        wanted = min(_piece(channel), size - len(data))
        reply = await exchange(
            channel,
            RequestType.READ_SECTION_DATA,
            storage.ReadSectionDataReply,
            storage.ReadSectionDataRequest(
                storage=section.storage, section=section.index, offset=offset + len(data), size=wanted
            ),
            timeout_s=timeout_s,
            secret=True,
        )
        if len(reply.data) != wanted:
            raise ProtocolError(f"{channel.device} sent {len(reply.data)} bytes of a section, not {wanted}.")
        data += reply.data
        if progress:
            progress(len(data), size)
    return bytes(data)


async def write_section(
    channel: ControlChannel,
    section: Section,
    data: bytes,
    *,
    offset: int = 0,
    progress: Listener | None = None,
    timeout_s: float = DEFAULT_TIMEOUT_S,
) -> None:
    """Write bytes into a section, which is cleared as a whole before if it has to be.

    Args:
        channel: the device.
        section: as `sections` has it.
        data: the bytes.
        offset: where to begin.
        progress: is told what is written.
        timeout_s: bound on each request.

    Raises: RequestInvalid, before anything is sent, for what the section does not allow.
    """
    _require(section, SectionFlag.CAN_WRITE, "cannot be written")
    _require_range(section, offset, len(data))
    if section.flags & SectionFlag.NEED_CLEAR:
        await clear_section(channel, section, timeout_s=timeout_s)
    piece = _piece(channel)
    for start in range(0, len(data), piece):
        part = data[start : start + piece]
        request = storage.WriteSectionDataRequest(
            storage=section.storage, section=section.index, offset=offset + start, data=part
        )
        await channel.request(
            RequestType.WRITE_SECTION_DATA, request.SerializeToString(), timeout_s=timeout_s, secret=True
        )
        if progress:
            progress(start + len(part), len(data))


async def clear_section(
    channel: ControlChannel, section: Section, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> None:
    """Clear a section. Raises: RequestInvalid for one that cannot be."""
    _require(section, SectionFlag.CAN_CLEAR, "cannot be cleared")
    request = storage.ClearSectionDataRequest(storage=section.storage, section=section.index)
    await channel.request(RequestType.CLEAR_SECTION_DATA, request.SerializeToString(), timeout_s=timeout_s)


def _section(place: int, index: int, told: storage.DescribeStorageReply.Section) -> Section:
    module = told.firmware_module if told.HasField("firmware_module") else None
    return Section(
        storage=place,
        index=index,
        kind=member(SectionKind, told.type),
        size=told.size,
        flags=SectionFlag(told.flags),
        function=legacy_function(module.type) if module else None,
        module_index=module.index if module else None,
    )


def _piece(channel: ControlChannel) -> int:
    return PIECE if channel.chunks else _SMALL_PIECE


def _require(section: Section, flag: SectionFlag, otherwise: str) -> None:
    if not section.flags & flag:
        kind = section.kind.name if section.kind else "unknown"
        raise RequestInvalid(f"Section {section.index} of the device's memory ({kind}) {otherwise}.")


def _require_range(section: Section, offset: int, size: int) -> None:
    if offset < 0 or size < 0 or offset + size > section.size:
        raise RequestInvalid(
            f"{size} bytes at {offset} do not lie in section {section.index} of the device's memory, "
            f"which has {section.size}."
        )
