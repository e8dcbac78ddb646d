"""A module out of a program: valid in every field, its payload the manifest and bytes in place of code."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from attrs import field, frozen

from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.extensions import Extension
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import write_module
from particle_cli.domain.firmware.prefix import PREFIX_SIZE, Dependency
from particle_cli.domain.firmware.records import location_record, product_record
from particle_cli.domain.firmware.suffix import BASE_SIZE, NO_PRODUCT
from particle_cli.domain.firmware.versions import Release
from particle_cli.domain.platforms.values import Platform, PlatformModule
from particle_cli.simulators.application import ApplicationManifest, encode_manifest
from particle_cli.simulators.cloud.compiler.sources import CompileRefused

_FIRST_WITH_256K: Final = 3103  # Device OS 3.1.0: applications of the nRF52840 may have 256 KiB
_CRC_SIZE: Final = 4
_PAGE: Final = 4096  # where the application of an RTL872x may start
_APPLICATION_VERSION: Final = 6
_CORE_VECTORS: Final = 0x10C

DATA_SIZE: Final = 112
"""Modelled initialised data, in bytes; it lies in flash behind the text, and in RAM."""
BSS_SIZE: Final = 1132
"""Modelled zeroed data of a program without variables, in bytes."""


@frozen
class Image:
    """The firmware, and how large its parts are, in bytes."""

    binary: bytes = field(repr=False)
    text: int
    bss: int
    overflow: int

    @property
    def size_info(self) -> str:
        """What the `size` tool says of it."""
        total = self.text + DATA_SIZE + self.bss
        columns = (self.text, DATA_SIZE, self.bss, total)
        numbers = "\t".join(f"{number:7}" for number in columns)
        return f"   text\t   data\t    bss\t    dec\t    hex\tfilename\n{numbers}\t{total:7x}\t"


def application_place(platform: Platform, release: Release) -> PlatformModule:
    """Return where an application goes, on a platform with a release.

    Raises: CompileRefused for a platform without a place for one.
    """
    places = [place for place in platform.modules if place.function == ModuleFunction.USER_PART]
    if not places:  # the Core: application and system are one
        places = [place for place in platform.modules if place.function == ModuleFunction.MONO_FIRMWARE]
    if not places:
        raise CompileRefused(f"There is nothing to compile for on {platform.display_name}")
    by_size = sorted(places, key=lambda place: place.max_size or 0)
    return by_size[-1] if release.version >= _FIRST_WITH_256K else by_size[0]


def build_image(
    platform: Platform, release: Release, manifest: ApplicationManifest, *, code_size: int, seed: bytes
) -> Image:
    """Build the firmware; the same arguments always give the same bytes.

    Args:
        platform: what it is for.
        release: the Device OS that it needs.
        manifest: what it offers to the cloud.
        code_size: modelled size of its machine code, in bytes.
        seed: what that code is made from.

    Returns: the image; with `overflow` above 0 it is too large for its place by so many bytes.
    """
    place = application_place(platform, release)
    carried = encode_manifest(manifest)
    wanted = code_size + len(carried) + DATA_SIZE
    grows_left = place.grows_left and place.end is not None
    product = None if grows_left else (NO_PRODUCT, NO_PRODUCT)
    records = _records(0) if grows_left else ()
    preamble = bytes(_CORE_VECTORS) if platform.family == "core" else b""
    around = (
        len(preamble)
        + PREFIX_SIZE
        + sum(record.size for record in records)
        + (4 if product else 0)
        + BASE_SIZE
        + _CRC_SIZE
    )
    padding = -(wanted + around) % (_PAGE if grows_left else 4)
    payload = carried + b"".join(_code(seed, wanted - len(carried) + padding))
    text = len(payload) - DATA_SIZE
    bss = BSS_SIZE + 8 * len(manifest.variables)
    overflow = len(payload) + around - (place.max_size or 0)
    if overflow > 0:
        return Image(b"", text, bss, overflow)
    end = (place.end or 0) - _CRC_SIZE
    start = end + _CRC_SIZE - len(payload) - around if grows_left else place.start
    module = build_module(
        platform_id=platform.id,
        function=place.function,
        index=place.index,
        version=_APPLICATION_VERSION,
        payload=payload,
        start_address=None if grows_left else start,
        end_address=end if grows_left else None,
        dependencies=_dependencies(platform, release),
        preamble=preamble,
        product=product,
        suffix_extensions=_records(start or 0) if grows_left else (),
    )
    return Image(write_module(module), text, bss, 0)


def _dependencies(platform: Platform, release: Release) -> tuple[Dependency, ...]:
    """Return what an application needs: the system part that it is linked against."""
    if platform.family == "core":
        return ()
    index = 2 if platform.family == "gen2" else 1
    return (Dependency(ModuleFunction.SYSTEM_PART, index, release.version),)


def _records(start: int) -> Sequence[Extension]:
    """Return the suffix records of an application that grows left."""
    table = start + PREFIX_SIZE
    return (location_record(start, table, table), product_record(NO_PRODUCT, NO_PRODUCT))


def _code(seed: bytes, size: int) -> Iterator[bytes]:
    """Yield bytes that look like code to whoever compresses them, as many as wanted."""
    for block in range(0, size, 32):
        yield hashlib.sha256(seed + block.to_bytes(4, "little")).digest()[: size - block]
