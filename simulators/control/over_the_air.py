"""Firmware from the cloud: received in chunks through the device's one update area, then checked and applied.

What a host sends over USB takes the same way (see `FirmwareUpdate`): here only the wire is another, and the
pace is that of a radio.

Not modelled: chunks that get lost and are asked for again; a model of many of them is their average pace.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from particle_cli.simulators.control.firmware_update import FirmwareUpdate
from particle_cli.simulators.control.mode_requests import reset_soon
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.system.session import ResetReason
from particle_cli.simulators.system.system import System

CHUNK_SIZE: Final = 512
"""Bytes that the cloud sends at once."""
WIFI_CHUNK_MS: Final = 10.0
CELLULAR_CHUNK_MS: Final = 40.0
"""Modelled time from one chunk to the next, what it takes to write it to the flash not counted."""
_BEGIN_MS: Final = 500.0  # the announcement, and the device's answer to it
_ALARM: Final = "over the air"


class OverTheAir:
    """One delivery of firmware to a device: one file after another, and a reset in the end.

    Attributes:
        under_way: whether the device is still at it; that it resets in the end is not noticed here.
    """

    def __init__(self, system: System, files: Sequence[bytes], ended: Callable[[int], None]) -> None:
        """Expect files.

        Args:
            system: the device.
            files: module files; of several, all but the last are assets.
            ended: told how it ended, once: 0, or the code of `system_error` with which the device refused;
                TIMEOUT when it was lost on the way.
        """
        cellular = system.hardware.platform.interfaces.cellular
        self._chunk_ms = CELLULAR_CHUNK_MS if cellular else WIFI_CHUNK_MS
        self._system = system
        self._files = list(files)
        self._sent = 0
        self._update = FirmwareUpdate(system)
        self._ended: Callable[[int], None] | None = ended
        self.under_way = True

    def begin(self) -> None:
        """Begin with the next file. Raises: PowerCut."""
        try:
            taken_ms = self._update.start(len(self._files[0]))
        except RequestFailed as refused:
            self._end(refused.result)
            return
        self._sent = 0
        self._go_on_after(_BEGIN_MS + taken_ms)

    def lost(self) -> None:
        """The device has reset, or has no power any more."""
        self._end(system_error.TIMEOUT)

    def _go_on_after(self, ms: float) -> None:
        self._system.agenda.set(_ALARM, ms, self._go_on)

    def _go_on(self) -> None:
        """Take the next chunk; without one, finish the file. Without a connection give up."""
        if not self._system.connection.online:
            self._update.cancel()
            self.lost()
            return
        chunk = self._files[0][self._sent : self._sent + CHUNK_SIZE]
        try:
            if not chunk:
                self._system.agenda.set(_ALARM, self._update.finish(validate_only=False), self._next)
                return
            taken_ms = self._update.add(chunk)
        except RequestFailed as refused:
            self._end(refused.result)
            return
        self._sent += len(chunk)
        self._go_on_after(self._chunk_ms + taken_ms)

    def _next(self) -> None:
        """Go on with the next file; without one, reset to run what has come."""
        self._files.pop(0)
        if self._files:
            self.begin()
            return
        self._end(0)
        reset_soon(self._system, reason=ResetReason.UPDATE)

    def _end(self, result: int) -> None:
        self.under_way = self.under_way and result == 0
        ended, self._ended = self._ended, None
        if ended is not None:
            ended(result)
