"""A module image as it was received: taken apart by the device's own rule, not a tool's."""

from __future__ import annotations

import zlib

from attrs import field, frozen

from particle_cli.domain.firmware.errors import FirmwareError
from particle_cli.domain.firmware.extensions import ExtensionType
from particle_cli.domain.firmware.locating import device_prefix_offset
from particle_cli.domain.firmware.prefix import (
    COMPRESSED,
    DROP_MODULE_INFO,
    PREFIX_SIZE,
    ModulePrefix,
    read_prefix,
)
from particle_cli.domain.firmware.suffix import ModuleSuffix, read_suffix

_COMPRESSION_HEADER = 8


@frozen
class StagedImage:
    """One module, with its bytes.

    Attributes:
        data: from its first byte to its CRC.
        offset: of the prefix in them.
        prefix, suffix: their fields.
        whole: whether the CRC is right.
    """

    data: bytes = field(repr=False)
    offset: int
    prefix: ModulePrefix
    suffix: ModuleSuffix
    whole: bool

    @property
    def dropped(self) -> bool:
        """Whether the prefix is not to be written to the destination."""
        return bool(self.prefix.flags & DROP_MODULE_INFO)

    @property
    def compressed(self) -> bool:
        """Whether the body is a Deflate stream."""
        return bool(self.prefix.flags & COMPRESSED)

    def record(self, kind: ExtensionType) -> bytes | None:
        """Return the body of the first suffix record of a type, or None."""
        return next((one.data for one in self.suffix.extensions if one.type == kind), None)

    def body(self) -> bytes | None:
        """Return the bytes to write to the destination, or None where the Deflate stream is broken."""
        start = self.offset + self.prefix.size
        if not self.compressed:
            return self.data[PREFIX_SIZE:] if self.dropped else self.data
        stream = self.data[start:]
        header = int.from_bytes(stream[:2], "little")
        size = int.from_bytes(stream[4:8], "little")
        if header < _COMPRESSION_HEADER or stream[2] != 0:
            return None
        try:
            inflated = zlib.decompressobj(-15).decompress(stream[header:], size + 1)
        except zlib.error:
            return None
        return inflated if len(inflated) == size else None


def read_staged(family: str | None, data: bytes) -> StagedImage | None:
    """Take the module apart that starts the data; None where there is none, or less of it than it says."""
    offset = device_prefix_offset(family, data)
    if len(data) < offset + PREFIX_SIZE:
        return None
    start, end = (int.from_bytes(data[offset + at : offset + at + 4], "little") for at in (0, 4))
    size = end - start + 4
    if not offset + PREFIX_SIZE < size <= len(data):
        return None
    view = memoryview(data)[:size]
    try:
        prefix = read_prefix(view, offset, name="update")
        suffix = read_suffix(view, offset + prefix.size, name="update")
    except FirmwareError:
        return None
    whole = zlib.crc32(view[:-4]) == int.from_bytes(view[-4:], "big")
    return StagedImage(bytes(view), offset, prefix, suffix, whole)
