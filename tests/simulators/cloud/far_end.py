"""A device that the cloud can be shown, without flash or firmware."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from particle_cli.simulators.firmware.application import Value
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.firmware.installed import InstalledModule
from particle_cli.simulators.network.numbers import Numbers
from particle_cli.simulators.system.runtime import NotOffered

BORON, ARGON = 13, 12


class NotedOwnership:
    """Keeps what it is told."""

    claim_code: str | None = None
    claimed = False

    def note(self, claimed: bool) -> None:
        self.claimed = claimed


class NotedEnvironment:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.from_cloud: Mapping[str, str] = {}


class FarEnd:
    """Offers what it is given, and tells its watchers when it comes and goes."""

    def __init__(
        self,
        number: int = 1,
        platform_id: int = BORON,
        *,
        functions: dict[str, Callable[[str], int]] | None = None,
        values: dict[str, Value] | None = None,
        online: bool = True,
    ) -> None:
        self.id = f"{number:024x}"
        self.platform_id = platform_id
        self.handlers = functions or {}
        self.values = values or {}
        self.mode = Mode.NORMAL
        self.modules: tuple[InstalledModule, ...] = ()
        self.online = online
        self.took_leave = True
        self.updates_enabled = True
        self.updates_forced = False
        self.numbers = Numbers(f"SIM{platform_id}{number:010X}")
        self.ownership = NotedOwnership()
        self.environment = NotedEnvironment()
        self.uplink: Callable[[str, str | None, bool], None] | None = None
        self.subscriptions: tuple[str, ...] = ()
        self.heard: list[tuple[str, str | None]] = []
        self.delivery: tuple[tuple[bytes, ...], Callable[[int], None]] | None = None
        self.watchers: list[Callable[[], None]] = []

    @property
    def functions(self) -> tuple[str, ...]:
        return tuple(self.handlers)

    @property
    def variables(self) -> dict[str, str]:
        kinds = {bool: "bool", int: "int", float: "double", str: "string"}
        return {name: kinds[type(value)] for name, value in self.values.items()}

    def registered_key(self) -> bytes | None:
        return None

    def call(self, name: str, argument: str) -> int:
        if name not in self.handlers:
            raise NotOffered(name)
        return self.handlers[name](argument)

    def variable(self, name: str) -> Value:
        if name not in self.values:
            raise NotOffered(name)
        return self.values[name]

    def hear(self, name: str, data: str | None, *, waited_for: bool) -> None:
        self.heard.append((name, data))

    def reached_cloud(self) -> None:
        pass

    @property
    def receiving(self) -> bool:
        return self.delivery is not None

    def take_firmware(self, files: Sequence[bytes], ended: Callable[[int], None]) -> None:
        self.delivery = (tuple(files), ended)

    def end_delivery(self, result: int) -> None:
        """Tell how the delivery of firmware ended."""
        assert self.delivery is not None
        (_, ended), self.delivery = self.delivery, None
        ended(result)

    def watch(self, watcher: Callable[[], None]) -> None:
        self.watchers.append(watcher)

    def unwatch(self, watcher: Callable[[], None]) -> None:
        self.watchers.remove(watcher)

    def go(self, *, online: bool, goodbye: bool = True) -> None:
        """Connect or disconnect."""
        self.online, self.took_leave = online, goodbye
        for watcher in tuple(self.watchers):
            watcher()
