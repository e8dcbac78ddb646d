"""What changed from one firmware file to another: its fields, and the flash that it would fill."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from particle_cli.domain.firmware import functions
from particle_cli.domain.firmware.module import Dependency, Module, write_module
from particle_cli.domain.firmware.prefix import DROP_MODULE_INFO
from particle_cli.domain.platforms.names import display_name

SECTOR_SIZE = 4096
_BLANK = b"\xff"


@frozen
class Change:
    """A field whose value is another one; None: it has none in that file."""

    field: str
    before: str | None
    after: str | None


@frozen
class Difference:
    """How a second module differs from a first.

    Attributes:
        changes: of fields, in the order of the file.
        sectors: addresses of the 4 KiB sectors that the second covers.
        changed: those of them whose content would differ with the first module in flash, and blank flash
            around it: what a differential flash would write.
    """

    changes: tuple[Change, ...]
    sectors: tuple[int, ...]
    changed: tuple[int, ...]

    @property
    def same(self) -> bool:
        """Whether there is no difference at all."""
        return not self.changes and not self.changed


def compare(first: Module, second: Module) -> Difference:
    """Tell what changed from the first module to the second."""
    before, after = dict(_fields(first)), dict(_fields(second))
    names = list(dict.fromkeys((*before, *after)))
    changes = tuple(
        Change(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )
    sectors = tuple(_sectors(second))
    old, new = _Image(first), _Image(second)
    return Difference(changes, sectors, tuple(at for at in sectors if old.sector(at) != new.sector(at)))


def _fields(module: Module) -> Iterator[tuple[str, str]]:
    prefix, suffix = module.prefix, module.suffix
    yield "platform", f"{display_name(prefix.platform_id)} ({prefix.platform_id})"
    yield "module", f"{functions.wording(prefix.function)} number {prefix.index}"
    yield "version", str(prefix.version)
    yield "start address", f"{prefix.start_address:#010x}"
    yield "end address", f"{prefix.end_address:#010x}"
    yield "size", str(module.length)
    yield "flags", " ".join(prefix.flag_names) or "none"
    yield "MCU target", str(prefix.mcu_target)
    for need in module.dependencies:
        yield _title(need), f"version {need.version}"
    if suffix.product:
        yield "product", f"{suffix.product[0]} at version {suffix.product[1]}"
    yield "UUID", module.uuid
    yield "CRC", f"{module.crc:08x}" if module.crc_ok else f"{module.crc:08x} (wrong)"
    for number, record in enumerate(module.extensions):
        yield f"extension {number + 1}", f"type {record.type:#06x}: {record.data.hex()}"
    if module.trailing:
        yield "bytes after the end", str(len(module.trailing))


def _title(need: Dependency) -> str:
    return f"dependency on {functions.wording(need.function)} number {need.index}"


def _sectors(module: Module) -> range:
    start, end = module.prefix.start_address, module.prefix.start_address + len(_Image(module).data)
    return range(start - start % SECTOR_SIZE, end, SECTOR_SIZE)


class _Image:
    """A module as it lies in flash, which is blank around it."""

    def __init__(self, module: Module) -> None:
        dropped = module.prefix.size if module.prefix.flags & DROP_MODULE_INFO else 0
        length = module.length
        self.data = memoryview(write_module(module))[dropped:length]
        self.start = module.prefix.start_address

    def sector(self, address: int) -> bytes:
        """Return the content of the sector at an address."""
        first = address - self.start
        content = bytes(self.data[max(first, 0) : max(first + SECTOR_SIZE, 0)])
        return (_BLANK * max(min(-first, SECTOR_SIZE), 0) + content).ljust(SECTOR_SIZE, _BLANK)
