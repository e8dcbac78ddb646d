"""Waiting for a device's connection to the cloud, whatever happens to the device meanwhile."""

from __future__ import annotations

import pytest
from tests.domain.devices.stage import BORON, ListedUsb, Stage, listed

from particle_cli.domain.control.cloud_connection import ConnectionStatus
from particle_cli.domain.devices.cloud_status import StatusTimeout, cloud_status, wait_for_cloud_status
from particle_cli.domain.devices.support import NotControllable
from particle_cli.ports.clock import TimeIsUp
from particle_cli.ports.usb import UsbUnavailable
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.faults import Fault, FaultPlan

CONNECTED, DISCONNECTED = ConnectionStatus.CONNECTED, ConnectionStatus.DISCONNECTED
SILENT = FaultPlan(Fault.REQUEST_LOST, times=None)


async def staged(plan: FaultPlan | None = None) -> tuple[Stage, SimulatedDevice]:
    stage = Stage(plan=plan)
    return stage, await stage.enter(BORON)


async def test_it_is_asked_again_and_again() -> None:
    stage, device = await staged()
    before = stage.clock.monotonic()
    with pytest.raises(StatusTimeout, match="Timed out waiting for status") as caught:
        await wait_for_cloud_status(stage.usb, stage.clock, device.id, DISCONNECTED, timeout_s=2)
    assert stage.clock.monotonic() - before == pytest.approx(2, abs=0.2)
    assert caught.value.next_step == f"Device {device.id} is connected."
    assert isinstance(caught.value, TimeIsUp)
    await wait_for_cloud_status(stage.usb, stage.clock, device.id, CONNECTED, timeout_s=20)


async def test_a_device_may_come_late_and_reset() -> None:
    stage, device = await staged()
    stage.bus.unplug(device)

    async def plugged_in_late() -> None:
        await stage.clock.sleep(5)
        stage.bus.plug(device)
        await stage.clock.sleep(1)
        device.reset()

    waiting = wait_for_cloud_status(stage.usb, stage.clock, device.id, CONNECTED, timeout_s=60)
    assert await stage.clock.together(waiting, plugged_in_late()) == (None, None)
    assert stage.clock.monotonic() >= 5


async def test_a_silent_device_is_not_waited_for_longer_than_allowed() -> None:
    stage, device = await staged(SILENT)
    before = stage.clock.monotonic()
    with pytest.raises(StatusTimeout) as caught:
        await wait_for_cloud_status(stage.usb, stage.clock, device.id, CONNECTED, timeout_s=7)
    assert stage.clock.monotonic() - before == pytest.approx(7, abs=0.1)
    assert caught.value.next_step


async def test_asked_once_and_in_vain() -> None:
    stage, device = await staged()
    found = await stage.found()
    with pytest.raises(StatusTimeout) as caught:
        await cloud_status(stage.usb, stage.clock, found, timeout_s=0)
    assert device.id in (caught.value.next_step or "")


async def test_what_will_not_go_away_is_told_at_once() -> None:
    core = listed(0x607D, 1, serial="0" * 24, vendor_id=0x1D50)
    stage = Stage()
    before = stage.clock.monotonic()
    with pytest.raises(NotControllable):
        await wait_for_cloud_status(ListedUsb({core: ""}), stage.clock, "0" * 24, CONNECTED, timeout_s=60)

    class NoUsb(ListedUsb):
        async def attached(self) -> tuple[()]:
            raise UsbUnavailable("no libusb")

    with pytest.raises(UsbUnavailable):
        await wait_for_cloud_status(NoUsb({}), stage.clock, "0" * 24, CONNECTED, timeout_s=60)
    assert stage.clock.monotonic() == before
