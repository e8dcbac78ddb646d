"""What changed from one firmware file to another: its fields, and the flash that it would fill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256

from attrs import frozen

from particle_cli.domain.firmware import functions, records
from particle_cli.domain.firmware.combined import split
from particle_cli.domain.firmware.compressed import decompressed
from particle_cli.domain.firmware.errors import FirmwareError
from particle_cli.domain.firmware.extensions import Extension, ExtensionType
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.inspection import Inspection
from particle_cli.domain.firmware.module import Module, write_module
from particle_cli.domain.firmware.prefix import COMPRESSED, DROP_MODULE_INFO
from particle_cli.domain.platforms.names import display_name

SECTOR_SIZE = 4096
_BLANK = b"\xff"
_MOST_SHOWN = 32
_TOLD_ELSEWHERE = (ExtensionType.END, ExtensionType.PRODUCT_DATA, ExtensionType.DEPENDENCY)
"""Records that say what a module's properties say already."""
Field = tuple[str, str]


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
        same: whether both are the same bytes.
        changes: of fields, in the order of the file.
        sectors: addresses of the 4 KiB sectors of flash that the second covers; none for an asset, which goes
            into a file system.
        changed: those of them whose content would differ with the first module in flash, and blank flash
            around it: what a differential flash would write.
    """

    same: bool
    changes: tuple[Change, ...]
    sectors: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()


@frozen
class FileDifference:
    """How a second file differs from a first.

    Attributes:
        changes: of what is beside the modules: how many these are, files of assets, variables.
        modules: how the modules of the one differ from those of the other, in their order; a file holds one,
            unless several are combined.
    """

    changes: tuple[Change, ...]
    modules: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        """Whether there is no difference that a device could notice."""
        return not self.changes and all(module.same for module in self.modules)


def compare_files(first: Inspection, second: Inspection) -> FileDifference:
    """Tell what changed from the first file to the second, bundles and combined modules included."""
    pairs = zip(_modules(first), _modules(second), strict=False)
    return FileDifference(
        changes=changes(_file_fields(first), _file_fields(second)),
        modules=tuple(compare(old, new) for old, new in pairs),
    )


def _modules(file: Inspection) -> tuple[Module, ...]:
    return split(file.module) if file.others else (file.module,)


def _file_fields(file: Inspection) -> Iterator[Field]:
    yield "modules", str(1 + len(file.others))
    for asset in file.assets:
        yield f"file of asset {asset.dependency.name}", asset.fault or "as named"
    for name, value in (file.env or {}).items():
        yield f"variable {name}", value


def compare(first: Module, second: Module) -> Difference:
    """Tell what changed from the first module to the second."""
    old, new = _Image(first), _Image(second)
    sectors = tuple(new.sectors())
    return Difference(
        same=first == second,
        changes=changes(_fields(first), _fields(second)),
        sectors=sectors,
        changed=tuple(at for at in sectors if old.sector(at) != new.sector(at)),
    )


def changes(first: Iterable[Field], second: Iterable[Field]) -> tuple[Change, ...]:
    """Tell which fields, by name, have another value; those of one name are matched in their order."""
    before, after = _numbered(first), _numbered(second)
    return tuple(
        Change(name, before.get(name), after.get(name))
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    )


def _numbered(fields: Iterable[Field]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    times: dict[str, int] = {}
    for name, value in fields:
        times[name] = times.get(name, 0) + 1
        found[name if times[name] == 1 else f"{name}, no. {times[name]}"] = value
    return found


def _fields(module: Module) -> Iterator[Field]:
    prefix, suffix = module.prefix, module.suffix
    yield "platform", f"{display_name(prefix.platform_id)} ({prefix.platform_id})"
    yield "module", f"{functions.wording(prefix.function)} number {prefix.index}"
    yield "version", str(prefix.version)
    yield "start address", f"{prefix.start_address:#010x}"
    yield "end address", f"{prefix.end_address:#010x}"
    yield "size", f"{module.length} bytes"
    yield "flags", " ".join(prefix.flag_names) or "none"
    yield "MCU target", str(prefix.mcu_target)
    for need in module.dependencies:
        what = f"dependency on {functions.wording(need.function)} number {need.index}"
        yield what, f"version {need.version}"
    if suffix.product:
        yield "product", f"{suffix.product[0]} at version {suffix.product[1]}"
    for record in module.extensions:
        if record.type not in _TOLD_ELSEWHERE:
            yield _record_field(record)
    yield "UUID", module.uuid
    yield "CRC", f"{module.crc:08x}" if module.crc_ok else f"{module.crc:08x} (wrong)"
    if module.trailing:
        yield "bytes after the end", _shown(module.trailing)


def _record_field(record: Extension) -> Field:
    """Return what a record says; its bytes where it is of an unknown type, or damaged."""
    try:
        match record.type:
            case ExtensionType.ASSET_DEPENDENCY:
                asset = records.asset_dependency_fields(record)
                return f"asset {asset.name}", f"hash {asset.hash.hex()}"
            case ExtensionType.DYNAMIC_LOCATION:
                start, load, dynalib = records.location_fields(record)
                return "dynamic location", f"{start:#010x}, loaded to {load:#010x}, dynalib {dynalib:#010x}"
            case ExtensionType.HASH:
                return "content", f"hash {records.hash_fields(record)[1].hex()}"
            case ExtensionType.NAME:
                return "name", records.name_field(record)
            case ExtensionType.ASSET_TYPE:
                return "asset type", str(records.asset_type_field(record))
            case ExtensionType.SECURITY_MODE:
                mode, certificate = records.security_fields(record)
                return "security mode", f"{mode}, certificate {_shown(certificate)}"
    except FirmwareError:
        pass
    return f"extension of type {record.type:#06x}", _shown(record.data)


def _shown(data: bytes | memoryview) -> str:
    """Return a few bytes as they are, and of more than a few how many they are, and their hash."""
    if not data:
        return "none"
    if len(data) <= _MOST_SHOWN:
        return data.hex()
    return f"{len(data)} bytes (SHA-256 {sha256(data).hexdigest()})"


class _Image:
    """A module as it lies in flash: inflated, without what is dropped, and blank flash around it."""

    def __init__(self, module: Module) -> None:
        self._start = module.prefix.start_address
        self._data = memoryview(b"")
        if module.prefix.function == ModuleFunction.ASSET:
            return
        if module.prefix.flags & COMPRESSED:
            with suppress(FirmwareError):  # which is for whoever verifies it to tell
                module = decompressed(module)
        dropped = module.prefix.size if module.prefix.flags & DROP_MODULE_INFO else 0
        self._data = memoryview(write_module(module))[dropped : module.length]

    def sectors(self) -> range:
        """Return the addresses of all sectors that it lies in."""
        first = self._start - self._start % SECTOR_SIZE
        return range(first, self._start + len(self._data), SECTOR_SIZE) if self._data else range(0)

    def sector(self, address: int) -> bytes:
        """Return the content of the sector at an address."""
        first = address - self._start
        content = bytes(self._data[max(first, 0) : max(first + SECTOR_SIZE, 0)])
        return (_BLANK * max(min(-first, SECTOR_SIZE), 0) + content).ljust(SECTOR_SIZE, _BLANK)
