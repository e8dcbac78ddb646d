"""A module out of a program: valid in every field, its payload the manifest and bytes in place of code."""

from __future__ import annotations

from typing import Final

from attrs import field, frozen

from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import write_module
from particle_cli.domain.firmware.prefix import PREFIX_SIZE, Dependency
from particle_cli.domain.firmware.suffix import BASE_SIZE, NO_PRODUCT
from particle_cli.domain.firmware.versions import Release
from particle_cli.domain.platforms.values import Platform, PlatformModule
from particle_cli.simulators.cloud.compiler.sources import CompileRefused
from particle_cli.simulators.firmware.application import ApplicationManifest, encode_manifest
from particle_cli.simulators.firmware.material import filler, rtl872x_records, vector_table

_FIRST_WITH_256K: Final = 3103  # Device OS 3.1.0: applications of the nRF52840 may have 256 KiB
_CRC_SIZE: Final = 4
_PAGE: Final = 4096  # where the application of an RTL872x may start
_APPLICATION_VERSION: Final = 6

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


@frozen
class _Frame:
    """What is around the payload of an application, and where the whole has to lie."""

    place: PlatformModule
    preamble: bytes = field(repr=False)
    grows_left: bool

    @property
    def size(self) -> int:
        """Bytes of the module without its payload."""
        records = sum(record.size for record in rtl872x_records(0)) if self.grows_left else 4
        return len(self.preamble) + PREFIX_SIZE + records + BASE_SIZE + _CRC_SIZE

    def start(self, payload: int) -> int:
        """Return the address of the first byte with a payload of that size."""
        if self.grows_left:
            return (self.place.end or 0) - self.size - payload
        return self.place.start or 0

    def padding(self, payload: int) -> int:
        """Return how many bytes the payload needs more, so that start and end are where they may be."""
        return -(payload + self.size) % (_PAGE if self.grows_left else 4)


def build_image(
    platform: Platform,
    release: Release,
    manifest: ApplicationManifest,
    *,
    code_size: int,
    seed: str,
    product: tuple[int, int] = (NO_PRODUCT, NO_PRODUCT),
) -> Image:
    """Build the firmware; the same arguments always give the same bytes.

    Args:
        platform: what it is for.
        release: the Device OS that it needs.
        manifest: what it offers to the cloud.
        code_size: modelled size of its machine code, in bytes.
        seed: what that code is made from.
        product: product id and version.

    Returns: the image; with `overflow` above 0 it is too large for its place by so many bytes.
    """
    frame = _frame(platform, release)
    carried = encode_manifest(manifest)
    wanted = code_size + len(carried) + DATA_SIZE
    size = wanted + frame.padding(wanted)
    bss = BSS_SIZE + 8 * len(manifest.variables)
    overflow = size + frame.size - (frame.place.max_size or 0)
    if overflow > 0:
        return Image(b"", size - DATA_SIZE, bss, overflow)
    start = frame.start(size)
    module = build_module(
        platform_id=platform.id,
        function=frame.place.function,
        index=frame.place.index,
        version=_APPLICATION_VERSION,
        payload=carried + filler(seed, size - len(carried)),
        start_address=start,
        dependencies=_dependencies(platform, release),
        preamble=frame.preamble,
        product=None if frame.grows_left else product,
        suffix_extensions=rtl872x_records(start, product) if frame.grows_left else (),
    )
    return Image(write_module(module), size - DATA_SIZE, bss, 0)


def _frame(platform: Platform, release: Release) -> _Frame:
    place = application_place(platform, release)
    is_mono = place.function == ModuleFunction.MONO_FIRMWARE
    preamble = vector_table(platform.family or "", place.start or 0) if is_mono else b""
    return _Frame(place, preamble, place.grows_left)


def _dependencies(platform: Platform, release: Release) -> tuple[Dependency, ...]:
    """Return what an application needs: the system part that it is linked against."""
    if platform.family == "core":
        return ()
    index = 2 if platform.family == "gen2" else 1
    return (Dependency(ModuleFunction.SYSTEM_PART, index, release.version),)
