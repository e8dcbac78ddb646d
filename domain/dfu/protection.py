"""What a bootloader tells of Device Protection, in string descriptor 0xFA or by its memory map."""

from __future__ import annotations

from enum import Enum
from typing import Final

STATE_TEXT_INDEX: Final = 0xFA
"""The string descriptor that tells it, in bootloaders of Device OS 6.1.2 and later."""

_KEY: Final = "sm="


class Protection(Enum):
    """Whether Device Protection restricts what a host may do."""

    OPEN = "open"
    PROTECTED = "protected"
    SERVICE_MODE = "service_mode"
    """Protected, and unlocked for a while."""


_BY_LETTER: Final = {"o": Protection.OPEN, "p": Protection.PROTECTED, "s": Protection.SERVICE_MODE}


def parse_state_text(text: str) -> Protection | None:
    """Return what the string says, e.g. `sm=p`; None where it says nothing of it.

    Entries are separated by `;`, and the string is padded with NULs.
    """
    for entry in text.rstrip("\0").split(";"):
        if entry.startswith(_KEY):
            return _BY_LETTER.get(entry.removeprefix(_KEY)[:1])
    return None
