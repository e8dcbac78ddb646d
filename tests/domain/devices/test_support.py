"""Which devices are controlled over USB, by generation and Device OS."""

from __future__ import annotations

import pytest
from tests.domain.devices.stage import ARGON, BORON, P2, PHOTON, Stage, listed

from particle_cli.domain.control import modes
from particle_cli.domain.devices.errors import WrongMode
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.roll_call import attached_devices
from particle_cli.domain.devices.setup_done import mark_setup_done
from particle_cli.domain.devices.support import (
    NotControllable,
    check_support,
    release_numbers,
    request_channel,
)
from particle_cli.ports.usb import UsbStall
from particle_cli.simulators.factory import new_device
from particle_cli.simulators.faults import Fault, FaultPlan

CORE = 0
DEAF = FaultPlan(Fault.STALL, times=None)
"""Firmware that knows nothing of all this."""


async def staged(platform_id: int, release: str, plan: FaultPlan | None = None) -> tuple[Stage, FoundDevice]:
    """One device that runs a release of Device OS."""
    stage = Stage(plan=plan)
    stage.bus.plug(new_device(platform_id, release=release, small=True))
    await stage.bus.settle()
    return stage, await stage.found()


@pytest.mark.parametrize(
    ("platform_id", "release"),
    [(PHOTON, "1.0.0"), (PHOTON, "3.3.1"), (BORON, "0.9.0"), (ARGON, "6.2.0"), (P2, "5.0.0")],
)
async def test_new_enough(platform_id: int, release: str) -> None:
    stage, device = await staged(platform_id, release)
    await check_support(stage.usb, stage.clock, device)
    async with request_channel(stage.usb, stage.clock, device) as channel:
        assert channel.system_version == release


@pytest.mark.parametrize(
    ("platform_id", "release", "first"),
    [(PHOTON, "0.7.0", "1.0.0"), (BORON, "0.9.0-rc.1", None), (BORON, "0.8.0-rc.27", "0.9.0")],
)
async def test_too_old(platform_id: int, release: str, first: str | None) -> None:
    stage, device = await staged(platform_id, release)
    if first is None:  # what leads up to a release counts as it
        return await check_support(stage.usb, stage.clock, device)
    with pytest.raises(
        NotControllable, match=f"runs Device OS {release}; .* from Device OS {first} on"
    ) as caught:
        await check_support(stage.usb, stage.clock, device)
    assert "particle flash --local" in (caught.value.next_step or "")
    with pytest.raises(NotControllable):
        async with request_channel(stage.usb, stage.clock, device):
            raise AssertionError("opened")


async def test_firmware_that_tells_no_version_and_knows_no_requests() -> None:
    stage, device = await staged(PHOTON, "0.7.0", DEAF)
    with pytest.raises(NotControllable, match="does not tell its version"):
        await check_support(stage.usb, stage.clock, device)
    with pytest.raises(NotControllable, match="does not tell its version"):
        async with request_channel(stage.usb, stage.clock, device) as channel:
            await modes.stop_listening(channel)


async def test_a_refusal_by_new_firmware_is_no_sign_of_age() -> None:
    stage, device = await staged(BORON, "6.2.0")
    with pytest.raises(UsbStall):
        async with request_channel(stage.usb, stage.clock, device):
            raise UsbStall("refused")


async def test_a_core_is_not_even_opened() -> None:
    stage = Stage()
    core = FoundDevice(listed(0x607D, 1, serial="x", vendor_id=0x1D50), CORE, False, "0" * 24)
    for dfu in (False, True):
        device = FoundDevice(core.attached, CORE, dfu, core.id)
        with pytest.raises(NotControllable, match="is a Core"):
            await check_support(stage.usb, stage.clock, device)


async def test_a_bootloader_is_not_asked() -> None:
    stage = Stage(plan=DEAF)
    await stage.enter(BORON, dfu=True)
    (device,) = await attached_devices(stage.bus)
    await check_support(stage.usb, stage.clock, device)
    with pytest.raises(WrongMode):
        async with request_channel(stage.usb, stage.clock, device):
            raise AssertionError("opened")


@pytest.mark.parametrize(
    ("version", "numbers"),
    [
        ("6.2.0", (6, 2, 0)),
        ("0.8.0-rc.27", (0, 8, 0)),
        ("1.10.12-b5som", (1, 10, 12)),
        ("", None),
        (None, None),
        ("next", None),
        ("6.2", None),
    ],
)
def test_the_numbers_of_a_version(version: str | None, numbers: tuple[int, int, int] | None) -> None:
    assert release_numbers(version) == numbers


@pytest.mark.parametrize(
    ("platform_id", "release", "reason"),
    [
        (BORON, "3.3.1", None),
        (BORON, "4.0.0", "Device OS 4.0.0 has no setup done flag"),
        (P2, "5.0.0", "only Gen 3"),
        (PHOTON, "3.3.1", "only Gen 3"),
    ],
)
async def test_who_has_a_setup_done_flag(platform_id: int, release: str, reason: str | None) -> None:
    stage, device = await staged(platform_id, release)
    for done in (False, True):
        left_alone = await mark_setup_done(stage.usb, stage.clock, device, done=done)
        assert left_alone is None if reason is None else reason in (left_alone or "")
