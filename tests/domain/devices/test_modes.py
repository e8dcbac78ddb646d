"""Switching simulated devices from mode to mode."""

from __future__ import annotations

import asyncio

import pytest
from tests.domain.devices.stage import ARGON, BORON, P2, PHOTON, ListedUsb, Stage, listed
from tests.scripted_usb import ScriptedHandle

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.devices.errors import DeviceLost, WrongMode
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.modes import (
    DeviceMode,
    device_mode,
    reset,
    to_dfu,
    to_normal,
    to_safe_mode,
)
from particle_cli.domain.devices.opening import control_channel, dfu_host
from particle_cli.domain.devices.returning import Absence, wait_until_back
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.ports.usb import AttachedDevice, UsbAccessDenied, UsbError, UsbHandle
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.faults import Fault, FaultPlan
from particle_cli.simulators.firmware.boot import Mode


def mode_of(device: SimulatedDevice) -> Mode:
    """What a device is doing now."""
    return device.mode


SOME = pytest.mark.parametrize("platform_id", [PHOTON, ARGON, BORON, P2])


@SOME
@pytest.mark.parametrize("tells_serials", [True, False])
async def test_to_dfu_and_back(platform_id: int, tells_serials: bool) -> None:
    stage = Stage(tells_serials=tells_serials)
    device = await stage.enter(platform_id)
    running = await stage.found()
    dfu = await to_dfu(stage.usb, stage.clock, running)
    assert dfu.dfu
    assert mode_of(device) is Mode.DFU
    assert dfu.id == running.id
    assert dfu.attached.arrival > running.attached.arrival
    assert await to_dfu(stage.usb, stage.clock, dfu) is dfu
    normal = await to_normal(stage.usb, stage.clock, dfu)
    assert not normal.dfu
    assert device.mode is Mode.NORMAL
    assert await to_normal(stage.usb, stage.clock, normal) is normal


async def test_a_switch_takes_as_long_as_the_device_does() -> None:
    stage = Stage()
    await stage.enter(BORON)
    before = stage.clock.monotonic()
    dfu = await to_dfu(stage.usb, stage.clock, await stage.found())
    assert 2.5 <= stage.clock.monotonic() - before < 2.7  # 1 s until the reset, 1.5 s until it is back
    before = stage.clock.monotonic()
    await to_normal(stage.usb, stage.clock, dfu)
    assert 3.0 <= stage.clock.monotonic() - before < 3.1  # 0.5 s and 2.5 s


async def test_the_right_one_is_waited_for() -> None:
    """Another device of the kind arrives earlier, and the device comes back at another place."""
    stage = Stage()
    device = await stage.enter(BORON)
    found = await stage.found()
    stage.bus.unplug(device)

    async def others_first() -> None:
        await stage.clock.sleep(1)
        await stage.enter(BORON, number=2)
        await stage.clock.sleep(1)
        stage.bus.plug(device, "2-7")

    arriving = asyncio.ensure_future(others_first())
    back = await wait_until_back(stage.usb, stage.clock, found, timeout_s=60)
    await arriving
    assert isinstance(back, FoundDevice)
    assert (back.id, back.attached.bus_path) == (device.id, "2-7")


@pytest.mark.parametrize("dfu", [False, True])
@pytest.mark.parametrize("platform_id", [BORON, P2])
async def test_safe_mode(platform_id: int, dfu: bool) -> None:
    stage = Stage()
    device = await stage.enter(platform_id, dfu=dfu)
    await to_safe_mode(stage.usb, stage.clock, await stage.found())
    assert device.mode is Mode.SAFE


@SOME
@pytest.mark.parametrize("dfu", [False, True])
async def test_reset(platform_id: int, dfu: bool) -> None:
    stage = Stage()
    device = await stage.enter(platform_id, dfu=dfu)
    before = device.enumerations
    found = await stage.found()
    back = await reset(stage.usb, stage.clock, found)
    assert back.attached.arrival > found.attached.arrival
    assert device.mode is Mode.NORMAL
    assert device.enumerations == before + 1


