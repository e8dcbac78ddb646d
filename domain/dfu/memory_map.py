"""Memory-map strings: the name of each alternate setting says which memory it reaches (ST AN3156, DfuSe).

    "@" name "/" address "/" segment {"," segment} { "/" address "/" segment {"," segment} }
    segment = count "*" size [" "] multiplier type

The multiplier is a blank or `B` (bytes), `K` or `M`; the type is a letter from `a` to `g`, whose place in the
alphabet has bit 0 set for readable, bit 1 for erasable and bit 2 for writable.
"""

from __future__ import annotations

import re
from typing import Final

from attrs import frozen

from particle_cli.domain.dfu.errors import MemoryLocked, MemoryMapError, OutsideMemory
from particle_cli.domain.errors import DeviceProtected

_READABLE: Final = 1
_ERASABLE: Final = 2
_WRITABLE: Final = 4
_UNITS: Final = {"": 1, "B": 1, "K": 1024, "M": 1024 * 1024}
_SEGMENT: Final = re.compile(r" *([0-9]{1,9}) *\* *([0-9]{1,9}) *([BKM]?) *([a-g]) *", re.ASCII)
_ADDRESS: Final = re.compile(r" *0[xX]([0-9A-Fa-f]{1,8}) *", re.ASCII)
_ADDRESS_SPACE: Final = 1 << 32


@frozen
class Segment:
    """Neighbouring sectors of one size and kind.

    Attributes:
        start, end: addresses; end is exclusive.
        sector_size: bytes that are erased together.
        readable, erasable, writable: what a host may do with them.
    """

    start: int
    end: int
    sector_size: int
    readable: bool
    erasable: bool
    writable: bool


@frozen
class MemoryMap:
    """The memory behind one alternate setting: segments in the order in which they are described."""

    name: str
    segments: tuple[Segment, ...]

    @property
    def protected(self) -> bool:
        """Whether it looks as a device under Device Protection shows it: may be erased, nothing else."""
        return all(
            segment.erasable and not segment.readable and not segment.writable for segment in self.segments
        )

    def require_writable(self, address: int, size: int) -> None:
        """Make sure that a whole range may be written.

        Raises: OutsideMemory, DeviceProtected, MemoryLocked.
        """
        for segment in self._covering(address, size):
            if not segment.writable:
                raise self._locked(segment, "written")

    def require_readable(self, address: int, size: int) -> None:
        """Make sure that a whole range may be read.

        Raises: OutsideMemory, DeviceProtected, MemoryLocked.
        """
        for segment in self._covering(address, size):
            if not segment.readable:
                raise self._locked(segment, "read")

    def sectors(self, address: int, size: int) -> tuple[tuple[int, int], ...]:
        """Return (start, size) of the sectors to erase before a range is written, ascending, each once.

        Segments that are not erasable need no erasing: what is behind them takes any bytes at any time.
        Raises: OutsideMemory.
        """
        found = []
        for segment in self._covering(address, size):
            if not segment.erasable:
                continue
            first = max(address, segment.start) - segment.start
            last = min(address + size, segment.end) - segment.start
            start = first - first % segment.sector_size
            found += [
                (segment.start + offset, segment.sector_size)
                for offset in range(start, last, segment.sector_size)
            ]
        return tuple(found)

    def _covering(self, address: int, size: int) -> tuple[Segment, ...]:
        """Return the segments that a range touches, in order of address; they leave no gap in it."""
        end = address + size
        touched = sorted(
            (segment for segment in self.segments if segment.start < end and address < segment.end),
            key=lambda segment: segment.start,
        )
        reached = address
        for segment in touched:
            if segment.start > reached:
                break
            reached = max(reached, segment.end)
        if reached < end:
            raise OutsideMemory(
                f"0x{address:X} to 0x{end:X} is not in the device's memory “{self.name}” ({self._extent()}).",
                next_step="Check that the file is meant for this kind of device.",
            )
        return tuple(touched)

    def _extent(self) -> str:
        return ", ".join(f"0x{segment.start:X} to 0x{segment.end:X}" for segment in self.segments)

    def _locked(self, segment: Segment, done: str) -> DeviceProtected | MemoryLocked:
        if self.protected:
            return DeviceProtected(
                f"The device is protected: its memory “{self.name}” may not be {done}.",
            )
        return MemoryLocked(
            f"0x{segment.start:X} to 0x{segment.end:X} of the memory “{self.name}” may not be {done}."
        )


def parse_memory_map(text: str) -> MemoryMap:
    """Return the memory that the name of an alternate setting describes. Raises: MemoryMapError."""
    if not text.startswith("@") or "/" not in text:
        raise MemoryMapError(f"Not a DfuSe memory descriptor: “{text}”")
    name, *fields = text[1:].split("/")
    if len(fields) % 2:
        raise MemoryMapError(f"An address without segments in the DfuSe memory descriptor “{text}”")
    segments: list[Segment] = []
    for address, described in zip(fields[::2], fields[1::2], strict=True):
        segments += _segments(address, described, text)
    for lower, higher in zip(ordered := sorted(segments, key=lambda s: s.start), ordered[1:], strict=False):
        if lower.end > higher.start:
            raise MemoryMapError(f"Overlapping segments in the DfuSe memory descriptor “{text}”")
    return MemoryMap(name.strip(), tuple(segments))


def _segments(address: str, described: str, text: str) -> list[Segment]:
    """Return the segments that follow one another from an address."""
    number = _ADDRESS.fullmatch(address)
    if not number:
        raise MemoryMapError(f"No address: “{address}” in the DfuSe memory descriptor “{text}”")
    start = int(number[1], 16)
    segments = []
    for part in described.split(","):
        match = _SEGMENT.fullmatch(part)
        if not match:
            raise MemoryMapError(f"No segment: “{part}” in the DfuSe memory descriptor “{text}”")
        count, size = int(match[1]), int(match[2]) * _UNITS[match[3]]
        end = start + count * size
        if start == end or end > _ADDRESS_SPACE:
            raise MemoryMapError(f"Impossible size: “{part}” in the DfuSe memory descriptor “{text}”")
        kind = ord(match[4]) - ord("a") + 1
        segments.append(
            Segment(start, end, size, bool(kind & _READABLE), bool(kind & _ERASABLE), bool(kind & _WRITABLE))
        )
        start = end
    return segments
