"""A bad USB cable: it passes most transfers of one device, and spoils some."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from particle_cli.ports.clock import Clock
from particle_cli.ports.usb import AttachedDevice, Setup, UsbHandle
from particle_cli.simulators.faults import Fault, FaultyHandle
from particle_cli.simulators.scenario import fault_words
from particle_cli.simulators.scenario.fault_words import DeviceFault

_FAULTS: Final[Mapping[str, Fault]] = {
    fault_words.STALL: Fault.STALL,
    fault_words.LOSE_REQUEST: Fault.REQUEST_LOST,
    fault_words.LOSE_REPLY: Fault.REPLY_LOST,
    fault_words.DROP: Fault.GONE_BEFORE,
    fault_words.UNPLUG: Fault.GONE_BEFORE,
}


class Cable:
    """The cable of one device; it counts the transfers from when it was laid.

    Attributes:
        clock: lets time-outs pass.
    """

    def __init__(
        self,
        faults: Sequence[DeviceFault],
        clock: Clock,
        *,
        interrupt: Callable[[AttachedDevice], None],
        unplug: Callable[[], None],
    ) -> None:
        """Lay a cable.

        Args:
            faults: what is wrong with it.
            clock: the world's.
            interrupt: takes the power from the device for a moment.
            unplug: pulls the cable for good.
        """
        self.clock = clock
        self._faults = faults
        self._interrupt = interrupt
        self._unplug = unplug
        self._passed = 0
        self._struck: DeviceFault | None = None

    def through(self, handle: UsbHandle) -> UsbHandle:
        """Return the handle of a device as it is at the other end of the cable."""
        return FaultyHandle(self, handle)

    def next_fault(self, setup: Setup) -> Fault | None:
        """Count a transfer; return what is to happen to it."""
        self._passed += 1
        self._struck = next((fault for fault in self._faults if fault.strikes(self._passed)), None)
        return _FAULTS[self._struck.word] if self._struck else None

    def remove(self, device: AttachedDevice) -> None:
        """Make the device leave the bus."""
        if self._struck and self._struck.word == fault_words.UNPLUG:
            self._unplug()
        else:
            self._interrupt(device)
