"""Erasing, programming and reading back by sectors and blocks, each done until it has succeeded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from particle_cli.domain.dfu.errors import OutsideMemory
from particle_cli.domain.dfu.link import DfuLink, Unfinished
from particle_cli.domain.dfu.progress import Listener, Meter, Phase
from particle_cli.domain.dfu.protocol import COMMAND_BLOCK, FIRST_DATA_BLOCK, MOST_BLOCKS, erase
from particle_cli.domain.dfu.secrets import SecretPlaces

Take = Callable[[int, bytes], bool]
"""Is handed an address and the bytes there; returns whether to go on."""


class BlockTransfer:
    """Moves ranges of the memory selected, from dfuIDLE or dfuDNLOAD-IDLE.

    The address pointer is set once for a whole range; block numbers count from it in units of the transfer
    size. After a fault it is set again, since nobody knows what the bootloader made of the last request.

    Every method may raise DfuFailed, DeviceProtected, DfuRefused and UsbGone.
    """

    def __init__(self, link: DfuLink, transfer_size: int) -> None:
        """Move blocks of `transfer_size` bytes."""
        self._link = link
        self._size = transfer_size

    def in_order(self, size: int, order: Sequence[int] | None = None) -> Sequence[int]:
        """Return the numbers of the blocks of a range in the order wanted, ascending without one.

        Raises: OutsideMemory for more blocks than can be counted; ValueError when the order does not name
        each block once.
        """
        count = -(-size // self._size)
        if count > MOST_BLOCKS:
            raise OutsideMemory(f"{size} bytes are more than can be addressed at once.")
        if order is None:
            return range(count)
        if sorted(order) != list(range(count)):
            raise ValueError(f"the order does not name each of {count} blocks of {self._size} bytes once")
        return order

    async def erase(self, sectors: Sequence[tuple[int, int]], progress: Listener | None) -> None:
        """Erase sectors, given as (start, size), one after the other."""
        meter = Meter(progress, Phase.ERASE, sum(size for _, size in sectors))
        self._link.pointer = None  # on Gen 2 an erase moves it
        for start, size in sectors:
            once = partial(self._link.perform, COMMAND_BLOCK, erase(start))
            await self._link.insist(f"erasing the sector at 0x{start:X}", once)
            meter.add(size)

    async def program(
        self,
        address: int,
        data: memoryview,
        blocks: Sequence[int],
        secrets: SecretPlaces,
        progress: Listener | None,
    ) -> None:
        """Write blocks of the data, numbered from 0 at the address, in the order given."""
        meter = Meter(progress, Phase.WRITE, len(data))
        self._link.pointer = None
        for number in blocks:
            start = number * self._size
            part = data[start : start + self._size]
            secret = secrets.touched(address + start, len(part))
            once = partial(self._program_once, address, number, part, secret)
            await self._link.insist(f"writing {len(part)} bytes at 0x{address + start:X}", once)
            meter.add(len(part))

    async def upload(
        self, address: int, size: int, take: Take, secrets: SecretPlaces, progress: Listener | None
    ) -> None:
        """Hand a range over block by block, until all is read or no more is wanted."""
        blocks = self.in_order(size)
        await self._link.to_idle()
        meter = Meter(progress, Phase.READ, size)
        self._link.pointer = None
        for number in blocks:
            start = number * self._size
            length = min(self._size, size - start)
            secret = secrets.touched(address + start, length)
            once = partial(self._upload_once, address, number, length, secret)
            part = await self._link.insist(f"reading {length} bytes at 0x{address + start:X}", once)
            meter.add(length)
            if not take(address + start, part):
                break
        await self._link.to_idle()

    async def _program_once(self, address: int, number: int, part: memoryview, secret: bool) -> None:
        await self._link.point(address)
        await self._link.perform(FIRST_DATA_BLOCK + number, part, secret=secret)

    async def _upload_once(self, address: int, number: int, length: int, secret: bool) -> bytes:
        if self._link.pointer != address:
            await self._link.point(address)
            await self._link.to_idle()  # an upload has to begin there; the pointer is kept
        part = await self._link.upload(FIRST_DATA_BLOCK + number, length, secret=secret)
        if len(part) != length:
            raise Unfinished(f"it sent {len(part)} bytes instead of {length}")
        return part
