"""The form of device ids: 24 hexadecimal digits."""

from __future__ import annotations

import re
from typing import Final

_DEVICE_ID: Final = re.compile(r"[0-9a-f]{24}")


def is_device_id(word: str) -> bool:
    """Tell whether a word has the form of a device id, in whatever case."""
    return bool(_DEVICE_ID.fullmatch(word.lower()))


def device_id_in(text: str) -> str | None:
    """Return the first device id in a text, in lower case, or None."""
    inside = _DEVICE_ID.search(text.lower())
    return inside[0] if inside else None
