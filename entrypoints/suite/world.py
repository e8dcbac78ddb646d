"""A simulated world as a test handles it."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from particle_cli.entrypoints.cli.main import main
from particle_cli.entrypoints.cli.stage import Stage
from particle_cli.entrypoints.suite.device import ParticleDevice
from particle_cli.entrypoints.suite.ran import Ran
from particle_cli.entrypoints.suite.resident import ResidentWires, ResidentWorld

if TYPE_CHECKING:
    from particle_cli.simulators.device import SimulatedDevice
    from particle_cli.simulators.scenario.description import Scenario
    from particle_cli.simulators.world import World

_SHOWN_COMMANDS: Final = 5


class ParticleWorld:
    """Simulated devices and a simulated cloud, in memory, for one test.

    Time in it is virtual, and passes only while something is done in it. Everything here can be called from
    plain tests and from coroutines alike.
    """

    def __init__(self, *, home: Callable[[], Path], folder: Path) -> None:
        """Begin with an empty world.

        Args:
            home: makes an empty folder to be the home folder of command lines, when the first one is run.
            folder: where the paths of scenarios and applications begin.
        """
        self._resident = ResidentWorld()
        self._make_home = home
        self._folder = folder
        self._home: Path | None = None
        self._devices: dict[str, ParticleDevice] = {}
        self._ran: list[Ran] = []

    def close(self) -> None:
        """End the world; it cannot be used any more."""
        self._resident.close()

    @property
    def simulated(self) -> World:
        """The world itself, with everything that is not here: bus, cloud, air."""
        return self._resident.world

    # Devices

    @property
    def devices(self) -> tuple[ParticleDevice, ...]:
        """All devices, in the order in which they were last plugged in."""
        return tuple(map(self._handled, self.simulated.devices))

    def device(self, word: str) -> ParticleDevice:
        """Return the device with that id or name. Raises: NoSuchDevice."""
        return self._handled(self.simulated.device(word))

    def _handled(self, simulated: SimulatedDevice) -> ParticleDevice:
        """Return the one handle that there is of a device."""
        known = self._devices.get(simulated.id)
        if known is None or known.simulated is not simulated:
            known = self._devices[simulated.id] = ParticleDevice(self._resident, simulated)
        return known

    def add(self, platform: str = "boron", **description: object) -> ParticleDevice:
        """Add a device and wait until it has come up.

        Args:
            platform: the name of its platform.
            description: whatever else a `[[device]]` of a scenario may say: name, device_os, application,
                mode, protected, faults, …

        Raises: ScenarioWrong, CannotBuild, NameTaken.
        """
        (device,) = self.load({"device": [{"platform": platform, **description}]})
        return device

    def load(self, scenario: str | Path | Mapping[str, object] | Scenario) -> tuple[ParticleDevice, ...]:
        """Add all that a scenario describes; return its devices, in its order.

        Args:
            scenario: a name of the gallery (see `particle sim scenarios`), the path of a TOML file, or what
                such a file holds.

        Raises: ScenarioWrong, CannotBuild, NameTaken, FileError.
        """
        from particle_cli.entrypoints.suite.scenarios import find_scenario

        found = find_scenario(scenario, self._folder)
        devices = self._resident.run(lambda: self.simulated.populate(found))
        return tuple(map(self._handled, devices))

    # Time

    @property
    def seconds(self) -> float:
        """The seconds that have passed since the world began."""
        return self._resident.seconds

    def advance(self, seconds: float) -> None:
        """Let time pass."""

        async def wait() -> None:
            await self.simulated.bus.attached()  # drives the devices
            await self._resident.clock.sleep(seconds)

        self._resident.run(wait)

    # Command lines

    def run(self, *words: str | Path, typed: str | bytes = "", check: bool = False) -> Ran:
        """Run a command line of `particle` in this process and this world.

        It sees a home folder of its own, the current folder, and no network.

        Args:
            words: what stands after `particle`.
            typed: what it reads on stdin.
            check: whether it has to end well.

        Raises: CommandFailed, with all that it printed, if it did not and `check` says that it has to.
        """
        __tracebackhide__ = True
        self._resident.check_free()
        told = tuple(map(str, words))
        stage = Stage({"HOME": str(self.home)}, partial(ResidentWires, self._resident))
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2))
        content = typed if isinstance(typed, bytes) else typed.encode()
        stdin, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(content), encoding="utf-8")
        try:
            with redirect_stdout(out), redirect_stderr(err):
                code = main(told, stage=stage)
        finally:
            sys.stdin = stdin
        ran = Ran(told, code, _text(out), _text(err))
        self._ran.append(ran)
        return ran.check() if check else ran

    @property
    def home(self) -> Path:
        """The home folder of the command lines; the profile `sim` is in force there."""
        if self._home is None:
            from particle_cli.adapters.disk import Disk
            from particle_cli.domain.settings import SIM_PROFILE, Settings

            self._home = self._make_home()
            Settings(Disk(), str(self._home), warn=lambda text: None).switch(SIM_PROFILE)
        return self._home

    def report(self) -> str:
        """Return how everything is, and what was run last: shown beside a test that fails."""
        lines = [f"{self.seconds:.1f} s have passed in the simulated world."]
        lines += [f"  {device!r}" for device in self.devices]
        for ran in self._ran[-_SHOWN_COMMANDS:]:
            lines += ["", str(ran)]
        return "\n".join(lines)


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
