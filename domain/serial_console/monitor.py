"""Following what a device prints, over resets, and under whatever name its port comes back.

Theory of operation. A device that resets takes its port with it; when it comes back, the system may number
the port anew, or give the old number to another device. So it is the device that is followed, by its id, and
the port's name only where the system does not tell whose it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from particle_cli.domain.serial_console.console import BAUD_RATE
from particle_cli.domain.serial_console.discovery import DevicePort, device_ports, port_of
from particle_cli.ports.clock import Clock
from particle_cli.ports.serial import Serial, SerialError, SerialGone, SerialLine, SerialTimeout

FOLLOW_DELAY_S: Final = 0.25
"""Between two looks for a port that is not there."""
_QUIET_MS: Final = 1000
_CHUNK: Final = 4096

Finder = Callable[[Sequence[DevicePort]], DevicePort | None]
"""Picks the port that is wanted from those that are there."""


def same_device(before: DevicePort) -> Finder:
    """Return what finds a device again, by its id, or by its port where no id is known."""

    def find(found: Sequence[DevicePort]) -> DevicePort | None:
        if before.device_id is None:
            return next((port for port in found if port.path == before.path), before)
        nameless = (port for port in found if port.path == before.path and port.device_id is None)
        return port_of(before.device_id, found) or next(nameless, None)

    return find


async def wait_for_port(
    serial: Serial, clock: Clock, find: Finder, *, delay_s: float = FOLLOW_DELAY_S
) -> DevicePort:
    """Return the port that is wanted as soon as it is there; waits without limit. Raises: SerialError."""
    while not (port := find(device_ports(await serial.ports()))):
        await clock.sleep(delay_s)
    return port


class Monitor:
    """The port of one device, opened again and again as the device comes and goes.

    Attributes:
        port: where the device is, or was last.
    """

    def __init__(
        self,
        serial: Serial,
        clock: Clock,
        port: DevicePort,
        *,
        delay_s: float = FOLLOW_DELAY_S,
        secret: bool = False,
    ) -> None:
        """Open nothing yet.

        Args:
            serial: the ports.
            clock: the time that passes.
            port: where the device is now.
            delay_s: between two looks for it.
            secret: whether what goes over the line may hold passwords, as when a person types.
        """
        self._serial = serial
        self._clock = clock
        self._delay_s = delay_s
        self._secret = secret
        self._line: SerialLine | None = None
        self.port = port

    async def open(self) -> None:
        """Open the port. Raises: SerialGone, SerialBusy, SerialAccessDenied."""
        self._line = await self._serial.open(self.port.path, baud_rate=BAUD_RATE)

    async def reopen(self, refused: Callable[[SerialError], None]) -> None:
        """Wait until the device is there again, without limit, and open its port.

        Args:
            refused: told, once for each kind of error, why the port cannot be opened though it is there; it
                is tried again, as the system may still be setting its permissions.
        """
        told: set[str] = {SerialGone.code}
        while True:
            await self._clock.sleep(self._delay_s)
            find = same_device(self.port)
            self.port = await wait_for_port(self._serial, self._clock, find, delay_s=self._delay_s)
            try:
                await self.open()
            except SerialError as error:
                if error.code not in told:
                    told.add(error.code)
                    refused(error)
            else:
                return

    async def read(self) -> bytes | None:
        """Return what comes next; b"" when nothing came for a second; None when the device has left."""
        if self._line is None:
            return None
        try:
            return await self._line.read(_CHUNK, timeout_ms=_QUIET_MS, secret=self._secret)
        except SerialTimeout:
            return b""
        except SerialGone:
            await self.close()
            return None

    async def send(self, data: bytes) -> bool:
        """Send bytes to the device; False when it does not take them, and they are lost."""
        if self._line is None:
            return False
        try:
            await self._line.write(data, secret=self._secret)
        except (SerialGone, SerialTimeout):
            return False
        return True

    async def close(self) -> None:
        """Close the port; may be called twice."""
        line, self._line = self._line, None
        if line is not None:
            await line.close()