@pytest.mark.parametrize("fault", [Fault.STALL, Fault.REQUEST_LOST, Fault.REPLY_LOST], ids=lambda f: f.name)
@pytest.mark.parametrize("platform_id", [PHOTON, BORON, P2])
async def test_a_fault_at_any_transfer_of_a_round_trip(platform_id: int, fault: Fault) -> None:
    at, spoilt = 1, True
    while spoilt:
        stage = Stage(plan=FaultPlan(fault, at))
        device = await stage.enter(platform_id)
        dfu = await to_dfu(stage.usb, stage.clock, await stage.found())
        assert mode_of(device) is Mode.DFU
        await to_normal(stage.usb, stage.clock, dfu)
        assert device.mode is Mode.NORMAL
        spoilt = len(stage.usb.seen) >= at
        at += 1
    assert at > 8


async def test_a_power_cut_on_the_way() -> None:
    stage = Stage(plan=FaultPlan(Fault.GONE_AFTER, 4))
    device = await stage.enter(BORON)
    await to_dfu(stage.usb, stage.clock, await stage.found())
    assert device.mode is Mode.DFU


async def test_a_device_that_does_not_come_back() -> None:
    stage = Stage()
    device = await stage.enter(BORON)
    found = await stage.found()
    stage.bus.unplug(device)
    before = stage.clock.monotonic()
    with pytest.raises(DeviceLost, match=found.id) as caught:
        await to_dfu(stage.usb, stage.clock, found)
    assert stage.clock.monotonic() - before == pytest.approx(60, abs=0.1)
    assert caught.value.next_step


async def test_a_device_that_does_not_listen() -> None:
    stage = Stage(plan=FaultPlan(Fault.STALL, times=None))
    await stage.enter(BORON)
    before = stage.clock.monotonic()
    with pytest.raises(WrongMode, match="does not go into DFU mode"):
        await to_dfu(stage.usb, stage.clock, await stage.found())
    assert stage.clock.monotonic() - before == pytest.approx(60, abs=1)


async def test_a_device_without_firmware_comes_back_in_dfu_mode() -> None:
    stage = Stage()
    device = await stage.enter(BORON, dfu=True)
    system = next(one for one in device.modules if one.prefix.function == ModuleFunction.SYSTEM_PART)
    device.hardware.memory.erase(system.prefix.start_address & ~0xFFF, 0x1000)
    with pytest.raises(WrongMode, match="no valid firmware") as caught:
        await to_normal(stage.usb, stage.clock, await stage.found())
    assert caught.value.next_step


async def test_a_device_that_refuses() -> None:
    stage = Stage()
    await stage.enter(0)  # the Core has no control requests: all of them stall
    with pytest.raises(WrongMode):
        await to_dfu(stage.usb, stage.clock, await stage.found(), timeout_s=5)


async def test_modes_are_told() -> None:
    stage = Stage()
    device = await stage.enter(BORON)
    assert await device_mode(stage.usb, stage.clock, await stage.found()) is DeviceMode.NORMAL
    device.listen(True)
    assert await device_mode(stage.usb, stage.clock, await stage.found()) is DeviceMode.LISTENING
    dfu = await to_dfu(stage.usb, stage.clock, await stage.found())
    assert await device_mode(stage.usb, stage.clock, dfu) is DeviceMode.DFU


async def test_a_mode_that_is_not_told_in_time() -> None:
    stage = Stage(plan=FaultPlan(Fault.REQUEST_LOST, times=None))
    await stage.enter(BORON)
    assert await device_mode(stage.usb, stage.clock, await stage.found()) is DeviceMode.UNKNOWN


async def test_a_platform_that_is_not_asked_is_in_normal_mode() -> None:
    tachyon = FoundDevice(listed(0xC02A, 1, serial="x"), 42, False, "x")
    assert await device_mode(ListedUsb({}), LoopClock(), tachyon) is DeviceMode.NORMAL


async def test_a_device_is_opened_for_the_protocol_of_its_mode() -> None:
    stage = Stage()
    await stage.enter(BORON)
    running = await stage.found()
    async with control_channel(stage.usb, stage.clock, running) as channel:
        assert channel.system_version
    with pytest.raises(WrongMode):
        async with dfu_host(stage.usb, stage.clock, running):
            pass
    dfu = await to_dfu(stage.usb, stage.clock, running)
    with pytest.raises(WrongMode):
        async with control_channel(stage.usb, stage.clock, dfu):
            pass


