"""The serial port over pyserial."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import serial
import serial.tools.list_ports
import serial_asyncio_fast

from particle_cli.ports.serial import (
    SerialAccessDenied,
    SerialBusy,
    SerialError,
    SerialGone,
    SerialPort,
    SerialTimeout,
)

_FULL_PAUSE_S: Final = 0.005  # until a full buffer of the system is looked at again
_WRITE_S: Final = 5.0  # for how long the device may take nothing
_CLOSE_S: Final = 1.0
_BUSY, _GONE, _DENIED = (
    (SerialBusy, "another program is using it"),
    (SerialGone, "its device has left"),
    (SerialAccessDenied, "you are not allowed to open it"),
)

_KINDS: Final[dict[int, tuple[type[SerialError], str]]] = {
    errno.ENOENT: (SerialGone, "there is no such port"),
    errno.ENODEV: _GONE,
    errno.ENXIO: _GONE,
    errno.EIO: _GONE,
    errno.EBUSY: _BUSY,
    errno.EAGAIN: _BUSY,  # so says the lock of an exclusive port
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
}
_WINDOWS_TEXT: Final = re.compile(r"(?:OSError|\w+Error)\(\d+, .*?(?:, None, (\d+))?\)")
_WINDOWS_KINDS: Final[dict[int, tuple[type[SerialError], str]]] = {
    2: (SerialGone, "there is no such port"),
    5: _BUSY,  # "Access is denied": an open port has one owner on Windows, and it is not this program
    22: _GONE,
    31: _GONE,
    121: _GONE,
    433: _GONE,
    1167: _GONE,
}
"""What pyserial says on Windows, where it keeps the system's error in the text only."""


class SerialPorts:
    """The serial ports of this machine."""

    async def ports(self) -> tuple[SerialPort, ...]:
        """Return the ports there are now, sorted by path."""
        try:
            found = await asyncio.to_thread(serial.tools.list_ports.comports)
        except (serial.SerialException, OSError, ValueError) as error:
            raise SerialError(f"The system does not tell its serial ports: {error}.") from error
        ports = (
            SerialPort(
                one.device,
                one.vid,
                one.pid,
                one.serial_number or None,
                one.manufacturer or None,
                one.hwid or None,
            )
            for one in found
        )
        return tuple(sorted(ports, key=lambda port: port.path))

    async def open(self, path: str, *, baud_rate: int) -> OpenPort:
        """Open a port for this program alone; DTR is asserted, which a device takes for "somebody is there".

        Raises: SerialGone (no such port), SerialBusy, SerialAccessDenied.
        """
        with _errors_told(path, is_open=False):
            reader, writer = await serial_asyncio_fast.open_serial_connection(
                url=path, baudrate=baud_rate, exclusive=True
            )
        return OpenPort(path, reader, writer)


class OpenPort:
    """One open port, 8 data bits, no parity, 1 stop bit."""

    def __init__(self, path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Keep both directions of the port."""
        self._path = path
        self._reader = reader
        self._writer = writer
        self._closed = False

    async def read(self, most: int, *, timeout_ms: int, secret: bool = False) -> bytes:
        """Return 1 to `most` bytes. Raises SerialTimeout, SerialGone."""
        self._check_open()
        try:
            with _errors_told(self._path, is_open=True):
                async with asyncio.timeout(timeout_ms / 1000):
                    data = await self._reader.read(most)
        except TimeoutError as late:
            raise SerialTimeout(f"{self._path}: nothing came within {timeout_ms / 1000:g} s.") from late
        if not data and most:
            raise SerialGone(f"{self._path}: its device has left.")
        return data

    async def write(self, data: bytes, *, secret: bool = False) -> None:
        """Send all the bytes. Raises SerialGone; SerialTimeout when the device takes none for 5 s."""
        self._check_open()
        rest = memoryview(data)
        pauses = 0
        while rest:
            with _errors_told(self._path, is_open=True):
                taken = self._write_now(rest)
            rest = rest[taken:]
            pauses = 0 if taken else pauses + 1
            if pauses * _FULL_PAUSE_S > _WRITE_S:
                raise SerialTimeout(f"{self._path}: the device took nothing for {_WRITE_S:g} s.")
            if rest:
                await asyncio.sleep(_FULL_PAUSE_S)
                self._check_open()

    async def close(self) -> None:
        """Close the port; never raises, may be called twice."""
        if self._closed:
            return
        self._closed = True
        self._writer.transport.abort()  # nothing is buffered there: write() sends everything itself
        with suppress(Exception):
            async with asyncio.timeout(_CLOSE_S):
                await self._writer.wait_closed()

    def _check_open(self) -> None:
        if self._closed or self._writer.is_closing():
            raise SerialGone(f"{self._path}: it was closed, or its device has left.")

    def _write_now(self, data: memoryview) -> int:
        """Write what the system takes at once.

        Not by way of the transport, which would print a traceback when the device has left; and not by
        pyserial's own write on systems with file descriptors, which spins while the buffer is full.
        """
        transport = self._writer.transport
        assert isinstance(transport, serial_asyncio_fast.SerialTransport)
        port = transport.serial
        assert port is not None
        if os.name != "posix" or not isinstance(port, serial.Serial):
            return port.write(data) or 0
        try:
            return os.write(port.fileno(), data)
        except BlockingIOError:
            return 0


@contextmanager
def _errors_told(path: str, *, is_open: bool) -> Iterator[None]:
    """Turn what pyserial and the system raise in the body into errors of the serial port.

    An open port fails in no other way than by leaving, whatever the system calls it.
    """
    try:
        yield
    except TimeoutError:
        raise
    except (serial.SerialException, OSError, ValueError) as error:
        if is_open:
            raise SerialGone(f"{path}: its device has left.", next_step=_next_step(SerialGone)) from error
        kind, reason = _kind(error) or (SerialError, f"it could not be used ({error})")
        raise kind(f"{path}: {reason}.", next_step=_next_step(kind)) from error


def _kind(error: Exception) -> tuple[type[SerialError], str] | None:
    """Return what an error of opening a port means, if that is known."""
    text = str(error)
    if told := _WINDOWS_TEXT.search(text):
        by_name = 2 if "FileNotFoundError" in text else 5 if "PermissionError" in text else 0
        return _WINDOWS_KINDS.get(int(told[1] or by_name))
    return _KINDS.get(getattr(error, "errno", None) or 0)


def _next_step(kind: type[SerialError]) -> str | None:
    if kind is SerialBusy:
        return "Close the other program (a serial monitor, the Arduino IDE, ModemManager) and try again."
    if kind is SerialAccessDenied:
        return access_advice(sys.platform)
    if kind is SerialGone:
        return "Plug the device in, and check the name of its port."
    return None


def access_advice(platform: str) -> str:
    """Return what lets this user open serial ports, on that platform (`sys.platform`)."""
    if platform.startswith("linux"):
        return "Add yourself to the group of serial ports, sudo usermod -aG dialout $USER, and log in again."
    return "Run the command as a user who may open it."
