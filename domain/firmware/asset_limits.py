"""Whether assets fit the storage that a platform has for them."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from particle_cli.domain.firmware.assets import asset_module
from particle_cli.domain.firmware.bundle import NamedFile
from particle_cli.domain.firmware.errors import LimitExceeded, ModuleUnsuited
from particle_cli.domain.platforms.catalogue import platform


@frozen
class AssetSize:
    """What one asset takes, in bytes: as a file, wrapped for its way to the device, and in its storage."""

    name: str
    original: int
    module: int
    storage: int


@frozen
class AssetBudget:
    """What assets take together, and what there is. `faults` has a sentence for each limit exceeded."""

    assets: tuple[AssetSize, ...]
    total: int
    max_single: int
    max_total: int
    faults: tuple[str, ...]


def asset_budget(platform_id: int, assets: Sequence[NamedFile]) -> AssetBudget:
    """Return what raw assets would take on a platform.

    Raises:
        UnknownPlatform: there is no such platform.
        ModuleUnsuited: the platform has no asset storage.
    """
    kind = platform(platform_id)
    limits = kind.assets
    if limits is None:
        raise ModuleUnsuited(f"This platform does not support assets: {kind.display_name}.")
    block, room = limits.block_size, limits.block_size - limits.overhead_per_block
    sizes: list[AssetSize] = []
    faults: list[str] = []
    for asset in assets:
        module = asset_module(asset.data, asset.name).length
        storage = limits.overhead_per_asset + -(-module // room) * block
        sizes.append(AssetSize(asset.name, len(asset.data), module, storage))
        if module > limits.max_single_asset_size:
            excess = module - limits.max_single_asset_size
            faults.append(f"Asset {asset.name} exceeds maximum single asset size limit by {excess} bytes")
    total = sum(size.storage for size in sizes)
    most = block * (limits.storage_blocks - limits.reserved_blocks)
    if total > most:
        faults.append(f"Total size of assets exceeds platform limits by {total - most} bytes")
    return AssetBudget(tuple(sizes), total, limits.max_single_asset_size, most, tuple(faults))


def require_fitting(platform_id: int, assets: Sequence[NamedFile]) -> AssetBudget:
    """Return what assets would take. Raises: as `asset_budget`; LimitExceeded, with all that is too large."""
    budget = asset_budget(platform_id, assets)
    if budget.faults:
        raise LimitExceeded(
            ". ".join(budget.faults) + ".", next_step="Remove assets from the project, or make them smaller."
        )
    return budget
