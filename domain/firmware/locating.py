"""Where in a file the module prefix lies.

A file does not say. Tools score every offset that may be right and take the best; a device looks at the
first bytes only. Both rules are here, and they agree on every well-formed module.
"""

from __future__ import annotations

import struct

_FIELDS = struct.Struct("<IIBBHHBBBBHBBH")
_ADDRESSES = struct.Struct("<II")
_WORD = struct.Struct("<I")

USUAL_OFFSETS = (0, 0x200, 0x184, 0xC0, 0x10C)
"""No vector table, and the vector tables of nRF52, STM32F2, nRF51 and STM32F1, in the order of trial."""
LAST_OFFSET = 8192
BEST_SCORE = 7
_LEAST_MODULE = 64  # prefix, suffix without product data, CRC, all of them behind the offset
_KNOWN_PLATFORMS = frozenset((0, 6, 8, 10, 12, 13, 14, 15, 22, 23, 24, 25, 26, 28, 32, 35, 37))
_KNOWN_FUNCTIONS = range(10)
_COMBINED = 0x04
_UNKNOWN_FLAGS = 0xE0

REALTEK_SIGNATURE = bytes.fromhex("999996963fcc66fc")
"""How the boot header of an RTL872x image starts."""
REALTEK_HEADER_SIZE = 32
_RAM_BASE = 0x20000000
_STACK_MASKS = {"core": 0x2FFE0000, "gen2": 0x2FF10000, "nrf52840": 0x2FFC0000}
_VECTOR_TABLES = {"core": 0x10C, "gen2": 0x184, "nrf52840": 0x200}


def prefix_score(data: memoryview, offset: int) -> int:
    """Return how well the 24 bytes at an offset pass for a module prefix: 0 (impossible) to 7.

    A module should fill its file, unless it says that another one follows.
    """
    if offset + _FIELDS.size > len(data):
        return 0
    fields: tuple[int, ...] = _FIELDS.unpack_from(data, offset)
    start, end, _, flags, _, platform, function, _, f1, i1, v1, f2, i2, v2 = fields
    declared = end - start + 4
    if not function or not start < end or not offset + _LEAST_MODULE <= declared <= len(data):
        return 0
    if (not f1 and (i1 or v1)) or (not f2 and (i2 or v2)):
        return 0
    return (
        1
        + (platform in _KNOWN_PLATFORMS)
        + (function in _KNOWN_FUNCTIONS)
        + (f1 in _KNOWN_FUNCTIONS)
        + (f2 in _KNOWN_FUNCTIONS)
        + (declared == len(data) or flags & _COMBINED != 0)
        + (not flags & _UNKNOWN_FLAGS)
    )


def best_prefix_offset(data: memoryview) -> tuple[int, int]:
    """Return the offset that passes best for a module prefix, and its score.

    The usual offsets are tried first, then every fourth byte up to 8192. The first with a full score is
    taken at once; without one the highest score wins, the first of several. (0, 0): there is none.
    """
    best, best_score = 0, 0
    for offset in USUAL_OFFSETS:
        score = prefix_score(data, offset)
        if score == BEST_SCORE:
            return offset, score
        if score > best_score:
            best, best_score = offset, score
    length = len(data)
    unpack = _ADDRESSES.unpack_from
    for offset in range(4, min(LAST_OFFSET, length - _LEAST_MODULE) + 1, 4):
        start, end = unpack(data, offset)
        if start < end <= start + length - 4 and offset not in USUAL_OFFSETS:
            score = prefix_score(data, offset)
            if score == BEST_SCORE:
                return offset, score
            if score > best_score:
                best, best_score = offset, score
    return best, best_score


def device_prefix_offset(family: str | None, data: bytes | memoryview) -> int:
    """Return where a device of this family looks for the prefix of a module in its memory.

    Args:
        family: `core`, `gen2`, `nrf52840` or `rtl872x`, as the platform catalogue has it.
        data: the module from its start address on; the first eight bytes are looked at.

    A vector table starts with the initial stack pointer, which lies in RAM; an RTL872x image with a
    signature (Device OS, `FLASH_ModuleInfo`).
    """
    if family == "rtl872x":
        return REALTEK_HEADER_SIZE if bytes(data[:8]) == REALTEK_SIGNATURE else 0
    if family not in _STACK_MASKS or len(data) < 4:
        return 0
    (stack,) = _WORD.unpack_from(data)
    return _VECTOR_TABLES[family] if stack & _STACK_MASKS[family] == _RAM_BASE else 0


def cut_prefix(data: memoryview) -> tuple[int, int] | None:
    """Return (offset, declared size) of a prefix that would be right if the file were longer, or None."""
    for offset in (*USUAL_OFFSETS, REALTEK_HEADER_SIZE):
        if offset + _FIELDS.size > len(data):
            continue
        start, end, _, flags, _, platform, function, _, f1, _, _, f2, _, _ = _FIELDS.unpack_from(data, offset)
        known = platform in _KNOWN_PLATFORMS and function in _KNOWN_FUNCTIONS and function
        sound = f1 in _KNOWN_FUNCTIONS and f2 in _KNOWN_FUNCTIONS and not flags & _UNKNOWN_FLAGS
        if known and sound and len(data) < end - start + 4 <= 1 << 24:
            return offset, end - start + 4
    return None
