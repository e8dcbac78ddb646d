"""Simulated devices on a bus, and a bus that is a list."""

from __future__ import annotations

from collections.abc import Mapping

from tests.scripted_usb import ScriptedHandle, string_exchange

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.roll_call import attached_devices
from particle_cli.ports.usb import AttachedDevice, UsbError, UsbGone, UsbHandle
from particle_cli.simulators.bus.bus import SimulatedBus
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.factory import make_device_id, new_device
from particle_cli.simulators.faults import FaultPlan, FaultyUsb
from particle_cli.simulators.firmware.boot import BootRequest

BORON, PHOTON, P2, ARGON = 13, 6, 32, 12


class Stage:
    """Devices that are plugged in and have come up.

    Attributes:
        bus: the bus.
        usb: the same, with faults.
        clock: the time on it.
    """

    def __init__(self, *, tells_serials: bool = True, plan: FaultPlan | None = None) -> None:
        self.clock = LoopClock()
        self.bus = SimulatedBus(self.clock, tells_serials=tells_serials)
        self.usb = FaultyUsb(self.bus, self.clock, plan, unplug=self.bus.interrupt)

    async def enter(self, platform_id: int, *, dfu: bool = False, number: int = 1) -> SimulatedDevice:
        """Plug a device in, and bring it into a mode."""
        device = new_device(platform_id, small=True)
        if number > 1:
            device = new_device(platform_id, make_device_id(device.platform, number), small=True)
        self.bus.plug(device)
        await self.bus.settle()
        if dfu:
            device.reset(BootRequest.DFU)
            await self.bus.settle()
        return device

    async def found(self) -> FoundDevice:
        """The only device, as it is found."""
        (found,) = await attached_devices(self.bus)
        return found


class ListedUsb:
    """Attached devices as given; their serial numbers are told, or the errors of opening them raised."""

    def __init__(
        self, attached: Mapping[AttachedDevice, str | UsbError], *, tells_serials: bool = False
    ) -> None:
        self._serials = dict(attached)
        self.opened = 0

    async def attached(self) -> tuple[AttachedDevice, ...]:
        return tuple(self._serials)

    async def changed(
        self, seen: tuple[AttachedDevice, ...], *, timeout_ms: int
    ) -> tuple[AttachedDevice, ...]:
        await LoopClock().sleep(timeout_ms / 1000)
        return await self.attached()

    async def open(self, device: AttachedDevice) -> UsbHandle:
        self.opened += 1
        told = self._serials.get(device, UsbGone("gone"))
        if isinstance(told, UsbError):
            raise told
        return ScriptedHandle(LoopClock(), string_exchange(3, told), device=device)


def listed(
    product_id: int, arrival: int, *, serial: str | None = None, vendor_id: int = 0x2B04
) -> AttachedDevice:
    """An enumeration."""
    return AttachedDevice(vendor_id, product_id, serial, f"1-{arrival}", arrival)
