"""Tinker, as far as the cloud sees it: the application that every device leaves the factory with."""

from __future__ import annotations

from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Dependency, Module
from particle_cli.domain.firmware.versions import Release
from particle_cli.domain.platforms.values import Platform, PlatformModule
from particle_cli.simulators.firmware.application import ApplicationManifest, Function, encode_manifest
from particle_cli.simulators.firmware.material import filler, rtl872x_records, vector_table

TINKER = ApplicationManifest(
    functions=tuple(map(Function, ("digitalRead", "digitalWrite", "analogRead", "analogWrite")))
)
VERSION = 6
PRODUCT_VERSION = 3
"""Tinker's product id is its platform's id."""

_PAGE = 4096
_AROUND_LEFT_GROWER = 24 + 62 + 4  # prefix, suffix and CRC


def tinker(platform: Platform, slot: PlatformModule, release: Release, *, size: int) -> Module:
    """Make a Tinker.

    Args:
        platform: what it is for.
        slot: its place: a user part, or the monolithic firmware of a Core.
        release: the Device OS that it is built with.
        size: bytes of its payload, at least.
    """
    content = encode_manifest(TINKER)
    payload = content + filler(f"tinker {platform.name}", max(0, size - len(content)))
    product = (platform.id, PRODUCT_VERSION)
    if slot.grows_left:
        return _left_grower(platform, slot, release, payload, product)
    is_mono = slot.function == ModuleFunction.MONO_FIRMWARE
    return build_module(
        platform_id=platform.id,
        function=slot.function,
        index=slot.index,
        version=release.version if is_mono else VERSION,
        start_address=slot.start,
        payload=payload,
        preamble=vector_table(platform.family or "", slot.start or 0) if is_mono else b"",
        dependencies=() if is_mono else _needs(platform, release),
        product=product,
    )


def _needs(platform: Platform, release: Release) -> tuple[Dependency, ...]:
    last_system_part = 2 if platform.family == "gen2" else 1
    return (Dependency(ModuleFunction.SYSTEM_PART, last_system_part, release.version),)


def _left_grower(
    platform: Platform, slot: PlatformModule, release: Release, payload: bytes, product: tuple[int, int]
) -> Module:
    """Make a module that ends where its slot does, and starts on a page."""
    assert slot.end is not None
    size = -(-(len(payload) + _AROUND_LEFT_GROWER) // _PAGE) * _PAGE
    return build_module(
        platform_id=platform.id,
        function=slot.function,
        index=slot.index,
        version=VERSION,
        end_address=slot.end - 4,
        payload=payload.ljust(size - _AROUND_LEFT_GROWER, b"\xff"),
        dependencies=_needs(platform, release),
        suffix_extensions=rtl872x_records(slot.end - size, product),
    )
