"""Which concrete wire goes where: the one file that knows.

A command is handed a `Desk` (files, the person, settings) or `Wires` (those, and the wires that lead to
devices and servers). Each wire is made when it is first asked for, so a command pays, in imports too,
only for what it uses.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from particle_cli.ports.errors import UsageError

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType
    from typing import Self

    from particle_cli.entrypoints.embedded import EmbeddedWorld
    from particle_cli.simulators.world import World

    from particle_cli.domain.settings import Profile, Settings
    from particle_cli.ports.clock import Clock
    from particle_cli.ports.files import Files
    from particle_cli.ports.http import Http
    from particle_cli.ports.person import Person
    from particle_cli.ports.serial import Serial
    from particle_cli.ports.usb import Usb

SIM = "sim:"
SPEED_VARIABLE = "PARTICLE_SIM_SPEED"


class Desk:
    """What ends at this machine, and the settings kept on it.

    Attributes:
        person: whoever sits at the terminal.
        environment: the variables of the environment.
    """

    def __init__(self, environment: Mapping[str, str], person: Person, *, profile: str | None = None) -> None:
        """Keep what was handed over; `profile` overrides the current one."""
        self.environment = environment
        self.person = person
        self._profile_asked = profile

    @cached_property
    def files(self) -> Files:
        """The disk of this machine."""
        from particle_cli.adapters.disk import Disk

        return Disk()

    @cached_property
    def home(self) -> str:
        """The person's home folder. Raises: NoHome."""
        from particle_cli.domain.settings import home_folder

        return home_folder(self.environment, self.files)

    @cached_property
    def settings(self) -> Settings:
        """The settings files. Raises: NoHome."""
        from particle_cli.domain.settings import Settings

        return Settings(self.files, self.home, warn=self.person.warn)

    @property
    def profile_name(self) -> str:
        """The name of the profile in use."""
        return self._profile_asked or self.settings.current()

    @cached_property
    def profile(self) -> Profile:
        """The profile in use, as it was when it was first asked for."""
        return self.settings.profile(self.profile_name)


class Wires(Desk):
    """All wires of one command, each leading where the profile (or `--bus`) says.

    To be used in an `async with` on an event loop that `loop_factory` made; its end leaves the embedded
    world saved, unless the command only reads.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        person: Person,
        *,
        profile: str | None = None,
        buses: Sequence[str] = (),
        reads_only: bool = False,
        command: str = "",
    ) -> None:
        """Decide nothing yet but where the wires end.

        Args:
            environment: the variables of the environment.
            person: whoever sits at the terminal.
            profile: name that overrides the current profile.
            buses: where USB devices are looked for, instead of where the profile says.
            reads_only: whether the embedded world will be left as it is.
            command: what is being run, told to others who wait for the embedded world.
        """
        super().__init__(environment, person, profile=profile)
        self._buses = buses
        self._reads_only = reads_only
        self._command = command
        self._closing: list[Callable[[], object]] = []

    @cached_property
    def bus(self) -> str:
        """Where USB devices are looked for: `libusb` or `sim:`. Raises: UsageError."""
        if len(self._buses) > 1:
            raise UsageError("Only one --bus can be used at a time.", next_step="Pass --bus once.")
        where = self._buses[0] if self._buses else self.profile.usb
        return _one_of(where, ("libusb", SIM), "usb", self.profile.name)

    @cached_property
    def speed(self) -> float | None:
        """How many times faster than real time the simulated world runs; None: as fast as it can.

        Raises: UsageError.
        """
        given = self.environment.get(SPEED_VARIABLE)
        if not given:
            return None
        try:
            speed = float(given)
        except ValueError:
            speed = 0.0
        if not 0 < speed < float("inf"):
            raise UsageError(
                f"{SPEED_VARIABLE} is '{given}', not a number above 0.",
                next_step=f"Set {SPEED_VARIABLE}=1 for real time, or unset it for no waiting at all.",
            )
        return speed

    @cached_property
    def virtual(self) -> bool:
        """Whether time is virtual: every wire ends in the embedded world, and nobody paces it."""
        ends = (self.profile.api_url, self.bus, self.profile.serial)
        return self.speed is None and all(end == SIM for end in ends)

    @cached_property
    def loop_factory(self) -> Callable[[], asyncio.AbstractEventLoop]:
        """The maker of the event loop that the wires need."""
        if self.virtual:
            from particle_cli.simulators.virtual_time import VirtualTimeLoop

            return VirtualTimeLoop
        import asyncio

        return asyncio.new_event_loop

    @cached_property
    def clock(self) -> Clock:
        """The clock of the event loop; in a paced world, of that world."""
        from datetime import UTC, datetime

        from particle_cli.adapters.clock import LoopClock, PacedClock

        if self.virtual:
            return LoopClock(epoch=datetime.now(UTC))
        return LoopClock() if self.speed is None else PacedClock(self.speed)

    @cached_property
    def usb(self) -> Usb:
        """The USB wire."""
        if self.bus == SIM:
            return self.world.bus
        from particle_cli.adapters.libusb import LibUsb

        return LibUsb()

    @cached_property
    def http(self) -> Http:
        """The HTTP wire to the cloud."""
        if self.profile.api_url == SIM:
            return self.world.cloud
        from particle_cli.adapters.aiohttp_client import AiohttpClient

        return AiohttpClient()

    @cached_property
    def serial(self) -> Serial:
        """The serial wire."""
        raise NotImplementedError

    @property
    def world(self) -> World:
        """The embedded world of the profile."""
        return self.embedded.world

    @cached_property
    def embedded(self) -> EmbeddedWorld:
        """The embedded world's file and lock."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        """Nothing is opened before it is asked for."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what was opened."""


def _one_of(value: str, known: Sequence[str], key: str, profile: str) -> str:
    if value in known:
        return value
    raise UsageError(
        f"'{value}' is no place where `{key}` can end (profile {profile}).",
        next_step=f"Run particle config set {key} {known[0]}, or use one of: {', '.join(known)}.",
    )
