"""The device's end of its USB serial port (CDC-ACM): what it has to send, and whether somebody listens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from particle_cli.simulators.usb.answer import Agenda

BUFFER_SIZE: Final = 256
"""Bytes that the firmware buffers for the host (Device OS hal/src/nRF52840/usb_hal_cdc.c)."""
STALL_MS: Final = 2500.0
"""After so long without room in the buffer the firmware takes the port for closed."""

_STALL: Final = "serial stall"


class SerialUser(Protocol):
    """Whoever in the device uses the port."""

    def received(self, data: bytes) -> None:
        """Take bytes that the host has sent."""
        ...

    def opened(self) -> None:
        """Learn that somebody listens from now on."""
        ...

    def drained(self) -> None:
        """Learn that there is room in the buffer again."""
        ...

    def baud_rate_set(self, baud_rate: int) -> None:
        """Learn at which speed the host opened the port; a few speeds are commands."""
        ...


class SerialEnd:
    """The serial port of one device, as its firmware and a host's driver share it.

    The device sends only while the port is open, that is while the host asserts DTR or has sent something;
    what is sent at other times is lost.

    Attributes:
        is_open: whether somebody listens, as far as the firmware knows.
        baud_rate: the speed that the host has set last; it has no effect on the bytes.
    """

    def __init__(self, agenda: Agenda, user: SerialUser) -> None:
        """Begin closed."""
        self._agenda = agenda
        self._user = user
        self._outgoing = bytearray()
        self._watchers: list[Callable[[], None]] = []
        self.is_open = False
        self.baud_rate = 9600

    # The host's driver

    def host_opens(self) -> None:
        """Assert DTR."""
        if not self.is_open:
            self.is_open = True
            self._user.opened()

    def host_closes(self) -> None:
        """Take DTR back; what was not fetched yet is lost."""
        self.is_open = False
        self._outgoing.clear()
        self._agenda.cancel(_STALL)

    def set_baud_rate(self, baud_rate: int) -> None:
        """Set the speed (SET_LINE_CODING, USB PSTN 1.2, 6.3.10), in bit/s."""
        self.baud_rate = baud_rate
        self._user.baud_rate_set(baud_rate)

    def host_writes(self, data: bytes) -> None:
        """Send bytes to the device."""
        self.host_opens()
        self._user.received(data)

    @property
    def waiting(self) -> int:
        """How many bytes the host could fetch now."""
        return len(self._outgoing)

    def take(self, most: int) -> bytes:
        """Fetch up to so many bytes."""
        data = bytes(self._outgoing[:most])
        was_congested = self.congested
        del self._outgoing[:most]
        if was_congested:
            self._agenda.cancel(_STALL)
            if self.congested:
                self._expect_room()
            else:
                self._user.drained()
        return data

    def watch(self, watcher: Callable[[], None]) -> None:
        """Have a function called whenever there is something to fetch."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Callable[[], None]) -> None:
        """End `watch`."""
        self._watchers.remove(watcher)

    # The firmware

    @property
    def congested(self) -> bool:
        """Whether the buffer is full: whoever prints has to wait until the host fetches something."""
        return len(self._outgoing) > BUFFER_SIZE

    def transmit(self, data: bytes) -> None:
        """Send bytes to the host, if somebody listens. What does not fit into the buffer waits for room."""
        if not self.is_open or not data:
            return
        had_room = not self.congested
        self._outgoing += data
        if had_room and self.congested:
            self._expect_room()
        for watcher in tuple(self._watchers):
            watcher()

    def shut(self) -> None:
        """Close the port from the device's side, as a reset does."""
        self.host_closes()

    def _expect_room(self) -> None:
        self._agenda.set(_STALL, STALL_MS, self._give_up)

    def _give_up(self) -> None:
        self.host_closes()
        self._user.drained()
