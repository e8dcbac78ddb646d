"""The requests against simulated devices of several families, and with faults on the wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.control import cloud_connection, identity, modes
from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.cloud_connection import ConnectionStatus
from particle_cli.domain.control.errors import RequestFailed
from particle_cli.domain.control.firmware_update import firmware_update
from particle_cli.domain.control.modes import RunningMode
from particle_cli.domain.control.module_info import asset_info, module_info
from particle_cli.domain.control.protection import ProtectedState, protected_state
from particle_cli.domain.control.request import Request
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.usb import Setup, UsbGone
from particle_cli.simulators.bus.bus import SimulatedBus
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.factory import factory_image, new_device
from particle_cli.simulators.faults import Fault, FaultPlan, FaultyUsb
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.firmware.parts import Part

FAMILIES = {"photon": 6, "electron": 10, "argon": 12, "boron": 13, "tracker": 26, "p2": 32, "msom": 35}
EVERY_FAMILY = pytest.mark.parametrize("platform_id", FAMILIES.values(), ids=FAMILIES)
APP_CUSTOM = 10


class Desk:
    """A running device and a host at it."""

    def __init__(
        self, platform_id: int, plan: FaultPlan | None = None, *, release: str | None = None
    ) -> None:
        self.clock = LoopClock()
        self.device = new_device(platform_id, release=release, small=True)
        self.bus = SimulatedBus(self.clock)
        self.usb = FaultyUsb(self.bus, self.clock, plan, unplug=self.bus.interrupt)
        self.bus.plug(self.device)

    @asynccontextmanager
    async def channel(self) -> AsyncIterator[ControlChannel]:
        """The channel to the device, once it has come up."""
        await self.bus.settle()
        (attached,) = await self.usb.attached()
        handle = await self.usb.open(attached)
        about = self.device.platform.usb
        assert about
        channel = ControlChannel(handle, self.clock, data_stage=about.needs_data_stage)
        await channel.open()
        try:
            yield channel
        finally:
            await handle.close()


@EVERY_FAMILY
async def test_questions(platform_id: int) -> None:
    desk = Desk(platform_id)
    async with desk.channel() as channel:
        assert await identity.device_id(channel) == desk.device.id
        assert await identity.system_version(channel) == channel.system_version
        assert await identity.serial_number(channel) == desk.device.hardware.serial_number
        assert await modes.running_mode(channel) is RunningMode.NORMAL
        assert await protected_state(channel) == ProtectedState(enforced=False, overridden=False)
        told = {(one.function, one.index, one.version) for one in await module_info(channel) if one.valid}
        assert {function for function, _, _ in told} >= {
            ModuleFunction.BOOTLOADER,
            ModuleFunction.SYSTEM_PART,
        }


@EVERY_FAMILY
async def test_the_cloud_connection(platform_id: int) -> None:
    desk = Desk(platform_id)
    async with desk.channel() as channel:
        await cloud_connection.disconnect(channel)
        assert await cloud_connection.connection_status(channel) is ConnectionStatus.DISCONNECTED
        assert not desk.device.online
        await cloud_connection.connect(channel)
        assert desk.device.online


@EVERY_FAMILY
async def test_listening_mode(platform_id: int) -> None:
    desk = Desk(platform_id)
    async with desk.channel() as channel:
        await modes.start_listening(channel)
        assert desk.device.mode is Mode.LISTENING
        await modes.stop_listening(channel)
    await desk.bus.settle()
    assert mode_of(desk.device) is Mode.NORMAL


def mode_of(device: SimulatedDevice) -> Mode:
    """What a device is doing now."""
    return device.mode


@EVERY_FAMILY
async def test_a_reset_by_force_comes_at_once(platform_id: int) -> None:
    desk = Desk(platform_id)
    async with desk.channel() as channel:
        await channel.force_reset()
    assert desk.device.mode is Mode.RESETTING
    await desk.bus.settle()
    assert mode_of(desk.device) is Mode.NORMAL


async def test_assets() -> None:
    async with Desk(13).channel() as channel:
        info = await asset_info(channel)
        assert info.missing == ()


async def test_what_the_platform_does_not_have() -> None:
    async with Desk(6).channel() as channel:
        with pytest.raises(RequestFailed, match="Not supported"):
            await asset_info(channel)


async def test_a_request_for_the_application_of_any_size() -> None:
    desk = Desk(13)
    desk.device.request_handler = lambda payload: payload[::-1]
    async with desk.channel() as channel:
        for size in (0, 1, 63, 64, 65, 4095, 4096, 4097, 20000):
            payload = bytes(i & 0xFF for i in range(size))
            assert await channel.request(APP_CUSTOM, payload) == payload[::-1]


async def test_nine_at_once() -> None:
    desk = Desk(13)
    desk.device.request_handler = lambda payload: payload
    async with desk.channel() as channel:
        outcomes = await channel.request_all(
            *(Request(APP_CUSTOM, bytes((number,)) * (number * 30)) for number in range(9))
        )
    assert outcomes == tuple(bytes((number,)) * (number * 30) for number in range(9))


async def test_two_hosts_share_the_room_that_there_is() -> None:
    desk = Desk(13)
    desk.device.request_handler = lambda payload: payload
    async with desk.channel() as first, desk.channel() as second:
        both = await asyncio.gather(
            first.request_all(*(Request(APP_CUSTOM, b"1"),) * 6),
            second.request_all(*(Request(APP_CUSTOM, b"2"),) * 6),
        )
    assert tuple(both) == ((b"1",) * 6, (b"2",) * 6)


def update_for(device: SimulatedDevice) -> bytes:
    """The bootloader of the factory image: what is sent in this way, a few chunks long."""
    parts = factory_image(device.platform, small=True)
    return next(part.data for part in parts if kind_of(part) == (ModuleFunction.BOOTLOADER, 0))


def kind_of(part: Part) -> tuple[int, int]:
    """Function and index of a module."""
    return part.module.prefix.function, part.module.prefix.index


@EVERY_FAMILY
async def test_a_firmware_update(platform_id: int) -> None:
    desk = Desk(platform_id)
    async with desk.channel() as channel:
        assert await firmware_update(channel, update_for(desk.device))
    before = desk.device.enumerations
    await desk.bus.settle()
    assert desk.device.enumerations == before + 1
    assert desk.device.mode is Mode.NORMAL


async def test_a_damaged_update_is_refused_and_forgotten() -> None:
    desk = Desk(13)
    image = bytearray(update_for(desk.device))
    image[1000] ^= 1
    async with desk.channel() as channel:
        with pytest.raises(RequestFailed, match="damaged"):
            await firmware_update(channel, bytes(image))
    assert not desk.device.updating


async def test_a_device_that_takes_no_updates() -> None:
    desk = Desk(13)
    desk.device.updates_enabled = False
    async with desk.channel() as channel:
        with pytest.raises(RequestFailed, match="disabled") as caught:
            await firmware_update(channel, bytes(100))
    assert caught.value.next_step


FAULTS = [
    Fault.STALL,
    Fault.REQUEST_LOST,
    Fault.REPLY_LOST,
    Fault.GONE_BEFORE,
    Fault.GONE_AFTER,
    Fault.CANCELLED_BEFORE,
    Fault.CANCELLED_AFTER,
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("platform_id", [6, 13, 32])
async def test_after_a_fault_at_any_transfer_the_update_succeeds_at_the_second_try(
    platform_id: int, fault: Fault
) -> None:
    at, spoilt = 1, True
    while spoilt:
        desk = Desk(platform_id, FaultPlan(fault, at))
        image = update_for(desk.device)
        first = await asyncio.create_task(attempt(desk, image))
        spoilt = len(desk.usb.seen) >= at
        at += 1
        await desk.bus.settle()
        assert desk.device.mode is Mode.NORMAL
        assert first or await attempt(desk, image)
        await desk.bus.settle()
        assert mode_of(desk.device) is Mode.NORMAL
    assert at > 20


async def attempt(desk: Desk, image: bytes) -> bool:
    """Try an update; tell whether the device confirmed it."""
    try:
        async with desk.channel() as channel:
            return await firmware_update(channel, image)
    except (ParticleError, asyncio.CancelledError):
        return False


@pytest.mark.parametrize("fault", [Fault.STALL, Fault.REQUEST_LOST, Fault.REPLY_LOST], ids=lambda f: f.name)
async def test_a_lost_check_is_made_good(fault: Fault) -> None:
    def is_check(setup: Setup) -> bool:
        return (setup.request_type, setup.request) == (0xC0, 2)

    desk = Desk(13, FaultPlan(fault, 1, matching=is_check))
    desk.device.request_handler = lambda payload: payload
    async with desk.channel() as channel:
        assert await channel.request(APP_CUSTOM, b"hello") == b"hello"


async def test_a_device_that_goes_while_it_is_asked() -> None:
    desk = Desk(13, FaultPlan(Fault.GONE_AFTER, 4))
    async with desk.channel() as channel:
        with pytest.raises(UsbGone):
            await identity.device_id(channel)
