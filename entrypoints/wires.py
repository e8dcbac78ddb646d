"""Which concrete wire goes where: the one file that knows.

A command is handed a `Desk` (files, the person, settings) or `Wires` (those, and the wires that lead to
devices and servers). Each wire is made when it is first asked for, so a command pays, in imports too,
only for what it uses.
"""

from __future__ import annotations

import sys
from contextlib import asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from particle_cli.ports.errors import UsageError

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
    from types import TracebackType
    from typing import Self, TypeVar

    from particle_cli.adapters.http import AiohttpClient
    from particle_cli.domain.settings import Profile, Settings
    from particle_cli.entrypoints.embedded import EmbeddedWorld
    from particle_cli.entrypoints.session_keeping import KeyRing, SessionKeeping
    from particle_cli.entrypoints.traces import Traces
    from particle_cli.ports.clock import Clock
    from particle_cli.ports.files import Files
    from particle_cli.ports.http import Http
    from particle_cli.ports.person import Person
    from particle_cli.ports.serial import Serial
    from particle_cli.ports.usb import Usb
    from particle_cli.simulators.world import World

    T = TypeVar("T")

SIM = "sim:"
STDIN = "-"
"""What stands for standard input in place of a file's path."""
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

    def read(self, path: str) -> bytes:
        """Return the bytes of a file, of `-` those that come on standard input. Raises: FileError."""
        if path != STDIN:
            return self.files.read(path)
        from particle_cli.adapters.terminal.piped import bytes_piped

        return bytes_piped(sys.stdin)

    def typed(self) -> AsyncIterator[bytes]:
        """Return what is typed or piped in on standard input, as it comes."""
        from particle_cli.adapters.terminal.typed import pieces_typed

        return pieces_typed(sys.stdin)

    def show_page(self, url: str) -> bool:
        """Open a web page in the person's browser, and tell whether one took it; in CI, and for nobody, none.

        Args:
            url: absolute, http or https.
        """
        if not self.person.present or self.environment.get("CI"):
            return False
        from particle_cli.adapters.browser import show_page

        return show_page(url, self.environment)

    def read_secret(self, what: str) -> str:
        """Return the next line on standard input, hidden if somebody types it there. Raises: NobodyThere."""
        from particle_cli.adapters.terminal.piped import secret_piped

        return secret_piped(what, sys.stdin, sys.stderr)

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

    @cached_property
    def session(self) -> SessionKeeping:
        """The login of the profile in use."""
        return self.session_of(self.profile)

    def session_of(self, profile: Profile) -> SessionKeeping:
        """Return the login of a profile."""
        from particle_cli.entrypoints.session_keeping import SessionKeeping

        return SessionKeeping(profile, self.settings, self.environment, self._key_ring)

    @staticmethod
    def _key_ring() -> KeyRing:
        from particle_cli.adapters.key_ring import SystemKeyRing

        return SystemKeyRing()


