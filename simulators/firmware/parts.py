"""Device OS in parts: the modules of a release for a platform, made by our own module writer.

Addresses, versions and dependencies are those of the real releases as far as they are known, sizes are like
the real ones or small; what lies in them is filler, the same in every run, and no machine code.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import cache

from attrs import field, frozen

from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.extensions import Extension
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Dependency, Module, write_module
from particle_cli.domain.firmware.prefix import DROP_MODULE_INFO, ENCRYPTED
from particle_cli.domain.firmware.suffix import NO_PRODUCT
from particle_cli.domain.firmware.versions import Release
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.platforms.values import Platform, PlatformModule
from particle_cli.simulators.firmware.dropped_prefix import SOFTDEVICE_NEEDS
from particle_cli.simulators.firmware.installed import FIRST_WITH_256K_APPLICATIONS, SYSTEM_STARTS
from particle_cli.simulators.firmware.material import filler, realtek_header, rtl872x_records, vector_table
from particle_cli.simulators.firmware.tinker import tinker

KIB = 1024

NEW_SYSTEM_START = 6200
FIRST_WITH_RADIO_STACK = 2000
OLD_RADIO_STACK, RADIO_STACK = 182, 202
"""Firmware ids of Nordic's S140 6.1.1 and 7.0.1."""
NCP_VERSION, ESP32 = 5, 0x21
MBR_VERSION, KM0_PART_VERSION = 1, 7

_SIZES = {
    ("nrf52840", ModuleFunction.BOOTLOADER): 46 * KIB,
    ("nrf52840", ModuleFunction.SYSTEM_PART): 512 * KIB,
    ("nrf52840", ModuleFunction.RADIO_STACK): 150 * KIB,
    ("nrf52840", ModuleFunction.NCP_FIRMWARE): 809 * KIB,
    ("rtl872x", ModuleFunction.BOOTLOADER): 52 * KIB,
    ("rtl872x", ModuleFunction.SYSTEM_PART): 1216 * KIB,
    ("gen2", ModuleFunction.BOOTLOADER): 15 * KIB,
    ("gen2", ModuleFunction.SYSTEM_PART): 120 * KIB,
    ("core", ModuleFunction.MONO_FIRMWARE): 80 * KIB,
}
"""Sizes of payloads, near those of real modules."""
_SMALL = 3 * KIB
_APPLICATION_SIZE = 6 * KIB
_MBR_SIZE = 7 * KIB


@frozen
class Part:
    """One module of a release: the name of its file, and its bytes."""

    filename: str
    module: Module = field(repr=False)

    @property
    def data(self) -> bytes:
        """The file."""
        return write_module(self.module)


