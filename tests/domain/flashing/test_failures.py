"""What a person is told when a flash does not come to its end, and what is tried before that."""

from __future__ import annotations

import asyncio

import pytest
from attrs import evolve
from tests.domain.flashing.laboratory import ANSWER, BORON, Laboratory, application, release

from particle_cli.domain.dfu.protocol import Request
from particle_cli.domain.dfu.verification import NotVerified, Verified
from particle_cli.domain.errors import DeviceProtected
from particle_cli.domain.firmware.functions import ModuleFunction as F
from particle_cli.domain.firmware.module import write_module
from particle_cli.domain.firmware.protected import is_protected, protected_module
from particle_cli.domain.flashing.errors import FlashFailed
from particle_cli.domain.flashing.execute import flash
from particle_cli.domain.flashing.plan import plan_flash
from particle_cli.domain.flashing.result_report import result_data, result_lines
from particle_cli.domain.flashing.steps import SendUpdate, WriteMemory
from particle_cli.domain.flashing.survey import survey
from particle_cli.ports.usb import Setup
from particle_cli.simulators.dfu.media import FlashMedium, MediumRefusal
from particle_cli.simulators.dfu.protocol import DfuStatus
from particle_cli.simulators.factory import new_device
from particle_cli.simulators.faults import Fault, FaultPlan, FaultyUsb
from particle_cli.simulators.firmware.boot import Mode


def is_dnload(setup: Setup) -> bool:
    return (setup.request_type, setup.request) == (0x21, Request.DNLOAD)


def downloads(setup: Setup) -> bool:
    """Whether a transfer writes a block of data."""
    return (
        (setup.request_type, setup.request) == (0x21, Request.DNLOAD)
        and setup.value >= 2
        and setup.length > 0
    )


def leave(setup: Setup) -> bool:
    """Whether a transfer asks the bootloader to leave."""
    return is_dnload(setup) and setup.length == 0


def updating(laboratory: Laboratory) -> bool:
    return laboratory.device.updating


async def test_a_device_that_is_unplugged_while_it_is_written_to() -> None:
    laboratory = await Laboratory.of(BORON)
    gone = FaultPlan(Fault.GONE_BEFORE, at=3, matching=downloads)
    laboratory.usb = FaultyUsb(laboratory.bus, laboratory.clock, gone)  # it does not come back
    with pytest.raises(FlashFailed) as failed:
        await laboratory.flash(application(BORON, 20_000))
    assert "Writing app.bin over DFU" in failed.value.message
    assert "not on the USB bus any more" in failed.value.message
    assert failed.value.next_step is not None
    assert f"particle flash --local {laboratory.device.id} app.bin" in failed.value.next_step


async def test_an_interruption_tells_the_state_and_the_way_back() -> None:
    laboratory = await Laboratory.of(BORON)
    laboratory.usb.plan = FaultPlan(Fault.CANCELLED_BEFORE, at=3, matching=downloads)
    assert await laboratory.attempt(application(BORON, 20_000)) is None
    state, way = laboratory.person.warnings
    assert "DFU mode" in state
    assert "app.bin is written in part only" in state
    assert f"particle flash --local {laboratory.device.id} app.bin" in way


async def test_an_interrupted_update_is_taken_back() -> None:
    laboratory = await Laboratory.of(BORON)
    boot = next(one for one in release(BORON) if one.function == F.BOOTLOADER)
    found = await laboratory.found()
    plan = plan_flash([boot], await survey(found, usb=laboratory.bus, clock=laboratory.clock))
    task = asyncio.ensure_future(
        flash(plan, found, usb=laboratory.bus, clock=laboratory.clock, person=laboratory.person)
    )
    while not updating(laboratory):
        await laboratory.clock.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not updating(laboratory)
    assert "The device runs its firmware." in laboratory.person.warnings[0]


@pytest.mark.parametrize("fault", [Fault.REQUEST_LOST, Fault.REPLY_LOST, Fault.STALL])
async def test_what_is_lost_at_the_end_is_no_failure(fault: Fault) -> None:
    laboratory = await Laboratory.of(BORON)
    laboratory.usb.plan = FaultPlan(fault, matching=leave)
    await laboratory.flash(application(BORON, 9000))
    assert laboratory.device.call("answer", "") == ANSWER


