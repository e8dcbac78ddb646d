"""Erasing and programming as a processor does it: by sector, taking time, cut short when the power fails."""

from __future__ import annotations

from bisect import bisect_right

from attrs import frozen

from particle_cli.domain.platforms.values import Platform, SectorRun
from particle_cli.simulators.hardware.flash_memory import FlashMemory

EXTERNAL_MCU = 0xE000_0000
"""Where the simulator keeps the flash of a network co-processor, which has no DFU address of its own."""

KIB = 1024


@frozen
class FlashTimes:
    """How long a kind of flash takes.

    Attributes:
        erase_ms: time to erase a sector, by its size in bytes.
        program_ms: time to program 4 KiB; less takes proportionally less.
    """

    erase_ms: tuple[tuple[int, float], ...]
    program_ms: float


_GEN2 = FlashTimes(((16 * KIB, 400), (64 * KIB, 800), (128 * KIB, 1500)), 50)
_QSPI = FlashTimes(((4 * KIB, 50),), 14)
_TIMES = {
    ("nrf52840", "internal_flash"): FlashTimes(((4 * KIB, 85),), 42),
    ("nrf52840", "external_flash"): _QSPI,
    ("rtl872x", "internal_flash"): FlashTimes(((4 * KIB, 52),), 8),
    ("gen2", "internal_flash"): _GEN2,
    ("gen2", "serial_flash"): _QSPI,
    ("core", "internal_flash"): FlashTimes(((1 * KIB, 30),), 160),
    ("core", "spi_flash"): FlashTimes(((4 * KIB, 25),), 48),
}
"""Typical figures of the data sheets, fixed, so that a modelled duration means the same everywhere."""


class PowerCut(Exception):
    """The power failed in the middle of a flash operation."""


class OutsideFlash(Exception):
    """There is no flash at that address."""


@frozen
class _Run:
    start: int
    end: int
    sector_size: int
    erase_ms: float
    program_ms: float


@frozen
class _Operation:
    """The last thing done: what was there before, and what was programmed (None: an erase)."""

    address: int
    before: bytes
    data: bytes | None
    is_file: bool = False


class FlashDriver:
    """The flash of one device, with its sector sizes and times.

    Attributes:
        operations: erases and programs begun since the device was made.
        slowness: factor on the time of an erase; worn flash takes longer.
    """

    def __init__(self, memory: FlashMemory, platform: Platform) -> None:
        """Take the sector sizes from the platform's DFU memory maps."""
        self.memory = memory
        self.operations = 0
        self.slowness = 1.0
        self._cut: tuple[int, float] | None = None
        self._last: _Operation | None = None
        alt_settings = platform.dfu.alt_settings if platform.dfu else ()
        runs = [
            _run(platform.family or "", setting.media, sectors)
            for setting in alt_settings
            if setting.media != "dct"
            for sectors in setting.sectors
        ]
        runs.append(_Run(EXTERNAL_MCU, EXTERNAL_MCU + 0x40_0000, 4 * KIB, 50, 14))
        self._runs = sorted(runs, key=lambda run: run.start)
        self._starts = [run.start for run in self._runs]

    def _run_at(self, address: int) -> _Run:
        at = bisect_right(self._starts, address) - 1
        if at < 0 or address >= self._runs[at].end:
            raise OutsideFlash(f"{address:#010x}")
        return self._runs[at]

    def sector_at(self, address: int) -> tuple[int, int]:
        """Return (start, size) of the erasable sector that holds the address. Raises: OutsideFlash."""
        run = self._run_at(address)
        return address - (address - run.start) % run.sector_size, run.sector_size

    def erase_sector(self, address: int) -> float:
        """Erase the sector that holds the address; return the milliseconds it takes.

        Raises: OutsideFlash; PowerCut, with the sector full of noise.
        """
        start, size = self.sector_at(address)
        self._begin(_Operation(start, self.memory.read(start, size), None))
        self.memory.erase(start, size)
        self._end()
        return self._run_at(address).erase_ms * self.slowness

    def erase(self, address: int, length: int) -> float:
        """Erase all sectors that the range touches; return the milliseconds."""
        taken, end = 0.0, address + length
        while address < end:
            start, size = self.sector_at(address)
            taken += self.erase_sector(start)
            address = start + size
        return taken

    def program(self, address: int, data: bytes) -> float:
        """Program the bytes (bits can only be cleared); return the milliseconds.

        Raises: OutsideFlash; PowerCut, with only the first part programmed.
        """
        if not data:
            return 0.0
        run = self._run_at(address)
        self._run_at(address + len(data) - 1)
        self._begin(_Operation(address, self.memory.read(address, len(data)), data))
        self.memory.program(address, data)
        self._end()
        return run.program_ms * len(data) / (4 * KIB)

    def write_pages(self, address: int, data: bytes) -> float:
        """Erase what the data touches and program it, 4 KiB at a time; return the milliseconds."""
        taken = self.erase(address, len(data))
        for at in range(0, len(data), 4 * KIB):
            taken += self.program(address + at, data[at : at + 4 * KIB])
        return taken

    def replace_file(self, address: int, data: bytes) -> None:
        """Write a file of the device's file system, which keeps the old one if the power fails.

        Raises: PowerCut, with nothing changed.
        """
        before = self.memory.read(address, len(data))
        self._begin(_Operation(address, before, data, is_file=True))
        self.memory.replace(address, data)
        self._end()

    def cut_power_during(self, operation: int, fraction: float) -> None:
        """Let the power fail in one of the operations to come: 1 is the next, 0 < fraction < 1 of it done."""
        self._cut = (self.operations + operation, fraction)

    @property
    def cut_planned(self) -> bool:
        """Whether the power is to fail in an operation that is still to come."""
        return self._cut is not None

    def forget_cut(self) -> None:
        """Let the power stay on after all."""
        self._cut = None

    def unfinish(self, done: float) -> None:
        """Take back what the last operation would not have done yet when the power fails now.

        Args:
            done: how much of its time has passed, 0 to 1.
        """
        last, self._last = self._last, None
        if last is None or done >= 1:
            return
        if last.data is None:
            self.memory.scramble(last.address, len(last.before))
            return
        self.memory.replace(last.address, last.before)
        if not last.is_file:
            self.memory.program(last.address, last.data[: int(len(last.data) * done)])

    def _begin(self, operation: _Operation) -> None:
        self.operations += 1
        self._last = operation

    def _end(self) -> None:
        """Let the power fail, if that was planned for this operation. Raises: PowerCut."""
        if self._cut and self._cut[0] == self.operations:
            fraction = self._cut[1]
            self._cut = None
            self.unfinish(fraction)
            raise PowerCut


def _run(family: str, media: str, sectors: SectorRun) -> _Run:
    times = _TIMES[family, media]
    erase_ms = dict(times.erase_ms)[sectors.sector_size]
    return _Run(sectors.start, sectors.end, sectors.sector_size, erase_ms, times.program_ms)
