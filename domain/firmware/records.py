"""What the bodies of extension records mean, and how to make such records."""

from __future__ import annotations

import struct

from attrs import frozen

from particle_cli.domain.firmware.errors import ModuleBroken
from particle_cli.domain.firmware.extensions import Extension, ExtensionType
from particle_cli.domain.firmware.prefix import Dependency

_DEPENDENCY = struct.Struct("<BBHI")
_PRODUCT = struct.Struct("<HHH")
_LOCATION = struct.Struct("<III")

HASH_SHA256 = 0
SECURITY_PROTECTED = 1
ASSET_TYPE_DEFAULT = 0
ASSET_TYPE_APPLICATION_ENV = 1
ASSET_TYPE_ENV_SNAPSHOT = 2


@frozen
class AssetDependency:
    """An asset that an application wants to have beside it. `hash` is that of the raw asset."""

    name: str
    hash: bytes
    hash_type: int = HASH_SHA256


def _short(record: Extension, what: str) -> ModuleBroken:
    return ModuleBroken(f"A {what} extension of {len(record.data)} bytes is too short to be one.")


def _fields(record: Extension, layout: struct.Struct, what: str) -> tuple[int, ...]:
    if len(record.data) < layout.size:
        raise _short(record, what)
    return layout.unpack_from(record.data)


def dependency_record(dependency: Dependency, *, target: int = 0) -> Extension:
    """Make a DEPENDENCY record. `target` identifies e.g. a network coprocessor."""
    try:
        body = _DEPENDENCY.pack(dependency.function, dependency.index, dependency.version, target)
    except struct.error as misfit:
        raise ModuleBroken(f"A number does not fit a DEPENDENCY extension: {misfit}.") from None
    return Extension(ExtensionType.DEPENDENCY, body)


def dependency_fields(record: Extension) -> tuple[Dependency, int]:
    """Read a DEPENDENCY record: the module wanted, and the target id. Raises: ModuleBroken."""
    function, index, version, target = _fields(record, _DEPENDENCY, "DEPENDENCY")
    return Dependency(function, index, version), target


def product_record(product_id: int, version: int) -> Extension:
    """Make a PRODUCT_DATA record; its first two bytes are always 0xff."""
    try:
        return Extension(ExtensionType.PRODUCT_DATA, _PRODUCT.pack(0xFFFF, product_id, version))
    except struct.error as misfit:
        raise ModuleBroken(f"A number does not fit a PRODUCT_DATA extension: {misfit}.") from None


def product_record_fields(record: Extension) -> tuple[int, int]:
    """Read a PRODUCT_DATA record: product id and version. Raises: ModuleBroken."""
    _, product_id, version = _fields(record, _PRODUCT, "PRODUCT_DATA")
    return product_id, version


def location_record(start: int, load: int, dynalib: int) -> Extension:
    """Make a DYNAMIC_LOCATION record: module start, load address and start of the dynalib table."""
    try:
        return Extension(ExtensionType.DYNAMIC_LOCATION, _LOCATION.pack(start, load, dynalib))
    except struct.error as misfit:
        raise ModuleBroken(f"A number does not fit a DYNAMIC_LOCATION extension: {misfit}.") from None


def location_fields(record: Extension) -> tuple[int, int, int]:
    """Read a DYNAMIC_LOCATION record: module start, dynalib load and dynalib start address."""
    start, load, dynalib = _fields(record, _LOCATION, "DYNAMIC_LOCATION")
    return start, load, dynalib


def hash_record(digest: bytes) -> Extension:
    """Make a HASH record of a SHA-256."""
    return Extension(ExtensionType.HASH, bytes((HASH_SHA256, len(digest))) + digest)


def hash_fields(record: Extension) -> tuple[int, bytes]:
    """Read a HASH record: hash type, and all bytes up to the record's end. Raises: ModuleBroken."""
    if len(record.data) < 2:
        raise _short(record, "HASH")
    return record.data[0], record.data[2:]


def name_record(name: str) -> Extension:
    """Make a NAME record."""
    return Extension(ExtensionType.NAME, name.encode())


def name_field(record: Extension) -> str:
    """Read a NAME record; bytes that are no UTF-8 become U+FFFD."""
    return record.data.decode(errors="replace")


def asset_dependency_record(asset: AssetDependency) -> Extension:
    """Make an ASSET_DEPENDENCY record."""
    if len(asset.hash) > 0xFF or not 0 <= asset.hash_type <= 0xFF:
        raise ModuleBroken("A hash type or length does not fit an ASSET_DEPENDENCY extension.")
    body = bytes((asset.hash_type, len(asset.hash))) + asset.hash + asset.name.encode()
    return Extension(ExtensionType.ASSET_DEPENDENCY, body)


def asset_dependency_fields(record: Extension) -> AssetDependency:
    """Read an ASSET_DEPENDENCY record. Raises: ModuleBroken."""
    if len(record.data) < 2 or len(record.data) < 2 + record.data[1]:
        raise _short(record, "ASSET_DEPENDENCY")
    end = 2 + record.data[1]
    return AssetDependency(record.data[end:].decode(errors="replace"), record.data[2:end], record.data[0])


def security_record(mode: int = SECURITY_PROTECTED, certificate: bytes = b"") -> Extension:
    """Make a SECURITY_MODE record, with the certificate (DER) of whoever may lift the protection."""
    if not 0 <= mode <= 0xFF:
        raise ModuleBroken(f"A security mode is one byte: {mode} does not fit.")
    return Extension(ExtensionType.SECURITY_MODE, bytes((mode,)) + certificate)


def security_fields(record: Extension) -> tuple[int, bytes]:
    """Read a SECURITY_MODE record: mode and certificate (may be empty). Raises: ModuleBroken."""
    if not record.data:
        raise _short(record, "SECURITY_MODE")
    return record.data[0], record.data[1:]


def asset_type_record(kind: int) -> Extension:
    """Make an ASSET_TYPE record."""
    return Extension(ExtensionType.ASSET_TYPE, bytes((kind, 0)))


def asset_type_field(record: Extension) -> int:
    """Read an ASSET_TYPE record. Raises: ModuleBroken."""
    if not record.data:
        raise _short(record, "ASSET_TYPE")
    return record.data[0]


def asset_dependencies(records: tuple[Extension, ...]) -> tuple[AssetDependency, ...]:
    """Return the assets that records ask for, in order. Raises: ModuleBroken for a damaged record."""
    return tuple(
        asset_dependency_fields(record) for record in records if record.type == ExtensionType.ASSET_DEPENDENCY
    )
