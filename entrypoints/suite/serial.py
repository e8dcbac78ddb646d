"""A test's end of a device's serial port."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import TYPE_CHECKING, Self

from particle_cli.ports.clock import TimeIsUp

if TYPE_CHECKING:
    from particle_cli.entrypoints.suite.resident import ResidentWorld
    from particle_cli.simulators.device import SimulatedDevice


class NotPrinted(AssertionError):
    """The device did not print what the test waits for."""


class SuiteSerial:
    """The serial port of one device, held open over its resets once it was opened.

    What a device prints while the port is closed is lost, as with a real one. Commands that use the port
    want it closed.
    """

    def __init__(self, resident: ResidentWorld, device: SimulatedDevice, name: str) -> None:
        """Begin with a closed port; `name` is the device's, for messages."""
        self._resident = resident
        self._device = device
        self._name = name
        self._open = False
        self._received = bytearray()
        self._news = asyncio.Event()

    def open(self) -> Self:
        """Listen from now on."""
        if not self._open:
            self._open = True
            self._device.serial.watch(self._fetch)
            self._device.watch(self._follow)
            self._resident.do(self._follow)
        return self

    def close(self) -> None:
        """Listen no more."""
        if self._open:
            self._open = False
            self._device.unwatch(self._follow)
            self._device.serial.unwatch(self._fetch)
            self._resident.do(self._device.serial.host_closes)

    def __enter__(self) -> Self:
        """Open it."""
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def _follow(self) -> None:
        if self._device.usb is not None and self._device.mode.runs_firmware:
            self._device.serial.host_opens()
            self._fetch()

    def _fetch(self) -> None:
        while data := self._device.serial.take(4096):
            self._received += data
            self._news.set()

    def write(self, data: bytes | str) -> None:
        """Send bytes, or a text as UTF-8, to the device."""
        self.open()
        content = data.encode() if isinstance(data, str) else data
        self._resident.do(lambda: self._device.serial.host_writes(content))

    def read(self) -> str:
        """Return what the device has printed since the last reading. No time passes."""
        self.open()
        text = self._received.decode(errors="replace")
        self._received.clear()
        return text

    def read_until(self, text: str, *, seconds: float = 30.0) -> str:
        """Let time pass until the device has printed a text; return all up to its end.

        Args:
            text: what is waited for.
            seconds: how long, at most.

        Raises: NotPrinted, with what the device has printed instead.
        """
        __tracebackhide__ = True
        self.open()
        wanted = text.encode()

        async def main() -> None:
            async with self._resident.clock.timeout(seconds):
                while wanted not in self._received:
                    self._news.clear()
                    await self._resident.world.bus.attached()  # drives the devices
                    await self._news.wait()

        try:
            self._resident.run(main)
        except TimeIsUp:
            raise NotPrinted(
                f"{self._name} did not print {text!r} within {seconds:g} s. It printed: "
                f"{bytes(self._received).decode(errors='replace')!r}"
            ) from None
        end = self._received.index(wanted) + len(wanted)
        read = bytes(self._received[:end]).decode(errors="replace")
        del self._received[:end]
        return read
