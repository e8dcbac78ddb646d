"""The device configuration table: 8391 bytes of settings and keys that survive a reset and new firmware.

Not modelled: the file system (Gen 3) and the two sectors in turns (Gen 2) that the real table lives in; its
bytes lie at the start of that region, so that erasing the region by other means loses them, as it would.
"""

from __future__ import annotations

from attrs import frozen

from particle_cli.domain.platforms.values import Platform
from particle_cli.simulators.hardware.flash_driver import FlashDriver

DCT_SIZE = 8391
DCT_WINDOW = 0x4000
"""What DFU can address; beyond the table lie leftovers."""

WRITE_MS = 200.0

STARTUP_MODE = 18
FEATURE_FLAGS = 1754
FEATURE_FLAGS_SIZE = 4
CLAIM_CODE = 1762
CLAIM_CODE_SIZE = 63
CLAIMED = 1825
SOFTAP_PREFIX = 1826
SOFTAP_PREFIX_SIZE = 26
"""Its first byte is the length."""
SOFTAP_SUFFIX = 1852
SOFTAP_SUFFIX_SIZE = 6
MODULE_SLOTS = 2852
MODULE_SLOTS_SIZE = 100
CLOUD_TRANSPORT = 2977
SETUP_DONE = 8134
"""On Gen 3; there a 1 until Device OS 4.0 looks for it no more."""


@frozen
class Field:
    """A place of the table."""

    offset: int
    size: int


TCP_DEVICE_KEY, TCP_DEVICE_PUBLIC_KEY, TCP_SERVER_KEY = Field(34, 1216), Field(1250, 384), Field(2082, 384)
UDP_DEVICE_KEY, UDP_DEVICE_PUBLIC_KEY, UDP_SERVER_KEY = Field(3106, 192), Field(2978, 128), Field(3298, 192)
SERVER_ADDRESSES = (Field(2466, 128), Field(3490, 128))
"""Of the servers that speak TCP, and UDP."""


class Dct:
    """The table of one device."""

    def __init__(self, flash: FlashDriver, base: int) -> None:
        """Keep the table at an address of the flash."""
        self._flash = flash
        self._base = base

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes from an offset into the table."""
        return self._flash.memory.read(self._base + offset, length)

    def write(self, offset: int, data: bytes) -> float:
        """Write bytes whatever stood there; return the milliseconds it takes. Raises: PowerCut."""
        self._flash.replace_file(self._base + offset, data)
        return WRITE_MS


def dct_base(platform: Platform) -> int | None:
    """Return the address at which the simulator keeps a platform's table, or None where there is none."""
    wanted = "dct" if platform.family == "gen2" else "filesystem"
    return next((region.start for region in platform.flash_map if region.name == wanted), None)
