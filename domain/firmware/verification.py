"""Everything that can be checked of a firmware file without a device, as one verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from attrs import evolve

from particle_cli.domain.firmware.bundle import ENV_ASSET, Bundle, open_bundle
from particle_cli.domain.firmware.combined import parts
from particle_cli.domain.firmware.compressed import MAX_SIZE, decompressed, read_header
from particle_cli.domain.firmware.errors import FirmwareError
from particle_cli.domain.firmware.extensions import ExtensionType
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.inspection import inspect_opened
from particle_cli.domain.firmware.module import Module, parse_module
from particle_cli.domain.firmware.prefix import COMBINED, COMPRESSED, DROP_MODULE_INFO
from particle_cli.domain.firmware.suffix import PLACEHOLDER_SHA256

_PADDING = b"\xff"


def verify_binary(data: bytes | memoryview, *, name: str) -> tuple[str, ...]:
    """Return what is wrong with a `.bin` file, a sentence each; nothing for one that a device would take."""
    return _collected(lambda: _file_faults(parse_module(data, name=name), name))


def verify_bundle(data: bytes | memoryview, *, name: str) -> tuple[str, ...]:
    """Return what is wrong with a `.zip` file, a sentence each."""
    return _collected(lambda: _bundle_faults(open_bundle(data, name=name)))


def _collected(faults: Callable[[], Iterable[str]]) -> tuple[str, ...]:
    """Return the faults that were found, each once; the last may be what kept from looking for more."""
    found: dict[str, None] = {}
    try:
        for fault in faults():
            found[fault] = None
    except FirmwareError as error:
        found[error.message] = None
    return tuple(found)


def _bundle_faults(bundle: Bundle) -> Iterator[str]:
    name = bundle.application.name
    yield from _file_faults(parse_module(bundle.application.data, name=name), name)
    yield from _env_faults(bundle)
    yield from inspect_opened(bundle).faults


def _file_faults(module: Module, name: str) -> Iterator[str]:
    """Look at a module and all that is in its file with it."""
    yield from _module_faults(module, name, MAX_SIZE)
    if module.prefix.flags & COMBINED:
        yield from _part_faults(module, name)
    elif not _is_padding(module.trailing):
        yield f"{len(module.trailing)} bytes follow {name} that are neither padding nor a module."


def _part_faults(module: Module, name: str) -> Iterator[str]:
    """Look at what is combined with a module; to what all of it may be inflated, there is one limit."""
    first, *others = parts(module)
    room = MAX_SIZE - _inflated_size(first)
    for number, part in enumerate(others, 2):
        yield from _module_faults(part, f"part {number} of {name}", max(room, 0))
        room -= _inflated_size(part)


def _is_padding(data: bytes | memoryview) -> bool:
    return bytes(data).count(_PADDING) == len(data)


def _inflated_size(module: Module) -> int:
    """Return to what a module says that it is inflated; 0 for one that is not compressed."""
    try:
        return read_header(module).original_size if module.prefix.flags & COMPRESSED else 0
    except FirmwareError:
        return 0


def _module_faults(module: Module, name: str, room: int) -> Iterator[str]:
    """Look at a module alone, which may have `room` bytes when it is inflated."""
    if not module.crc_ok:
        yield f"The CRC of {name} is wrong."
    if module.suffix.sha256 == PLACEHOLDER_SHA256:
        yield f"{name} has no UUID: its build was not finished."
    if module.prefix.flags & DROP_MODULE_INFO and module.preamble:
        yield f"{name} is to drop its prefix, which stands behind a vector table."
    alone = evolve(module, prefix=evolve(module.prefix, flags=module.prefix.flags & ~COMBINED), trailing=b"")
    try:
        yield from _content_faults(alone, name, room)
    except FirmwareError as error:
        yield f"{name} cannot be used: {error.message}"


def _content_faults(module: Module, name: str, room: int) -> Iterator[str]:
    plain = module
    if module.prefix.flags & COMPRESSED:
        plain = decompressed(module, max_size=room)
        if not plain.crc_ok:
            yield f"The CRC of what is compressed in {name} is wrong."
    if module.prefix.function == ModuleFunction.ASSET:
        yield from _asset_faults(plain, name)


def _asset_faults(module: Module, name: str) -> Iterator[str]:
    from particle_cli.domain.firmware.assets import unwrap_asset
    from particle_cli.domain.firmware.records import hash_fields

    _, data = unwrap_asset(module)
    records = [record for record in module.extensions if record.type == ExtensionType.HASH]
    if not records:
        yield f"The asset {name} has no hash."
        return
    from hashlib import sha256

    if hash_fields(records[0]) != (0, sha256(data).digest()):
        yield f"The hash of the asset {name} is wrong."


def _env_faults(bundle: Bundle) -> Iterator[str]:
    """Compare both forms of the variables, of which a device sees only the binary one."""
    if bundle.env is None:
        return
    from particle_cli.domain.firmware.env_vars import decode_env

    binary = next((asset.data for asset in bundle.assets if asset.name == ENV_ASSET), None)
    if binary is None:
        yield "The bundle has env.json, but no assets/env, which is what a device gets."
    elif decode_env(binary)[0] != bundle.env:
        yield "env.json and assets/env tell different variables."
