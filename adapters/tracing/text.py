"""Bytes from a wire as text for a log: all of it visible."""

from __future__ import annotations

import re
from typing import Final

REDACTED: Final = "<redacted>"
"""What stands in the place of a secret, whatever its length."""

_NAMES: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ALIEN: Final = 0xDC00  # where "surrogateescape" puts the bytes that are no UTF-8
_HIDDEN: Final = re.compile(
    # control characters, what turns the direction of writing, and bytes that are no UTF-8
    r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\udc80-\udcff]"
)


def visible(text: str) -> str:
    r"""Return text on one line, control characters spelt as \n or \x1b, bytes that were no UTF-8 as \xff."""
    return _HIDDEN.sub(_spelt, text)


def visible_bytes(data: bytes) -> str:
    r"""Return bytes as visible text; the backslash is doubled, so that there is one way back."""
    return visible(data.decode("utf-8", "surrogateescape").replace("\\", "\\\\"))


def _spelt(found: re.Match[str]) -> str:
    number = ord(found[0])
    if number > _ALIEN:
        number -= _ALIEN
    return _NAMES.get(found[0]) or (f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}")