class Wires(Desk):
    """All wires of one command, each leading where the profile (or `--bus`) says.

    To be used in an `async with` in a coroutine that `run` is given; its end leaves the embedded
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
        endless: bool = False,
        insecure: bool = False,
        traces: Traces | None = None,
    ) -> None:
        """Decide nothing yet but where the wires end.

        Args:
            environment: the variables of the environment.
            person: whoever sits at the terminal.
            profile: name that overrides the current profile.
            buses: where USB devices are looked for, instead of where the profile says.
            reads_only: whether the embedded world will be left as it is.
            command: what is being run, told to others who wait for the embedded world.
            endless: whether it goes on until somebody ends it, so that its time has to be a person's.
            insecure: whether tokens may go over plain HTTP to other machines.
            traces: what is recorded of the wires, or None.
        """
        from particle_cli.entrypoints.parking import ParkingPerson

        super().__init__(environment, ParkingPerson(person, self._parked), profile=profile)
        self._buses = buses
        self._reads_only = reads_only
        self._command = command
        self._endless = endless
        self._insecure = insecure
        self._traces = traces
        self._embedded: EmbeddedWorld | None = None
        self._client: AiohttpClient | None = None

    # -- where they end --------------------------------------------------------------------------------

    @cached_property
    def bus(self) -> str:
        """Where USB devices are looked for: `libusb` or `sim:`. Raises: UsageError."""
        if len(self._buses) > 1:
            raise UsageError("Only one --bus can be used at a time.", next_step="Pass --bus once.")
        where = self._buses[0] if self._buses else self.profile.usb
        if where not in ("libusb", SIM):
            raise UsageError(
                f"'{where}' is no place to look for USB devices.",
                next_step="Use libusb or sim:, with --bus or as the setting usb.",
            )
        return where

    @cached_property
    def all_simulated(self) -> bool:
        """Whether every wire ends in the embedded world."""
        return all(end == SIM for end in (self.profile.api_url, self.bus, self.profile.serial))

    @cached_property
    def speed(self) -> float | None:
        """How many times faster than real time the embedded world runs; None: as fast as it can.

        Raises: UsageError.
        """
        given = self.environment.get(SPEED_VARIABLE)
        if not given:
            return 1.0 if self._endless else None
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

    @property
    def loop_factory(self) -> Callable[[], asyncio.AbstractEventLoop]:
        """The maker of the event loop: in virtual time if no wire is real and nobody paces the world."""
        if self.all_simulated and self.speed is None:
            from particle_cli.simulators.virtual_time import VirtualTimeLoop

            return VirtualTimeLoop
        import asyncio

        return asyncio.new_event_loop

    def run(self, main: Callable[[], Coroutine[object, object, T]]) -> T:
        """Run a coroutine function that uses the wires, on the event loop that they need."""
        import asyncio

        with asyncio.Runner(loop_factory=self.loop_factory) as runner:
            return runner.run(main())

    # -- the wires -------------------------------------------------------------------------------------

    @cached_property
    def clock(self) -> Clock:
        """The embedded world's clock where nothing else is on any wire, else real time."""
        if self.all_simulated:
            return self._world_clock
        from particle_cli.adapters.clock import LoopClock

        return LoopClock()

    @cached_property
    def _world_clock(self) -> Clock:
        from particle_cli.adapters.clock import LoopClock, PacedClock

        if self.all_simulated and self.speed is None:
            from datetime import UTC, datetime

            return LoopClock(epoch=datetime.now(UTC))
        return PacedClock(self.speed or 1)

    @cached_property
    def usb(self) -> Usb:
        """The USB wire."""
        return self._traces.usb(self._usb_end, self.clock) if self._traces else self._usb_end

    @cached_property
    def _usb_end(self) -> Usb:
        if self.bus == SIM:
            return self.world.bus
        from particle_cli.adapters.libusb.bus import LibUsb

        return LibUsb()

    @cached_property
    def serial(self) -> Serial:
        """The serial ports."""
        return self._traces.serial(self._serial_end) if self._traces else self._serial_end

    @cached_property
    def _serial_end(self) -> Serial:
        if self.profile.serial == SIM:
            return self.world.serial
        from particle_cli.adapters.serial_port import SerialPorts

        return SerialPorts()

    @property
    def api_url(self) -> str:
        """The address of the cloud's API, to be reached through `http`."""
        return self.world.cloud.origin if self.profile.api_url == SIM else self.profile.api_url

    @cached_property
    def allows_plain_http(self) -> bool:
        """Whether tokens may go over plain HTTP to other machines; the person is warned once if they will."""
        if self._insecure and self.profile.api_url != SIM:
            from particle_cli.domain.cloud.addresses import may_carry_secrets

            if not may_carry_secrets(self.profile.api_url):
                self.person.warn(
                    f"{self.profile.api_url} is reached over plain HTTP: others can read passwords and "
                    "tokens on their way there."
                )
        return self._insecure

    @cached_property
    def http(self) -> Http:
        """The HTTP wire to the cloud."""
        return self._traces.http(self._http_end, self.clock) if self._traces else self._http_end

    @cached_property
    def _http_end(self) -> Http:
        if self.profile.api_url == SIM:
            return self.world.cloud
        from particle_cli import __version__
        from particle_cli.adapters.http import AiohttpClient, Proxies

        proxies = Proxies.from_environment(self.environment, proxy=self.profile.proxy_url)
        self._client = AiohttpClient(proxies=proxies, user_agent=f"particle-cli/{__version__}")
        return self._client

    # -- the embedded world ----------------------------------------------------------------------------

    @property
    def world(self) -> World:
        """The embedded world of the profile. Raises: UsageError where it has none, WorldError."""
        return self.embedded.world

    @property
    def embedded(self) -> EmbeddedWorld:
        """What locks, loads and saves the embedded world. Raises: UsageError where there is none."""
        if self._embedded is None:
            self._embedded = self._make_embedded()
        return self._embedded

    def _make_embedded(self) -> EmbeddedWorld:
        if SIM not in (self.profile.api_url, self.bus, self.profile.serial):
            raise UsageError(
                f"The profile '{self.profile.name}' has no simulated devices.",
                next_step="Run particle config sim, or pass --profile sim.",
            )
        from particle_cli.entrypoints.embedded import EmbeddedWorld
        from particle_cli.entrypoints.outgoing import WayOut
        from particle_cli.simulators.world import World

        return EmbeddedWorld(
            self.settings.world_folder(self.profile.name),
            World(self._world_clock, outgoing=WayOut(self.environment)),
            files=self.files,
            person=self.person,
            command=self._command,
            reads_only=self._reads_only,
        )

    @asynccontextmanager
    async def _parked(self) -> AsyncIterator[None]:
        if self._embedded is None:
            yield
            return
        async with self._embedded.parked():
            yield

    async def __aenter__(self) -> Self:
        """Nothing is opened before it is asked for."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Save the embedded world, whatever happened in it, and close what was opened."""
        try:
            if self._embedded is not None:
                await self._embedded.leave(error)
        finally:
            if self._client is not None:
                await self._client.close()
