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
    wanted = asset_dependencies(application.extensions)
    digests = {name: sha256(assets[name]).digest() for name in {asset.name for asset in wanted} & set(assets)}
    return tuple(AssetCheck(asset, _fault(asset, digests.get(asset.name))) for asset in wanted)


def _fault(dependency: AssetDependency, digest: bytes | None) -> str | None:
    """Tell what is wrong with an asset (None: it is not at hand) by its SHA-256; None when nothing is."""
    if digest is None:
        return "missing"
    if dependency.hash_type != HASH_SHA256:
        return "unknown-hash-type"
    return None if digest == dependency.hash else "hash-mismatch"
