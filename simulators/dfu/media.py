"""The memories behind a bootloader's alternate settings, each with what it lets a host do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from particle_cli.simulators.dfu.protocol import DfuStatus
from particle_cli.simulators.hardware.dct import DCT_WINDOW, Dct
from particle_cli.simulators.hardware.flash_driver import FlashDriver


class MediumRefusal(Exception):
    """The memory does not allow it, or failed.

    Attributes:
        status: what GETSTATUS reports, on the families that report anything.
        protection: whether Device Protection is the reason: then there is no stall, and a text tells so.
    """

    def __init__(self, status: DfuStatus = DfuStatus.UNKNOWN, *, protection: bool = False) -> None:
        """Keep the status and the reason."""
        super().__init__(status.name)
        self.status = status
        self.protection = protection


class Medium(Protocol):
    """One memory. Addresses are DFU's; times are milliseconds. Every method may raise MediumRefusal."""

    def erase(self, address: int) -> float:
        """Erase the sector that holds the address; return how long it takes."""
        ...

    def write(self, address: int, data: bytes) -> float:
        """Write the data; return how long it takes."""
        ...

    def read(self, address: int, length: int) -> bytes:
        """Return exactly `length` bytes."""
        ...


class FlashMedium:
    """NOR flash between two addresses.

    Attributes:
        start, end: the range, end exclusive.
        locked_below: addresses below it can be read only.
        verifies: whether a write is read back, and refused when the flash was not erased before.
        zeros_outside: whether reading outside the range gives zeros instead of an error.
        after_write: called with the address of each write and its data; returns further milliseconds.
    """

    def __init__(
        self,
        flash: FlashDriver,
        start: int,
        end: int,
        *,
        locked_below: int = 0,
        verifies: bool = False,
        zeros_outside: bool = False,
        after_write: Callable[[int, bytes], float] | None = None,
    ) -> None:
        """Give access to a range of the flash."""
        self._flash = flash
        self.start = start
        self.end = end
        self.locked_below = locked_below
        self.verifies = verifies
        self.zeros_outside = zeros_outside
        self.after_write = after_write

    def _check(self, address: int, length: int) -> None:
        if address < max(self.start, self.locked_below) or address + length > self.end:
            raise MediumRefusal

    def erase(self, address: int) -> float:
        """Erase the sector that holds the address; return how long it takes."""
        start, size = self._flash.sector_at(address) if self.start <= address < self.end else (address, 1)
        self._check(start, size)
        return self._flash.erase_sector(address)

    def write(self, address: int, data: bytes) -> float:
        """Program the data; return how long it takes."""
        self._check(address, len(data))
        taken = self._flash.program(address, data)
        if self.verifies and self._flash.memory.read(address, len(data)) != data:
            raise MediumRefusal
        return taken + (self.after_write(address, data) if self.after_write else 0.0)

    def read(self, address: int, length: int) -> bytes:
        """Return the bytes of the flash."""
        if self.zeros_outside:
            first, last = max(address, self.start), min(address + length, self.end)
            inside = self._flash.memory.read(first, last - first) if first < last else b""
            return (
                bytes(min(length, max(0, first - address)))
                + inside
                + bytes(max(0, address + length - max(last, address)))
            )
        if not self.start <= address <= address + length <= self.end:
            raise MediumRefusal
        return self._flash.memory.read(address, length)


class DctMedium:
    """The configuration table: bytes are written as they are, no erase is needed.

    Attributes:
        intact: tells whether the firmware that implements the table (Photon and P1) is whole.
    """

    def __init__(self, dct: Dct, *, intact: Callable[[], bool] = lambda: True) -> None:
        """Give access to the table."""
        self._dct = dct
        self.intact = intact

    def _check(self, address: int, length: int) -> None:
        if address + length > DCT_WINDOW or not self.intact():
            raise MediumRefusal

    def erase(self, address: int) -> float:
        """Do nothing; the command is accepted."""
        self._check(address, 1)
        return 0.0

    def write(self, address: int, data: bytes) -> float:
        """Replace bytes of the table; return how long it takes."""
        self._check(address, len(data))
        return self._dct.write(address, data)

    def read(self, address: int, length: int) -> bytes:
        """Return bytes of the table, and leftovers beyond its end."""
        self._check(address, length)
        return self._dct.read(address, length)