async def test_a_device_that_holds_something_else_is_written_once_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    laboratory = await Laboratory.of(BORON)
    write, spoilt = FlashMedium.write, [2]

    def weak(self: FlashMedium, address: int, data: bytes) -> float:
        if address == 0xB5000 and spoilt[0]:
            spoilt[0] -= 1
            data = bytes([data[0] ^ 0x10]) + data[1:]
        return write(self, address, data)

    monkeypatch.setattr(FlashMedium, "write", weak)
    spoilt[0] = 1
    await laboratory.flash(application(BORON, 9000))
    assert laboratory.device.call("answer", "") == ANSWER
    spoilt[0] = 2
    with pytest.raises(FlashFailed, match="does not hold what was written: at 0x000b5000"):
        await laboratory.flash(application(BORON, 9000))
    assert laboratory.device.mode is Mode.DFU


async def test_a_device_that_cannot_be_read_is_not_verified_and_that_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(self: FlashMedium, address: int, length: int) -> bytes:
        raise MediumRefusal(DfuStatus.VENDOR, protection=True)

    laboratory = await Laboratory.of(BORON, dfu=True)
    monkeypatch.setattr(FlashMedium, "read", refused)
    result = await laboratory.flash(application(BORON, 9000))
    checks = [outcome.check for outcome in result.outcomes if isinstance(outcome.step, WriteMemory)]
    assert all(isinstance(check, NotVerified) for check in checks)
    assert len(result.unverified) == 2
    assert any("app.bin was written, but not verified: " in line for line in result_lines(result))
    steps = result_data(result)["steps"]
    assert isinstance(steps, list)
    told = [step["verification"] for step in steps if "verification" in step]
    assert {one["state"] for one in told} == {"not_verified"}
    assert all(one["reason"] for one in told)


async def protected(*, service_mode: bool) -> Laboratory:
    """A protected Boron."""
    device = new_device(BORON, small=True)
    boot = next(one for one in release(BORON) if one.function == F.BOOTLOADER)
    locked = protected_module(boot.module)
    device.hardware.memory.replace(locked.prefix.start_address, write_module(locked))
    device.override_resets = 20 if service_mode else 0
    laboratory = Laboratory(device)
    await laboratory.plug()
    return laboratory


@pytest.mark.parametrize("dfu", [False, True])
async def test_a_protected_device_takes_nothing(dfu: bool) -> None:
    laboratory = await protected(service_mode=False)
    if dfu:
        laboratory.device.press("both", hold_s=3)
        await laboratory.bus.settle()
    with pytest.raises(DeviceProtected, match="due to Device Protection") as refused:
        await laboratory.flash(application(BORON, 9000))
    assert refused.value.next_step


async def test_a_protected_device_in_service_mode_stays_protected() -> None:
    laboratory = await protected(service_mode=True)
    files = [one for one in release(BORON) if one.function != F.RADIO_STACK]
    result = await laboratory.flash(*files)
    assert laboratory.device.mode is Mode.NORMAL
    sent = next(step for step in result.plan.steps if isinstance(step, SendUpdate))
    boot = next(one for one in files if one.function == F.BOOTLOADER)
    assert sent.sha256 != boot.module.uuid
    assert is_protected(protected_module(boot.module))
    checks = [one.check for one in result.outcomes if isinstance(one.step, WriteMemory | SendUpdate)]
    assert all(isinstance(check, Verified) for check in checks)
    locked = laboratory.device.modules[0].module
    assert locked is not None
    assert is_protected(locked)


async def test_a_module_that_the_device_does_not_like_is_sent_once(monkeypatch: pytest.MonkeyPatch) -> None:
    laboratory = await Laboratory.of(BORON)
    found = await laboratory.found()
    target = await survey(found, usb=laboratory.bus, clock=laboratory.clock)
    boot = next(one for one in release(BORON) if one.function == F.BOOTLOADER)
    plan = plan_flash([boot], target)
    (step,) = plan.steps
    assert isinstance(step, SendUpdate)
    spoilt = evolve(plan, steps=(evolve(step, data=step.data[:-1] + b"\0"),))
    with pytest.raises(FlashFailed, match=r"Sending boron-bootloader@6\.2\.0\.bin"):
        await flash(spoilt, found, usb=laboratory.bus, clock=laboratory.clock)
    assert laboratory.device.mode is Mode.NORMAL
    assert not updating(laboratory)


async def test_a_device_that_leaves_in_the_middle_of_an_update_is_waited_for() -> None:
    laboratory = await Laboratory.of(BORON)
    boot = next(one for one in release(BORON) if one.function == F.BOOTLOADER)
    sends = FaultPlan(Fault.GONE_AFTER, at=3, matching=lambda setup: setup.request_type == 0x40)
    laboratory.usb.plan = sends
    result = await laboratory.flash(boot)
    assert [type(outcome.check) for outcome in result.outcomes] == [Verified]
