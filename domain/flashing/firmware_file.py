"""A module together with the file that a person knows it by."""

from __future__ import annotations

from attrs import evolve, field, frozen

from particle_cli.domain.firmware.extensions import ExtensionType
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Module, parse_module, write_module
from particle_cli.domain.firmware.prefix import COMBINED, COMPRESSED
from particle_cli.domain.flashing.errors import CrcFailed

_TITLES = {
    ModuleFunction.BOOTLOADER: "bootloader",
    ModuleFunction.MONO_FIRMWARE: "monolithic firmware",
    ModuleFunction.SYSTEM_PART: "system part",
    ModuleFunction.USER_PART: "application",
    ModuleFunction.NCP_FIRMWARE: "network coprocessor firmware",
    ModuleFunction.RADIO_STACK: "radio stack",
    ModuleFunction.ASSET: "asset",
}
_NUMBERED = {ModuleFunction.BOOTLOADER, ModuleFunction.SYSTEM_PART}


def title(function: int, index: int) -> str:
    """Return what to call a module in a sentence, e.g. `system part 1` or `application`."""
    words = next((words for number, words in _TITLES.items() if number == function), f"module {function}")
    return f"{words} {index}" if function in _NUMBERED else words


@frozen
class FirmwareFile:
    """A module and its file.

    Attributes:
        name: what messages call it; for an asset, the name that the device will know it by.
        module: the module, its checksum found to be right.
        named: whether the person named this very file, rather than getting it as part of Device OS.
    """

    name: str
    module: Module = field(repr=False)
    named: bool = True

    @property
    def function(self) -> int:
        """The module function, as `ModuleFunction` numbers them."""
        return self.module.prefix.function

    @property
    def index(self) -> int:
        """Which one of its function."""
        return self.module.prefix.index

    @property
    def version(self) -> int:
        """The module version."""
        return self.module.prefix.version

    @property
    def title(self) -> str:
        """What it is, in words."""
        return title(self.function, self.index)

    @property
    def asset_hash(self) -> str | None:
        """SHA-256 of an asset's content as 64 hexadecimal digits; None for what is no asset."""
        records = (record for record in self.module.extensions if record.type == ExtensionType.HASH)
        record = next(records, None)
        return record.data[2:34].hex() if record else None

    def image(self) -> bytes:
        """Return the module's bytes, without what a padded file has after them."""
        return write_module(evolve(self.module, trailing=b""))


def read_firmware_file(data: bytes, name: str, *, named: bool = True) -> FirmwareFile:
    """Read a file that holds one module to be flashed; a compressed one is inflated.

    Raises:
        FirmwareError: it is empty, cut short, or no module at all.
        CrcFailed: its bytes are not those that were built.
    """
    module = parse_module(data, name=name)
    _check_crc(module, name)
    return FirmwareFile(name, _plain(module), named)


def read_firmware(data: bytes, name: str) -> tuple[FirmwareFile, ...]:
    """Read a file with one module, or with several combined into one, or a bundle (by its name's ending).

    Raises: as `read_firmware_file`; BundleError for a bundle that is none, or is not safe.
    """
    if name.endswith(".zip"):
        from particle_cli.domain.firmware.assets import bundle_modules
        from particle_cli.domain.firmware.bundle import open_bundle

        parts = bundle_modules(open_bundle(data, name=name))
    else:
        module = parse_module(data, name=name)
        if not module.prefix.flags & COMBINED:
            return (read_firmware_file(data, name),)
        parts = _separated(module, name)
    for part_name, part in parts:
        _check_crc(part, part_name)
    return tuple(FirmwareFile(part_name, _plain(part)) for part_name, part in parts)


def _separated(module: Module, name: str) -> tuple[tuple[str, Module], ...]:
    """Return the parts of a combined module, with names, as they were before they were combined."""
    from particle_cli.domain.firmware.combined import parts, split

    for number, part in enumerate(parts(module), 1):
        _check_crc(part, f"{name}, part {number}")  # as splitting makes every CRC right
    return tuple((f"{name}, part {number}", part) for number, part in enumerate(split(module), 1))


def _check_crc(module: Module, name: str) -> None:
    if not module.crc_ok:
        raise CrcFailed(
            f"CRC check failed for module {name}",
            next_step="Get or build the file anew: some of its bytes have changed.",
        )


def _plain(module: Module) -> Module:
    """Return a compressed module inflated, as it is to lie in flash; assets stay as devices store them."""
    if not module.prefix.flags & COMPRESSED or module.prefix.function == ModuleFunction.ASSET:
        return module
    from particle_cli.domain.firmware.compressed import decompressed

    return decompressed(module)
