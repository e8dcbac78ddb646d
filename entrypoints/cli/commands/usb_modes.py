"""`particle usb dfu|reset|safe-mode|start-listening|stop-listening`: devices from mode to mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.control import modes as control
from particle_cli.domain.devices import modes
from particle_cli.domain.devices.finding import NeededMode
from particle_cli.domain.devices.support import check_support, request_channel
from particle_cli.entrypoints.cli.commands.each_device import Job, Outcome, each_device

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from particle_cli.domain.control.channel import ControlChannel
    from particle_cli.domain.devices.found import FoundDevice
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.cli.result import Result
    from particle_cli.entrypoints.wires import Wires
    from particle_cli.ports.clock import Clock
    from particle_cli.ports.usb import Usb

    Switch = Callable[[Usb, Clock, FoundDevice], Awaitable[object]]
    Order = Callable[[ControlChannel], Awaitable[None]]


async def dfu(given: Given, wires: Wires) -> Result:
    """Put devices into DFU mode; one that is there stays there."""

    def plan(device: FoundDevice) -> str:
        return "leave the device in DFU mode" if device.dfu else "put the device into DFU mode"

    return await each_device(given, wires, Job(_switched(wires, modes.to_dfu), NeededMode.ANY, plan))


async def reset(given: Given, wires: Wires) -> Result:
    """Restart devices, from any mode."""
    job = Job(_switched(wires, modes.reset), NeededMode.ANY, lambda _: "restart the device")
    return await each_device(given, wires, job)


async def safe_mode(given: Given, wires: Wires) -> Result:
    """Restart devices without their application."""
    job = Job(_switched(wires, modes.to_safe_mode), plan=lambda _: "put the device into safe mode")
    return await each_device(given, wires, job)


async def start_listening(given: Given, wires: Wires) -> Result:
    """Put devices into listening mode."""
    job = Job(_told(wires, control.start_listening), plan=lambda _: "put the device into listening mode")
    return await each_device(given, wires, job)


async def stop_listening(given: Given, wires: Wires) -> Result:
    """Let devices leave listening mode."""
    job = Job(_told(wires, control.stop_listening), plan=lambda _: "let the device leave listening mode")
    return await each_device(given, wires, job)


def _switched(wires: Wires, switch: Switch) -> Callable[[FoundDevice], Awaitable[Outcome]]:
    """Return what takes one device to a mode by way of a reset."""

    async def carry_out(device: FoundDevice) -> Outcome:
        await check_support(wires.usb, wires.clock, device)
        await switch(wires.usb, wires.clock, device)
        return Outcome()

    return carry_out


def _told(wires: Wires, order: Order) -> Callable[[FoundDevice], Awaitable[Outcome]]:
    """Return what has one device change its mode without a reset."""

    async def carry_out(device: FoundDevice) -> Outcome:
        async with request_channel(wires.usb, wires.clock, device) as channel:
            await order(channel)
        return Outcome()

    return carry_out
