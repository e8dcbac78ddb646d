"""What a device in safe mode says of itself, and which module of Device OS it is to be sent next."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from attrs import field, frozen

from particle_cli.domain.firmware.describes import DescribedModule, described
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Dependency, Module, parse_module
from particle_cli.domain.firmware.versions import Release
from particle_cli.domain.platforms.catalogue import platform as platform_of
from particle_cli.simulators.cloud.link import CloudDevice
from particle_cli.simulators.cloud.releases import default_release, releases_of
from particle_cli.simulators.firmware.installed import ALL_CHECKS, InstalledModule, missing_of

_DEEPEST: Final = 4
"""A module needs a system part, that a bootloader or a radio stack, and there is no more."""


@frozen
class NextModule:
    """A module to be sent: its index, and its file."""

    index: int
    content: bytes = field(repr=False)


def description(device: CloudDevice) -> str:
    """Return a device's describe message, as JSON."""
    modules = [described(_told(one)) for one in device.modules]
    return json.dumps({"f": [], "v": {}, "p": device.platform_id, "m": modules}, separators=(",", ":"))


def _told(one: InstalledModule) -> DescribedModule:
    is_application = one.prefix.function == ModuleFunction.USER_PART
    return DescribedModule(
        function=one.prefix.function,
        index=one.prefix.index,
        version=one.prefix.version,
        max_size=one.slot.max_size,
        checked=ALL_CHECKS,
        passed=one.passed,
        uuid=one.module.uuid.upper() if one.module and is_application else None,
        dependencies=one.dependencies,
    )


def next_module(platform_id: int, installed: Sequence[InstalledModule]) -> NextModule | None:
    """Return the module of Device OS that a device lacks most, or None when it lacks none that there is.

    What a missing module itself depends on comes before it.
    """
    missing = [need for one in installed for need in missing_of(one.dependencies, installed)]
    for need in missing:
        found = _for(platform_id, need, installed, _DEEPEST)
        if found is not None:
            return found
    return None


def _for(
    platform_id: int, need: Dependency, installed: Sequence[InstalledModule], depth: int
) -> NextModule | None:
    release = _release_with(platform_id, need) if depth else None
    if release is None:
        return None
    for content, module in _modules(platform_id, release):
        prefix = module.prefix
        same = (prefix.function, prefix.index) == (need.function, need.index)
        if same and prefix.version >= need.version:
            before = missing_of(module.dependencies, installed)
            first = _for(platform_id, before[0], installed, depth - 1) if before else None
            return first or NextModule(prefix.index, content)
    return None


def _release_with(platform_id: int, need: Dependency) -> Release | None:
    """Return the oldest release that has what is needed, as far as its number tells; else the newest."""
    platform = platform_of(platform_id)
    if need.function == ModuleFunction.SYSTEM_PART:
        wanted = (one for one in reversed(releases_of(platform)) if one.version >= need.version)
        return next(wanted, None)
    return default_release(platform)


def _modules(platform_id: int, release: Release) -> Iterator[tuple[bytes, Module]]:
    from particle_cli.simulators.factory import device_os_modules

    for filename, content in device_os_modules(platform_of(platform_id), release.name):
        yield content, parse_module(content, name=filename)


def application_of(platform_id: int, system_version: int | None) -> bytes | None:
    """Return the application that comes with a release of Device OS, or None where none does.

    Args:
        platform_id: kind of device.
        system_version: version of its system part; None, or an unknown one: the newest release.
    """
    platform = platform_of(platform_id)
    running = (release for release in releases_of(platform) if release.version == system_version)
    release = next(running, None) or default_release(platform)
    if release is None:
        return None
    for content, module in _modules(platform_id, release):
        if module.prefix.function in (ModuleFunction.USER_PART, ModuleFunction.MONO_FIRMWARE):
            return content
    return None