@frozen
class PartsMaker:
    """Makes the modules of one release for one platform.

    Attributes:
        platform: the platform.
        release: the release.
        small: whether to make modules of a few KiB, for quick tests.
    """

    platform: Platform
    release: Release
    small: bool = False

    @property
    def bootloader_version(self) -> int:
        """Version of the release's bootloader; 0 where it is not known."""
        return self.release.bootloader or 0

    def parts(self) -> tuple[Part, ...]:
        """Return the modules that a device of the platform runs, bootloaders first, application last."""
        made = [part for slot in self.platform.modules if (part := self._part(slot))]
        return tuple(_by_need(sorted(made, key=_rank)))

    def _part(self, slot: PlatformModule) -> Part | None:
        makers = {
            ModuleFunction.BOOTLOADER: self._bootloader,
            ModuleFunction.SYSTEM_PART: self._system_part,
            ModuleFunction.RADIO_STACK: self._radio_stack,
            ModuleFunction.NCP_FIRMWARE: self._ncp_firmware,
            ModuleFunction.USER_PART: self._user_part,
            ModuleFunction.MONO_FIRMWARE: self._mono_firmware,
        }
        made = makers[ModuleFunction(slot.function)](slot)
        if made is None:
            return None
        word, module = made
        return Part(f"{self.platform.name}-{word}@{self.release.name}.bin", module)

    def _payload(self, function: ModuleFunction, index: int, size: int | None = None) -> bytes:
        if size is None or self.small:
            size = _SMALL if self.small else _SIZES[self.platform.family or "", function]
        return filler(f"{self.platform.name} {self.release.name} {function} {index}", size)

    def _records(self, start: int) -> tuple[Extension, ...]:
        return rtl872x_records(start) if self.platform.family == "rtl872x" else ()

    @property
    def _plain_product(self) -> tuple[int, int] | None:
        return None if self.platform.family == "rtl872x" else (NO_PRODUCT, NO_PRODUCT)

    def _bootloader(self, slot: PlatformModule) -> tuple[str, Module] | None:
        assert slot.start is not None
        if slot.index:
            return self._boot_stage(slot)
        payload = self._payload(ModuleFunction.BOOTLOADER, 0)
        needs: tuple[Dependency, ...] = ()
        if self.platform.family == "rtl872x":
            header = realtek_header(len(payload))
            needs = (Dependency(ModuleFunction.BOOTLOADER, 2, KM0_PART_VERSION),)
        else:
            header = vector_table(self.platform.family or "", slot.start)
        return "bootloader", build_module(
            platform_id=self.platform.id,
            function=ModuleFunction.BOOTLOADER,
            index=0,
            version=self.bootloader_version,
            start_address=slot.start,
            payload=payload,
            preamble=header,
            dependencies=needs,
            product=self._plain_product,
            suffix_extensions=self._records(slot.start),
        )

    def _boot_stage(self, slot: PlatformModule) -> tuple[str, Module]:
        """Make the master boot record or the KM0 part of an RTL872x: raw images behind a prefix."""
        is_mbr = slot.encrypted
        size = _MBR_SIZE if is_mbr else 200 * KIB
        return "prebootloader-mbr" if is_mbr else "prebootloader-part1", build_module(
            platform_id=self.platform.id,
            function=ModuleFunction.BOOTLOADER,
            index=slot.index,
            version=MBR_VERSION if is_mbr else KM0_PART_VERSION,
            start_address=slot.start,
            payload=self._payload(ModuleFunction.BOOTLOADER, slot.index, size),
            flags=DROP_MODULE_INFO | (ENCRYPTED if is_mbr else 0),
        )

    def _system_part(self, slot: PlatformModule) -> tuple[str, Module] | None:
        start = slot.start
        if start == SYSTEM_STARTS[0] and self.release.version < NEW_SYSTEM_START:
            start = SYSTEM_STARTS[1]
        if start is None:  # Electron: where each part has been linked since Device OS 0.8
            start = {1: 0x0806_0000, 2: 0x0802_0000, 3: 0x0804_0000}[slot.index]
        return f"system-part{slot.index}", build_module(
            platform_id=self.platform.id,
            function=ModuleFunction.SYSTEM_PART,
            index=slot.index,
            version=self.release.version,
            start_address=start,
            payload=self._payload(ModuleFunction.SYSTEM_PART, slot.index),
            preamble=b""
            if self.platform.family == "rtl872x"
            else vector_table(self.platform.family or "", start),
            dependencies=self._system_needs(slot.index),
            product=self._plain_product,
            suffix_extensions=self._records(start),
        )

    def _system_needs(self, index: int) -> tuple[Dependency, ...]:
        bootloader = Dependency(ModuleFunction.BOOTLOADER, 0, self.bootloader_version)
        version = self.release.version
        if self.platform.family == "gen2":
            before = {"electron": {1: 3, 2: 1}}.get(self.platform.name, {2: 1}).get(index)
            others = (Dependency(ModuleFunction.SYSTEM_PART, before, version),) if before else ()
            return (*others, bootloader) if index == 2 else others
        if self.platform.name == "tracker":
            itself = (Dependency(ModuleFunction.SYSTEM_PART, 1, 3001),) if version >= 3001 else ()
            return (bootloader, *itself)
        if self.platform.family == "rtl872x" or version < FIRST_WITH_RADIO_STACK:
            return (bootloader,)
        radio = Dependency(ModuleFunction.RADIO_STACK, 0, RADIO_STACK)
        return (radio, bootloader) if self.platform.name == "argon" else (bootloader, radio)

    def _radio_stack(self, slot: PlatformModule) -> tuple[str, Module]:
        """Make a SoftDevice, whose information structure tells its size and firmware id."""
        assert slot.start is not None
        new = self.release.version >= FIRST_WITH_RADIO_STACK
        version = RADIO_STACK if new else OLD_RADIO_STACK
        size = 16 * KIB if self.small else _SIZES["nrf52840", ModuleFunction.RADIO_STACK]
        content = bytearray(filler(f"SoftDevice {version}", size))
        info = struct.pack("<I4sIHH", 0x3C, bytes.fromhex("dbe5b151"), slot.start + size, version, 0)
        content[0x2000 : 0x2000 + len(info)] = info
        return "softdevice", build_module(
            platform_id=self.platform.id,
            function=ModuleFunction.RADIO_STACK,
            index=0,
            version=version,
            start_address=slot.start,
            payload=bytes(content),
            flags=DROP_MODULE_INFO,
            dependencies=SOFTDEVICE_NEEDS if new else (),
        )

    def _ncp_firmware(self, slot: PlatformModule) -> tuple[str, Module]:
        return "ncp", build_module(
            platform_id=self.platform.id,
            function=ModuleFunction.NCP_FIRMWARE,
            index=0,
            version=NCP_VERSION,
            start_address=0,
            payload=self._payload(ModuleFunction.NCP_FIRMWARE, 0),
            mcu_target=ESP32,
        )

    def _user_part(self, slot: PlatformModule) -> tuple[str, Module] | None:
        wide = self.platform.module(ModuleFunction.USER_PART, 2) is not None
        if wide and (slot.index == 2) is not (self.release.version >= FIRST_WITH_256K_APPLICATIONS):
            return None
        size = 0 if self.small else _APPLICATION_SIZE
        return "tinker", tinker(self.platform, slot, self.release, size=size)

    def _mono_firmware(self, slot: PlatformModule) -> tuple[str, Module] | None:
        if self.platform.family != "core":
            return None  # elsewhere only an alternative to system part and application
        size = _SMALL if self.small else _SIZES["core", ModuleFunction.MONO_FIRMWARE]
        return "tinker", tinker(self.platform, slot, self.release, size=size)


