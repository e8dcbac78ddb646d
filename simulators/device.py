"""A Particle device in software: what a host at its USB port, a person at its buttons and the cloud meet.

It is driven by the platform catalogue and knows no clock. `transfer` answers one control transfer; what the
device does by itself later (resetting, booting, connecting) stands in its agenda, and whoever drives it lets
the alarms ring in time.

Not modelled: machine code (an application is what its manifest says), batteries (without its cable a device
has no power).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from particle_cli.domain.platforms.catalogue import platform as platform_of
from particle_cli.domain.platforms.values import Platform
from particle_cli.ports.usb import Setup
from particle_cli.simulators.firmware.boot import BootRequest, Mode, Verdict, boot
from particle_cli.simulators.firmware.installed import InstalledModule, installed_modules
from particle_cli.simulators.hardware.flash_driver import PowerCut
from particle_cli.simulators.hardware.flash_memory import Load
from particle_cli.simulators.hardware.hardware import Hardware
from particle_cli.simulators.outward_side import OutwardSide
from particle_cli.simulators.system.buttons import press
from particle_cli.simulators.system.connection import Connection
from particle_cli.simulators.system.environment import Environment
from particle_cli.simulators.system.led import Led, led_of
from particle_cli.simulators.system.link import Link
from particle_cli.simulators.system.ownership import Ownership
from particle_cli.simulators.system.runtime import NotOffered
from particle_cli.simulators.system.session import ResetReason, Session
from particle_cli.simulators.usb.answer import SILENCE, Agenda, Alarm, Answer
from particle_cli.simulators.usb.function import UsbFunction

if TYPE_CHECKING:
    from particle_cli.simulators.network.network import Network
    from particle_cli.simulators.network.numbers import Numbers

__all__ = ["Mode", "NotOffered", "SimulatedDevice"]

BACK_IN_DFU_MS = 1500.0
BACK_IN_NORMAL_MS = 2500.0
_REASONS = {
    BootRequest.NOTHING: ResetReason.USER,
    BootRequest.DFU: ResetReason.DFU_MODE,
    BootRequest.SAFE: ResetReason.SAFE_MODE,
    BootRequest.FACTORY: ResetReason.FACTORY_RESET,
}
LISTENS_MS = 300_000.0
"""How long an Electron stays in listening mode; other platforms stay for ever."""
LONGEST_OVERRIDE_S = 86400.0
"""For how long, while it runs, Device Protection can stay overridden."""


class SimulatedDevice(OutwardSide):
    """One device.

    Attributes:
        hardware: its kind, id and memories.
        agenda: what it will do by itself.
        link: its link to a network.
        connection: its way to the cloud.
        enumerations: how often it has appeared on the bus.
        usb: its side of the bus while it is enumerated, else None; another one after each reset.
        updating: whether it is receiving firmware.
        updates_enabled: whether its application lets it take firmware.
        updates_forced: whether the cloud has it take firmware all the same.
        environment: its environment variables.
        session: what its firmware has in RAM; another one after each reset.
        override_resets: how many resets Device Protection stays overridden (service mode); 0 for not.
        override_s: for how long after the last reset it stays so, while the firmware runs.
        faults: what is broken about it, in the words of `particle sim break`; see `scenario.breaking`.
        late_stall: whether a failed flash operation stalls the request after it (see `DfuGen3`).
    """

    def __init__(self, platform_id: int, device_id: str, *, load: Load | None = None) -> None:
        """Make a device without power. `load` gives the sectors of its flash; else it is blank.

        Raises: UnknownPlatform; ValueError for a platform that has no DFU mode.
        """
        super().__init__()
        platform = platform_of(platform_id)
        if platform.dfu is None:
            raise ValueError(f"{platform.name} has no DFU mode and cannot be simulated")
        self.hardware = Hardware(platform, device_id.lower(), load)
        self.agenda = Agenda()
        self.agenda.on_change = self.tell
        self.link = Link(self.hardware, lambda: self.connection.network)
        self.connection = Connection(
            self.agenda,
            self.link,
            may_connect=lambda: self.mode in (Mode.NORMAL, Mode.SAFE),
            set_up=lambda: self.listen(True),
        )
        self.enumerations = 0
        self.usb: UsbFunction | None = None
        self.updating = False
        self.updates_enabled = True
        self.updates_forced = False
        self.environment = Environment(self.hardware)
        self.session = Session(0.0)
        self._reset_reason = ResetReason.POWER_DOWN
        self.override_resets = 0
        self.override_s = LONGEST_OVERRIDE_S
        self.faults: tuple[str, ...] = ()
        self.late_stall = True
        self._watchers: list[Callable[[], None]] = []
        self._verdict: Verdict | None = None
        self._power_returns_ms: float | None = None

    @property
    def id(self) -> str:
        """The device id: 24 lower-case hexadecimal digits."""
        return self.hardware.device_id

    @property
    def platform(self) -> Platform:
        """What the catalogue says of its kind."""
        return self.hardware.platform

    @property
    def platform_id(self) -> int:
        """The platform's id."""
        return self.hardware.platform.id

    @property
    def online(self) -> bool:
        """Whether it is connected to the cloud."""
        return self.connection.online

    @property
    def took_leave(self) -> bool:
        """Whether it said goodbye to the cloud when its last session ended."""
        return self.connection.took_leave

    @property
    def network(self) -> Network:
        """What it has to reach a network with; loaded when first used, as most devices are only listed."""
        return self.link.network

    @property
    def numbers(self) -> Numbers:
        """What it and its radios are known by."""
        from particle_cli.simulators.network.numbers import numbers_of

        return numbers_of(self.hardware, self.network)

    def registered_key(self) -> bytes | None:
        """Return the public key that the factory has told the cloud, DER; None where devices speak TCP."""
        from particle_cli.simulators.hardware.factory_keys import device_key, public_der, speaks_udp

        return public_der(device_key(self.id)) if speaks_udp(self.platform) else None

    @property
    def ownership(self) -> Ownership:
        """What it knows of its owner."""
        return Ownership(self.hardware)

    @property
    def settled(self) -> bool:
        """Whether it will stay as it is until something from outside happens."""
        return self.agenda.settled

    @property
    def uptime_s(self) -> float:
        """For how many seconds its firmware has been running; 0 in any other mode."""
        return self.agenda.now_s - self.session.began_s if self.mode.runs_firmware else 0.0

    @property
    def led(self) -> Led:
        """What its LED shows."""
        connection = self.connection
        return led_of(
            self.mode,
            online=connection.online,
            connecting=connection.connecting,
            linked=connection.linked,
            updating=self.updating,
            nyan=self.session.nyan,
        )

    @property
    def verdict(self) -> Verdict:
        """What the last boot found in the flash; before the first one, what a boot would find."""
        if self._verdict is None:
            self._verdict = boot(self.hardware)
        return self._verdict

    @property
    def modules(self) -> tuple[InstalledModule, ...]:
        """The firmware modules in its flash at this moment, found and checked anew."""
        return installed_modules(self.hardware)

    # Whoever drives it

    def watch(self, watcher: Callable[[], None]) -> None:
        """Have a function called whenever mode, enumeration, agenda or connection may have changed."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Callable[[], None]) -> None:
        """End `watch`."""
        self._watchers.remove(watcher)

    def tell(self) -> None:
        """Call the watchers."""
        for watcher in tuple(self._watchers):
            watcher()

    def ring(self, alarm: Alarm) -> None:
        """Let an alarm of the agenda go off."""
        try:
            self.agenda.ring(alarm)
        except PowerCut:
            self.lose_power()

    def transfer(self, setup: Setup, data: bytes = b"") -> Answer:
        """Answer one control transfer; a device that is not on the bus, or loses its power, is silent.

        Args:
            setup: the setup packet.
            data: the bytes of an OUT data stage, `setup.length` of them.
        """
        if self.usb is None:
            return SILENCE
        try:
            return self.usb.transfer(setup, data)
        except PowerCut:
            self.lose_power()
            return SILENCE

    def bus_reset(self) -> None:
        """Reset its USB port, as a host does; the device itself goes on."""
        if self.usb is not None:
            self.usb.conversation.bus_reset()

    # Power and reset

    def power_on(self) -> None:
        """Give it power: it boots. Nothing happens when it has power."""
        if self.mode is Mode.OFF:
            self.reset(reason=ResetReason.POWER_DOWN)

    def power_off(self, *, back_after_s: float | None = None, work_done: float = 1.0) -> None:
        """Take its power away, at once.

        Args:
            back_after_s: when the power returns; None: not before `power_on`.
            work_done: how much is done of the flash operation that the device is busy with, 0 to 1.
        """
        self.hardware.flash.unfinish(work_done)
        self._power_returns_ms = None if back_after_s is None else back_after_s * 1000
        self.lose_power()

    def cut_power_during(
        self, operation: int, fraction: float = 0.5, *, back_after_s: float | None = 1.0
    ) -> None:
        """Let the power fail inside a flash operation to come.

        Args:
            operation: which erase or program from now on; 1 is the next.
            fraction: how much of it gets done.
            back_after_s: when the power returns; None: not before `power_on`.
        """
        self.hardware.flash.cut_power_during(operation, fraction)
        self._power_returns_ms = None if back_after_s is None else back_after_s * 1000

    def lose_power(self) -> None:
        """Lose the power, until it returns as `power_off` or `cut_power_during` have said."""
        self._stop(Mode.OFF)
        if self._power_returns_ms is not None:
            self.agenda.set("power", self._power_returns_ms, self.power_on)
        self.tell()

    def _stop(self, mode: Mode) -> None:
        """Leave the bus and the cloud, and forget all that was under way."""
        self.override_s = self.override_s - self.uptime_s if self.override_resets else LONGEST_OVERRIDE_S
        self.mode = mode
        self.usb = None
        self.updating = False
        self._stop_receiving()
        self._runtime = None
        self.connection.end(goodbye=mode is not Mode.OFF)
        self.link.reset()
        if self._serial_side is not None:
            self._serial_side.restarted()
        self.agenda.clear()

    def reset(self, request: BootRequest = BootRequest.NOTHING, *, reason: ResetReason | None = None) -> None:
        """Reset it; what is in flash decides how it comes back, and what is asked of the boot.

        Args:
            request: what is asked of the boot.
            reason: what the firmware will learn of why this was; None: what was asked for.
        """
        from particle_cli.simulators.firmware.pending_update import apply_pending
        from particle_cli.simulators.system.startup import starts_listening

        self._stop(Mode.RESETTING)
        self._reset_reason = reason or _REASONS[request]
        self.override_resets = max(0, self.override_resets - 1)
        try:
            taken_ms = apply_pending(self.hardware, factory_reset=request is BootRequest.FACTORY)
            verdict = self._verdict = boot(self.hardware, request)
            listens = verdict.mode.runs_firmware and starts_listening(self)
        except PowerCut:
            self.lose_power()
            return
        if verdict.mode is Mode.DEAD:
            self.mode = Mode.DEAD
            self.tell()
            return
        back_ms = BACK_IN_DFU_MS if verdict.mode is Mode.DFU else BACK_IN_NORMAL_MS
        self.agenda.set("boot", taken_ms + back_ms, lambda: self._come_up(verdict.mode, listens))

    def _come_up(self, mode: Mode, listens: bool) -> None:
        from particle_cli.simulators.enumeration import usb_function

        self.mode = mode
        self.session = Session(self.agenda.now_s, self._reset_reason)
        self.enumerations += 1
        self.usb = usb_function(self)
        self.connection.automatic = True  # what stopped it lasts until the next reset
        if listens:
            self.listen(True)
        self._mode_changed()

    def _mode_changed(self) -> None:
        self.run_application()
        self.tell()

    @property
    def _whole(self) -> SimulatedDevice:
        return self

    # People

    def press(self, button: str, hold_s: float = 0.1) -> None:
        """Press and let go.

        Args:
            button: `reset`; `mode`; or `both`: RESET tapped while MODE is held.
            hold_s: how long MODE is held. Alone, 3 s start or end listening mode, and 10 s forget all Wi-Fi
                networks; after RESET, 1 s means safe mode and 3 s DFU mode.

        Raises: ValueError for another button.
        """
        press(self, button, hold_s)

    def listen(self, on: bool) -> None:
        """Start or end listening mode; only firmware that runs can, and if the application lets it."""
        if on and (self.mode is Mode.SAFE or (self.mode is Mode.NORMAL and self.policy.listening)):
            self.mode_behind_listening, self.mode = self.mode, Mode.LISTENING
            self.connection.leave()
            self.limit_listening()
        elif not on and self.mode is Mode.LISTENING:
            self.agenda.cancel("listening")
            self.mode = self.mode_behind_listening
            self.connection.seek()
        self._mode_changed()

    def limit_listening(self) -> None:
        """Let listening mode end by itself after some time, on the platforms that have such a limit."""
        if self.platform.family == "gen2" and self.platform.interfaces.cellular:
            self.agenda.set("listening", LISTENS_MS, lambda: self.listen(False), background=True)
