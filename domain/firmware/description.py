"""Every field of a module as plain values, ready for JSON.

The property names are those of Particle's `binary-version-reader`, so that scripts written for its output go
on; what that library does not tell (names, the declared range, the hash's coverage) is added. Addresses and
bytes are lower-case hexadecimal text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from zlib import crc32

from particle_cli.domain.firmware import functions, records
from particle_cli.domain.firmware.checksums import sha256_coverage
from particle_cli.domain.firmware.compressed import read_header
from particle_cli.domain.firmware.errors import ModuleBroken
from particle_cli.domain.firmware.extensions import Extension, ExtensionType
from particle_cli.domain.firmware.module import CRC_SIZE, Dependency, Module, write_module
from particle_cli.domain.firmware.prefix import COMPRESSED, PREFIX_SIZE
from particle_cli.domain.platforms.names import platform_name

Plain = None | bool | int | float | str | Sequence["Plain"] | Mapping[str, "Plain"]


def module_data(module: Module) -> Mapping[str, Plain]:
    """Return every field of a module, the checks, and names for the numbers."""
    prefix = module.prefix
    assets = _assets(module)
    security = _security(module)
    return {
        "platform": platform_name(prefix.platform_id),
        "function": functions.name(prefix.function),
        "version": prefix.version,
        "uuid": module.uuid,
        "product": _product(module),
        "dependencies": [_dependency(dependency) for dependency in module.dependencies],
        "declaredSize": module.size,
        "trailingBytes": len(module.trailing),
        "flagNames": list(prefix.flag_names),
        "crc": _crc(module),
        "sha256": _sha256(module),
        "prefixInfo": _prefix(module),
        "suffixInfo": _suffix(module),
        **({"assets": assets} if assets else {}),
        **({"security": security} if security else {}),
        **({"compressedHeader": _compressed_header(module)} if module.prefix.flags & COMPRESSED else {}),
    }


def _product(module: Module) -> Plain:
    product = module.suffix.product
    return {"id": product[0], "version": product[1]} if product else None


def _dependency(dependency: Dependency) -> Plain:
    return {
        "function": functions.name(dependency.function),
        "functionNumber": dependency.function,
        "index": dependency.index,
        "version": dependency.version,
    }


def _crc(module: Module) -> Plain:
    """The CRC over the declared range; with bytes after it also the one over the whole file."""
    actual = module.computed_crc()
    told: dict[str, Plain] = {
        "ok": actual == module.crc,
        "storedCrc": f"{module.crc:08x}",
        "actualCrc": f"{actual:08x}",
    }
    if len(module.trailing) >= CRC_SIZE:
        file = write_module(module)
        told["wholeFile"] = {"storedCrc": file[-4:].hex(), "actualCrc": f"{crc32(file[:-4]):08x}"}
    return told


def _sha256(module: Module) -> Plain:
    actual = module.computed_sha256()
    return {
        "ok": actual == module.suffix.sha256,
        "stored": module.uuid,
        "actual": actual.hex(),
        "coverage": sha256_coverage(module),
    }


def _prefix(module: Module) -> Plain:
    prefix = module.prefix
    first, second = prefix.dependency1, prefix.dependency2
    told: dict[str, Plain] = {
        "moduleStartAddy": f"{prefix.start_address:x}",
        "moduleEndAddy": f"{prefix.end_address:x}",
        "reserved": prefix.mcu_target,
        "moduleFlags": prefix.flags,
        "moduleVersion": prefix.version,
        "platformID": prefix.platform_id,
        "moduleFunction": prefix.function,
        "moduleIndex": prefix.index,
        "depModuleFunction": first.function,
        "depModuleIndex": first.index,
        "depModuleVersion": first.version,
        "dep2ModuleFunction": second.function,
        "dep2ModuleIndex": second.index,
        "dep2ModuleVersion": second.version,
        "prefixSize": prefix.size,
    }
    if prefix.extensions:
        told["extensions"] = list(_extensions(prefix.extensions, PREFIX_SIZE))
    told["prefixOffset"] = len(module.preamble)
    return told


def _suffix(module: Module) -> Plain:
    suffix = module.suffix
    told: dict[str, Plain] = {
        "productId": suffix.product_id,
        "productVersion": suffix.product_version,
        "fwUniqueId": module.uuid,
        "reserved": suffix.reserved,
        "suffixSize": suffix.size,
        "crcBlock": f"{module.crc:08x}",
    }
    if suffix.unread:
        told["unread"] = suffix.unread.hex()
    if suffix.extensions:
        start = len(module.preamble) + module.prefix.size + len(module.payload)
        told["extensions"] = list(_extensions(suffix.extensions, start))
    return told


def _extensions(extensions: Sequence[Extension], offset: int) -> Iterator[Plain]:
    for extension in extensions:
        yield {
            "type": extension.type,
            "length": extension.size,
            "offset": offset,
            "data": extension.encoded().hex(),
            **_meaning(extension),
        }
        offset += extension.size


def _meaning(extension: Extension) -> Mapping[str, Plain]:
    """The fields of a record of known type; none for a damaged one."""
    reader = _MEANINGS.get(extension.type)
    try:
        return reader(extension) if reader else {}
    except ModuleBroken:
        return {}


def _product_record(record: Extension) -> Mapping[str, Plain]:
    product_id, version = records.product_record_fields(record)
    return {"productId": product_id, "productVersion": version}


def _location(record: Extension) -> Mapping[str, Plain]:
    names = ("moduleStartAddress", "dynalibLoadAddress", "dynalibStartAddress")
    return {
        name: f"{address:x}" for name, address in zip(names, records.location_fields(record), strict=True)
    }


def _dependency_record(record: Extension) -> Mapping[str, Plain]:
    wanted, target = records.dependency_fields(record)
    return {
        "moduleFunction": wanted.function,
        "moduleIndex": wanted.index,
        "moduleVersion": wanted.version,
        "targetId": target,
    }


def _hash(record: Extension) -> Mapping[str, Plain]:
    kind, digest = records.hash_fields(record)
    return {"hashType": kind, "hashLength": record.data[1], "hash": digest.hex()}


def _asset_dependency(record: Extension) -> Mapping[str, Plain]:
    asset = records.asset_dependency_fields(record)
    return {
        "hashType": asset.hash_type,
        "hashLength": len(asset.hash),
        "hash": asset.hash.hex(),
        "name": asset.name,
    }


def _security_record(record: Extension) -> Mapping[str, Plain]:
    mode, certificate = records.security_fields(record)
    return {"securityMode": mode, **({"certificate": certificate.hex()} if certificate else {})}


_MEANINGS: Mapping[int, Callable[[Extension], Mapping[str, Plain]]] = {
    ExtensionType.PRODUCT_DATA: _product_record,
    ExtensionType.DYNAMIC_LOCATION: _location,
    ExtensionType.DEPENDENCY: _dependency_record,
    ExtensionType.HASH: _hash,
    ExtensionType.NAME: lambda record: {"name": records.name_field(record)},
    ExtensionType.ASSET_DEPENDENCY: _asset_dependency,
    ExtensionType.SECURITY_MODE: _security_record,
    ExtensionType.ASSET_TYPE: lambda record: {"assetType": records.asset_type_field(record)},
}


def _assets(module: Module) -> Sequence[Plain]:
    return [
        {"hashType": asset.hash_type, "hash": asset.hash.hex(), "name": asset.name}
        for asset in records.asset_dependencies(module.extensions)
    ]


def _compressed_header(module: Module) -> Plain:
    """What stands before the compressed data; None where it is damaged."""
    try:
        header = read_header(module)
    except ModuleBroken:
        return None
    return {
        "size": header.size,
        "method": header.method,
        "windowBits": header.window_bits,
        "originalSize": header.original_size,
    }


def _security(module: Module) -> Mapping[str, Plain]:
    """Mode and certificate of the first SECURITY_MODE record, unless it is damaged."""
    for extension in module.extensions:
        if extension.type == ExtensionType.SECURITY_MODE:
            told = dict(_meaning(extension))
            return {"mode": told.pop("securityMode"), **told} if told else {}
    return {}
