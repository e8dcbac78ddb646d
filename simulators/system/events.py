"""The events of a device: what its application and its system publish, and what it is told of.

Limits are those of Device OS: a name of 64 characters, data by its version and generation, and on average
one event a second, four of them at once (Device OS documentation, Particle.publish()).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from particle_cli.simulators.firmware.application import Step
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.system.runtime import Runtime
from particle_cli.simulators.system.session import ResetReason
from particle_cli.simulators.system.system import System
from particle_cli.simulators.system.system_version import system_version

LONGEST_NAME: Final = 64
MOST_AT_ONCE: Final = 4
ARRIVES_AFTER_MS: Final = 40.0
"""Modelled time from the cloud to the device."""

_RESERVED: Final = ("spark", "particle")
_FIRST_AFTER_MS: Final = 800.0
_PENDING_AFTER_MS: Final = 1800.0
_ENABLED_AFTER_MS: Final = 6000.0


class Publisher(System, Protocol):
    """The device, as far as its events need it."""

    @property
    def runtime(self) -> Runtime:
        """The application that runs."""
        ...

    @property
    def event_handler(self) -> Callable[[str, str], None] | None:
        """Python code that is told of events."""
        ...

    @property
    def uplink(self) -> Callable[[str, str | None, bool], None] | None:
        """What takes events to the cloud: name, data, and whether all the world may know."""
        ...

    def perform(self, steps: Sequence[Step]) -> None:
        """Do what a handler of the application does."""
        ...


def most_data(version: int, generation: int | None) -> int:
    """Return how many bytes of data an event may have, by the system part's version and the generation."""
    if version < 300:
        return 255
    if version < 3000:
        return 622
    if generation == 2:
        return 864
    return 1024 if version < 6300 else 16_384


class Events:
    """The events of one device."""

    def __init__(self, device: Publisher) -> None:
        """Begin with none."""
        self._device = device
        self._allowance = float(MOST_AT_ONCE)
        self._counted_s = 0.0
        self._arrived = 0

    def publish(self, name: str, data: str | None = None, *, publicly: bool = False) -> bool:
        """Publish an event of the application; return whether it went out.

        Args:
            name: 1 to 64 characters of ASCII.
            data: what goes with it.
            publicly: whether it is for everybody, as Device OS before 3.0 can have it.
        """
        device = self._device
        version = system_version(device)
        limit = most_data(version, device.hardware.platform.generation)
        fits = 0 < len(name) <= LONGEST_NAME and name.isascii() and name.isprintable()
        fits = fits and not name.lower().startswith(_RESERVED)
        if not (device.mode is Mode.NORMAL and fits and len((data or "").encode(errors="replace")) <= limit):
            return False
        if device.uplink is None or not device.connection.online or not self._is_allowed():
            return False
        device.uplink(name, data, publicly and version < 3000)
        return True

    def _is_allowed(self) -> bool:
        """Count an event, if there may be another one now."""
        now = self._device.agenda.now_s
        self._allowance = min(MOST_AT_ONCE, self._allowance + now - self._counted_s)
        self._counted_s = now
        if self._allowance < 1 - 1e-9:
            return False
        self._allowance -= 1
        return True

    # What comes

    def arrive(self, name: str, data: str | None, *, waited_for: bool) -> None:
        """Let an event be on its way to the device.

        Args:
            name: its name.
            data: what goes with it.
            waited_for: whether those who wait for the device to settle wait for it, too. They must not for
                what devices tell one another, which may never end.
        """
        self._arrived += 1
        self._device.agenda.set(
            f"event {self._arrived}",
            ARRIVES_AFTER_MS,
            lambda: self._handle(name, data or ""),
            background=not waited_for,
        )

    def _handle(self, name: str, data: str) -> None:
        device = self._device
        heard = [one for one in device.runtime.manifest.subscriptions if name.startswith(one.prefix)]
        for subscription in heard:
            device.perform(subscription.steps)
        if heard and device.event_handler is not None:
            device.event_handler(name, data)

    # What the system says by itself

    def tell_of_update(self) -> None:
        """Tell the cloud of an update that this session is the first one after; else nothing."""
        session, agenda = self._device.session, self._device.agenda
        if session.reset_reason is not ResetReason.UPDATE or session.announced:
            return
        session.announced = True
        agenda.set("announcement", _FIRST_AFTER_MS, self._announce)
        agenda.set("pending updates", _PENDING_AFTER_MS, lambda: self._say("updates/pending", "false"))
        agenda.set("enabled updates", _ENABLED_AFTER_MS, self._say_enabled)

    def _announce(self) -> None:
        application = self._device.verdict.application
        if application is not None and application.module is not None:
            self._send("spark/device/app-hash", application.module.uuid.upper())
        self._send("spark/device/last_reset", "update")
        self._say("updates/forced", str(self._device.updates_forced).lower())

    def _say_enabled(self) -> None:
        self._say("updates/enabled", str(self._device.updates_enabled).lower())

    def _say(self, what: str, data: str) -> None:
        self._send(f"particle/device/{what}", data)

    def _send(self, name: str, data: str) -> None:
        device = self._device
        if device.uplink is not None and device.connection.online:
            device.uplink(name, data, False)
