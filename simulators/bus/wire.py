"""The wire that all devices on a bus share, and the transfers on it.

A transfer without data or of up to 64 bytes takes 1 ms, one of 4 KiB 5 ms and less in proportion; there is
one at a time. A device that works on its flash does not occupy the wire: its own next transfer has to wait.
"""

from __future__ import annotations

import asyncio
from typing import Final

from particle_cli.ports.clock import Clock, TimeIsUp
from particle_cli.ports.usb import AttachedDevice, Setup, UsbError, UsbGone, UsbStall, UsbTimeout, UsbTransfer
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.usb.answer import Answer

SHORT_TRANSFER_S = 0.001
LONG_TRANSFER_BYTES, LONG_TRANSFER_S = 4096, 0.005

SILENT: Final = "Check its cable and try again; if it stays silent, press its RESET button."
REFUSED: Final = "Press its RESET button and try again; its firmware may be too old for this."
"""What a person is told to do about such a device, whoever has seen it."""


def transfer_time(length: int) -> float:
    """Return the seconds for which a transfer with so many bytes of data occupies the wire."""
    return max(SHORT_TRANSFER_S, LONG_TRANSFER_S * length / LONG_TRANSFER_BYTES)


class BusWire:
    """The wire of one bus.

    Attributes:
        clock: tells the time, and lets it pass.
        idle: held by the transfer that takes place.
        records: whether to keep a list of the transfers.
        transfers: what took place, in order.
    """

    def __init__(self, clock: Clock, *, records: bool) -> None:
        """Begin idle."""
        self.clock = clock
        self.idle = asyncio.Lock()
        self.records = records
        self.transfers: list[UsbTransfer] = []


class Attachment:
    """One device on the bus, from one enumeration until it leaves.

    Attributes:
        device: the device.
        attached: how it shows in the list of devices, serial number included.
        claims: who has which interface.
    """

    def __init__(self, wire: BusWire, device: SimulatedDevice, attached: AttachedDevice) -> None:
        """Note what is on the bus now."""
        self._wire = wire
        self._turn = asyncio.Lock()
        self._departed = asyncio.Event()
        self._busy_from = 0.0
        self._ready_at = 0.0
        self.device = device
        self.attached = attached
        self.claims: dict[int, object] = {}

    def depart(self) -> None:
        """Take it off the bus; whoever waits for it learns so at once."""
        self._departed.set()

    def work_done(self) -> float:
        """Return how much the device has done of the work that it is busy with, 0 to 1."""
        now = self._wire.clock.monotonic()
        if now >= self._ready_at:
            return 1.0
        return max(0.0, (now - self._busy_from) / (self._ready_at - self._busy_from))

    def check(self) -> None:
        """Raise UsbGone if the device is no longer there."""
        if self._departed.is_set():
            raise UsbGone(
                f"Device {self.attached.serial} has left the USB bus.",
                next_step="Wait until it is back, or plug it in again.",
            )

    async def wait(self, seconds: float) -> None:
        """Let time pass. Raises: UsbGone, as soon as the device leaves."""
        self.check()
        try:
            async with self._wire.clock.timeout(max(0.0, seconds)):
                await self._departed.wait()
        except TimeIsUp:
            return
        self.check()

    async def control(self, setup: Setup, data: bytes, *, timeout_ms: int) -> bytes:
        """Make a control transfer; return the bytes of an IN data stage.

        Raises: UsbStall, UsbTimeout, UsbGone.
        """
        clock = self._wire.clock
        deadline = clock.monotonic() + timeout_ms / 1000
        async with self._turn:
            await self._ready(deadline)
            async with self._wire.idle:
                self.check()
                answer = await self._exchange(setup, data, deadline)
            if answer.silent:
                await self.wait(deadline - clock.monotonic())
                raise self._timed_out()
        return answer.data

    def _timed_out(self) -> UsbTimeout:
        return UsbTimeout(f"Device {self.attached.serial} did not answer in time.", next_step=SILENT)

    async def _ready(self, deadline: float) -> None:
        """Wait until the device has finished its work. Raises: UsbTimeout, UsbGone."""
        now = self._wire.clock.monotonic()
        if self._ready_at > deadline:
            await self.wait(deadline - now)
            raise self._timed_out()
        if self._ready_at > now:
            await self.wait(self._ready_at - now)

    async def _exchange(self, setup: Setup, data: bytes, deadline: float) -> Answer:
        """Occupy the wire. The device acts at once, even if the host will not live to see it."""
        clock = self._wire.clock
        started = clock.monotonic()
        answer = self.device.transfer(setup, data)
        takes = transfer_time(max(len(data), len(answer.data)))
        self._busy_from = started + takes
        self._ready_at = self._busy_from + answer.busy_ms / 1000
        outcome = "cancelled"
        try:
            await clock.sleep(takes)
            self.check()
            if answer.stalled:
                raise UsbStall(f"Device {self.attached.serial} refused the request.", next_step=REFUSED)
            if started + takes > deadline:
                raise self._timed_out()
            outcome = "ok" if not answer.silent else UsbTimeout.code
        except UsbError as error:
            outcome = error.code
            raise
        finally:
            if self._wire.records:
                content = answer.data or data
                self._wire.transfers.append(
                    UsbTransfer(self.attached.arrival, setup, content, started, clock.monotonic(), outcome)
                )
        return answer
