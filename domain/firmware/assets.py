"""Asset modules: any file, wrapped so that a device takes it like firmware and keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.bundle import ENV_ASSET, Bundle, NamedFile
from particle_cli.domain.firmware.compressed import MAX_SIZE, compressed, inflated_payload
from particle_cli.domain.firmware.errors import FirmwareError, ModuleBroken, ModuleUnsuited
from particle_cli.domain.firmware.extensions import Extension, ExtensionType
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Module, parse_module
from particle_cli.domain.firmware.prefix import COMPRESSED, DROP_MODULE_INFO
from particle_cli.domain.firmware.records import (
    ASSET_TYPE_APPLICATION_ENV,
    ASSET_TYPE_DEFAULT,
    AssetDependency,
    asset_type_record,
    hash_record,
    name_field,
    name_record,
    product_record,
)
from particle_cli.domain.firmware.suffix import NO_PRODUCT


def asset_module(
    data: bytes | memoryview,
    name: str,
    *,
    compress: bool = True,
    kind: int = ASSET_TYPE_DEFAULT,
    level: int = -1,
    window_bits: int = 0,
) -> Module:
    """Wrap a file as an asset module.

    Args:
        data: the file.
        name: under which the device keeps it.
        compress: as all tools do, even where it gets larger by it.
        kind: ASSET_TYPE_…; a record of it is written unless it is the default.
        level: of zlib, -1 for its default.
        window_bits: 8 to 15, 0 for the default.
    """
    typed = () if kind == ASSET_TYPE_DEFAULT else (asset_type_record(kind),)
    records = (
        hash_record(sha256(data).digest()),
        name_record(name),
        *typed,
        product_record(NO_PRODUCT, NO_PRODUCT),
    )
    module = build_module(
        platform_id=0,
        function=ModuleFunction.ASSET,
        index=0,
        version=0,
        start_address=0,
        payload=data,
        flags=DROP_MODULE_INFO,
        suffix_extensions=records,
    )
    return compressed(module, level=level, window_bits=window_bits) if compress else module


def env_asset_module(data: bytes) -> Module:
    """Wrap encoded environment variables of an application (`env_vars.encode_env`); never compressed."""
    return asset_module(data, ENV_ASSET, compress=False, kind=ASSET_TYPE_APPLICATION_ENV)


def unwrap_asset(module: Module, *, max_size: int = MAX_SIZE) -> tuple[str, bytes]:
    """Return the name and the content of an asset module.

    Raises:
        ModuleUnsuited: it is no asset module.
        ModuleBroken: it has no name, or its compressed data are not sound.
        LimitExceeded: it would be larger than `max_size`.
    """
    if module.prefix.function != ModuleFunction.ASSET:
        raise ModuleUnsuited(f"The module is no asset (its function is {module.prefix.function}).")
    if not module.prefix.flags & DROP_MODULE_INFO:
        raise ModuleUnsuited("Asset modules should have the DROP_MODULE_INFO flag; this one has not.")
    record = _record(module, ExtensionType.NAME)
    if record is None or not record.data:
        raise ModuleBroken("The asset module has no name.")
    packed = module.prefix.flags & COMPRESSED
    data = inflated_payload(module, max_size=max_size) if packed else bytes(module.payload)
    return name_field(record), data


def _record(module: Module, kind: int) -> Extension | None:
    return next((record for record in module.extensions if record.type == kind), None)


def bundle_modules(bundle: Bundle) -> tuple[tuple[str, Module], ...]:
    """Return what a bundle means for a device: name and module of the application and of each asset.

    Raises: FirmwareError for an application that cannot be read.
    """
    application = parse_module(bundle.application.data, name=bundle.application.name)
    assets = (
        (
            asset.name,
            env_asset_module(asset.data)
            if asset.name == ENV_ASSET and bundle.env is not None
            else asset_module(asset.data, asset.name),
        )
        for asset in bundle.assets
    )
    return ((bundle.application.name, application), *assets)


def raw_assets(files: Iterable[NamedFile]) -> tuple[NamedFile, ...]:
    """Return files as assets: one that is an asset module already is unwrapped, and keeps its file's name.

    Left wrapped it would be wrapped again on its way to the device, whose hash then would not be the one
    that the application names.
    """
    return tuple(NamedFile(file.name, _raw(file)) for file in files)


def _raw(file: NamedFile) -> bytes:
    try:
        module = parse_module(file.data, name=file.name)
        if module.prefix.function == ModuleFunction.ASSET and not module.trailing and module.crc_ok:
            return unwrap_asset(module)[1]
    except FirmwareError:
        pass
    return file.data


def dependency_on(asset: NamedFile) -> AssetDependency:
    """Return what an application says to have a raw asset beside it."""
    return AssetDependency(asset.name, sha256(asset.data).digest())
