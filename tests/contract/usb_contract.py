"""What every usb port keeps, whatever the wire ends in.

A bench has a bus with one Boron plugged in, and the port under test.
"""

from __future__ import annotations

import asyncio

import pytest
from attrs import define

from particle_cli.domain.platforms.catalogue import platform
from particle_cli.ports.clock import Clock
from particle_cli.ports.usb import (
    AttachedDevice,
    Setup,
    Usb,
    UsbBusy,
    UsbGone,
    UsbHandle,
    UsbStall,
    UsbTimeout,
)
from particle_cli.simulators.bus.bus import SimulatedBus
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.factory import new_device
from particle_cli.simulators.faults import Fault, FaultPlan, FaultyUsb
from particle_cli.simulators.firmware.boot import BootRequest

GET_STATUS = Setup(0x80, 0, length=2)
GET_DEVICE_DESCRIPTOR = Setup(0x80, 6, 0x0100, 0, 18)
DFU_GETSTATUS = Setup(0xA1, 3, 0, 0, 6)
LONG_MS = 60_000


@define
class Bench:
    """A port, and the far end of its wire to play with; each may have a time of its own."""

    usb: Usb
    clock: Clock
    bus_clock: Clock
    bus: SimulatedBus
    faults: FaultyUsb
    device: SimulatedDevice

    async def only(self) -> AttachedDevice:
        """The one device that is listed, once it is."""
        listed = await self.usb.changed((), timeout_ms=LONG_MS)
        assert len(listed) == 1
        return listed[0]

    async def opened(self) -> UsbHandle:
        return await self.usb.open(await self.only())

    async def in_dfu_mode(self) -> UsbHandle:
        """The device in DFU mode, opened, with its interface claimed."""
        before = await self.only()
        self.device.reset(BootRequest.DFU)
        assert await self.usb.changed((before,), timeout_ms=LONG_MS) == ()
        handle = await self.opened()
        await handle.claim(0)
        return handle


