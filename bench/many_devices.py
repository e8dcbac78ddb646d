"""32 simulated devices driven at once on one bus, against one alone: the same job, in modelled time.

There is one transfer at a time on the bus, so what many devices cost is how long they wait for it. A whole
Device OS keeps the bus busy by itself: its figure shows where the limit is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

from bench.figures import Figure
from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.control.cloud_connection import connection_status
from particle_cli.domain.control.modes import start_listening
from particle_cli.domain.control.module_info import module_info
from particle_cli.domain.devices import modes
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.opening import control_channel
from particle_cli.domain.devices.roll_call import attached_devices
from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import write_module
from particle_cli.domain.flashing.execute import flash
from particle_cli.domain.flashing.firmware_file import read_firmware_file
from particle_cli.domain.flashing.plan import plan_flash
from particle_cli.domain.flashing.survey import survey
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.ports.clock import Clock
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.usb import Usb
from particle_cli.simulators.bus.bus import SimulatedBus
from particle_cli.simulators.factory import factory_image, make_device_id, new_device
from particle_cli.simulators.virtual_time import VirtualTimeLoop

COUNT: Final = 32
LIMIT: Final = 5
BORON, P2 = 13, 32
APPLICATION: Final = 128 * 1024

Job = Callable[[Usb, Clock, FoundDevice], Awaitable[object]]


async def _listening(usb: Usb, clock: Clock, device: FoundDevice) -> None:
    async with control_channel(usb, clock, device) as channel:
        await start_listening(channel)


async def _modules(usb: Usb, clock: Clock, device: FoundDevice) -> None:
    async with control_channel(usb, clock, device) as channel:
        await module_info(channel)


async def _cloud_status(usb: Usb, clock: Clock, device: FoundDevice) -> None:
    async with control_channel(usb, clock, device) as channel:
        await connection_status(channel)


async def _application(usb: Usb, clock: Clock, device: FoundDevice) -> None:
    slot = platform(device.platform_id).module(ModuleFunction.USER_PART, 1)
    assert slot is not None
    module = build_module(
        platform_id=device.platform_id,
        function=ModuleFunction.USER_PART,
        index=1,
        version=6,
        start_address=slot.start or 0,
        payload=bytes(range(256)) * (APPLICATION // 256 - 1),
    )
    await _flash(usb, clock, device, write_module(module))


async def _device_os(usb: Usb, clock: Clock, device: FoundDevice) -> None:
    parts = factory_image(platform(device.platform_id))
    await _flash(usb, clock, device, next(part.data for part in parts if "system-part1" in part.filename))


async def _flash(usb: Usb, clock: Clock, device: FoundDevice, data: bytes) -> None:
    target = await survey(device, usb=usb, clock=clock)
    plan = plan_flash([read_firmware_file(data, "module.bin")], target)
    await flash(plan, device, usb=usb, clock=clock)


QUICK: Final[dict[str, Job]] = {
    "resetting": modes.reset,
    "entering DFU mode": modes.to_dfu,
    "starting to listen": _listening,
    "telling the modules": _modules,
    "telling the cloud status": _cloud_status,
}
"""Jobs that take no time to model; the tests assert their ratios."""


def figures() -> Iterator[Figure]:
    """Yield the ratio for each job."""
    for name, job in QUICK.items():
        yield _ratio(name, job, BORON, LIMIT)
    yield _ratio("flashing an application of 128 KiB", _application, BORON, LIMIT)
    yield _ratio("flashing a Device OS of 1.2 MiB (P2)", _device_os, P2, None)


def _ratio(name: str, job: Job, platform_id: int, limit: float | None) -> Figure:
    one, many = modelled(1, job, platform_id), modelled(COUNT, job, platform_id)
    return Figure(
        f"{name}, {COUNT} against 1", many / one, "x", limit, beside=f"{one:.2f} s and {many:.2f} s"
    )


def modelled(count: int, job: Job, platform_id: int = BORON) -> float:
    """Return the modelled seconds that a job takes with so many devices at once."""

    async def run() -> float:
        clock = LoopClock()
        bus = SimulatedBus(clock, records=False)
        for number in range(1, count + 1):
            bus.plug(new_device(platform_id, make_device_id(platform(platform_id), number), small=True))
        await bus.settle()
        found = await attached_devices(bus)
        began = clock.monotonic()
        outcomes = await clock.together(*(job(bus, clock, device) for device in found))
        passed = clock.monotonic() - began
        await bus.close()
        for outcome in outcomes:
            if isinstance(outcome, ParticleError):
                raise outcome
        return passed

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(run())
