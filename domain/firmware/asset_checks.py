"""Whether the assets at hand are those that an application names."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from attrs import frozen

from particle_cli.domain.firmware.module import Module
from particle_cli.domain.firmware.records import HASH_SHA256, AssetDependency, asset_dependencies


@frozen
class AssetCheck:
    """One asset that the application names.

    `fault` is None, `missing`, `hash-mismatch` or `unknown-hash-type`.
    """

    dependency: AssetDependency
    fault: str | None


def check_assets(application: Module, assets: Mapping[str, bytes]) -> tuple[AssetCheck, ...]:
    """Compare what an application names with the raw assets at hand, by name.

    Raises: ModuleBroken for a damaged ASSET_DEPENDENCY record.
    """
    return tuple(
        AssetCheck(dependency, asset_fault(dependency, assets.get(dependency.name)))
        for dependency in asset_dependencies(application.extensions)
    )


def asset_fault(dependency: AssetDependency, data: bytes | None) -> str | None:
    """Tell what is wrong with an asset (None: it is not at hand), or None when nothing is."""
    if data is None:
        return "missing"
    if dependency.hash_type != HASH_SHA256:
        return "unknown-hash-type"
    return None if sha256(data).digest() == dependency.hash else "hash-mismatch"
