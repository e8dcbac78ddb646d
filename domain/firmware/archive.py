"""Zip archives from strangers, read from memory with every size known before a byte is inflated.

The standard library's reader trusts more than a stranger deserves (it allocates for as many entries as there
are, and takes sizes and names from two places without comparing them), so the directory is read here; the
inflating is zlib's. Layout: PKWARE APPNOTE 6.3, without zip64, encryption and multiple disks, all of which
are refused.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from attrs import field, frozen

from particle_cli.domain.firmware.errors import BundleError, BundleUnsafe
from particle_cli.domain.firmware.inflating import Measured, inflated, measure

MAX_ENTRIES = 4096
_END = struct.Struct("<4sHHHHIIH")
_CENTRAL = struct.Struct("<4sBBHHHHHIIIHHHHHII")
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_END_MARK, _CENTRAL_MARK, _LOCAL_MARK = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_ZIP64_LOCATOR = b"PK\x06\x07"
_LOCATOR_SIZE = 20
_LONGEST_COMMENT = 0xFFFF
_ENCRYPTED = 0x2041  # plain encryption, strong encryption, masked headers
_UTF8 = 0x0800
_UNIX = 3
_STORED, _DEFLATED = 0, 8
_ZIP64_SIZE = 0xFFFFFFFF
_FILE_TYPES = {0x0000, 0x8000, 0x4000}  # not stated, file, folder


@frozen
class Entry:
    """One file of an archive, not yet inflated. Sizes in bytes; `start` is where its data lie."""

    name: str
    size: int
    method: int
    crc: int
    start: int
    data: memoryview = field(repr=False)


def read_directory(data: bytes | memoryview, *, name: str) -> tuple[Entry, ...]:
    """Return the files of an archive, folders left out.

    Args:
        data: the archive.
        name: its file, for messages.

    Raises:
        BundleError: it is no sound zip archive.
        BundleUnsafe: it is encrypted, holds links, has too many entries, or entries that share bytes.
    """
    view = memoryview(data)
    count, start, end = _end_record(view, name)
    entries = [entry for entry in _entries(view, count, start, end, name) if not entry.name.endswith("/")]
    reached = 0
    for entry in sorted(entries, key=lambda entry: entry.start):
        if entry.start < reached:
            raise BundleUnsafe(f"{name} is not used: the entry {entry.name!r} shares bytes with another one.")
        reached = entry.start + len(entry.data)
    return tuple(entries)


def inflate(entry: Entry, *, archive: str) -> bytes:
    """Return the content of an entry, which is as long and has the CRC that the directory says.

    Raises: BundleUnsafe when there is more than declared; BundleError for anything else that is wrong.
    """
    found = _measure(entry, archive)
    if found.size > entry.size:
        raise BundleUnsafe(
            f"{archive} is not used: the entry {entry.name!r} declares {entry.size} bytes and holds more."
        )
    if not found.ended or found.size < entry.size:
        raise BundleError(
            f"{archive} is damaged: the entry {entry.name!r} declares {entry.size} bytes "
            f"and holds {found.size}."
        )
    if found.crc != entry.crc:
        raise BundleError(
            f"{archive} is damaged: the CRC of {entry.name!r} should be {entry.crc:08x} "
            f"but is {found.crc:08x}.",
            next_step="Get or make the file anew.",
        )
    return bytes(entry.data) if entry.method == _STORED else inflated(entry.data, found)


def _measure(entry: Entry, archive: str) -> Measured:
    if entry.method == _STORED:
        return Measured(len(entry.data), zlib.crc32(entry.data), True)
    try:
        return measure(entry.data, limit=entry.size)
    except zlib.error as damage:
        raise BundleError(
            f"{archive} is damaged: the entry {entry.name!r} cannot be inflated ({damage})."
        ) from None


def _end_record(view: memoryview, name: str) -> tuple[int, int, int]:
    """Return the number of entries, and where their directory starts and ends."""
    tail = bytes(view[-_END.size - _LONGEST_COMMENT :])
    place = tail.rfind(_END_MARK)
    while place >= 0:
        if len(tail) - place >= _END.size:
            _, disk, first_disk, here, count, size, start, comment = _END.unpack_from(tail, place)
            if place + _END.size + comment == len(tail):
                break
        place = tail.rfind(_END_MARK, 0, place)
    else:
        raise BundleError(f"{name} is no zip archive: it has no end record.")
    end = len(view) - len(tail) + place
    if (
        bytes(view[max(end - _LOCATOR_SIZE, 0) :][:4]) == _ZIP64_LOCATOR
        or disk
        or first_disk
        or here != count
    ):
        raise BundleError(f"{name} is a zip archive of a kind that no bundle needs (zip64 or several disks).")
    if count > MAX_ENTRIES:
        raise BundleUnsafe(f"{name} is not used: it has {count} entries; {MAX_ENTRIES} are allowed.")
    if start + size > end:
        raise BundleError(f"{name} is damaged: its directory ({size} bytes at {start:#x}) is not all there.")
    return count, start, start + size


def _entries(view: memoryview, count: int, start: int, end: int, name: str) -> Iterator[Entry]:
    at = start
    for _ in range(count):
        if end - at < _CENTRAL.size or view[at : at + 4] != _CENTRAL_MARK:
            raise BundleError(f"{name} is damaged: there is no directory entry at {at:#x}.")
        fields = _CENTRAL.unpack_from(view, at)
        _, _, system, _, flags, method, _, _, crc, packed, size = fields[:11]
        name_size, extra, comment, _, _, attributes, local = fields[11:]
        raw = bytes(view[at + _CENTRAL.size : at + _CENTRAL.size + name_size])
        at += _CENTRAL.size + name_size + extra + comment
        if at > end:
            raise BundleError(f"{name} is damaged: the directory entry of {_text(raw, flags)!r} is cut.")
        shown = _text(raw, flags)
        _check_kind(name, shown, flags, method, attributes >> 16 if system == _UNIX else 0)
        if _ZIP64_SIZE in (packed, size, local):
            raise BundleError(f"{name} is a zip archive of a kind that no bundle needs (zip64).")
        data = _local_data(view, local, raw, packed, name)
        yield Entry(shown, size, method, crc, local, data)


def _check_kind(archive: str, name: str, flags: int, method: int, mode: int) -> None:
    if flags & _ENCRYPTED:
        raise BundleUnsafe(f"{archive} is not used: the entry {name!r} is encrypted.")
    if mode & 0xF000 not in _FILE_TYPES:
        raise BundleUnsafe(f"{archive} is not used: the entry {name!r} is a link or special file.")
    if method not in (_STORED, _DEFLATED):
        raise BundleError(f"{archive} cannot be read: the entry {name!r} has compression method {method}.")


def _local_data(view: memoryview, offset: int, name: bytes, packed: int, archive: str) -> memoryview:
    """Return the packed bytes behind a local header, which must name the same file as the directory."""
    if len(view) - offset < _LOCAL.size or view[offset : offset + 4] != _LOCAL_MARK:
        raise BundleError(f"{archive} is damaged: there is no entry at {offset:#x}.")
    *_, name_size, extra = _LOCAL.unpack_from(view, offset)
    start = offset + _LOCAL.size + name_size + extra
    if view[offset + _LOCAL.size : offset + _LOCAL.size + name_size] != name:
        raise BundleUnsafe(f"{archive} is not used: the entry at {offset:#x} has two different names.")
    if len(view) - start < packed:
        raise BundleError(f"{archive} is damaged: the entry at {offset:#x} is cut.")
    return view[start : start + packed]


def _text(name: bytes, flags: int) -> str:
    """Decode a name. Many writers use UTF-8 without the flag that says so."""
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("utf-8", "replace") if flags & _UTF8 else name.decode("cp437")
