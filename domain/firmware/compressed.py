"""Compressed modules: a small header and a raw Deflate stream in place of the body.

A module with DROP_MODULE_INFO has its body compressed; any other module is compressed as a whole, vector
table, suffix and CRC included, behind a copy of its prefix.
"""

from __future__ import annotations

import struct
import zlib

from attrs import evolve, frozen

from particle_cli.domain.firmware.build import fitted
from particle_cli.domain.firmware.errors import LimitExceeded, ModuleBroken, ModuleUnsuited
from particle_cli.domain.firmware.inflating import inflated, measure
from particle_cli.domain.firmware.module import Module, parse_module, require_whole, sealed, write_module
from particle_cli.domain.firmware.prefix import COMBINED, COMPRESSED, DROP_MODULE_INFO

MAX_SIZE = 16 << 20
"""Bytes that a module may have when it is inflated; no device has as much flash."""
_HEADER = struct.Struct("<HBBI")
_DEFLATE = 0
_DEFAULT_WINDOW = 15


@frozen
class CompressionHeader:
    """What a compressed module says of its stream, unchecked.

    `size` is that of the header itself; `method` 0 is Deflate; `window_bits` 0 stands for 15;
    `original_size` is that of the content, in bytes.
    """

    size: int
    method: int
    window_bits: int
    original_size: int


def compressed(module: Module, *, level: int = -1, window_bits: int = 0) -> Module:
    """Return a module compressed, as over-the-air updates and asset modules are.

    Args:
        module: a whole module.
        level: of zlib, 0 to 9; -1 for its default.
        window_bits: 8 to 15; 0 leaves it at 15 without saying so in the header. zlib makes 9 of 8.

    Raises:
        ModuleUnsuited: it is compressed or combined already, has trailing bytes, or has
            DROP_MODULE_INFO and a vector table.
    """
    if module.prefix.flags & COMPRESSED:
        raise ModuleUnsuited("The module is already compressed.")
    if module.prefix.flags & COMBINED:
        raise ModuleUnsuited("A combined module can't be compressed; its parts can.")
    require_whole(module)
    drops = bool(module.prefix.flags & DROP_MODULE_INFO)
    if drops and module.preamble:
        raise ModuleUnsuited("DROP_MODULE_INFO can't be set for a module with a vector table.")
    if window_bits == 8:
        window_bits = 9
    data = module.payload if drops else write_module(module)
    deflater = zlib.compressobj(level, zlib.DEFLATED, -(window_bits or _DEFAULT_WINDOW))
    stream = deflater.compress(data) + deflater.flush()
    header = _HEADER.pack(_HEADER.size, _DEFLATE, window_bits, len(data))
    prefix = evolve(module.prefix, flags=module.prefix.flags | COMPRESSED)
    return sealed(fitted(evolve(module, prefix=prefix, payload=header + stream, preamble=b"")))


def decompressed(module: Module, *, max_size: int = MAX_SIZE) -> Module:
    """Return the module that a compressed one stands for.

    Args:
        module: a compressed module.
        max_size: bytes that it may have.

    Raises:
        ModuleUnsuited: it is not compressed, is combined, or has trailing bytes.
        ModuleBroken: its header or stream is not sound.
        LimitExceeded: it would be larger than `max_size`.
    """
    if not module.prefix.flags & COMPRESSED:
        raise ModuleUnsuited("The module is not compressed.")
    if module.prefix.flags & COMBINED:
        raise ModuleUnsuited("A combined module can't be decompressed; its parts can.")
    require_whole(module)
    data = inflated_payload(module, max_size=max_size)
    if not module.prefix.flags & DROP_MODULE_INFO:
        return parse_module(data, name="the compressed module")
    prefix = evolve(module.prefix, flags=module.prefix.flags & ~COMPRESSED)
    return sealed(fitted(evolve(module, prefix=prefix, payload=data)))


def inflated_payload(module: Module, *, max_size: int = MAX_SIZE) -> bytes:
    """Return what the stream of a compressed module holds. Raises: ModuleBroken, LimitExceeded."""
    header = read_header(module)
    if header.method != _DEFLATE:
        raise ModuleBroken(f"The module is compressed by an unknown method: {header.method}.")
    if header.window_bits and not 8 <= header.window_bits <= 15:
        raise ModuleBroken(
            f"The decompression window has an invalid size: {header.window_bits} bits; 8 to 15 are possible."
        )
    size = header.original_size
    if size > max_size:
        raise LimitExceeded(f"The module declares {size} bytes when decompressed; {max_size} are allowed.")
    stream, bits = memoryview(module.payload)[header.size :], header.window_bits or _DEFAULT_WINDOW
    try:
        found = measure(stream, limit=size, window=bits)
    except zlib.error as damage:
        raise ModuleBroken(f"The compressed data cannot be inflated: {damage}.") from None
    if found.size != size or not found.ended:
        told = f"more than {size}" if found.size > size else f"{found.size}"
        raise ModuleBroken(f"The compressed data should have {size} bytes when decompressed but has {told}.")
    return inflated(stream, found, window=bits)


def read_header(module: Module) -> CompressionHeader:
    """Return what stands before the stream of a compressed module. Raises: ModuleBroken."""
    payload = memoryview(module.payload)
    if len(payload) < _HEADER.size:
        raise ModuleBroken(
            f"The compressed data has {len(payload)} bytes; its header alone has {_HEADER.size}."
        )
    header = CompressionHeader(*_HEADER.unpack_from(payload))
    if not _HEADER.size <= header.size <= len(payload):
        raise ModuleBroken(f"The header of the compressed data has an invalid size: {header.size}.")
    return header
