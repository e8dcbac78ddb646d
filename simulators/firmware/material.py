"""What simulated firmware modules are made of: headers that a device recognises, and filler for code."""

from __future__ import annotations

import struct
from hashlib import shake_256

from particle_cli.domain.firmware.extensions import Extension
from particle_cli.domain.firmware.records import location_record, product_record
from particle_cli.domain.firmware.suffix import NO_PRODUCT

_STACK_POINTERS = {"core": 0x2000_5000, "gen2": 0x2002_0000, "nrf52840": 0x2003_F000}
_VECTOR_TABLES = {"core": 0x10C, "gen2": 0x184, "nrf52840": 0x200}
_REALTEK_MAGIC = (0x9696_9999, 0xFC66_CC3F)
_REALTEK_LOAD_ADDRESS = 0x1000_8000
_THUMB_ENTRY = 25  # just behind the prefix, in the instruction set's odd way


def filler(seed: str, size: int) -> bytes:
    """Return bytes that look like code and are the same in every run."""
    return shake_256(seed.encode()).digest(size)


def vector_table(family: str, start: int) -> bytes:
    """Return the table that a module with one begins with: the initial stack pointer, and entry points.

    Args:
        family: `core`, `gen2` or `nrf52840`.
        start: the module's first address.
    """
    size = _VECTOR_TABLES[family]
    entries = struct.pack("<I", start + size + _THUMB_ENTRY) * (size // 4 - 1)
    return struct.pack("<I", _STACK_POINTERS[family]) + entries


def realtek_header(size: int) -> bytes:
    """Return the header of an RTL872x boot image with so many bytes of code."""
    return struct.pack("<5I12x", *_REALTEK_MAGIC, size, _REALTEK_LOAD_ADDRESS, 0)


def rtl872x_records(start: int, product: tuple[int, int] = (NO_PRODUCT, NO_PRODUCT)) -> tuple[Extension, ...]:
    """Return the suffix records that RTL872x modules end with.

    Args:
        start: the module's first address.
        product: product id and version.
    """
    return (location_record(start, 0, 0), product_record(*product))
