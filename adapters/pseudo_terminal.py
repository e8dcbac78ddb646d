"""A pseudo terminal in front of a simulated serial port, for any program of this machine to open.

Nobody tells the owner of a pty that a program opens or closes it, or sets another speed: that is looked after
20 times a second. Bytes go through at once.

Only for systems that have ptys; tried on Linux.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import select
import struct
import termios
import tty
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

_LOOK_EVERY_S: Final = 0.05
_PIECE: Final = 4096
_USUAL_SPEED: Final = 9600
_TCGETS2: Final = 0x802C542A
"""Linux, asm-generic/ioctls.h: tcgetattr() tells no speeds but the usual ones."""
_TERMIOS2: Final = struct.Struct("=36xII")  # 44 bytes, of which the last are the speeds in and out, bit/s


class DeviceEnd(Protocol):
    """The device's end of a serial port."""

    @property
    def waiting(self) -> int:
        """How many bytes could be fetched now."""
        ...

    def take(self, most: int) -> bytes:
        """Fetch up to so many bytes."""
        ...

    def watch(self, watcher: Callable[[], None]) -> None:
        """Have a function called whenever there is something to fetch."""
        ...

    def unwatch(self, watcher: Callable[[], None]) -> None:
        """End `watch`."""
        ...

    def host_opens(self) -> None:
        """Learn that a program has opened the port."""
        ...

    def host_closes(self) -> None:
        """Learn that no program has the port open."""
        ...

    def host_writes(self, data: bytes) -> None:
        """Take what a program has sent."""
        ...

    def set_baud_rate(self, baud_rate: int) -> None:
        """Learn the speed, bit/s."""
        ...


class PseudoTerminal:
    """One pty, as long as its device is there.

    Attributes:
        path: what programs are to open.
    """

    def __init__(self, end: DeviceEnd, *, link: str | None = None) -> None:
        """Make a pty. Call inside the running event loop that it is to be served on.

        Args:
            end: the device's end.
            link: a symbolic link to make to it, in the place of what is there; gone when it is closed.

        Raises: OSError.
        """
        self._end = end
        self._loop = asyncio.get_running_loop()
        self._master, slave = os.openpty()
        self.path = os.ttyname(slave)
        os.close(slave)
        os.set_blocking(self._master, False)
        self._reset_line()
        self._link = link
        try:
            if link is not None:
                with suppress(FileNotFoundError):
                    os.unlink(link)
                os.symlink(self.path, link)
        except OSError:
            os.close(self._master)
            raise
        self._baud_rate = _USUAL_SPEED
        self._is_open = False
        self._unsent = b""
        self._looking = self._loop.create_task(self._look_after_it())
        end.watch(self._send)

    def close(self) -> None:
        """Take the pty away: whoever has it open learns that the device has left."""
        if self._master < 0:
            return
        self._looking.cancel()
        self._end.unwatch(self._send)
        self._has_closed()
        os.close(self._master)
        self._master = -1
        if self._link is not None:
            with suppress(OSError):
                if os.readlink(self._link) == self.path:
                    os.unlink(self._link)

    # What programs do

    async def _look_after_it(self) -> None:
        """Notice who opens and closes it, and at which speed."""
        while True:
            if not self._is_open and self._held():
                self._has_opened()
            speed = self._speed()
            if self._is_open:
                self._notice_speed(speed)
            else:
                left = self._read() or b""
                if left or speed != _USUAL_SPEED:
                    self._was_open_for_a_moment(left, speed)
            await asyncio.sleep(_LOOK_EVERY_S)

    def _held(self) -> bool:
        """Whether any program has it open."""
        poll = select.poll()
        poll.register(self._master, 0)
        return not any(event & select.POLLHUP for _, event in poll.poll(0))

    def _has_opened(self) -> None:
        self._is_open = True
        self._end.host_opens()
        self._baud_rate = 0  # to be told anew: the speeds that are commands are so each time
        self._loop.add_reader(self._master, self._receive)

    def _has_closed(self) -> None:
        if self._is_open:
            self._notice_speed(self._speed())  # that of a program which opened and closed it meanwhile
            self._is_open = False
            self._unsent = b""
            self._loop.remove_reader(self._master)
            self._loop.remove_writer(self._master)
            self._reset_line()
            self._end.host_closes()

    def _was_open_for_a_moment(self, data: bytes, speed: int) -> None:
        self._end.host_opens()
        self._end.set_baud_rate(speed)
        if data:
            self._end.host_writes(data)
        self._end.host_closes()
        self._reset_line()

    def _reset_line(self) -> None:
        """Throw away what no program has read, and all settings, as a driver does when a port is closed."""
        with suppress(OSError, termios.error):
            slave = os.open(self.path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            try:
                termios.tcflush(slave, termios.TCIFLUSH)
                settings = termios.tcgetattr(slave)
                settings[4] = settings[5] = termios.B9600
                termios.tcsetattr(slave, termios.TCSANOW, settings)
                tty.setraw(slave, termios.TCSANOW)
            finally:
                os.close(slave)

    def _speed(self) -> int:
        """Return the speed that a program has set last, bit/s."""
        try:
            settings = fcntl.ioctl(self._master, _TCGETS2, bytes(_TERMIOS2.size))
        except OSError:  # not Linux; elsewhere speeds stand for themselves
            return int(termios.tcgetattr(self._master)[5])
        return int(_TERMIOS2.unpack(settings)[1])

    def _notice_speed(self, baud_rate: int) -> None:
        if baud_rate and baud_rate != self._baud_rate:
            self._baud_rate = baud_rate
            self._end.set_baud_rate(baud_rate)

    # Bytes

    def _receive(self) -> None:
        """Hand over what programs have written."""
        data = self._read()
        if data is None:
            self._has_closed()
        elif data:
            self._end.host_writes(data)

    def _read(self) -> bytes | None:
        """Return what programs have written; None when there is nothing and the last one has closed it."""
        try:
            return os.read(self._master, _PIECE)
        except BlockingIOError:
            return b""
        except OSError:  # EIO
            return None

    def _send(self) -> None:
        """Fetch what the device sends, as fast as programs read it."""
        if not self._is_open:
            return
        while data := self._unsent or self._end.take(_PIECE):
            try:
                sent = os.write(self._master, data)
            except BlockingIOError:
                sent = 0
            except OSError:
                self._has_closed()
                return
            self._unsent = data[sent:]
            if self._unsent:
                self._loop.add_writer(self._master, self._send)
                return
        self._loop.remove_writer(self._master)
