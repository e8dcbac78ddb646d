"""Whether the next boot ends in listening mode: because a host asked for that, or the device is not set up.

Both are single bytes of the configuration table; the boot that obeys the wish of a host clears it.
"""

from __future__ import annotations

from typing import Final

from particle_cli.simulators.hardware.dct import SETUP_DONE, STARTUP_MODE, Dct
from particle_cli.simulators.system.system import System
from particle_cli.simulators.system.system_version import system_version

_LISTENING: Final = 0x01
_NONE: Final = 0xFF
_SETUP_UNTIL: Final = 4000


def ask_to_listen(dct: Dct, wanted: bool) -> float:
    """Have the next boot end in listening mode, or not; return the milliseconds. Raises: PowerCut."""
    return dct.write(STARTUP_MODE, bytes((_LISTENING if wanted else _NONE,)))


def starts_listening(system: System) -> bool:
    """Tell whether this boot is to end in listening mode; a wish counts once. Raises: PowerCut."""
    dct = system.hardware.dct
    if dct is None:
        return False
    asked = dct.read(STARTUP_MODE, 1)[0] == _LISTENING
    if asked:
        ask_to_listen(dct, False)
    return asked or (heeds_setup(system) and not is_set_up(dct))


def heeds_setup(system: System) -> bool:
    """Tell whether the firmware waits in listening mode until the device is set up: Gen 3 before 4.0."""
    return system.hardware.platform.family == "nrf52840" and system_version(system) < _SETUP_UNTIL


def is_set_up(dct: Dct) -> bool:
    """Tell whether the device is marked as set up."""
    return dct.read(SETUP_DONE, 1) == b"\x01"


def mark_set_up(dct: Dct, done: bool) -> float:
    """Mark the device as set up, or not. Return the milliseconds it takes. Raises: PowerCut."""
    return dct.write(SETUP_DONE, bytes((done,)))
