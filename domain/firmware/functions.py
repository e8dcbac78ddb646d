"""What a module is for: its function number, in words for people and letters for describe messages."""

from __future__ import annotations

from enum import IntEnum


class ModuleFunction(IntEnum):
    """The module function of a prefix (byte 14)."""

    NONE = 0
    RESOURCE = 1
    BOOTLOADER = 2
    MONO_FIRMWARE = 3
    SYSTEM_PART = 4
    USER_PART = 5
    SETTINGS = 6
    NCP_FIRMWARE = 7
    RADIO_STACK = 8
    ASSET = 9


_WORDINGS = (
    "an unknown module",
    "a reserved module",
    "a bootloader",
    "a monolithic firmware",
    "a system module",
    "an application module",
    "a settings module",
    "a network coprocessor (NCP) module",
    "a radio stack module",
    "an asset module",
)

_LETTERS = "nrbmsu_cat"


def wording(function: int) -> str:
    """Return what to call a module of this function in a sentence; any number has an answer."""
    return _WORDINGS[function] if 0 <= function < len(_WORDINGS) else _WORDINGS[0]


def name(function: int) -> str:
    """Return the stable name of a function, e.g. `user_part`; `unknown` for a number without one."""
    return ModuleFunction(function).name.lower() if 0 <= function < len(_WORDINGS) else "unknown"


def letter(function: int) -> str:
    """Return the letter that describe messages use; `_` for settings and for anything unknown."""
    return _LETTERS[function] if 0 <= function < len(_LETTERS) else "_"


def function_of(letter: str) -> int | None:
    """Return the function that a describe message means by a letter, or None."""
    return _LETTERS.index(letter) if len(letter) == 1 and letter in _LETTERS else None
