"""Working with protected devices, in a simulated world whose cloud signs what it is asked to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.control import modes as control
from particle_cli.domain.control.module_info import module_info
from particle_cli.domain.devices import modes
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.opening import control_channel
from particle_cli.domain.devices.roll_call import attached_devices
from particle_cli.domain.devices.service_mode import (
    ProtectionUnsupported,
    ServiceModeRefused,
    end_service_mode,
    enter_service_mode,
    in_service_mode,
    protection_of,
)
from particle_cli.domain.dfu.protection import Protection
from particle_cli.domain.errors import DeviceProtected
from particle_cli.ports.http import HttpRequest, HttpResponse, HttpStream
from particle_cli.simulators.cloud.state import FIRST_TOKEN
from particle_cli.simulators.scenario.reading import read_scenario
from particle_cli.simulators.world import World


class Scene:
    """A world with one device, and the way to its cloud."""

    def __init__(self) -> None:
        self.clock = LoopClock()
        self.world = World(self.clock)
        self.usb = self.world.bus
        self.asked: list[str] = []
        self.token: str | None = FIRST_TOKEN

    @asynccontextmanager
    async def cloud(self) -> AsyncIterator[CloudClient]:
        yield CloudClient(self, self.clock, api_url=self.world.cloud.origin, token=self.token)

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        self.asked.append(f"{request.method} {request.url.rpartition('/')[2]}")
        return await self.world.cloud.exchange(request)

    def stream(self, request: HttpRequest) -> AbstractAsyncContextManager[HttpStream]:
        raise NotImplementedError

    async def found(self) -> FoundDevice:
        (found,) = await attached_devices(self.usb)
        return found

    async def standing(self) -> Protection:
        return await protection_of(self.usb, self.clock, await self.found())

    @property
    def overridden(self) -> bool:
        """Whether the device is in service mode; its bootloader told so when it came up."""
        (device,) = self.world.devices
        return device.override_resets > 0

    async def works(self, work: Callable[[FoundDevice], Awaitable[object]]) -> object:
        return await in_service_mode(self.usb, self.clock, await self.found(), self.cloud, work)

    async def modules(self, device: FoundDevice) -> int:
        async with control_channel(self.usb, self.clock, device) as channel:
            return len(await module_info(channel))


async def scene(platform: str = "p2", *lines: str, protected: bool = True) -> Scene:
    made = Scene()
    text = "\n".join(
        ("[[device]]", f'platform = "{platform}"', f"protected = {str(protected).lower()}", *lines)
    )
    await made.world.populate(read_scenario(text.encode(), "one device"))
    await made.world.settle()
    return made


@pytest.mark.parametrize("platform", ["p2", "boron"])
async def test_a_protected_device_works_in_service_mode_and_is_protected_afterwards(platform: str) -> None:
    there = await scene(platform)
    assert await there.standing() is Protection.PROTECTED
    with pytest.raises(DeviceProtected):
        await there.modules(await there.found())

    async def work(device: FoundDevice) -> object:
        assert await there.standing() is Protection.SERVICE_MODE
        return await there.modules(device)

    assert await there.works(work)
    assert there.asked == ["PUT unprotect", "PUT unprotect"]
    assert await there.standing() is Protection.PROTECTED


async def test_a_device_in_dfu_mode_is_taken_out_and_put_back() -> None:
    there = await scene("p2", 'mode = "dfu"')
    assert await there.standing() is Protection.PROTECTED

    async def work(device: FoundDevice) -> object:
        assert device.dfu
        assert await there.standing() is Protection.SERVICE_MODE
        return "done"

    assert await there.works(work) == "done"
    assert (await there.found()).dfu
    assert not there.overridden


async def test_service_mode_ends_when_the_device_is_back() -> None:
    there = await scene()
    began = there.clock.monotonic()

    async def work(device: FoundDevice) -> object:
        async with control_channel(there.usb, there.clock, device) as channel:
            await control.reset(channel)
        return None

    await there.works(work)
    await there.world.settle()
    assert await there.standing() is Protection.PROTECTED
    assert there.clock.monotonic() - began < 15


async def test_service_mode_ends_after_a_failure_and_the_failure_is_told() -> None:
    there = await scene()

    async def work(device: FoundDevice) -> object:
        raise ZeroDivisionError("oh")

    with pytest.raises(ZeroDivisionError):
        await there.works(work)
    assert await there.standing() is Protection.PROTECTED


async def test_a_device_that_does_not_come_back_is_waited_for_no_longer_than_ten_seconds() -> None:
    there = await scene()

    async def work(device: FoundDevice) -> object:
        (one,) = there.world.devices
        there.world.unplug(one)
        return "gone"

    began = there.clock.monotonic()
    assert await there.works(work) == "gone"
    assert 9 < there.clock.monotonic() - began < 12


async def test_an_open_device_is_left_alone() -> None:
    there = await scene(protected=False)
    found = await there.found()
    assert await there.standing() is Protection.OPEN
    assert await enter_service_mode(there.usb, there.clock, found, there.cloud) is None
    assert await there.works(there.modules)


async def test_without_the_clouds_word_nothing_is_done() -> None:
    for lines, token, said in (
        ((), None, "You're not logged in"),
        ((), "f00d" * 10, "The access token provided is invalid"),
        (("claimed = false",), FIRST_TOKEN, "Permission Denied"),
    ):
        there = await scene("p2", *lines)
        there.token = token
        with pytest.raises(ServiceModeRefused, match=said) as caught:
            await there.works(there.modules)
        assert caught.value.next_step
        assert await there.standing() is Protection.PROTECTED


async def test_somebody_may_stay_in_service_mode_and_end_it() -> None:
    there = await scene()
    for dfu in (False, True):
        now = await enter_service_mode(there.usb, there.clock, await there.found(), there.cloud)
        assert now is not None
        if dfu:
            now = await modes.to_dfu(there.usb, there.clock, now)
        assert await there.standing() is Protection.SERVICE_MODE
        assert there.overridden
        await end_service_mode(there.usb, there.clock, now)
        assert not there.overridden


@pytest.mark.parametrize(
    ("platform", "lines"), [("photon", ()), ("argon", ('device_os = "5.8.0"',))], ids=["Gen 2", "old"]
)
async def test_what_knows_no_protection_says_so(platform: str, lines: tuple[str, ...]) -> None:
    there = await scene(platform, *lines, protected=False)
    with pytest.raises(ProtectionUnsupported, match="not supported on this device"):
        await there.standing()
