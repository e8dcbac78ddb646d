"""Modules to flash: built by our own writer, at the places where their platforms want them."""

from __future__ import annotations

from collections.abc import Sequence

from particle_cli.domain.dfu.protection import Protection
from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.prefix import Dependency
from particle_cli.domain.flashing.firmware_file import FirmwareFile
from particle_cli.domain.flashing.target import InstalledModule, Target
from particle_cli.domain.platforms.catalogue import platform

BORON = 13


def file(
    name: str,
    function: int,
    index: int = 0,
    version: int = 100,
    needs: Sequence[tuple[int, int, int]] = (),
    *,
    platform_id: int = BORON,
    start: int | None = None,
    size: int | None = None,
    flags: int = 0,
    named: bool = True,
) -> FirmwareFile:
    """Build a module of `size` bytes at the start (or left-growing end) that its platform has for it."""
    slot = platform(platform_id).module(function, index)
    grows_left = slot is not None and slot.grows_left and start is None
    if start is None and slot is not None and not grows_left:
        start = slot.start or 0
    overhead = 24 + 36 + 4 + max(0, 12 * (len(needs) - 2)) + (8 if len(needs) > 2 else 0)
    return FirmwareFile(
        name,
        build_module(
            platform_id=platform_id if function != ModuleFunction.ASSET else 0,
            function=function,
            index=index,
            version=version,
            payload=bytes(range(256)) * (((size or 3000) - overhead) // 256)
            + bytes(((size or 3000) - overhead) % 256),
            start_address=None if grows_left else start or 0,
            end_address=slot.end - 4 if grows_left and slot and slot.end else None,
            dependencies=[Dependency(*need) for need in needs],
            flags=flags,
        ),
        named=named,
    )


def target(
    runs: Sequence[tuple[int, int, int]] | None = None,
    *,
    platform_id: int = BORON,
    in_dfu: bool = False,
    protection: Protection = Protection.OPEN,
) -> Target:
    """Describe a device that runs these modules, or one that cannot be asked."""
    modules = None if runs is None else tuple(InstalledModule(*module) for module in runs)
    return Target(
        "e00fce68aaaaaaaaaaaaaaaa",
        platform(platform_id),
        in_dfu=in_dfu,
        modules=modules,
        protection=protection,
    )
