"""Faults on the wire: which transfer they hit, and what the device has seen of it."""

from __future__ import annotations

import asyncio

import pytest

from particle_cli.adapters.clock import LoopClock
from particle_cli.ports.usb import Setup, UsbGone, UsbHandle, UsbStall, UsbTimeout
from particle_cli.simulators.bus.bus import SimulatedBus
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.factory import new_device
from particle_cli.simulators.faults import Fault, FaultPlan, FaultyUsb
from particle_cli.simulators.firmware.boot import BootRequest

GETSTATE = Setup(0xA1, 5, 0, 0, 1)
CLEAR = Setup(0x21, 4)


class Bench:
    """A device in DFU mode behind a faulty port."""

    def __init__(self, *, unplugs: bool = True) -> None:
        self.clock = LoopClock()
        self.bus = SimulatedBus(self.clock)
        self.device: SimulatedDevice = new_device(13, small=True)
        self.bus.plug(self.device)
        self.usb = FaultyUsb(self.bus, self.clock, unplug=self.bus.interrupt if unplugs else None)

    async def open(self) -> UsbHandle:
        await self.bus.settle()
        self.device.reset(BootRequest.DFU)
        await self.bus.settle()
        (found,) = await self.usb.attached()
        return await self.usb.open(found)

    async def state(self, handle: UsbHandle) -> int:
        return (await handle.control_in(GETSTATE, timeout_ms=1000))[0]


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def spoilt(bench: Bench, handle: UsbHandle, fault: Fault, error: type[BaseException]) -> None:
    """Spoil a CLRSTATUS, which the device answers with dfuERROR if it sees it."""
    bench.usb.plan = FaultPlan(fault, matching=lambda setup: setup == CLEAR)
    with pytest.raises(error):
        await handle.control_out(CLEAR, timeout_ms=700)


async def test_without_a_plan_nothing_happens(bench: Bench) -> None:
    handle = await bench.open()
    assert await bench.state(handle) == 2
    await handle.claim(0)
    await handle.set_alternate(0, 1)
    assert await handle.string(2) == "Boron DFU Mode"
    assert (await handle.descriptor(2, length=4)).hex() == "09022d00"
    await handle.release(0)
    await handle.close()
    assert [setup.request for setup in bench.usb.seen] == [5, 11, 6, 6]


async def test_a_stall_that_the_device_knows_nothing_of(bench: Bench) -> None:
    handle = await bench.open()
    await spoilt(bench, handle, Fault.STALL, UsbStall)
    assert await bench.state(handle) == 2


async def test_a_lost_request(bench: Bench) -> None:
    handle = await bench.open()
    start = bench.clock.monotonic()
    await spoilt(bench, handle, Fault.REQUEST_LOST, UsbTimeout)
    assert bench.clock.monotonic() - start == pytest.approx(0.7)
    assert await bench.state(handle) == 2


async def test_a_lost_reply(bench: Bench) -> None:
    handle = await bench.open()
    bench.usb.plan = FaultPlan(Fault.REPLY_LOST)
    with pytest.raises(UsbTimeout):
        await handle.control_out(Setup(0x21, 1, 0, 0, 1), b"\x92", timeout_ms=700)
    assert await bench.state(handle) == 3


async def test_a_device_that_leaves_before_it_acts(bench: Bench) -> None:
    handle = await bench.open()
    (seen,) = await bench.usb.attached()
    await spoilt(bench, handle, Fault.GONE_BEFORE, UsbGone)
    with pytest.raises(UsbGone):
        await bench.state(handle)
    assert await bench.usb.attached() == ()
    (again,) = await bench.usb.changed((), timeout_ms=5000)
    assert (again.serial, again.bus_path) == (seen.serial, seen.bus_path)
    assert again.arrival > seen.arrival


async def test_a_device_that_leaves_after_it_has_acted_is_cut_short_at_its_work(bench: Bench) -> None:
    handle = await bench.open()
    memory = bench.device.hardware.memory
    before = memory.read(0xB4000, 4096)
    await handle.control_out(Setup(0x21, 1, 0, 0, 5), b"\x41\x00\x40\x0b\x00", timeout_ms=700)
    assert memory.read(0xB4000, 4096) == before
    bench.usb.plan = FaultPlan(Fault.GONE_AFTER)
    with pytest.raises(UsbGone):
        await handle.control_in(Setup(0xA1, 3, 0, 0, 6), timeout_ms=700)
    assert not memory.is_blank(0xB4000, 4096)  # the erase had only begun
    assert memory.read(0xB4000, 4096) != before
    with pytest.raises(UsbGone):
        await handle.string(2)


async def test_a_port_that_cannot_unplug_hides_the_device() -> None:
    bench = Bench(unplugs=False)
    handle = await bench.open()
    (found,) = await bench.usb.attached()
    await spoilt(bench, handle, Fault.GONE_BEFORE, UsbGone)
    assert await bench.usb.attached() == ()
    with pytest.raises(UsbGone):
        await bench.usb.open(found)
    bench.device.reset()
    await bench.bus.settle()
    assert len(await bench.usb.changed((), timeout_ms=5000)) == 1


@pytest.mark.parametrize(("fault", "state"), [(Fault.CANCELLED_BEFORE, 2), (Fault.CANCELLED_AFTER, 3)])
async def test_an_interrupted_host(bench: Bench, fault: Fault, state: int) -> None:
    handle = await bench.open()
    bench.usb.plan = FaultPlan(fault)

    async def work() -> None:
        await handle.control_out(Setup(0x21, 1, 0, 0, 1), b"\x92", timeout_ms=700)

    task = asyncio.create_task(work())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await bench.state(handle) == state


async def test_the_transfers_that_are_hit(bench: Bench) -> None:
    handle = await bench.open()
    bench.usb.plan = FaultPlan(Fault.STALL, at=2, times=2)
    outcomes = []
    for _ in range(5):
        try:
            outcomes.append(await bench.state(handle))
        except UsbStall:
            outcomes.append(-1)
    assert outcomes == [2, -1, -1, 2, 2]
    bench.usb.plan = FaultPlan(Fault.STALL, times=None)  # counts anew
    for _ in range(20):
        with pytest.raises(UsbStall):
            await bench.state(handle)
