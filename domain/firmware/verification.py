"""Everything that can be checked of a firmware file without a device, as one verdict."""

from __future__ import annotations

from collections.abc import Iterator

from particle_cli.domain.firmware.bundle import ENV_ASSET, Bundle, open_bundle
from particle_cli.domain.firmware.combined import split
from particle_cli.domain.firmware.compressed import decompressed
from particle_cli.domain.firmware.errors import FirmwareError
from particle_cli.domain.firmware.extensions import ExtensionType
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.inspection import inspect_bundle
from particle_cli.domain.firmware.module import Module, parse_module
from particle_cli.domain.firmware.prefix import COMBINED, COMPRESSED, DROP_MODULE_INFO
from particle_cli.domain.firmware.suffix import PLACEHOLDER_SHA256

_PADDING = 0xFF


def verify_binary(data: bytes | memoryview, *, name: str) -> tuple[str, ...]:
    """Return what is wrong with a `.bin` file, a sentence each; nothing for one that a device would take."""
    try:
        return tuple(_module_faults(parse_module(data, name=name), name))
    except FirmwareError as error:
        return (error.message,)


def verify_bundle(data: bytes, *, name: str) -> tuple[str, ...]:
    """Return what is wrong with a `.zip` file, a sentence each."""
    try:
        bundle = open_bundle(data, name=name)
        application = parse_module(bundle.application.data, name=bundle.application.name)
        faults = [*_module_faults(application, bundle.application.name), *_env_faults(bundle)]
        faults += [fault for fault in inspect_bundle(data, name=name).faults if fault not in faults]
    except FirmwareError as error:
        return (error.message,)
    return tuple(faults)


def _module_faults(module: Module, name: str) -> Iterator[str]:
    if not module.crc_ok:
        yield f"The CRC of {name} is wrong."
    if module.suffix.sha256 == PLACEHOLDER_SHA256:
        yield f"{name} has no UUID: its build was not finished."
    if module.prefix.flags & COMBINED:
        for number, part in enumerate(split(module)[1:], 2):
            yield from _module_faults(part, f"part {number} of {name}")
    elif module.trailing and any(byte != _PADDING for byte in module.trailing):
        yield f"{len(module.trailing)} bytes follow {name} that are neither padding nor a module."
    if module.prefix.flags & DROP_MODULE_INFO and module.preamble:
        yield f"{name} is to drop its prefix, which stands behind a vector table."
    yield from _content_faults(module, name)


def _content_faults(module: Module, name: str) -> Iterator[str]:
    plain = module
    if module.prefix.flags & COMPRESSED and not module.prefix.flags & COMBINED and not module.trailing:
        plain = decompressed(module)
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
