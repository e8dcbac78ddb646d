"""A simulated device in DFU mode on a bus of its own, with a host at it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from attrs import evolve, frozen

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.dfu.host import DfuHost
from particle_cli.domain.firmware.build import fitted
from particle_cli.domain.firmware.module import sealed, write_module
from particle_cli.domain.firmware.records import security_record
from particle_cli.ports.usb import Setup, Usb, UsbHandle
from particle_cli.simulators.bus.bus import SimulatedBus
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.factory import factory_image, new_device
from particle_cli.simulators.faults import FaultPlan, FaultyUsb
from particle_cli.simulators.firmware.boot import BootRequest, Mode

FAMILIES: Final = {"core": 0, "photon": 6, "p1": 8, "electron": 10, "boron": 13, "tracker": 26, "p2": 32}
"""One platform for each way of doing things, and its id."""


@frozen
class Place:
    """Memory to write to: an alternate setting and an address in the middle of it."""

    alternate: int
    address: int


def application_place(device: SimulatedDevice) -> Place:
    """Where applications lie, from the start of a sector on; on the Core, where nothing does."""
    places = {
        "core": Place(1, 0x8_0000),
        "gen2": Place(0, 0x080A_0000),
        "nrf52840": Place(0, 0xB_4000),
        "rtl872x": Place(0, 0x0850_0000),
    }
    return places[device.platform.family or ""]


class Workbench:
    """A device in DFU mode.

    Attributes:
        device: the device.
        bus: the bus that it is plugged into.
        usb: the same with faults.
        clock: the time on it.
    """

    def __init__(self, platform_id: int, plan: FaultPlan | None = None) -> None:
        self.clock = LoopClock()
        self.device = new_device(platform_id, small=True)
        self.bus = SimulatedBus(self.clock)
        self.usb = FaultyUsb(self.bus, self.clock, plan, unplug=self.bus.interrupt)
        self.bus.plug(self.device)

    def protect(self, *, service_mode: bool = False) -> None:
        """Put a bootloader with Device Protection in the place of the device's own."""
        parts = factory_image(self.device.platform, small=True)
        bootloader = next(
            part.module for part in parts if (part.module.prefix.function, part.module.prefix.index) == (2, 0)
        )
        suffix = evolve(bootloader.suffix, extensions=(security_record(), *bootloader.suffix.extensions))
        locked = sealed(fitted(evolve(bootloader, suffix=suffix)))
        self.device.hardware.memory.replace(locked.prefix.start_address, write_module(locked))
        self.device.override_resets = 20 if service_mode else 0

    async def into_dfu(self) -> None:
        """Reset the device into its bootloader, and wait until it is there."""
        await self.bus.settle()
        self.device.reset(BootRequest.DFU)
        await self.bus.settle()
        assert self.device.mode is Mode.DFU

    @asynccontextmanager
    async def host(self, *, faults: bool = True) -> AsyncIterator[DfuHost]:
        """A host at the bootloader."""
        async with self.handle(faults=faults) as handle:
            yield await DfuHost.open(handle, self.clock)

    @asynccontextmanager
    async def handle(self, *, faults: bool = False) -> AsyncIterator[UsbHandle]:
        """The device, open."""
        usb: Usb = self.usb if faults else self.bus
        (attached,) = await usb.attached()
        handle = await usb.open(attached)
        try:
            yield handle
        finally:
            await handle.close()

    def content(self, place: Place, size: int) -> bytes:
        """What really is in the device's flash."""
        return self.device.hardware.memory.read(place.address, size)


async def raw(handle: UsbHandle, setup: str, data: bytes = b"") -> bytes:
    """Make a transfer given as eight bytes in hexadecimal."""
    kind, request, v0, v1, i0, i1, l0, l1 = bytes.fromhex(setup)
    packet = Setup(kind, request, v0 | v1 << 8, i0 | i1 << 8, l0 | l1 << 8)
    if kind & 0x80:
        return await handle.control_in(packet, timeout_ms=5000)
    await handle.control_out(packet, data, timeout_ms=5000)
    return b""
