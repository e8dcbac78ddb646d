"""The file format pcapng (IETF draft-ietf-opsawg-pcapng), as far as a trace needs it: little-endian blocks.

A file is a section header, the description of one interface, and any number of packets. Each block stands
by itself, so a file that ends after any of them is a whole one.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from typing import Final

SECTION_MAGIC: Final = b"\x0a\x0d\x0d\x0a"
"""What every pcapng file begins with, in either byte order."""

_INTERFACE_BLOCK: Final = 1
_PACKET_BLOCK: Final = 6
_BYTE_ORDER_MAGIC: Final = 0x1A2B3C4D
_LENGTH_UNKNOWN: Final = -1
_NO_LIMIT: Final = 0

_COMMENT, _IF_NAME, _USER_APPLICATION, _TIME_RESOLUTION = 1, 2, 4, 9
_MICROSECONDS: Final = b"\x06"  # a negative power of ten

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def file_head(link_type: int, *, interface: str, program: str) -> bytes:
    """Return how a file begins.

    Args:
        link_type: what its packets are, by the numbers of tcpdump.org/linktypes.html.
        interface: name of what the packets were seen on.
        program: name and version of the program that writes them.
    """
    section = struct.pack("<IHHq", _BYTE_ORDER_MAGIC, 1, 0, _LENGTH_UNKNOWN)
    section += _options((_USER_APPLICATION, program.encode()))
    described = struct.pack("<HHI", link_type, 0, _NO_LIMIT)
    described += _options((_IF_NAME, interface.encode()), (_TIME_RESOLUTION, _MICROSECONDS))
    return _block(int.from_bytes(SECTION_MAGIC, "little"), section) + _block(_INTERFACE_BLOCK, described)


def packet_block(at: datetime, packet: bytes, *, comment: str = "") -> bytes:
    """Return the block of one packet.

    Args:
        at: when it was seen, aware.
        packet: its bytes.
        comment: shown beside it, or "".
    """
    time = microseconds(at)
    head = struct.pack("<IIIII", 0, time >> 32, time & 0xFFFFFFFF, len(packet), len(packet))
    options = _options((_COMMENT, comment.encode())) if comment else b""
    return _block(_PACKET_BLOCK, head + _padded(packet) + options)


def microseconds(at: datetime) -> int:
    """Return a time of day as whole microseconds since 1970, UTC."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def _block(kind: int, body: bytes) -> bytes:
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def _options(*options: tuple[int, bytes]) -> bytes:
    """Return options with the one that ends them."""
    told = b"".join(struct.pack("<HH", code, len(value)) + _padded(value) for code, value in options)
    return told + bytes(4)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
