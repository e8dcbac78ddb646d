"""The bus as a host sees it: arrivals, claims, honest time."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from particle_cli.adapters.clock import LoopClock
from particle_cli.ports.usb import (
    AttachedDevice,
    Setup,
    UsbBusy,
    UsbError,
    UsbGone,
    UsbHandle,
    UsbStall,
    UsbTimeout,
)
from particle_cli.simulators.bus.bus import SimulatedBus
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.factory import make_device_id, new_device
from particle_cli.simulators.firmware.boot import BootRequest, Mode
from particle_cli.simulators.keeping import restored, state_of

BORON, P2 = 13, 32
GETSTATUS = Setup(0xA1, 3, 0, 0, 6)


def device(number: int = BORON, which: int = 1) -> SimulatedDevice:
    from particle_cli.domain.platforms.catalogue import platform

    return new_device(number, make_device_id(platform(number), which), small=True)


@pytest.fixture
def clock() -> LoopClock:
    return LoopClock()


@pytest.fixture
def bus(clock: LoopClock) -> SimulatedBus:
    return SimulatedBus(clock)


async def in_dfu(bus: SimulatedBus, one: SimulatedDevice) -> UsbHandle:
    if one not in bus.devices:
        bus.plug(one)
        await bus.settle()
    one.reset(BootRequest.DFU)
    await bus.settle()
    (found,) = [found for found in await bus.attached() if found.serial == one.id]
    return await bus.open(found)


async def download(handle: UsbHandle, block: int, data: bytes) -> None:
    await handle.control_out(Setup(0x21, 1, block, 0, len(data)), data, timeout_ms=5000)


async def status(handle: UsbHandle, *, timeout_ms: int = 5000) -> bytes:
    return await handle.control_in(GETSTATUS, timeout_ms=timeout_ms)


async def test_a_device_appears_after_it_has_booted(bus: SimulatedBus, clock: LoopClock) -> None:
    assert await bus.attached() == ()
    one = device()
    assert bus.plug(one) == "1-1"
    assert await bus.attached() == ()
    (found,) = await bus.changed((), timeout_ms=5000)
    assert clock.monotonic() == 2.5
    assert found == AttachedDevice(0x2B04, 0xC00D, one.id, "1-1", 1)


async def test_changed_returns_at_once_when_there_is_a_difference(
    bus: SimulatedBus, clock: LoopClock
) -> None:
    bus.plug(device())
    await bus.settle()
    now = clock.monotonic()
    assert len(await bus.changed((), timeout_ms=5000)) == 1
    assert clock.monotonic() == now


async def test_changed_gives_up_after_its_time(bus: SimulatedBus, clock: LoopClock) -> None:
    assert await bus.changed((), timeout_ms=1500) == ()
    assert clock.monotonic() == 1.5
    assert await bus.changed((), timeout_ms=0) == ()


async def test_a_reset_is_a_departure_and_a_new_arrival(bus: SimulatedBus, clock: LoopClock) -> None:
    one = device()
    bus.plug(one, "2-1.4")
    first = await bus.changed((), timeout_ms=5000)
    start = clock.monotonic()
    one.reset(BootRequest.DFU)
    assert await bus.changed(first, timeout_ms=5000) == ()
    (again,) = await bus.changed((), timeout_ms=5000)
    assert clock.monotonic() - start == 1.5
    assert again == AttachedDevice(0x2B04, 0xD00D, one.id, "2-1.4", 2)
    with pytest.raises(UsbGone, match="no longer on the USB bus"):
        await bus.open(first[0])


async def test_devices_are_listed_in_the_order_of_arrival(bus: SimulatedBus) -> None:
    one, other = device(), device(P2)
    bus.plug(one)
    await bus.settle()
    bus.plug(other)
    await bus.settle()
    assert [found.serial for found in await bus.attached()] == [one.id, other.id]
    one.reset()
    await bus.settle()
    assert [(found.serial, found.bus_path) for found in await bus.attached()] == [
        (other.id, "1-2"),
        (one.id, "1-1"),
    ]


async def test_plugging_and_unplugging(bus: SimulatedBus) -> None:
    one, other = device(), device(P2)
    bus.plug(one)
    with pytest.raises(ValueError, match="plugged in already"):
        bus.plug(one)
    with pytest.raises(ValueError, match="taken"):
        bus.plug(other, "1-1")
    await bus.settle()
    (found,) = await bus.attached()
    assert bus.device_of(found) is one
    handle = await bus.open(found)
    bus.unplug(one)
    assert (one.mode, await bus.attached(), bus.devices) == (Mode.OFF, (), ())
    with pytest.raises(UsbGone, match="has left the USB bus"):
        await handle.string(3)
    with pytest.raises(ValueError, match="not plugged in"):
        bus.unplug(one)
    with pytest.raises(ValueError, match="nothing is plugged in"):
        bus.device_of(found)
    assert bus.plug(one) == "1-1"
    (found,) = await bus.changed((), timeout_ms=5000)
    assert found.arrival == 2


async def test_a_device_that_runs_already_appears_at_once(bus: SimulatedBus, clock: LoopClock) -> None:
    one = device()
    bus.plug(one)
    await bus.settle()
    again = restored(state_of(one), dict(one.hardware.memory.changed()).get)
    other = SimulatedBus(clock)
    other.plug(again)
    assert [found.serial for found in await other.attached()] == [one.id]


async def test_a_list_without_serial_numbers(clock: LoopClock) -> None:
    bus = SimulatedBus(clock, tells_serials=False)
    one = device()
    bus.plug(one)
    (found,) = await bus.changed((), timeout_ms=5000)
    assert found.serial is None
    handle = await bus.open(found)
    assert handle.device.serial == one.id == await handle.string(3)


async def test_a_device_goes_online_by_itself(bus: SimulatedBus, clock: LoopClock) -> None:
    one = device()
    bus.plug(one)
    await clock.sleep(5.4)
    assert not one.online
    await clock.sleep(0.2)
    assert one.online


async def test_transfers_take_their_time_on_the_wire(bus: SimulatedBus, clock: LoopClock) -> None:
    handle = await in_dfu(bus, device())
    start = clock.monotonic()
    await status(handle)
    assert clock.monotonic() - start == pytest.approx(0.001)
    start = clock.monotonic()
    await download(handle, 2, bytes(4096))
    assert clock.monotonic() - start == pytest.approx(0.005)
    start = clock.monotonic()
    await download_none(handle)
    assert clock.monotonic() - start == pytest.approx(0.001)


async def download_none(handle: UsbHandle) -> None:
    await handle.control_out(Setup(0x21, 6), timeout_ms=5000)


async def test_a_device_at_work_answers_when_it_has_finished(bus: SimulatedBus, clock: LoopClock) -> None:
    handle = await in_dfu(bus, device())
    await download(handle, 0, b"\x41\x00\x40\x0b\x00")
    await status(handle)
    start = clock.monotonic()
    assert (await status(handle))[4] == 5
    assert clock.monotonic() - start == pytest.approx(0.085 + 0.001)


async def test_a_host_without_patience_and_a_device_that_finishes(
    bus: SimulatedBus, clock: LoopClock
) -> None:
    one = device()
    handle = await in_dfu(bus, one)
    one.hardware.flash.slowness = 20
    await download(handle, 0, b"\x41\x00\x40\x0b\x00")
    await status(handle)
    start = clock.monotonic()
    with pytest.raises(UsbTimeout):
        await status(handle, timeout_ms=500)
    assert clock.monotonic() - start == pytest.approx(0.5)
    assert one.hardware.memory.is_blank(0xB4000, 4096)
    assert (await status(handle))[4] == 5
    assert clock.monotonic() - start == pytest.approx(0.085 * 20 + 0.001)


async def test_a_transfer_that_takes_longer_than_it_may(bus: SimulatedBus, clock: LoopClock) -> None:
    handle = await in_dfu(bus, device())
    with pytest.raises(UsbTimeout):
        await handle.control_out(Setup(0x21, 1, 2, 0, 4096), bytes(4096), timeout_ms=3)
    assert bus.transfers[-1].outcome == "usb_timeout"
    assert (await status(handle))[4] == 4  # the device has it


async def test_a_device_that_leaves_while_it_is_waited_for(bus: SimulatedBus, clock: LoopClock) -> None:
    one = device()
    handle = await in_dfu(bus, one)
    one.hardware.flash.slowness = 100
    await download(handle, 0, b"\x41\x00\x40\x0b\x00")
    await status(handle)
    start = clock.monotonic()

    async def pull() -> None:
        await clock.sleep(1)
        bus.unplug(one)

    pulling = asyncio.create_task(pull())
    with pytest.raises(UsbGone):
        await status(handle)
    assert clock.monotonic() - start == 1
    await pulling


async def test_the_bus_is_free_while_a_device_works_and_never_used_twice_at_once(
    bus: SimulatedBus, clock: LoopClock
) -> None:
    handles = [await in_dfu(bus, device(number)) for number in (BORON, P2)]
    bus.transfers.clear()
    start = clock.monotonic()

    async def write(handle: UsbHandle, first: int) -> None:
        for at in range(8):
            await download(handle, 0, b"\x41" + (first + at * 4096).to_bytes(4, "little"))
            assert (await status(handle))[4] == 4
            assert (await status(handle))[4] == 5
        await download(handle, 0, b"\x21" + first.to_bytes(4, "little"))
        await status(handle)
        await status(handle)
        for at in range(8):
            await download(handle, 2 + at, bytes(4096))
            assert (await status(handle))[4] == 4
            assert (await status(handle))[4] == 5

    await clock.together(write(handles[0], 0xB4000), write(handles[1], 0x0850_0000))
    taken = clock.monotonic() - start
    slots = [(one.started_s, one.ended_s) for one in bus.transfers]
    assert all(end <= begin for (_, end), (begin, _) in pairwise(slots))
    assert len({one.device for one in bus.transfers}) == 2
    assert len(slots) == 2 * 51
    wire = sum(end - begin for begin, end in slots)
    assert wire < 0.2
    assert 8 * (0.085 + 0.042) < taken < 8 * (0.085 + 0.042) + wire


async def test_what_took_place_is_noted(bus: SimulatedBus) -> None:
    handle = await in_dfu(bus, device())
    bus.transfers.clear()
    await handle.set_alternate(0, 1)
    with pytest.raises(UsbStall):
        await handle.control_out(Setup(0x21, 4), timeout_ms=1000)
    await status(handle)
    assert [(one.setup.pack().hex(), one.data.hex(), one.outcome) for one in bus.transfers] == [
        ("010b010000000000", "", "ok"),
        ("2104000000000000", "", "usb_stall"),
        ("a103000000000600", "0e0000000a00", "ok"),
    ]
    assert {one.device for one in bus.transfers} == {2}


async def test_a_bus_that_keeps_no_list(clock: LoopClock) -> None:
    bus = SimulatedBus(clock, records=False)
    await in_dfu(bus, device())
    assert bus.transfers == []


async def test_claims(bus: SimulatedBus) -> None:
    one = await in_dfu(bus, device())
    (found,) = await bus.attached()
    other = await bus.open(found)
    await one.claim(0)
    await one.claim(0)
    with pytest.raises(UsbBusy):
        await other.claim(0)
    with pytest.raises(UsbBusy):
        await status(other)
    await other.release(0)
    assert (await status(one))[4] == 2
    await one.release(0)
    await other.claim(0)
    await other.close()
    await one.claim(0)
    with pytest.raises(UsbError, match="no interface 1"):
        await one.claim(1)


async def test_descriptors_and_strings(bus: SimulatedBus) -> None:
    handle = await in_dfu(bus, device())
    assert (await handle.descriptor(2, length=4)).hex() == "09022d00"
    assert (await handle.descriptor(3, 6, length=1, language=0x0409)).hex() == "a2"
    assert await handle.string(2) == "Boron DFU Mode"
    for index in (0, 99):
        with pytest.raises(UsbStall):
            await handle.string(index)


async def test_a_closed_handle_is_of_no_use(bus: SimulatedBus) -> None:
    handle = await in_dfu(bus, device())
    await handle.close()
    await handle.close()
    with pytest.raises(UsbGone):
        await status(handle)


async def test_a_request_that_resets_ends_with_the_device_gone(bus: SimulatedBus) -> None:
    one = device()
    bus.plug(one)
    (found,) = await bus.changed((), timeout_ms=5000)
    handle = await bus.open(found)
    with pytest.raises(UsbGone):
        await handle.control_out(Setup(0x40, 0x50, 0, 40), timeout_ms=1000)
    assert bus.transfers[-1].outcome == "usb_gone"


async def test_an_out_request_without_data_times_out_on_a_p2(bus: SimulatedBus, clock: LoopClock) -> None:
    bus.plug(device(P2))
    (found,) = await bus.changed((), timeout_ms=5000)
    handle = await bus.open(found)
    start = clock.monotonic()
    with pytest.raises(UsbTimeout):
        await handle.control_out(Setup(0x40, 0x50, 0, 302), timeout_ms=700)
    assert clock.monotonic() - start == pytest.approx(0.7)
    assert bus.transfers[-1].outcome == "usb_timeout"
    await handle.control_out(Setup(0x40, 0x50, 0, 302, 1), b"\0", timeout_ms=700)


async def test_a_cancelled_transfer_has_reached_the_device(bus: SimulatedBus, clock: LoopClock) -> None:
    handle = await in_dfu(bus, device())
    task = asyncio.create_task(download(handle, 0, b"\x41\x00\x40\x0b\x00"))
    await clock.sleep(0.0005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert bus.transfers[-1].outcome == "cancelled"
    assert (await status(handle))[4] == 4


async def test_bulk_endpoints_take_everything_and_say_nothing(bus: SimulatedBus, clock: LoopClock) -> None:
    one = device()
    bus.plug(one)
    (found,) = await bus.changed((), timeout_ms=5000)
    handle = await bus.open(found)
    assert await handle.bulk_write(0x01, b"hello", timeout_ms=100) == 5
    with pytest.raises(UsbTimeout):
        await handle.bulk_read(0x81, 64, timeout_ms=100)
    with pytest.raises(UsbError, match="no bulk endpoint 0x83"):
        await handle.bulk_read(0x83, 64, timeout_ms=100)


@pytest.mark.parametrize(
    ("setup", "data"), [(Setup(0xA1, 3, 0, 0, 6), b""), (Setup(0x21, 1, 2, 0, 5), b"1234")]
)
async def test_a_transfer_that_contradicts_itself_is_a_mistake(
    bus: SimulatedBus, setup: Setup, data: bytes
) -> None:
    handle = await in_dfu(bus, device())
    with pytest.raises(ValueError, match="request type"):
        await handle.control_out(setup, data, timeout_ms=100)
    with pytest.raises(ValueError, match="goes to the device"):
        await handle.control_in(Setup(0x21, 6), timeout_ms=100)


def test_devices_may_be_plugged_in_before_there_is_a_loop() -> None:
    from particle_cli.simulators.virtual_time import run_virtual

    clock = LoopClock()
    bus = SimulatedBus(clock)
    bus.plug(device())

    async def look() -> int:
        return len(await bus.changed((), timeout_ms=3000))

    assert run_virtual(look()) == 1


async def test_closing_leaves_the_devices_as_they_are(bus: SimulatedBus, clock: LoopClock) -> None:
    one = device()
    bus.plug(one)
    await bus.attached()
    await bus.close()
    await clock.sleep(10)
    assert one.mode is Mode.RESETTING


@pytest.mark.parametrize(("after_s", "programmed"), [(0.0, 0), (0.021, 2048), (0.05, 4096)])
async def test_a_cable_pulled_in_the_middle_of_a_write(
    bus: SimulatedBus, clock: LoopClock, after_s: float, programmed: int
) -> None:
    one = device()
    handle = await in_dfu(bus, one)
    await download(handle, 0, b"\x41\x00\x50\x0b\x00")
    await status(handle)
    await status(handle)
    await download(handle, 0, b"\x21\x00\x50\x0b\x00")
    await status(handle)
    await status(handle)
    await download(handle, 2, bytes(4096))
    await status(handle)
    await clock.sleep(after_s)
    bus.unplug(one)
    content = one.hardware.memory.read(0xB5000, 4096)
    assert content.count(0) == pytest.approx(programmed, abs=1)
    assert content.lstrip(b"\0").strip(b"\xff") == b""


@pytest.mark.parametrize(("after_s", "whole"), [(0.0, False), (0.05, False), (0.1, True)])
async def test_a_cable_pulled_in_the_middle_of_an_erase(
    bus: SimulatedBus, clock: LoopClock, after_s: float, whole: bool
) -> None:
    one = device()
    handle = await in_dfu(bus, one)
    await download(handle, 0, b"\x41\x00\x40\x0b\x00")
    await status(handle)
    await clock.sleep(after_s)
    bus.unplug(one)
    assert one.hardware.memory.is_blank(0xB4000, 4096) is whole


@pytest.mark.parametrize(("after_s", "kept"), [(0.1, False), (0.3, True)])
async def test_a_cable_pulled_in_the_middle_of_a_key(
    bus: SimulatedBus, clock: LoopClock, after_s: float, kept: bool
) -> None:
    one = device()
    handle = await in_dfu(bus, one)
    await handle.set_alternate(0, 1)
    await download(handle, 0, b"\x21" + (3106).to_bytes(4, "little"))
    await status(handle)
    await status(handle)
    await download(handle, 2, b"key")
    await status(handle)
    await clock.sleep(after_s)
    bus.unplug(one)
    assert one.hardware.dct is not None
    assert one.hardware.dct.read(3106, 3) == (b"key" if kept else b"\xff\xff\xff")


async def test_power_that_fails_for_a_moment(bus: SimulatedBus) -> None:
    one = device()
    bus.plug(one)
    (found,) = await bus.changed((), timeout_ms=5000)
    bus.interrupt(found, back_after_s=2)
    assert await bus.attached() == ()
    (again,) = await bus.changed((), timeout_ms=5000)
    assert again.arrival == 2
