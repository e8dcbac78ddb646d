"""How long it will take, for a person who waits: typical figures from data sheets, no promise.

Erasing and programming flash dominate; the rest is the wire (USB full speed) and restarts. Data sheets:
nRF52840 product specification 4.4, MX25L32, STM32F205/F103 (2.7 to 3.6 V), SST25VF016B; RTL872x: its flash.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from particle_cli.domain.flashing.placement import EraseRun, Placement

_KIB: Final = 1024
_REQUEST_MS: Final = 1.0
_WIRE_MS_PER_BLOCK: Final = 5.0
_BLOCK: Final = 4096


@frozen
class FlashTimes:
    """Typical times of one memory.

    Attributes:
        erase_ms: ms to erase a sector, by its size in bytes.
        program_ms: ms to program 4096 bytes.
    """

    erase_ms: Mapping[int, float]
    program_ms: float


_TIMES: Final[Mapping[tuple[str, str], FlashTimes]] = {
    ("core", "internal_flash"): FlashTimes({_KIB: 30}, 160),
    ("core", "spi_flash"): FlashTimes({4 * _KIB: 25}, 48),
    ("gen2", "internal_flash"): FlashTimes({16 * _KIB: 400, 64 * _KIB: 800, 128 * _KIB: 1500}, 50),
    ("gen2", "serial_flash"): FlashTimes({4 * _KIB: 50}, 14),
    ("nrf52840", "internal_flash"): FlashTimes({4 * _KIB: 85}, 42),
    ("nrf52840", "external_flash"): FlashTimes({4 * _KIB: 50}, 14),
    ("rtl872x", "internal_flash"): FlashTimes({4 * _KIB: 52}, 8),
}
_UNKNOWN: Final = FlashTimes({}, 50)

TO_DFU_MS: Final = 3_000
"""From the request until the bootloader is on the bus."""
RESTART_MS: Final = 3_000
"""From leaving DFU mode, or applying an update, until Device OS is on the bus."""
APPLY_MS: Final = 3_000
"""What a device takes to check an update and copy it to its place."""
_UPDATE_MS_PER_KIB: Final = 110
"""Firmware update by control requests: 1 KiB at a time, each waited for."""


def dfu_write_ms(placement: Placement, family: str | None, transfer_size: int, *, verify: bool) -> int:
    """Return about how many ms it takes to erase, write and, if wanted, read back one placement."""
    times = _TIMES.get((family or "", placement.media), _UNKNOWN)
    blocks = -(-placement.size // transfer_size)
    wire = placement.size / _BLOCK * _WIRE_MS_PER_BLOCK
    erasing = sum(_erase_ms(run, times) for run in placement.erased)
    programming = placement.size / _BLOCK * times.program_ms
    reading = wire + blocks * _REQUEST_MS if verify else 0
    return round(erasing + programming + wire + blocks * 2 * _REQUEST_MS + reading)


def update_ms(size: int) -> int:
    """Return about how many ms a firmware update by control requests takes, restart not counted."""
    return -(-size // _KIB) * _UPDATE_MS_PER_KIB + APPLY_MS


def _erase_ms(run: EraseRun, times: FlashTimes) -> float:
    each = times.erase_ms.get(run.sector_size, run.sector_size / _BLOCK * 50)
    return run.count * (each + 3 * _REQUEST_MS)
