"""Raw Deflate streams from strangers: measured first, then inflated into memory of exactly that size."""

from __future__ import annotations

import zlib

from attrs import frozen

_STEP = 1 << 16


@frozen
class Measured:
    """What a stream holds: bytes and CRC-32 of the content, and whether the stream came to its end."""

    size: int
    crc: int
    ended: bool


def measure(stream: memoryview, *, limit: int, window: int = zlib.MAX_WBITS) -> Measured:
    """Inflate a stream without keeping anything, and stop soon after more than `limit` bytes.

    Raises: zlib.error when it is no Deflate stream.
    """
    inflater = zlib.decompressobj(-window)
    size, crc = 0, 0
    for start in range(0, len(stream), _STEP):
        pending: bytes | memoryview = stream[start : start + _STEP]
        while pending and size <= limit:
            content = inflater.decompress(pending, _STEP)
            size, crc = size + len(content), zlib.crc32(content, crc)
            pending = inflater.unconsumed_tail
        if inflater.eof or size > limit:
            break
    while not inflater.eof and size <= limit:
        content = inflater.decompress(b"", _STEP)
        if not content:
            break
        size, crc = size + len(content), zlib.crc32(content, crc)
    return Measured(size, crc, inflater.eof)


def inflated(stream: memoryview, measured: Measured, *, window: int = zlib.MAX_WBITS) -> bytes:
    """Return the content of a stream that was measured, and that came to its end.

    Told the exact size zlib allocates once; else it would hold all of the content twice for a moment.
    """
    return zlib.decompress(stream, -window, max(measured.size, 1))
