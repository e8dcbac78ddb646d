"""32 simulated devices driven at once on one bus, against one alone: the same job, in modelled time.

There is one transfer at a time on the bus, so what many devices cost is how long they wait for it. A whole
Device OS keeps the bus busy by itself: its figure shows where the limit is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.crowd import BORON, COUNT, LIMIT, QUICK, Job, modelled

from bench.figures import Figure
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import write_module
from particle_cli.domain.flashing.execute import flash
from particle_cli.domain.flashing.firmware_file import read_firmware_file
from particle_cli.domain.flashing.plan import plan_flash
from particle_cli.domain.flashing.survey import survey
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.ports.clock import Clock
from particle_cli.ports.usb import Usb
from particle_cli.simulators.factory import factory_image

P2: Final = 32
APPLICATION: Final = 128 * 1024


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
