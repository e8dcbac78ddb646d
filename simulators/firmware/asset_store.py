"""The files that an application has beside it, in their own region of the flash.

Real devices keep a file system there. Here each asset module lies as it is, from the start of a 4 KiB block
on, and takes as many blocks as Device OS counts for it (8 bytes of each are overhead); a module that is not
whole is no asset, so that an interrupted write leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import field, frozen

from particle_cli.domain.firmware.extensions import ExtensionType
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.records import AssetDependency
from particle_cli.simulators.firmware.staged import StagedImage, read_staged
from particle_cli.simulators.hardware.hardware import Hardware

BLOCK = 4096
BLOCK_OVERHEAD = 8
SPARE_BLOCKS = 16


class AssetTooLarge(Exception):
    """There is not enough room for the asset."""


@frozen
class StoredAsset:
    """One asset in the store.

    Attributes:
        name: its name.
        hash: SHA-256 of the asset itself.
        size: bytes of the module that carries it.
        storage_size: bytes that it takes in the store.
        address: where it lies.
    """

    name: str
    hash: bytes = field(repr=False)
    size: int
    storage_size: int
    address: int


def storage_size(module_size: int) -> int:
    """Return the bytes that a module of this size takes in the store."""
    return -(-module_size // (BLOCK - BLOCK_OVERHEAD)) * BLOCK


def stored_assets(hardware: Hardware) -> tuple[StoredAsset, ...]:
    """Return the assets in the store, in the order of their places."""
    region = hardware.region("asset_storage")
    found: list[StoredAsset] = []
    address, end = (region.start, region.end) if region and hardware.platform.assets else (0, 0)
    while address < end:
        asset = _asset_at(hardware, address, end)
        if asset:
            found.append(asset)
        address += asset.storage_size if asset else BLOCK
    return tuple(found)


def _asset_at(hardware: Hardware, address: int, end: int) -> StoredAsset | None:
    head = hardware.memory.read(address, 24)
    size = int.from_bytes(head[4:8], "little") + 4
    if head[:4] != bytes(4) or head[14] != ModuleFunction.ASSET or size > end - address:
        return None
    image = read_staged(None, hardware.memory.read(address, size))
    if image is None or not image.whole:
        return None
    name, digest = image.record(ExtensionType.NAME), image.record(ExtensionType.HASH)
    if not name or digest is None:
        return None
    return StoredAsset(name.decode(errors="replace"), digest[2:], size, storage_size(size), address)


def missing_assets(hardware: Hardware, required: Sequence[AssetDependency]) -> tuple[AssetDependency, ...]:
    """Return the assets that are asked for and not stored with that name and content."""
    if not required:
        return ()
    stored = {(one.name, one.hash) for one in stored_assets(hardware)}
    return tuple(one for one in required if (one.name, one.hash) not in stored)


def store_asset(hardware: Hardware, image: StagedImage, required: Sequence[AssetDependency]) -> float:
    """Put an asset module into the store, after removing what the application no longer asks for.

    Args:
        hardware: the device.
        image: the asset module.
        required: what the present application asks for.

    Returns:
        The milliseconds that it takes.

    Raises: AssetTooLarge; PowerCut.
    """
    region, limits = hardware.region("asset_storage"), hardware.platform.assets
    needed = storage_size(len(image.data))
    if region is None or limits is None or len(image.data) > limits.max_single_asset_size:
        raise AssetTooLarge
    if needed > region.size - SPARE_BLOCKS * BLOCK:
        raise AssetTooLarge
    name = (image.record(ExtensionType.NAME) or b"").decode(errors="replace")
    wanted = {(one.name, one.hash) for one in required}
    taken_ms, kept = 0.0, []
    for one in stored_assets(hardware):
        if one.name == name or (one.name, one.hash) not in wanted:
            taken_ms += hardware.flash.erase(one.address, one.storage_size)
        else:
            kept.append(one)
    address = region.start
    for one in kept:  # in ascending order: take the first gap
        if one.address - address >= needed:
            break
        address = one.address + one.storage_size
    if address + needed > region.end:
        raise AssetTooLarge
    return taken_ms + hardware.flash.write_pages(address, image.data)


def wipe_assets(hardware: Hardware) -> float:
    """Erase what is stored; return the milliseconds that it takes."""
    return sum(hardware.flash.erase(one.address, one.storage_size) for one in stored_assets(hardware))