_RANKS = (
    ModuleFunction.BOOTLOADER,
    ModuleFunction.NCP_FIRMWARE,
    ModuleFunction.RADIO_STACK,
    ModuleFunction.SYSTEM_PART,
    ModuleFunction.MONO_FIRMWARE,
    ModuleFunction.USER_PART,
)


def _rank(part: Part) -> int:
    return _RANKS.index(ModuleFunction(part.module.prefix.function))


def _by_need(parts: list[Part]) -> Iterator[Part]:
    """Yield parts so that what one needs comes before it; the radio stack's needs go round in a circle."""
    waiting = list(parts)
    while waiting:
        coming = {(one.module.prefix.function, one.module.prefix.index) for one in waiting}
        ready = next(
            one
            for one in waiting
            if one.module.prefix.function == ModuleFunction.RADIO_STACK
            or coming.isdisjoint(
                {(need.function, need.index) for need in one.module.dependencies}
                - {(one.module.prefix.function, one.module.prefix.index)}
            )
        )
        waiting.remove(ready)
        yield ready


@cache
def release_parts(platform_id: int, release: Release, *, small: bool = False) -> tuple[Part, ...]:
    """Return all modules of a release for a platform; made once a process."""
    return PartsMaker(platform(platform_id), release, small).parts()
