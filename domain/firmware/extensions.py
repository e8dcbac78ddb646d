"""Extension records (TLV) of prefix and suffix, as they lie in the file.

A record is a u16 type, a u16 length that counts this header of four bytes, and a body. Records follow one
another without alignment. What a body means is the business of `records`; here it stays bytes, so that
unknown records survive every change.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from enum import IntEnum

from attrs import frozen

from particle_cli.domain.firmware.errors import ModuleBroken

_HEADER = struct.Struct("<HH")
HEADER_SIZE = 4
MAX_RECORDS = 2048
"""Records that prefix or suffix may have. No device has room for more than 502 assets."""


class ExtensionType(IntEnum):
    """The record types that Device OS and its tools define."""

    END = 0x0000
    PRODUCT_DATA = 0x0001
    DYNAMIC_LOCATION = 0x0002
    DEPENDENCY = 0x0003
    HASH = 0x0010
    NAME = 0x0011
    ASSET_DEPENDENCY = 0x0012
    SECURITY_MODE = 0x0013
    ASSET_TYPE = 0x0014
    INVALID = 0xFFFF


@frozen
class Extension:
    """One record: its type and the body that follows the header."""

    type: int
    data: bytes = b""

    @property
    def size(self) -> int:
        """Bytes in the file, header included."""
        return HEADER_SIZE + len(self.data)

    def encoded(self) -> bytes:
        """Return the bytes of the record. Raises: ModuleBroken for a body above 65531 bytes."""
        return encode_extensions((self,))

    def header(self) -> bytes:
        """Return the four bytes before the body. Raises: as `encoded`."""
        try:
            return _HEADER.pack(self.type, self.size)
        except struct.error:
            raise ModuleBroken(
                f"An extension record of type {self.type} with {len(self.data)} bytes cannot be written: "
                "type and length are 16-bit numbers."
            ) from None


END = Extension(ExtensionType.END)


def encode_extensions(extensions: Iterable[Extension], *, after: bytes = b"") -> bytes:
    """Return the bytes of records one after another, and before them what they come `after`."""
    pieces = [piece for extension in extensions for piece in (extension.header(), extension.data)]
    return b"".join((after, *pieces))


def read_extensions(area: memoryview, *, offset: int, name: str) -> tuple[tuple[Extension, ...], int]:
    """Read records until END (which is included), type 0xffff, or what passes the end of the area.

    Args:
        area: where the records lie; they need not fill it.
        offset: where the area starts in the file, for messages.
        name: the file, for messages.

    Returns:
        The records, and how many bytes of the area they take.

    Raises:
        ModuleBroken: a record is shorter than its own header, or there are too many.
    """
    records: list[Extension] = []
    at = 0
    while len(area) - at >= HEADER_SIZE:
        kind, size = _HEADER.unpack_from(area, at)
        if kind == ExtensionType.INVALID or size > len(area) - at:
            break
        if size < HEADER_SIZE:
            if len(area) - at == HEADER_SIZE:
                break  # no record, but the four bytes that end a suffix
            raise ModuleBroken(
                f"Could not parse {name}: invalid extension length {size} at offset {offset + at + 2:#x} "
                f"(type {kind:#06x}); a record has at least {HEADER_SIZE} bytes"
            )
        if len(records) == MAX_RECORDS:
            raise ModuleBroken(f"Could not parse {name}: it has more than {MAX_RECORDS} extension records")
        records.append(Extension(kind, bytes(area[at + HEADER_SIZE : at + size])))
        at += size
        if kind == ExtensionType.END:
            break
    return tuple(records), at
