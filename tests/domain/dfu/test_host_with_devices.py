"""The host against simulated bootloaders of every family."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from tests.domain.dfu.workbench import FAMILIES, Place, Workbench, application_place, raw

from particle_cli.domain.dfu.errors import CommandUnknown, DfuFailed, MemoryLocked, OutsideMemory
from particle_cli.domain.dfu.protection import Protection
from particle_cli.domain.dfu.verification import Differs, NotVerified, Verified
from particle_cli.domain.errors import DeviceProtected
from particle_cli.domain.firmware.module import write_module
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.ports.usb import UsbGone, UsbStall
from particle_cli.simulators.factory import factory_image
from particle_cli.simulators.faults import Fault, FaultPlan
from particle_cli.simulators.firmware.boot import Mode

DATA = bytes(i * 31 % 251 for i in range(9000))
EVERY_FAMILY = pytest.mark.parametrize("platform_id", FAMILIES.values(), ids=FAMILIES)


@EVERY_FAMILY
async def test_write_verify_read_leave(platform_id: int) -> None:
    bench = Workbench(platform_id)
    await bench.into_dfu()
    place = application_place(bench.device)
    async with bench.host() as host:
        blocks = -(-len(DATA) // host.transfer_size)
        await host.write(place.alternate, place.address, DATA, order=(*range(1, blocks), 0))
        assert bench.content(place, len(DATA)) == DATA
        assert await host.verify(place.alternate, place.address, DATA) == Verified(len(DATA))
        assert await host.read(place.alternate, place.address, len(DATA)) == DATA
        await host.leave()
    before = bench.device.enumerations
    await bench.bus.settle()
    assert bench.device.enumerations == before + 1
    assert bench.device.mode is not Mode.DFU


@EVERY_FAMILY
async def test_a_wrong_byte_is_found(platform_id: int) -> None:
    bench = Workbench(platform_id)
    await bench.into_dfu()
    place = application_place(bench.device)
    async with bench.host() as host:
        await host.write(place.alternate, place.address, DATA)
        bench.device.hardware.memory.flip(place.address + 5000, 1)
        assert await host.verify(place.alternate, place.address, DATA) == Differs(
            place.address + 5000, DATA[5000], DATA[5000] ^ 2
        )


@pytest.mark.parametrize("platform_id", [6, 10, 13, 26, 32])
async def test_a_key_in_the_configuration(platform_id: int) -> None:
    bench = Workbench(platform_id)
    await bench.into_dfu()
    key = bytes(range(121))
    async with bench.host() as host:
        around = await host.read(1, 3000, 400)
        await host.write(1, 3106, key, erase=False)
        assert await host.read(1, 3000, 400) == around[:106] + key + around[227:]


async def write(bench: Workbench, place: Place) -> None:
    async with bench.host() as host:
        await host.write(place.alternate, place.address, DATA)


UNTIDY_HOSTS = {
    "a command handed over": ["2101 0000 0000 0500 > 4100000000"],
    "a command at work": ["2101 0000 0000 0500 > 2100000000", "a103 0000 0000 0600"],
    "a command done": ["2101 0000 0000 0500 > 2100000000", "a103 0000 0000 0600", "a103 0000 0000 0600"],
    "an upload": ["a102 0000 0000 0300"],
    "a leave handed over": ["2101 0000 0000 0000"],
    "an error": ["2104 0000 0000 0000"],
    "a strange block": ["a102 0100 0000 0400"],
    "a command that never ends": ["2101 0000 0000 0100 > 00", "a103 0000 0000 0600"],
    "a refusal": ["2106 0000 0000 0000", "2101 0100 0000 0100 > aa", "a103 0000 0000 0600"],
}


@EVERY_FAMILY
@pytest.mark.parametrize("deeds", UNTIDY_HOSTS.values(), ids=UNTIDY_HOSTS)
async def test_work_begins_where_a_killed_host_ended(platform_id: int, deeds: list[str]) -> None:
    bench = Workbench(platform_id)
    await bench.into_dfu()
    async with bench.handle() as handle:
        await handle.claim(0)
        for deed in deeds:
            setup, _, data = deed.partition(" > ")
            with suppress(UsbStall):
                await raw(handle, setup, bytes.fromhex(data))
    place = application_place(bench.device)
    async with bench.host() as host:
        await host.write(place.alternate, place.address, DATA)
        assert await host.verify(place.alternate, place.address, DATA) == Verified(len(DATA))


@pytest.mark.parametrize("platform_id", [13, 32])
async def test_a_leave_under_way_is_taken_back_on_gen_3(platform_id: int) -> None:
    bench = Workbench(platform_id)
    await bench.into_dfu()
    place = application_place(bench.device)
    async with bench.host() as host:
        await host.leave()
        await host.write(place.alternate, place.address, DATA)
        assert bench.content(place, len(DATA)) == DATA
        await host.leave()
    await bench.bus.settle()
    assert bench.device.mode is not Mode.DFU


async def test_a_leave_under_way_goes_on_on_gen_2() -> None:
    bench = Workbench(6)
    await bench.into_dfu()
    place = application_place(bench.device)
    async with bench.host() as host:
        await host.leave()
        with pytest.raises(UsbGone):
            await host.write(place.alternate, place.address, DATA)


@EVERY_FAMILY
@pytest.mark.parametrize("fault", [Fault.STALL, Fault.REQUEST_LOST, Fault.REPLY_LOST], ids=lambda f: f.name)
async def test_a_fault_at_any_transfer_is_made_good(platform_id: int, fault: Fault) -> None:
    """Write, verify and leave, with one transfer spoilt: the first, the second, and so on."""
    at, spoilt = 1, True
    while spoilt:
        bench = Workbench(platform_id, FaultPlan(fault, at))
        await bench.into_dfu()
        place = application_place(bench.device)
        async with bench.host() as host:
            await host.write(place.alternate, place.address, DATA)
            assert bench.content(place, len(DATA)) == DATA
            assert await host.verify(place.alternate, place.address, DATA) == Verified(len(DATA))
            await host.leave()
        spoilt = len(bench.usb.seen) >= at
        at += 1
        await bench.bus.settle()
        assert bench.device.mode is not Mode.DFU
    assert at > 30


@EVERY_FAMILY
@pytest.mark.parametrize(
    "fault",
    [Fault.GONE_BEFORE, Fault.GONE_AFTER, Fault.CANCELLED_BEFORE, Fault.CANCELLED_AFTER],
    ids=lambda f: f.name,
)
async def test_an_interruption_at_any_transfer_can_be_made_good(platform_id: int, fault: Fault) -> None:
    """Write with an interruption at the first transfer, the second, and so on; then write again."""
    at, interrupted = 1, True
    while interrupted:
        bench = Workbench(platform_id, FaultPlan(fault, at))
        await bench.into_dfu()
        place = application_place(bench.device)
        try:
            await asyncio.create_task(write(bench, place))
            interrupted = False
        except (UsbGone, asyncio.CancelledError):
            at += 1
        await bench.bus.settle()
        if bench.device.mode is not Mode.DFU:
            await bench.into_dfu()
        async with bench.host(faults=False) as host:
            await host.write(place.alternate, place.address, DATA)
        assert bench.content(place, len(DATA)) == DATA
    assert at > 20


@EVERY_FAMILY
async def test_a_device_that_refuses_for_ever(platform_id: int) -> None:
    bench = Workbench(platform_id, FaultPlan(Fault.STALL, 12, times=None))
    await bench.into_dfu()
    place = application_place(bench.device)
    async with bench.host() as host:
        with pytest.raises(DfuFailed) as caught:
            await host.write(place.alternate, place.address, DATA)
    assert bench.device.id in caught.value.message
    assert caught.value.next_step


@EVERY_FAMILY
async def test_a_device_that_falls_silent(platform_id: int) -> None:
    bench = Workbench(platform_id, FaultPlan(Fault.REQUEST_LOST, 12, times=None))
    await bench.into_dfu()
    place = application_place(bench.device)
    before = bench.clock.monotonic()
    async with bench.host() as host:
        with pytest.raises(DfuFailed):
            await host.write(place.alternate, place.address, DATA)
    assert bench.clock.monotonic() - before < 120


@pytest.mark.parametrize("platform_id", [6, 13, 32])
async def test_worn_flash_takes_its_time(platform_id: int) -> None:
    """Erasing takes longer than several time-outs of a transfer."""
    bench = Workbench(platform_id)
    await bench.into_dfu()
    bench.device.hardware.flash.slowness = 12_000 / 52 if platform_id != 6 else 10
    place = application_place(bench.device)
    async with bench.host() as host:
        await host.write(place.alternate, place.address, DATA)
    assert bench.content(place, len(DATA)) == DATA


@pytest.mark.parametrize("late", [True, False])
@pytest.mark.parametrize("platform_id", [6, 10, 13, 32])
async def test_a_write_that_the_device_fails_at(platform_id: int, late: bool) -> None:
    """The map allows it, the device does not: the MBR below its own end, or the bootloader of Gen 2."""
    bench = Workbench(platform_id)
    await bench.into_dfu()
    bench.device.late_stall = late
    await bench.into_dfu()
    async with bench.host() as host:
        memory = await host.memory(0)
        if bench.device.platform.family == "gen2":
            with pytest.raises(DfuFailed, match="stall"):
                await host.write(0, 0x0800_C000, DATA[:4096])
        else:
            end = memory.segments[-1].end
            with pytest.raises((MemoryLocked, OutsideMemory)):
                await host.write(0, end - 4096, DATA)
        place = application_place(bench.device)
        await host.write(place.alternate, place.address, DATA)


async def test_128_kib_to_a_boron_take_195_transfers() -> None:
    bench = Workbench(13)
    await bench.into_dfu()
    async with bench.host() as host:
        await host.memory(0)
        await host.write(0, 0xB_4000, bytes(0x20000))
        bench.bus.transfers.clear()
        await host.write(0, 0xB_4000, bytes(0x20000), order=(*range(1, 32), 0))
    work = [one for one in bench.bus.transfers if one.setup.request in (1, 3)]
    assert len(work) == 195
    assert len(bench.bus.transfers) == 195 + 3  # GETSTATE, ABORT, GETSTATE before
    took_s = work[-1].ended_s - work[0].started_s
    assert took_s == pytest.approx(32 * (0.085 + 0.042 + 0.004 + 0.006), rel=0.05)


async def test_safe_mode() -> None:
    bench = Workbench(13)
    await bench.into_dfu()
    async with bench.host() as host:
        assert await host.protection() is Protection.OPEN
        await host.enter_safe_mode()
    await bench.bus.settle()
    assert bench.device.mode is Mode.SAFE


async def test_gen_2_knows_no_safe_mode_by_dfu() -> None:
    bench = Workbench(6)
    await bench.into_dfu()
    async with bench.host() as host:
        assert await host.protection() is Protection.OPEN
        with pytest.raises(CommandUnknown):
            await host.enter_safe_mode()


@pytest.mark.parametrize("platform_id", [13, 32])
async def test_a_protected_device(platform_id: int) -> None:
    bench = Workbench(platform_id)
    bench.protect()
    await bench.into_dfu()
    place = application_place(bench.device)
    before = bench.content(place, len(DATA))
    async with bench.host() as host:
        assert await host.protection() is Protection.PROTECTED
        with pytest.raises(DeviceProtected):
            await host.write(place.alternate, place.address, DATA)
        with pytest.raises(DeviceProtected):
            await host.read(place.alternate, place.address, len(DATA))
        assert isinstance(await host.verify(place.alternate, place.address, DATA), NotVerified)
        await host.leave()
    assert bench.content(place, len(DATA)) == before


@pytest.mark.parametrize("platform_id", [13, 32])
async def test_a_device_in_service_mode(platform_id: int) -> None:
    bench = Workbench(platform_id)
    bench.protect(service_mode=True)
    await bench.into_dfu()
    place = application_place(bench.device)
    async with bench.host() as host:
        assert await host.protection() is Protection.SERVICE_MODE
        await host.write(place.alternate, place.address, DATA)
        assert await host.verify(place.alternate, place.address, DATA) == Verified(len(DATA))
        ota, _ = bench.device.hardware.ota_area
        alternate = 2 if ota >= 0x8000_0000 else 0
        with pytest.raises(DeviceProtected, match="Device is in protected mode"):
            await host.write(alternate, ota, DATA)
        verification = await host.verify(alternate, ota, DATA)
        assert isinstance(verification, NotVerified)
        assert "Device is in protected mode" in verification.reason
        await host.end_service_mode()
    assert bench.device.override_resets == 0


@pytest.mark.parametrize("fault", [Fault.STALL, Fault.REQUEST_LOST, Fault.REPLY_LOST], ids=lambda f: f.name)
async def test_a_fault_while_a_system_part_is_written_in_service_mode(fault: Fault) -> None:
    parts = factory_image(platform(13), small=True)
    system = next(write_module(part.module) for part in parts if part.module.prefix.function == 4)
    at, spoilt = 1, True
    while spoilt:
        bench = Workbench(13, FaultPlan(fault, at))
        bench.protect(service_mode=True)
        await bench.into_dfu()
        async with bench.host() as host:
            await host.write(0, 0x3_0000, system)
            assert await host.verify(0, 0x3_0000, system) == Verified(len(system))
        spoilt = len(bench.usb.seen) >= at
        at += 1
    assert at > 15
