"""Many simulated devices on one bus, and how long a job takes with all of them at once, in modelled time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.control.cloud_connection import connection_status
from particle_cli.domain.control.modes import start_listening
from particle_cli.domain.control.module_info import module_info
from particle_cli.domain.devices import modes
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.opening import control_channel
from particle_cli.domain.devices.roll_call import attached_devices
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.ports.clock import Clock
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.usb import Usb
from particle_cli.simulators.bus.bus import SimulatedBus
from particle_cli.simulators.factory import make_device_id, new_device
from particle_cli.simulators.virtual_time import VirtualTimeLoop

COUNT: Final = 32
LIMIT: Final = 5
"""What so many may take, as a multiple of what one takes."""
BORON: Final = 13

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


QUICK: Final[dict[str, Job]] = {
    "resetting": modes.reset,
    "entering DFU mode": modes.to_dfu,
    "starting to listen": _listening,
    "telling the modules": _modules,
    "telling the cloud status": _cloud_status,
}
"""Jobs that are quick to model."""


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
