"""The serial ports of the devices on a bus; to a host they are the serial port of its machine.

Ports are numbered as a kernel does it: a device gets the lowest free number when it appears, and a number is
free again when the device has left and nobody holds the port any more. Bytes go in packets of 64, a packet in
a millisecond. The host's system buffers 4096 bytes of what a device sends.

Not modelled: that serial data and control transfers share one wire, and break and modem lines other than DTR.
"""

from __future__ import annotations

import asyncio
from typing import Final

from particle_cli.ports.clock import Clock, TimeIsUp
from particle_cli.ports.serial import SerialBusy, SerialError, SerialGone, SerialPort, SerialTimeout
from particle_cli.ports.usb import Setup, UsbError, UsbGone
from particle_cli.simulators.bus.bus import SimulatedBus
from particle_cli.simulators.bus.wire import SHORT_TRANSFER_S, Attachment

HOST_BUFFER: Final = 4096
_PACKET: Final = 64
_TO_INTERFACE, _SET_LINE_CODING, _SET_CONTROL_LINES = 0x21, 0x20, 0x22
_DTR_AND_RTS: Final = 3
_CONTROL_TIMEOUT_MS: Final = 5000


class SimulatedSerial:
    """The serial ports of a bus, `ttySIM0` and so on."""

    def __init__(self, clock: Clock, bus: SimulatedBus) -> None:
        """Number the ports that there are, in order of arrival, and from now on those that appear."""
        self._clock = clock
        self._bus = bus
        self._ports: dict[int, Attachment] = {}
        self._lines: dict[int, SimulatedLine] = {}
        bus.watch(self._look)
        self._look()

    def _look(self) -> None:
        """Take note of devices that have left or arrived."""
        there = [one for one in self._bus.attachments() if _serial_interface(one) is not None]
        for number, port in tuple(self._ports.items()):
            if port not in there:
                del self._ports[number]
                if number in self._lines:
                    self._lines[number].hang_up()
        for attachment in there:
            if attachment not in self._ports.values():
                self._ports[self._free_number()] = attachment

    def _free_number(self) -> int:
        number = 0
        while number in self._ports or number in self._lines:
            number += 1
        return number

    async def ports(self) -> tuple[SerialPort, ...]:
        """Return the ports there are now, sorted by path."""
        await self._bus.attached()
        found = (_port(_path(number), attachment) for number, attachment in self._ports.items())
        return tuple(sorted(found, key=lambda port: port.path))

    async def open(self, path: str, *, baud_rate: int) -> SimulatedLine:
        """Open a port for this program alone.

        Raises: SerialGone (no such port), SerialBusy, SerialError for a speed that cannot be.
        """
        await self._bus.attached()
        if not 0 < baud_rate < 1 << 32:
            raise SerialError(f"{path}: it could not be used (no port has {baud_rate} bit/s).")
        number = next((number for number in self._ports if _path(number) == path), None)
        if number is None:
            raise SerialGone(
                f"{path}: there is no such port.",
                next_step="Plug the device in, and check the name of its port.",
            )
        if number in self._lines:
            raise SerialBusy(f"{path}: another program is using it.", next_step="Close the other program.")
        line = SimulatedLine(self, path, self._ports[number], self._clock)
        self._lines[number] = line
        try:
            await line.set_up(baud_rate)
        except BaseException:
            self.forget(line)
            raise
        return line

    def forget(self, line: SimulatedLine) -> None:
        """Learn that a line was closed."""
        self._lines = {number: one for number, one in self._lines.items() if one is not line}


class SimulatedLine:
    """One open port of a simulated device."""

    def __init__(self, serial: SimulatedSerial, path: str, attachment: Attachment, clock: Clock) -> None:
        """Keep which enumeration of a device the port belongs to."""
        self._serial = serial
        self._path = path
        self._attachment = attachment
        self._interface = _serial_interface(attachment) or 0
        self._end = attachment.device.serial
        self._clock = clock
        self._received = bytearray()
        self._news = asyncio.Event()
        self._closed = False
        self._gone = False
        self._end.watch(self._fetch)

    async def set_up(self, baud_rate: int) -> None:
        """Assert DTR and set the speed, as a driver does when a port is opened. Raises: SerialGone."""
        coding = baud_rate.to_bytes(4, "little") + bytes((0, 0, 8))
        try:
            await self._control(_SET_CONTROL_LINES, value=_DTR_AND_RTS)
            await self._control(_SET_LINE_CODING, coding)
        except UsbGone as gone:
            raise self._left() from gone
        except UsbError as error:
            raise SerialError(f"{self._path}: it could not be used ({error.message})") from error

    async def _control(self, request: int, data: bytes = b"", *, value: int = 0) -> None:
        setup = Setup(_TO_INTERFACE, request, value, self._interface, len(data))
        await self._attachment.control(setup, data, timeout_ms=_CONTROL_TIMEOUT_MS)

    async def read(self, most: int, *, timeout_ms: int, secret: bool = False) -> bytes:
        """Return 1 to `most` bytes. Raises SerialTimeout, SerialGone."""
        self._check_open()
        if not self._received:
            await self._wait(timeout_ms / 1000)
        data = bytes(self._received[:most])
        del self._received[:most]
        self._fetch()
        return data

    async def _wait(self, seconds: float) -> None:
        """Wait until there is something to read."""
        try:
            async with self._clock.timeout(seconds):
                while not self._received:
                    self._check_open()
                    self._news.clear()
                    await self._news.wait()
                    await self._clock.sleep(SHORT_TRANSFER_S)
        except TimeIsUp as late:
            if not self._received:
                raise SerialTimeout(f"{self._path}: nothing came within {seconds:g} s.") from late

    async def write(self, data: bytes, *, secret: bool = False) -> None:
        """Send all the bytes. Raises SerialGone."""
        self._check_connected()
        for start in range(0, len(data), _PACKET):
            await self._clock.sleep(SHORT_TRANSFER_S)
            self._check_connected()
            self._end.host_writes(data[start : start + _PACKET])

    async def close(self) -> None:
        """Close the port; never raises, may be called twice."""
        if self._closed:
            return
        self._closed = True
        self._news.set()
        self._end.unwatch(self._fetch)
        self._serial.forget(self)
        if not self._gone:
            try:
                await self._control(_SET_CONTROL_LINES)
            except UsbError:
                self._gone = True

    def hang_up(self) -> None:
        """Learn that the device has left; what it had sent before can still be read."""
        self._gone = True
        self._news.set()

    def _fetch(self) -> None:
        """Take over what the device sends, as long as there is room for it."""
        room = HOST_BUFFER - len(self._received)
        if not self._gone and room > 0 and self._end.waiting:
            self._received += self._end.take(room)
            self._news.set()

    def _check_open(self) -> None:
        """Raise SerialGone if there will never be anything to read any more."""
        if self._closed or (self._gone and not self._received):
            raise self._left()

    def _check_connected(self) -> None:
        if self._closed or self._gone:
            raise self._left()

    def _left(self) -> SerialGone:
        return SerialGone(
            f"{self._path}: it was closed, or its device has left.",
            next_step="Plug the device in, and check the name of its port.",
        )


def _path(number: int) -> str:
    return f"ttySIM{number}"


def _serial_interface(attachment: Attachment) -> int | None:
    usb = attachment.device.usb
    return usb.descriptors.serial_interface if usb else None


def _port(path: str, attachment: Attachment) -> SerialPort:
    attached, usb = attachment.attached, attachment.device.usb
    manufacturer = usb.descriptors.strings.get(1) if usb else None
    return SerialPort(path, attached.vendor_id, attached.product_id, attached.serial, manufacturer)
