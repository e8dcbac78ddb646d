"""The device as its own firmware and bootloader see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from particle_cli.simulators.firmware.boot import BootRequest, Mode, Verdict
from particle_cli.simulators.hardware.hardware import Hardware
from particle_cli.simulators.system.connection import Connection
from particle_cli.simulators.system.environment import Environment
from particle_cli.simulators.system.policy import ApplicationPolicy
from particle_cli.simulators.system.session import ResetReason, Session
from particle_cli.simulators.usb.answer import Agenda

if TYPE_CHECKING:
    from particle_cli.simulators.network.network import Network
    from particle_cli.simulators.usb.serial_end import SerialEnd


class System(Protocol):
    """What the parts of a device that talk to a host can see of it, and do to it.

    Attributes:
        updating: whether it is receiving firmware.
        override_resets: how many resets Device Protection stays overridden; 0 for not.
        override_s: for how long after the last reset it stays so.
    """

    updating: bool
    override_resets: int
    override_s: float

    @property
    def hardware(self) -> Hardware:
        """Its kind, id and memories."""
        ...

    @property
    def agenda(self) -> Agenda:
        """What it will do by itself."""
        ...

    @property
    def connection(self) -> Connection:
        """Its way to the cloud."""
        ...

    @property
    def network(self) -> Network:
        """What it has to reach a network with."""
        ...

    @property
    def mode(self) -> Mode:
        """What it is doing."""
        ...

    @property
    def serial(self) -> SerialEnd:
        """Its end of the USB serial port."""
        ...

    @property
    def console_busy(self) -> bool:
        """Whether its serial console is at work, or waits for somebody to type."""
        ...

    @property
    def application_runs(self) -> bool:
        """Whether its application runs: not in safe mode, where only the system does."""
        ...

    @property
    def verdict(self) -> Verdict:
        """What the last boot found."""
        ...

    @property
    def uptime_s(self) -> float:
        """For how many seconds its firmware has been running."""
        ...

    @property
    def session(self) -> Session:
        """What its firmware has in RAM."""
        ...

    @property
    def policy(self) -> ApplicationPolicy:
        """What its application lets the system do."""
        ...

    @property
    def environment(self) -> Environment:
        """Its environment variables."""
        ...

    @property
    def updates_enabled(self) -> bool:
        """Whether its application lets it take firmware."""
        ...

    @property
    def updates_forced(self) -> bool:
        """Whether the cloud has it take firmware all the same."""
        ...

    @property
    def request_handler(self) -> Callable[[bytes], bytes] | None:
        """Python code that answers the application's own control requests."""
        ...

    @property
    def late_stall(self) -> bool:
        """Whether a failed flash operation stalls the request after it."""
        ...

    def reset(self, request: BootRequest = BootRequest.NOTHING, *, reason: ResetReason | None = None) -> None:
        """Reset it, now; the reason is what was asked for if none is given."""
        ...

    def listen(self, on: bool) -> None:
        """Start or end listening mode."""
        ...