async def test_a_new_arrival_whose_permissions_are_still_being_set_is_waited_for() -> None:
    class Reluctant(ListedUsb):
        """Refuses the first attempts to open a device."""

        async def open(self, device: AttachedDevice) -> UsbHandle:
            if self.opened < 5:
                self.opened += 1
                raise UsbAccessDenied("not yet")
            return await super().open(device)

    before = FoundDevice(listed(0xC00D, 1), BORON, False, "e00fce68aaaaaaaaaaaaaaaa")
    usb = Reluctant({listed(0xD00D, 2): "e00fce68aaaaaaaaaaaaaaaa"})
    back = await wait_until_back(usb, LoopClock(), before, timeout_s=60)
    assert isinstance(back, FoundDevice)
    assert back.dfu


@pytest.mark.parametrize("stays", [True, False])
async def test_waiting_in_vain(stays: bool) -> None:
    device = listed(0xC00D, 1, serial="e00fce68aaaaaaaaaaaaaaaa")
    there: dict[AttachedDevice, str | UsbError] = {device: ""} if stays else {}
    clock = LoopClock()
    found = FoundDevice(device, BORON, False, "e00fce68aaaaaaaaaaaaaaaa")
    assert await wait_until_back(ListedUsb(there), clock, found, timeout_s=3) == Absence(stayed=stays)


async def test_a_new_arrival_that_may_be_listed_but_not_opened_yet() -> None:
    class Reluctant(ListedUsb):
        async def open(self, device: AttachedDevice) -> UsbHandle:
            self.opened += 1
            if self.opened < 5:
                raise UsbAccessDenied("not yet")
            return await super().open(device)

    number = "e00fce68aaaaaaaaaaaaaaaa"
    before = FoundDevice(listed(0xC00D, 1, serial=number), BORON, False, number)
    usb, clock = Reluctant({listed(0xD00D, 2, serial=number): number}), LoopClock()
    began = clock.monotonic()
    assert isinstance(await wait_until_back(usb, clock, before, timeout_s=60), FoundDevice)
    assert clock.monotonic() - began == pytest.approx(0.4)


async def test_a_new_arrival_that_may_never_be_opened_is_returned_all_the_same() -> None:
    number = "e00fce68aaaaaaaaaaaaaaaa"
    before = FoundDevice(listed(0xC00D, 1, serial=number), BORON, False, number)
    usb, clock = ListedUsb({listed(0xD00D, 2, serial=number): UsbAccessDenied("never")}), LoopClock()
    began = clock.monotonic()
    assert isinstance(await wait_until_back(usb, clock, before, timeout_s=60), FoundDevice)
    assert clock.monotonic() - began == pytest.approx(2)


async def test_a_device_that_never_reaches_its_bootloader() -> None:
    stage = Stage()
    device = await stage.enter(BORON)
    restart = device.reset

    def restarts_anyhow(*_words: object, **_named: object) -> None:
        restart()

    device.reset = restarts_anyhow  # type: ignore[method-assign]
    with pytest.raises(WrongMode, match="comes back running its firmware") as caught:
        await to_dfu(stage.usb, stage.clock, await stage.found())
    assert "buttons" in (caught.value.next_step or "")


@pytest.mark.parametrize(
    ("reply", "mode"),
    [
        ("09000000 0000 f7f8ffff", DeviceMode.PROTECTED),
        ("09000000 0000 88ffffff", DeviceMode.UNKNOWN),
        ("01000000 0500", DeviceMode.UNKNOWN),
        ("09000000 0000 00000000", DeviceMode.NORMAL),
    ],
)
async def test_what_a_device_may_say_of_its_mode(reply: str, mode: DeviceMode) -> None:
    class Scripted(ListedUsb):
        async def open(self, device: AttachedDevice) -> UsbHandle:
            return ScriptedHandle(
                LoopClock(),
                "c050 0000 1e00 4000 ! stall\nc005 0000 0000 4000 < 01000000 0000",
                f"c001 0000 4800 4000 < 03000000 0000 0100\nc002 0000 0100 4000 < {reply}",
                device=device,
            )

    boron = FoundDevice(listed(0xC00D, 1, serial="x"), BORON, False, "x")
    assert await device_mode(Scripted({}), LoopClock(), boron) is mode