class UsbContract:
    """The assertions; a subclass says where the bench comes from."""

    # -- listing ---------------------------------------------------------------------------------------

    async def test_a_device_is_listed_by_its_ids_and_place(self, bench: Bench) -> None:
        ids = platform(bench.device.platform_id).usb
        assert ids is not None
        assert ids.normal is not None
        listed = await bench.only()
        assert (listed.vendor_id, listed.product_id) == (ids.normal.vendor_id, ids.normal.product_id)
        assert listed.bus_path == "1-1"
        assert listed.serial in (None, bench.device.id)

    async def test_the_list_stays_the_same_while_nothing_happens(self, bench: Bench) -> None:
        await bench.only()
        assert await bench.usb.attached() == await bench.usb.attached()

    async def test_a_device_that_comes_back_has_arrived_anew(self, bench: Bench) -> None:
        before = await bench.only()
        bench.bus.unplug(bench.device)
        assert await bench.usb.changed((before,), timeout_ms=LONG_MS) == ()
        bench.bus.plug(bench.device, "1-1")
        after = await bench.only()
        assert after.arrival > before.arrival
        assert after.bus_path == before.bus_path

    async def test_a_reset_is_an_arrival_too(self, bench: Bench) -> None:
        before = await bench.only()
        bench.device.reset()
        assert await bench.usb.changed((before,), timeout_ms=LONG_MS) == ()
        after = await bench.only()
        assert (after.arrival > before.arrival, after.product_id) == (True, before.product_id)

    async def test_another_mode_has_another_product_id(self, bench: Bench) -> None:
        before = await bench.only()
        handle = await bench.in_dfu_mode()
        assert handle.device.product_id != before.product_id
        assert handle.device.arrival > before.arrival
        await handle.close()

    async def test_a_difference_that_exists_is_told_at_once(self, bench: Bench) -> None:
        listed = (await bench.only(),)
        began = bench.clock.monotonic()
        assert await bench.usb.changed((), timeout_ms=LONG_MS) == listed
        assert bench.clock.monotonic() - began < LONG_MS / 1000 / 2

    async def test_waiting_in_vain_ends_with_its_time(self, bench: Bench) -> None:
        listed = (await bench.only(),)
        began = bench.clock.monotonic()
        assert await bench.usb.changed(listed, timeout_ms=100) == listed
        assert bench.clock.monotonic() - began >= 0.099

    async def test_devices_are_listed_in_the_order_of_their_arrival(self, bench: Bench) -> None:
        await bench.only()
        other = new_device(bench.device.platform_id, "e00fce680000000000000002", small=True)
        bench.bus.plug(other, "1-9")
        listed = await bench.usb.attached()
        while len(listed) < 2:
            listed = await bench.usb.changed(listed, timeout_ms=LONG_MS)
        bench.device.reset()
        assert len(await bench.usb.changed(listed, timeout_ms=LONG_MS)) == 1
        listed = await bench.usb.changed(listed[1:], timeout_ms=LONG_MS)
        assert [device.bus_path for device in listed] == ["1-9", "1-1"]
        assert listed[0].arrival < listed[1].arrival

    # -- opening ---------------------------------------------------------------------------------------

    async def test_an_open_device_has_its_serial_number(self, bench: Bench) -> None:
        handle = await bench.opened()
        assert handle.device.serial == bench.device.id
        assert handle.device.arrival == (await bench.only()).arrival
        await handle.close()

    async def test_an_enumeration_that_is_over_cannot_be_opened(self, bench: Bench) -> None:
        before = await bench.only()
        bench.device.reset()
        await bench.usb.changed((before,), timeout_ms=LONG_MS)
        await bench.only()
        with pytest.raises(UsbGone):
            await bench.usb.open(before)

    async def test_after_closing_nothing_goes_through(self, bench: Bench) -> None:
        handle = await bench.opened()
        await handle.close()
        await handle.close()
        with pytest.raises(UsbGone):
            await handle.control_in(GET_STATUS, timeout_ms=1000)

    # -- transfers -------------------------------------------------------------------------------------

    async def test_a_control_transfer_reads_what_there_is(self, bench: Bench) -> None:
        handle = await bench.opened()
        descriptor = await handle.control_in(GET_DEVICE_DESCRIPTOR, timeout_ms=1000)
        assert (len(descriptor), descriptor[:2]) == (18, b"\x12\x01")
        assert await handle.descriptor(1) == descriptor
        assert await handle.descriptor(1, length=8) == descriptor[:8]
        configuration = await handle.descriptor(2)
        assert int.from_bytes(configuration[2:4], "little") == len(configuration)
        await handle.close()

    async def test_a_control_transfer_writes(self, bench: Bench) -> None:
        handle = await bench.in_dfu_mode()
        await handle.control_out(
            Setup(0x21, 1, 0, 0, 5), memoryview(b"\x21\x00\x40\x0d\x00"), timeout_ms=1000
        )
        status = await handle.control_in(DFU_GETSTATUS, timeout_ms=1000)
        assert status[4] == 4  # dfuDNBUSY: it has taken the address
        await handle.control_out(Setup(0x21, 6, 0, 0, 0), timeout_ms=1000)
        await handle.close()

    async def test_data_that_is_not_as_long_as_announced_is_refused(self, bench: Bench) -> None:
        handle = await bench.opened()
        with pytest.raises(ValueError, match="bytes"):
            await handle.control_out(Setup(0x40, 1, length=3), b"ab", timeout_ms=1000)
        await handle.close()

    async def test_a_refusal_is_a_stall_and_leaves_all_else_well(self, bench: Bench) -> None:
        handle = await bench.opened()
        for _ in range(2):
            with pytest.raises(UsbStall):
                await handle.string(0x77)
            assert len(await handle.control_in(GET_STATUS, timeout_ms=1000)) == 2
        await handle.close()

    async def test_silence_is_a_timeout(self, bench: Bench) -> None:
        handle = await bench.opened()
        bench.faults.plan = FaultPlan(Fault.REQUEST_LOST, matching=lambda setup: setup == GET_STATUS)
        began = bench.bus_clock.monotonic()
        with pytest.raises(UsbTimeout):
            await handle.control_in(GET_STATUS, timeout_ms=300)
        assert bench.bus_clock.monotonic() - began >= 0.299
        assert len(await handle.control_in(GET_STATUS, timeout_ms=300)) == 2
        await handle.close()

    async def test_a_device_that_leaves_is_gone_for_good(self, bench: Bench) -> None:
        handle = await bench.opened()
        bench.bus.unplug(bench.device)
        for _ in range(2):
            with pytest.raises(UsbGone):
                await handle.control_in(GET_STATUS, timeout_ms=1000)
        with pytest.raises(UsbGone):
            await handle.control_out(Setup(0x00, 9, 1), timeout_ms=1000)
        with pytest.raises(UsbGone):
            await handle.claim(0)
        bench.bus.plug(bench.device, "1-1")
        await bench.only()
        with pytest.raises(UsbGone):
            await handle.descriptor(1)
        await handle.close()

    async def test_a_device_that_leaves_in_the_middle_is_gone(self, bench: Bench) -> None:
        handle = await bench.opened()
        bench.faults.plan = FaultPlan(Fault.GONE_AFTER, matching=lambda setup: setup == GET_STATUS)
        with pytest.raises(UsbGone):
            await handle.control_in(GET_STATUS, timeout_ms=1000)
        await handle.close()

    async def test_transfers_at_once_all_come_through(self, bench: Bench) -> None:
        handle = await bench.opened()
        texts = await asyncio.gather(*(handle.string(1 + number % 3) for number in range(9)))
        assert texts == [await handle.string(number) for number in (1, 2, 3)] * 3
        assert texts[2] == bench.device.id
        await handle.close()

    async def test_bulk_transfers(self, bench: Bench) -> None:
        handle = await bench.opened()
        await handle.claim(1)
        assert await handle.bulk_write(0x01, b"abc", timeout_ms=500) == 3
        with pytest.raises(UsbTimeout):
            await handle.bulk_read(0x81, 64, timeout_ms=50)
        await handle.release(1)
        await handle.close()

    # -- interfaces ------------------------------------------------------------------------------------

    async def test_an_interface_has_one_owner(self, bench: Bench) -> None:
        first, second = await bench.opened(), await bench.opened()
        await first.claim(0)
        await first.claim(0)
        with pytest.raises(UsbBusy):
            await second.claim(0)
        await first.release(0)
        await second.claim(0)
        await second.close()
        await first.claim(0)  # closing gives everything back
        await first.close()

    async def test_alternate_settings(self, bench: Bench) -> None:
        handle = await bench.in_dfu_mode()
        for alternate in (1, 2, 0):
            await handle.set_alternate(0, alternate)
            assert await handle.control_in(Setup(0x81, 10, 0, 0, 1), timeout_ms=1000) == bytes([alternate])
        await handle.close()

    async def test_descriptors_of_the_bootloader(self, bench: Bench) -> None:
        handle = await bench.in_dfu_mode()
        functional = await handle.descriptor(0x21, length=9)
        assert functional[:2] == b"\x09\x21"
        assert (await handle.string(6)).startswith("@Internal Flash")
        with pytest.raises(UsbStall):
            await handle.string(0)
        await handle.close()
