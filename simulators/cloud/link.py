"""What the cloud sees of a device: a far end that is connected or not, and answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from particle_cli.domain.firmware.extensions import ExtensionType
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.simulators.firmware.application import Value
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.firmware.installed import InstalledModule

if TYPE_CHECKING:
    from particle_cli.simulators.network.numbers import Numbers


class Ownership(Protocol):
    """What a device knows of its owner."""

    @property
    def claim_code(self) -> str | None:
        """The claim code that it was given, to be shown to the cloud."""
        ...

    def note(self, claimed: bool) -> None:
        """Learn that it has an owner, or none any more."""
        ...


class Environment(Protocol):
    """The environment variables of a device.

    Attributes:
        from_cloud: those that the cloud has sent, all together.
    """

    from_cloud: Mapping[str, str]


class CloudDevice(Protocol):
    """A device, from the cloud's side of the network; `SimulatedDevice` is one.

    Attributes:
        updates_forced: whether the cloud has told it to take firmware whatever its application says.
        uplink: what takes the events that it publishes to the cloud: name, data, and whether all the world
            may know.
    """

    updates_forced: bool
    uplink: Callable[[str, str | None, bool], None] | None

    @property
    def id(self) -> str:
        """24 lower-case hexadecimal digits."""
        ...

    @property
    def platform_id(self) -> int:
        """Platform id."""
        ...

    @property
    def online(self) -> bool:
        """Whether a session with the cloud is open."""
        ...

    @property
    def took_leave(self) -> bool:
        """Whether it said goodbye when its last session ended."""
        ...

    @property
    def mode(self) -> Mode:
        """What it is doing."""
        ...

    @property
    def modules(self) -> Sequence[InstalledModule]:
        """The firmware modules in its flash."""
        ...

    @property
    def functions(self) -> Sequence[str]:
        """Names of the functions that its application offers."""
        ...

    @property
    def variables(self) -> Mapping[str, str]:
        """Names and types (`int`, `double`, `bool`, `string`) of its application's variables."""
        ...

    @property
    def numbers(self) -> Numbers:
        """What it and its radios are known by."""
        ...

    @property
    def updates_enabled(self) -> bool:
        """Whether its application lets it take firmware."""
        ...

    @property
    def ownership(self) -> Ownership:
        """What it knows of its owner."""
        ...

    @property
    def environment(self) -> Environment:
        """Its environment variables."""
        ...

    def registered_key(self) -> bytes | None:
        """Return the public key (P-256, SubjectPublicKeyInfo) that the factory has told the cloud, if any."""
        ...

    def call(self, name: str, argument: str) -> int:
        """Call a function. Raises: LookupError when the application has none of that name."""
        ...

    def variable(self, name: str) -> Value:
        """Return a variable's value. Raises: LookupError when the application has none of that name."""
        ...

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """How the names of the events begin that its application wants to be told of."""
        ...

    def hear(self, name: str, data: str | None, *, waited_for: bool) -> None:
        """Be told of an event; see `Events.arrive`."""
        ...

    def reached_cloud(self) -> None:
        """Learn that a session with the cloud has just begun."""
        ...

    @property
    def receiving(self) -> bool:
        """Whether firmware from the cloud is on its way, or has come and will run after the reset to come."""
        ...

    def take_firmware(self, files: Sequence[bytes], ended: Callable[[int], None]) -> None:
        """Begin to receive firmware.

        Args:
            files: module files; of several, all but the last are assets.
            ended: told how it ended, once: 0, or a code of `system_error`.
        """
        ...

    def watch(self, watcher: Callable[[], None]) -> None:
        """Have a function called whenever `online` may have changed."""
        ...

    def unwatch(self, watcher: Callable[[], None]) -> None:
        """End `watch`."""
        ...


@frozen
class Description:
    """What a device tells of itself when it connects.

    Attributes:
        functions: names.
        variables: (name, type) with the types as the REST API calls them.
        system_version: version of its last system part, or None when it has none.
        safe_mode: whether it runs without its application.
        protected: whether its bootloader is that of a device with Device Protection.
    """

    functions: tuple[str, ...]
    variables: tuple[tuple[str, str], ...]
    system_version: int | None
    safe_mode: bool
    protected: bool


def describe(device: CloudDevice) -> Description:
    """Ask a device to describe itself."""
    modules = device.modules
    system_parts = [
        module.prefix
        for module in modules
        if module.prefix.function == ModuleFunction.SYSTEM_PART and module.usable
    ]
    last = max(system_parts, key=lambda prefix: prefix.index, default=None)
    return Description(
        functions=tuple(device.functions),
        variables=tuple((name, _API_TYPES.get(kind, kind)) for name, kind in device.variables.items()),
        system_version=last.version if last else None,
        safe_mode=device.mode is Mode.SAFE,
        protected=any(map(_locks, modules)),
    )


def _locks(module: InstalledModule) -> bool:
    """Tell whether a module is the bootloader of a device with Device Protection."""
    if module.prefix.function != ModuleFunction.BOOTLOADER or module.module is None:
        return False
    records = module.module.suffix.extensions
    return any(one.type == ExtensionType.SECURITY_MODE and one.data[:1] == b"\x01" for one in records)


_API_TYPES: Mapping[str, str] = {"int": "int32"}
