"""Faults on the USB wire: a wrapper round any usb port that spoils the transfers it is told to.

The device behind it is not touched, unless a fault makes it leave the bus. Faults of the device itself are
on the device: `SimulatedDevice.cut_power_during`, `FlashDriver.slowness`, `FlashMemory.flip`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Protocol, TypeVar

from attrs import frozen

from particle_cli.ports.clock import Clock
from particle_cli.ports.usb import (
    AttachedDevice,
    Setup,
    Usb,
    UsbGone,
    UsbHandle,
    UsbStall,
    UsbTimeout,
)
from particle_cli.simulators.bus.wire import REFUSED, SILENT
from particle_cli.simulators.usb.function import StandardRequest

T = TypeVar("T")


class Fault(Enum):
    """What happens to a transfer."""

    STALL = "the device refuses"
    REQUEST_LOST = "time-out, and the device has not seen the request"
    REPLY_LOST = "time-out, and the device has acted"
    GONE_BEFORE = "the device leaves the bus before it acts"
    GONE_AFTER = "the device leaves the bus after it has acted"
    CANCELLED_BEFORE = "the host is interrupted before the device acts"
    CANCELLED_AFTER = "the host is interrupted after the device has acted"


@frozen
class FaultPlan:
    """Which transfers to spoil, and how.

    Attributes:
        fault: what happens to them.
        at: the first one, by number from 1 on, counted among the transfers that match.
        times: how many in a row; None: all from then on.
        matching: which transfers count; default all.
    """

    fault: Fault
    at: int = 1
    times: int | None = 1
    matching: Callable[[Setup], bool] = lambda setup: True

    def hits(self, number: int) -> bool:
        """Tell whether the matching transfer of that number is one of them."""
        return number >= self.at and (self.times is None or number < self.at + self.times)


class Spoiler(Protocol):
    """What decides on the faults of a handle."""

    @property
    def clock(self) -> Clock:
        """Lets time-outs pass."""
        ...

    def next_fault(self, setup: Setup) -> Fault | None:
        """Count a transfer; return what is to happen to it."""
        ...

    def remove(self, device: AttachedDevice) -> None:
        """Make a device leave the bus."""
        ...


class FaultyUsb:
    """A usb port that passes everything to another, but for the faults that are planned.

    Attributes:
        seen: the setup packets of all transfers so far, spoilt ones included.
    """

    def __init__(
        self,
        inner: Usb,
        clock: Clock,
        plan: FaultPlan | None = None,
        *,
        unplug: Callable[[AttachedDevice], None] | None = None,
    ) -> None:
        """Wrap a port.

        Args:
            inner: the port.
            clock: lets time-outs pass.
            plan: what to spoil; None: nothing.
            unplug: makes a device leave the bus. Without it a device that leaves is hidden from then on.
        """
        self._inner = inner
        self.clock = clock
        self.seen: list[Setup] = []
        self._plan = plan
        self._matched = 0
        self._unplug = unplug
        self._hidden: set[int] = set()

    @property
    def plan(self) -> FaultPlan | None:
        """What is spoilt; may be changed at any time, and the count of transfers then starts anew."""
        return self._plan

    @plan.setter
    def plan(self, plan: FaultPlan | None) -> None:
        self._plan = plan
        self._matched = 0

    def next_fault(self, setup: Setup) -> Fault | None:
        """Count a transfer; return what is to happen to it."""
        self.seen.append(setup)
        if self.plan is None or not self.plan.matching(setup):
            return None
        self._matched += 1
        return self.plan.fault if self.plan.hits(self._matched) else None

    def remove(self, device: AttachedDevice) -> None:
        """Make a device leave the bus."""
        if self._unplug:
            self._unplug(device)
        else:
            self._hidden.add(device.arrival)

    def _shown(self, devices: tuple[AttachedDevice, ...]) -> tuple[AttachedDevice, ...]:
        return tuple(device for device in devices if device.arrival not in self._hidden)

    async def attached(self) -> tuple[AttachedDevice, ...]:
        """Return what is attached now."""
        return self._shown(await self._inner.attached())

    async def changed(
        self, seen: tuple[AttachedDevice, ...], *, timeout_ms: int
    ) -> tuple[AttachedDevice, ...]:
        """Return what is attached as soon as it differs from `seen`, or after the time as it then is."""
        here = await self._inner.attached()
        if self._shown(here) != seen:
            return self._shown(here)
        return self._shown(await self._inner.changed(here, timeout_ms=timeout_ms))

    async def open(self, device: AttachedDevice) -> FaultyHandle:
        """Open a device."""
        if device.arrival in self._hidden:
            raise _gone(device)
        return FaultyHandle(self, await self._inner.open(device))


class FaultyHandle:
    """A handle whose transfers may be spoilt."""

    def __init__(self, spoiler: Spoiler, inner: UsbHandle) -> None:
        """Wrap a handle."""
        self._spoiler = spoiler
        self._inner = inner
        self._gone = False

    @property
    def device(self) -> AttachedDevice:
        """The enumeration this handle was opened for."""
        return self._inner.device

    def _leave(self) -> UsbGone:
        self._gone = True
        self._spoiler.remove(self.device)
        return _gone(self.device)

    async def _spoil(self, setup: Setup, timeout_ms: int, transfer: Callable[[], Awaitable[T]]) -> T:
        """Make a transfer, or what is planned in its place."""
        if self._gone:
            raise _gone(self.device)
        fault = self._spoiler.next_fault(setup)
        if fault is None:
            return await transfer()
        if fault is Fault.STALL:
            raise UsbStall(f"Device {self.device.serial} refused the request.", next_step=REFUSED)
        if fault is Fault.GONE_BEFORE:
            raise self._leave()
        if fault is Fault.CANCELLED_BEFORE:
            await self._interrupt()
        if fault in (Fault.REPLY_LOST, Fault.GONE_AFTER, Fault.CANCELLED_AFTER):
            await transfer()
        if fault is Fault.GONE_AFTER:
            raise self._leave()
        if fault is Fault.CANCELLED_AFTER:
            await self._interrupt()
        await self._spoiler.clock.sleep(timeout_ms / 1000)
        raise UsbTimeout(f"Device {self.device.serial} did not answer in time.", next_step=SILENT)

    async def _interrupt(self) -> None:
        task = asyncio.current_task()
        if task:
            task.cancel()
        await self._spoiler.clock.sleep(0)

    async def control_in(self, setup: Setup, *, timeout_ms: int) -> bytes:
        """Return the bytes that the device sends."""
        return await self._spoil(
            setup, timeout_ms, lambda: self._inner.control_in(setup, timeout_ms=timeout_ms)
        )

    async def control_out(self, setup: Setup, data: bytes | memoryview = b"", *, timeout_ms: int) -> None:
        """Send the data."""
        await self._spoil(
            setup, timeout_ms, lambda: self._inner.control_out(setup, data, timeout_ms=timeout_ms)
        )

    async def bulk_read(self, endpoint: int, length: int, *, timeout_ms: int) -> bytes:
        """Read from an endpoint; never spoilt."""
        return await self._inner.bulk_read(endpoint, length, timeout_ms=timeout_ms)

    async def bulk_write(self, endpoint: int, data: bytes | memoryview, *, timeout_ms: int) -> int:
        """Write to an endpoint; never spoilt."""
        return await self._inner.bulk_write(endpoint, data, timeout_ms=timeout_ms)

    async def claim(self, interface: int) -> None:
        """Take the interface."""
        await self._inner.claim(interface)

    async def release(self, interface: int) -> None:
        """Give the interface back."""
        await self._inner.release(interface)

    async def set_alternate(self, interface: int, alternate: int) -> None:
        """Select an alternate setting."""
        setup = Setup(0x01, StandardRequest.SET_INTERFACE, alternate, interface)
        await self._spoil(setup, 1000, lambda: self._inner.set_alternate(interface, alternate))

    async def descriptor(self, kind: int, index: int = 0, *, length: int = 255, language: int = 0) -> bytes:
        """Return raw bytes of a descriptor."""
        setup = Setup(0x80, StandardRequest.GET_DESCRIPTOR, kind << 8 | index, language, length)
        return await self._spoil(
            setup, 1000, lambda: self._inner.descriptor(kind, index, length=length, language=language)
        )

    async def string(self, index: int) -> str:
        """Return a string descriptor's text."""
        setup = Setup(0x80, StandardRequest.GET_DESCRIPTOR, 3 << 8 | index, 0x0409, 255)
        return await self._spoil(setup, 1000, lambda: self._inner.string(index))

    async def close(self) -> None:
        """Release everything."""
        await self._inner.close()


def _gone(device: AttachedDevice) -> UsbGone:
    return UsbGone(
        f"Device {device.serial} has left the USB bus.",
        next_step="Wait until it is back, or plug it in again.",
    )
