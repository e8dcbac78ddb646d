"""A host at the serial port of a device in listening mode, without a bus and without a clock."""

from __future__ import annotations

from tests.simulators.talk import BORON

from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.factory import new_device
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.network.air import Air

CORE, PHOTON, P1, ELECTRON, ARGON, TRACKER, P2, M_SOM = 0, 6, 8, 10, 12, 26, 32, 35


class TypingHost:
    """One device, and what a host types to it.

    Attributes:
        device: the device.
        waited_ms: how long its alarms have taken, in all.
    """

    def __init__(self, device: SimulatedDevice) -> None:
        self.device = device
        self.waited_ms = 0.0
        self._received = b""

    def settle(self) -> Mode:
        """Let everything happen that is under way, but what goes on for ever; fetch what is sent."""
        while self._fetch():
            alarm = next(one for one in self.device.agenda.pending if not one.background)
            self.waited_ms += alarm.after_ms
            self.device.ring(alarm)
        return self.device.mode

    def _fetch(self) -> bool:
        """Fetch what the device has sent; tell whether anything is under way then."""
        self._received += self.device.serial.take(1 << 20)
        return not self.device.settled

    def next_alarm(self) -> float:
        """Let the next thing happen, whatever it is; return how long it took, in ms."""
        alarm = min(self.device.agenda.pending, key=lambda one: one.after_ms)
        self.device.ring(alarm)
        return alarm.after_ms

    def types(self, data: bytes) -> bytes:
        """Send bytes and return all that comes back until the device is quiet again."""
        self.device.serial.host_writes(data)
        self.settle()
        return self.reads()

    def reads(self) -> bytes:
        """Return what the device has sent."""
        self._fetch()
        received, self._received = self._received, b""
        return received


def running(platform_id: int = BORON, release: str | None = None, *, air: Air | None = None) -> TypingHost:
    """Return a host at a factory-fresh device that runs its application; the port is open."""
    host = TypingHost(new_device(platform_id, release=release, small=True))
    if air is not None:
        host.device.link.air = lambda: air
    host.device.power_on()
    host.settle()
    host.device.serial.host_opens()
    host.waited_ms = 0.0
    return host


def listening(platform_id: int = BORON, release: str | None = None, *, air: Air | None = None) -> TypingHost:
    """Return a host at a factory-fresh device in listening mode; the port is open.

    Args:
        platform_id: the device's platform.
        release: of Device OS; default the newest for the platform.
        air: what is around it; default the usual.
    """
    host = running(platform_id, release, air=air)
    host.device.listen(True)
    return host
