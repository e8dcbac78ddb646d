"""Features of the firmware that are switched by a host and stay over resets (Device OS hal_feature.h).

Only the detection of Ethernet can be. It is one bit of the configuration table, where all bits are set as
long as nothing was ever switched.
"""

from __future__ import annotations

from typing import Final

from particle_cli.simulators.hardware.dct import FEATURE_FLAGS, FEATURE_FLAGS_SIZE, Dct

_UNUSED: Final = 0xFFFFFFFF
_ETHERNET_DETECTION: Final = 1 << 1


def detects_ethernet(dct: Dct) -> bool:
    """Tell whether the firmware looks for an Ethernet controller when it starts."""
    return bool(_flags(dct) & _ETHERNET_DETECTION)


def detect_ethernet(dct: Dct, wanted: bool) -> float:
    """Switch that, for the next start. Return the milliseconds that it takes. Raises: PowerCut."""
    flags = _flags(dct) & ~_ETHERNET_DETECTION | (_ETHERNET_DETECTION if wanted else 0)
    return dct.write(FEATURE_FLAGS, flags.to_bytes(FEATURE_FLAGS_SIZE, "little"))


def _flags(dct: Dct) -> int:
    flags = int.from_bytes(dct.read(FEATURE_FLAGS, FEATURE_FLAGS_SIZE), "little")
    return 0 if flags == _UNUSED else flags
