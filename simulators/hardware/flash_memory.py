"""NOR flash: erasing sets all bits of a range, programming can only clear bits.

One `FlashMemory` holds all memories of a device in one sparse 32-bit address space, kept in 4 KiB sectors
that are loaded when first touched; a sector that was never written takes no room. It knows nothing of time
and of what a device allows: that is the flash driver's and the bootloader's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

SECTOR = 4096
BLANK = b"\xff" * SECTOR

Load = Callable[[int], bytes | None]
"""Gives the 4096 bytes of a sector by its number (address // 4096), or None for a blank one."""


def _nothing_stored(number: int) -> bytes | None:
    return None


class FlashMemory:
    """A sparse flash memory.

    Attributes:
        noise: where the random bits of an interrupted erase come from; seeded, so that a test repeats.
    """

    def __init__(self, load: Load = _nothing_stored, *, noise: Random | None = None) -> None:
        """Start with what `load` gives for each sector, asked for once, at the first touch."""
        self._load = load
        self._sectors: dict[int, bytes | None] = {}
        self._changed: set[int] = set()
        self.noise = noise if noise is not None else Random(0)

    def _sector(self, number: int) -> bytes | None:
        if number not in self._sectors:
            content = self._load(number)
            if content is not None and len(content) != SECTOR:
                raise ValueError(f"flash sector {number:#x} holds {len(content)} bytes, not {SECTOR}")
            self._sectors[number] = None if content == BLANK else content
        return self._sectors[number]

    def _put(self, number: int, content: bytes) -> None:
        self._sectors[number] = None if content == BLANK else content
        self._changed.add(number)

    @staticmethod
    def _pieces(address: int, length: int) -> Iterator[tuple[int, int, int]]:
        """Cut a range at the sector borders: (sector number, first byte in it, number of bytes)."""
        while length > 0:
            number, offset = divmod(address, SECTOR)
            size = min(length, SECTOR - offset)
            yield number, offset, size
            address += size
            length -= size

    def read(self, address: int, length: int) -> bytes:
        """Return `length` bytes; blank flash reads as 0xFF."""
        return b"".join(
            (self._sector(number) or BLANK)[offset : offset + size]
            for number, offset, size in self._pieces(address, length)
        )

    def is_blank(self, address: int, length: int) -> bool:
        """Tell whether all bytes of the range are 0xFF."""
        return all(
            (content := self._sector(number)) is None or not content[offset : offset + size].strip(b"\xff")
            for number, offset, size in self._pieces(address, length)
        )

    def program(self, address: int, data: bytes) -> None:
        """Clear the bits that are 0 in the data; bits that are 0 in the flash stay 0."""
        done = 0
        for number, offset, size in self._pieces(address, len(data)):
            old, new = self._sector(number), data[done : done + size]
            done += size
            if old is None:
                old = BLANK
            elif old[offset : offset + size].strip(b"\xff"):
                new = _both(old[offset : offset + size], new)
            self._put(number, old[:offset] + new + old[offset + size :])

    def erase(self, address: int, length: int) -> None:
        """Set all bytes of the range to 0xFF."""
        self.replace(address, b"\xff" * length)

    def replace(self, address: int, data: bytes) -> None:
        """Write over the range whatever it held: an erase and a program in one."""
        done = 0
        for number, offset, size in self._pieces(address, len(data)):
            old = self._sector(number) or BLANK
            self._put(number, old[:offset] + data[done : done + size] + old[offset + size :])
            done += size

    def flip(self, address: int, bit: int = 0) -> None:
        """Turn one bit over, as an ageing cell does."""
        self.replace(address, bytes((self.read(address, 1)[0] ^ (1 << bit),)))

    def scramble(self, address: int, length: int) -> None:
        """Fill the range with noise: what an erase that was cut short leaves behind."""
        self.replace(address, self.noise.randbytes(length))

    def content(self) -> Iterator[tuple[int, bytes]]:
        """Yield (number, 4096 bytes) of the sectors in memory that are not blank, in no order."""
        for number, content in self._sectors.items():
            if content is not None:
                yield number, content

    def changed(self) -> tuple[tuple[int, bytes | None], ...]:
        """Return (number, 4096 bytes or None for blank) of the sectors written since `saved`, ascending."""
        return tuple((number, self._sectors[number]) for number in sorted(self._changed))

    def saved(self) -> None:
        """Remember that what `changed` gave is now stored where `load` finds it."""
        self._changed.clear()


def _both(old: bytes, new: bytes) -> bytes:
    """Return the bits that are set in both."""
    number = int.from_bytes(old, "little") & int.from_bytes(new, "little")
    return number.to_bytes(len(old), "little")
