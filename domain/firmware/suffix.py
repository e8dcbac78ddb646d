"""The module suffix: what stands between the body of a module and its CRC.

    [ extension records ][ product id u16, version u16 ][ reserved u16 ][ SHA-256 ][ suffix size u16 ]

The size counts all of this. Builds without product data leave the four bytes out (size 36); platforms of the
RTL872x family carry the same numbers in a PRODUCT_DATA record at the end of the records instead.
"""

from __future__ import annotations

import struct

from attrs import frozen

from particle_cli.domain.firmware.errors import ModuleBroken
from particle_cli.domain.firmware.extensions import (
    Extension,
    ExtensionType,
    encode_extensions,
    read_extensions,
)

_PRODUCT = struct.Struct("<HH")
_RESERVED = struct.Struct("<H")
_SIZE = struct.Struct("<H")
BASE_SIZE = 36
"""Reserved word, SHA-256 and size: what every suffix has."""
AFTER_SHA = 34
"""Bytes of the suffix from the hash on, which the hash does not cover."""
PRODUCT_SIZE = 4
NO_PRODUCT = 0xFFFF
PLACEHOLDER_SHA256 = bytes(range(1, 33))
"""What stands in the hash field of an image that was never post-processed."""


@frozen
class ModuleSuffix:
    """The parts of the suffix, in the order of the file.

    `product_fields` are the product's (id, version) where four plain bytes hold them; None where a
    PRODUCT_DATA record does, or nothing. `unread` are bytes after the records that are neither.
    """

    sha256: bytes
    extensions: tuple[Extension, ...] = ()
    unread: bytes = b""
    product_fields: tuple[int, int] | None = None
    reserved: int = 0

    @property
    def size(self) -> int:
        """Bytes of the suffix, the CRC not counted."""
        records = sum(extension.size for extension in self.extensions)
        return records + len(self.unread) + (PRODUCT_SIZE if self.product_fields else 0) + BASE_SIZE

    @property
    def product(self) -> tuple[int, int] | None:
        """Product id and version, from wherever they are kept; None where the module has no such fields.

        0xffff / 0xffff, and from Device OS 5.4 on 0 / 0, mean "no product firmware".
        """
        if self.product_fields:
            return self.product_fields
        for extension in self.extensions:
            if extension.type == ExtensionType.PRODUCT_DATA and len(extension.data) >= 6:
                product_id, version = _PRODUCT.unpack_from(extension.data, 2)
                return product_id, version
        return None

    @property
    def product_id(self) -> int | None:
        """The product's id, or None where the module has no field for it."""
        return self.product[0] if self.product else None

    @property
    def product_version(self) -> int | None:
        """The product firmware's version, or None where the module has no field for it."""
        return self.product[1] if self.product else None

    def encoded(self) -> bytes:
        """Return the bytes of the suffix. Raises: ModuleBroken for a number or size that does not fit."""
        try:
            product = _PRODUCT.pack(*self.product_fields) if self.product_fields else b""
            reserved, size = _RESERVED.pack(self.reserved), _SIZE.pack(self.size)
        except struct.error as misfit:
            raise ModuleBroken(f"A number does not fit its field in the module suffix: {misfit}.") from None
        if len(self.sha256) != 32:
            raise ModuleBroken(f"A SHA-256 has 32 bytes, not {len(self.sha256)}.")
        return encode_extensions(self.extensions) + self.unread + product + reserved + self.sha256 + size


def read_suffix(module: memoryview, body_start: int, *, name: str) -> ModuleSuffix:
    """Read the suffix of a module.

    Args:
        module: from the file's first byte to the CRC, which must be there.
        body_start: the offset behind the prefix and its extensions.
        name: the file, for messages.

    Raises:
        ModuleBroken: the suffix size is impossible, or a record's length is.
    """
    end = len(module) - 4
    size = _SIZE.unpack_from(module, end - 2)[0] if end >= body_start + 2 else 0
    if not BASE_SIZE <= size <= end - body_start:
        raise ModuleBroken(
            f"Could not parse {name}: invalid suffix size {size} at offset {max(end - 2, 0):#x}; "
            f"between {BASE_SIZE} and {max(end - body_start, 0)} bytes can be right"
        )
    start, tail = end - size, end - BASE_SIZE
    records, unread, product = _read_area(module[start:tail], offset=start, name=name)
    return ModuleSuffix(
        sha256=bytes(module[end - AFTER_SHA : end - 2]),
        extensions=records,
        unread=unread,
        product_fields=product,
        reserved=_RESERVED.unpack_from(module, tail)[0],
    )


def _read_area(
    area: memoryview, *, offset: int, name: str
) -> tuple[tuple[Extension, ...], bytes, tuple[int, int] | None]:
    """Tell apart records, product data and what is neither, in the part before the reserved word."""
    if len(area) < PRODUCT_SIZE:
        return (), bytes(area), None
    records: tuple[Extension, ...] = ()
    size = 0
    if len(area) >= 2 * PRODUCT_SIZE:  # less can hold no record beside the product data
        records, size = read_extensions(area, offset=offset, name=name)
        if size == len(area) and records[-1].size == PRODUCT_SIZE and records[-1].type != ExtensionType.END:
            records, size = records[:-1], size - PRODUCT_SIZE  # product data, with no END before them
    rest = area[size:]
    if len(rest) < PRODUCT_SIZE:
        return records, bytes(rest), None
    product_id, version = _PRODUCT.unpack_from(rest, len(rest) - PRODUCT_SIZE)
    return records, bytes(rest[:-PRODUCT_SIZE]), (product_id, version)
