"""Writing 128 KiB to a simulated Boron: transfers against the fewest possible, time against the peer's.

From the first erase to the last data status; opening, verifying and leaving are not counted. Times are
modelled ones: they come from the simulator's fixed figures, and are the same on every machine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator

from bench.figures import Figure
from bench.peer_sequence import write_as_the_peer
from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.dfu.host import DfuHost
from particle_cli.ports.usb import UsbHandle, UsbTransfer
from particle_cli.simulators.bus.bus import SimulatedBus
from particle_cli.simulators.factory import new_device
from particle_cli.simulators.firmware.boot import BootRequest
from particle_cli.simulators.virtual_time import VirtualTimeLoop

BORON, ADDRESS, SIZE, SECTOR = 13, 0xB4000, 128 * 1024, 4096
LEAST = 3 * (SIZE // SECTOR) + 3 + 3 * (SIZE // SECTOR)
"""Three transfers for each erase, for one set-address, and for each block."""
DATA = bytes(i * 7 + (i >> 8) & 0xFF for i in range(SIZE))
Write = Callable[[UsbHandle, LoopClock], Awaitable[None]]


def figures() -> Iterator[Figure]:
    """Yield transfers and modelled times."""
    ours, peers = measure(_ours), measure(_as_the_peer)
    yield Figure(
        "transfers for 128 KiB", len(ours), "transfers", LEAST * 1.05, beside=f"least possible {LEAST}"
    )
    yield Figure("the same by the peer's sequence", len(peers), "transfers")
    yield Figure("modelled time", _seconds(ours), "s", beside=f"peer's sequence {_seconds(peers):.2f} s")
    yield Figure("the peer's time against ours", _seconds(peers) / _seconds(ours), "x")


def measure(write: Write) -> list[UsbTransfer]:
    """Let a device be written to; return the transfers from the first erase to the last status."""

    async def run() -> list[UsbTransfer]:
        clock = LoopClock()
        bus = SimulatedBus(clock)
        device = new_device(BORON, small=True)
        device.reset(BootRequest.DFU)
        bus.plug(device)
        await bus.settle()
        (attached,) = await bus.attached()
        handle = await bus.open(attached)
        await write(handle, clock)
        await bus.close()
        first = next(at for at, one in enumerate(bus.transfers) if one.data[:1] == b"\x41")
        return bus.transfers[first:]

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(run())


async def _ours(handle: UsbHandle, clock: LoopClock) -> None:
    host = await DfuHost.open(handle, clock)
    await host.write(0, ADDRESS, DATA, order=(*range(1, SIZE // SECTOR), 0))


async def _as_the_peer(handle: UsbHandle, clock: LoopClock) -> None:
    await handle.claim(0)
    await handle.set_alternate(0, 0)
    await write_as_the_peer(handle, ADDRESS, DATA, sector=SECTOR, chunk=SECTOR)


def _seconds(transfers: list[UsbTransfer]) -> float:
    return transfers[-1].ended_s - transfers[0].started_s
