"""Where in the device's memory a module goes, and whether it may."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.prefix import COMPRESSED, DROP_MODULE_INFO
from particle_cli.domain.flashing.errors import FactoryUnsupported, Misplaced, NotFlashable
from particle_cli.domain.flashing.firmware_file import FirmwareFile
from particle_cli.domain.flashing.slots import BUILD_ANEW, checked_slot, slot_region, too_large
from particle_cli.domain.platforms.values import AltSetting, Platform, PlatformModule, SectorRun


@frozen
class EraseRun:
    """Neighbouring sectors of one size that are erased."""

    start: int
    sector_size: int
    count: int

    @property
    def end(self) -> int:
        """Address after the last of them."""
        return self.start + self.sector_size * self.count


@frozen
class Placement:
    """Bytes and the place in a memory that they are written to.

    Attributes:
        alternate: the DFU alternate setting.
        media: what memory that is, as the catalogue names it.
        address: of the first byte.
        data: what is written.
        erased: the sectors touched, ascending.
        region: first address of what the module has for itself, and the address after it.
    """

    alternate: int
    media: str
    address: int
    data: bytes = field(repr=False)
    erased: tuple[EraseRun, ...]
    region: tuple[int, int]

    @property
    def size(self) -> int:
        """Bytes written."""
        return len(self.data)

    @property
    def end(self) -> int:
        """Address after the last byte."""
        return self.address + len(self.data)

    def collides(self, other: Placement) -> bool:
        """Tell whether the regions of the two have something in common."""
        (start, end), (other_start, other_end) = self.region, other.region
        return self.alternate == other.alternate and start < other_end and other_start < end


def place_module(file: FirmwareFile, platform: Platform) -> Placement:
    """Return where a module goes over DFU, by its start address and the platform's regions.

    Raises:
        NotFlashable: the platform has no module of this function and index, or it is in a form that only
            Device OS can unpack.
        Misplaced: it does not lie where the device looks for it, or does not fit.
    """
    prefix = file.module.prefix
    if prefix.flags & COMPRESSED:
        raise NotFlashable(
            f"{file.name} is compressed; in DFU mode a device writes what it gets, as it is.",
            next_step="Flash the file that it was made from.",
        )
    slot = checked_slot(file, platform)
    image = file.image()
    if prefix.flags & DROP_MODULE_INFO:
        image = image[prefix.size :]
    memory = _memory_at(file, slot, platform), prefix.start_address
    return _placed(file, platform, memory, image, slot_region(file, slot, platform))


def place_factory_image(file: FirmwareFile, platform: Platform) -> Placement:
    """Return where an application goes to be the one that a factory reset restores.

    Raises: FactoryUnsupported; Misplaced when it does not fit.
    """
    whole = ModuleFunction.MONO_FIRMWARE if platform.family == "core" else ModuleFunction.USER_PART
    if file.function != whole:
        raise FactoryUnsupported(
            f"Factory reset is only supported for user part; {file.name} is a {file.title}.",
            next_step="Give the binary of an application.",
        )
    slot = platform.segments.factory_reset
    if slot is None or platform.dfu is None:
        raise FactoryUnsupported(
            "Factory reset is not supported for this platform "
            f"({platform.display_name} keeps no factory application).",
            next_step="Flash the application itself: particle flash --usb " + file.name,
        )
    image = file.image()
    if len(image) > slot.size:
        raise too_large(file, len(image), slot.size, "the factory reset slot", platform)
    memory = next(setting for setting in platform.dfu.alt_settings if setting.alt == slot.alt)
    return _placed(file, platform, (memory, slot.address), image, (slot.address, slot.address + slot.size))


def blank(platform: Platform, alternate: int, address: int, size: int, name: str) -> Placement:
    """Return the placement of nothing: erased bytes at an address. Raises: Misplaced."""
    settings = platform.dfu.alt_settings if platform.dfu else ()
    memory = next(setting for setting in settings if setting.alt == alternate)
    erased = _joined(_erased(memory, address, address + size, name, platform))
    return Placement(alternate, memory.media, address, b"\xff" * size, erased, (address, address + size))


def _placed(
    file: FirmwareFile, platform: Platform, at: tuple[AltSetting, int], data: bytes, region: tuple[int, int]
) -> Placement:
    memory, address = at
    erased = _joined(_erased(memory, address, address + len(data), file.name, platform))
    if erased and not (region[0] <= erased[0].start and erased[-1].end <= region[1]):
        raise Misplaced(
            f"{file.name} ({file.title}) takes {erased[0].start:#010x} to {erased[-1].end:#010x}; "
            f"{platform.display_name} keeps {region[0]:#010x} to {region[1]:#010x} for it.",
            next_step=BUILD_ANEW,
        )
    return Placement(memory.alt, memory.media, address, data, erased, region)


def _erased(memory: AltSetting, start: int, end: int, name: str, platform: Platform) -> Iterator[EraseRun]:
    """Yield the sectors of a range; all of it must be there, erasable and writable."""
    at = start
    for run in memory.sectors:
        if at < end and run.start <= at < run.end and run.erasable and run.writable:
            stop = min(end, run.end)
            yield _touched(run, at, stop)
            at = stop
    if at < end:
        raise Misplaced(
            f"{name} takes {start:#010x} to {end:#010x}; {platform.display_name} has no memory that can be "
            f"written at {at:#010x}.",
            next_step=BUILD_ANEW,
        )


def _joined(runs: Iterator[EraseRun]) -> tuple[EraseRun, ...]:
    """Return the runs, neighbours with sectors of one size made one."""
    joined: list[EraseRun] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last and (last.end, last.sector_size) == (run.start, run.sector_size):
            joined[-1] = EraseRun(last.start, last.sector_size, last.count + run.count)
        else:
            joined.append(run)
    return tuple(joined)


def _touched(run: SectorRun, start: int, end: int) -> EraseRun:
    first = (start - run.start) // run.sector_size
    last = (end - 1 - run.start) // run.sector_size
    return EraseRun(run.start + first * run.sector_size, run.sector_size, last - first + 1)


def _memory_at(file: FirmwareFile, slot: PlatformModule, platform: Platform) -> AltSetting:
    address = file.module.prefix.start_address
    for memory in platform.dfu.alt_settings if platform.dfu else ():
        if memory.media == slot.storage and memory.start <= address < memory.end:
            return memory
    raise Misplaced(
        f"{file.name} starts at {address:#010x}; {platform.display_name} has no memory there.",
        next_step=BUILD_ANEW,
    )
