"""Which firmware modules and assets a device holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum, IntFlag
from typing import TYPE_CHECKING, Final

from attrs import frozen

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.exchange import exchange, member, parsed
from particle_cli.domain.control.messages import describe_pb2 as describe
from particle_cli.domain.control.messages import storage_pb2 as storage
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Dependency

if TYPE_CHECKING:
    from particle_cli.domain.firmware.describes import DescribedModule


class ModuleStore(Enum):
    """Where a module lies."""

    MAIN = 0
    """In its place, from where it runs."""
    FACTORY = 1
    """As what a factory reset puts back."""
    BACKUP = 2
    SCRATCHPAD = 3


class Check(IntFlag):
    """What the device tests of a module."""

    INTEGRITY = 2
    DEPENDENCIES = 4
    RANGE = 8
    PLATFORM = 16


_NOTHING: Final = Check(0)


@frozen
class Asset:
    """A file that an application brings along.

    Attributes:
        name: its name.
        sha256: hash of its content, in hex digits; empty where the device does not tell.
        size: bytes, 0 where the device does not tell.
        storage_size: bytes that it takes on the device, 0 where the device does not tell.
    """

    name: str
    sha256: str
    size: int = 0
    storage_size: int = 0


@frozen
class InstalledModule:
    """A firmware module on a device.

    Attributes:
        function: what it is for, a ModuleFunction or another number.
        index: which one of these.
        version: its version.
        store: where it lies, or None for a place that only newer firmware knows.
        size: bytes.
        max_size: bytes that there is room for; None from Device OS before 5.6.
        sha256: its hash in hex digits; None where the device does not tell.
        failed: the checks that it does not pass.
        dependencies: what it needs.
        assets: the assets that it needs.
    """

    function: int
    index: int
    version: int
    store: ModuleStore | None
    size: int
    max_size: int | None = None
    sha256: str | None = None
    failed: Check = _NOTHING
    dependencies: tuple[Dependency, ...] = ()
    assets: tuple[Asset, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether the device would run it."""
        return not self.failed


@frozen
class AssetInfo:
    """The assets that a device holds, and those that its application asks for."""

    available: tuple[Asset, ...]
    required: tuple[Asset, ...]

    @property
    def missing(self) -> tuple[Asset, ...]:
        """The assets that are asked for and not there under that name with that content."""
        held = {(asset.name, asset.sha256) for asset in self.available}
        return tuple(asset for asset in self.required if (asset.name, asset.sha256) not in held)


_LEGACY_FUNCTIONS: Final[Mapping[int, ModuleFunction]] = {
    storage.BOOTLOADER: ModuleFunction.BOOTLOADER,
    storage.SYSTEM_PART: ModuleFunction.SYSTEM_PART,
    storage.USER_PART: ModuleFunction.USER_PART,
    storage.MONO_FIRMWARE: ModuleFunction.MONO_FIRMWARE,
    storage.NCP_FIRMWARE: ModuleFunction.NCP_FIRMWARE,
    storage.RADIO_STACK: ModuleFunction.RADIO_STACK,
}
_STORE_LETTERS: Final = {
    "m": ModuleStore.MAIN,
    "f": ModuleStore.FACTORY,
    "b": ModuleStore.BACKUP,
    "t": ModuleStore.SCRATCHPAD,
}
_LEGACY_CHECKS: Final = {
    storage.INTEGRITY_CHECK_FAILED: Check.INTEGRITY,
    storage.DEPENDENCY_CHECK_FAILED: Check.DEPENDENCIES,
}


async def module_info(
    channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> tuple[InstalledModule, ...]:
    """Return the modules on the device, as it lists them.

    Device OS before 5.6 answers in an older form, which knows neither hashes nor any store but the main one;
    Gen 2 before 1.1 answers with the text of a describe message.

    Raises: as `ControlChannel.request`; RequestFailed with NOT_SUPPORTED from very old firmware.
    """
    data = await channel.request(RequestType.GET_MODULE_INFO, timeout_s=timeout_s)
    if data.startswith(b"{"):  # as a message it would begin with a group, which there is none of
        from particle_cli.domain.control.module_text import modules_in_text  # for very old firmware only

        return tuple(map(_described_module, modules_in_text(channel, data)))
    reply = parsed(channel, RequestType.GET_MODULE_INFO, storage.GetModuleInfoReply, data)
    if reply.modules_deprecated:
        return tuple(map(_legacy_module, reply.modules_deprecated))
    return tuple(map(_module, reply.modules))


async def asset_info(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> AssetInfo:
    """Return the assets of the device.

    Raises: as `ControlChannel.request`; RequestFailed with NOT_SUPPORTED before Device OS 5.6 and on
    platforms without asset storage.
    """
    reply = await exchange(
        channel, RequestType.GET_ASSET_INFO, storage.GetAssetInfoReply, timeout_s=timeout_s
    )
    return AssetInfo(tuple(map(_asset, reply.available)), tuple(map(_asset, reply.required)))


def _module(told: describe.FirmwareModule) -> InstalledModule:
    return InstalledModule(
        function=told.type,
        index=told.index,
        version=told.version,
        store=member(ModuleStore, told.store),
        size=told.size,
        max_size=told.max_size,
        sha256=told.hash.hex() if told.HasField("hash") else None,
        failed=Check(told.checked_flags ^ told.passed_flags),
        dependencies=_dependencies(told.dependencies, lambda number: number),
        assets=tuple(map(_asset, told.asset_dependencies)),
    )


def _legacy_module(told: storage.GetModuleInfoReply.Module) -> InstalledModule:
    failed = _NOTHING
    for bit, check in _LEGACY_CHECKS.items():
        if told.validity & bit:
            failed |= check
    return InstalledModule(
        function=legacy_function(told.type),
        index=told.index,
        version=told.version,
        store=ModuleStore.MAIN,
        size=told.size,
        failed=failed,
        dependencies=_dependencies(told.dependencies, legacy_function),
    )


def _described_module(told: DescribedModule) -> InstalledModule:
    """Return a module that is told as text: without its size, and with a hash only of applications."""
    return InstalledModule(
        function=ModuleFunction.NONE if told.function is None else told.function,
        index=told.index or 0,
        version=told.version or 0,
        store=_STORE_LETTERS.get(told.location),
        size=0,
        max_size=told.max_size,
        sha256=told.uuid.lower() if told.uuid else None,
        failed=Check(told.checked & ~told.passed),
        dependencies=told.dependencies,
    )


def legacy_function(number: int) -> int:
    """Return the module function that Device OS before 5.6 means by a number, NONE for an unknown one."""
    return _LEGACY_FUNCTIONS.get(number, ModuleFunction.NONE)


def _dependencies(
    told: Iterable[describe.FirmwareModuleDependency | storage.GetModuleInfoReply.Dependency],
    function: Callable[[int], int],
) -> tuple[Dependency, ...]:
    return tuple(Dependency(function(item.type), item.index, item.version) for item in told)


def _asset(told: describe.FirmwareModuleAsset) -> Asset:
    return Asset(told.name, told.hash.hex(), told.size, told.storage_size)
