"""How a device reports its firmware modules and assets over control requests."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import cast

from particle_cli.domain.control.messages import describe_pb2, storage_pb2
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.records import AssetDependency, asset_dependencies
from particle_cli.simulators.firmware.asset_store import StoredAsset
from particle_cli.simulators.firmware.installed import ALL_CHECKS, DEPENDENCIES, INTEGRITY, InstalledModule
from particle_cli.simulators.hardware.hardware import Hardware

LEGACY_TYPES = {
    ModuleFunction.BOOTLOADER: storage_pb2.BOOTLOADER,
    ModuleFunction.SYSTEM_PART: storage_pb2.SYSTEM_PART,
    ModuleFunction.USER_PART: storage_pb2.USER_PART,
    ModuleFunction.MONO_FIRMWARE: storage_pb2.MONO_FIRMWARE,
    ModuleFunction.NCP_FIRMWARE: storage_pb2.NCP_FIRMWARE,
    ModuleFunction.RADIO_STACK: storage_pb2.RADIO_STACK,
}


def module_info(
    hardware: Hardware, modules: Sequence[InstalledModule], *, protected: bool
) -> storage_pb2.GetModuleInfoReply:
    """Return the reply of Device OS 5.6 and later. An application that is not whole is left out.

    Args:
        hardware: the device.
        modules: what is installed.
        protected: whether the bootloader carries Device Protection.
    """
    reply = storage_pb2.GetModuleInfoReply()
    for one in _reported(modules):
        entry = reply.modules.add(
            type=_described(one.prefix.function),
            index=one.prefix.index,
            version=one.prefix.version,
            max_size=one.slot.max_size or 0,
            checked_flags=ALL_CHECKS,
            passed_flags=one.passed,
            hash=_identity(hardware, one),
            size=one.size,
        )
        for need in one.dependencies:
            entry.dependencies.add(type=_described(need.function), index=need.index, version=need.version)
        if one.prefix.function == ModuleFunction.USER_PART and one.valid and one.module:
            for asset in asset_dependencies(one.module.extensions):
                entry.asset_dependencies.add(hash=asset.hash, name=asset.name)
        if protected and one.prefix.function == ModuleFunction.BOOTLOADER and one.prefix.index == 0:
            entry.security.mode = describe_pb2.PROTECTED
    return reply


def legacy_module_info(modules: Sequence[InstalledModule]) -> storage_pb2.GetModuleInfoReply:
    """Return the reply of older Device OS."""
    reply = storage_pb2.GetModuleInfoReply()
    for one in _reported(modules):
        validity = 0 if one.passed & INTEGRITY else storage_pb2.INTEGRITY_CHECK_FAILED
        validity |= 0 if one.passed & DEPENDENCIES else storage_pb2.DEPENDENCY_CHECK_FAILED
        entry = reply.modules_deprecated.add(
            type=LEGACY_TYPES.get(ModuleFunction(one.prefix.function), storage_pb2.INVALID_FIRMWARE_MODULE),
            index=one.prefix.index,
            version=one.prefix.version,
            size=one.size - 4,
            validity=validity,
        )
        for need in one.dependencies:
            entry.dependencies.add(
                type=LEGACY_TYPES.get(ModuleFunction(need.function), storage_pb2.INVALID_FIRMWARE_MODULE),
                index=need.index,
                version=need.version,
            )
    return reply


def asset_info(
    available: Sequence[StoredAsset], required: Sequence[AssetDependency]
) -> storage_pb2.GetAssetInfoReply:
    """Return the assets that are stored, and those that the application asks for."""
    reply = storage_pb2.GetAssetInfoReply()
    for stored in available:
        reply.available.add(
            hash=stored.hash, name=stored.name, size=stored.size, storage_size=stored.storage_size
        )
    for asset in required:
        reply.required.add(hash=asset.hash, name=asset.name)
    return reply


def _described(function: int) -> describe_pb2.FirmwareModuleType:
    """Return the enum value of a module function; their numbers are the same."""
    return cast("describe_pb2.FirmwareModuleType", function)


def _reported(modules: Sequence[InstalledModule]) -> list[InstalledModule]:
    user_part = ModuleFunction.USER_PART
    return [one for one in modules if one.prefix.function != user_part or one.passed & INTEGRITY]


def _identity(hardware: Hardware, one: InstalledModule) -> bytes:
    """Return the SHA-256 of the suffix, or of the content where the prefix is not kept in flash."""
    if one.module:
        return one.module.suffix.sha256
    return sha256(hardware.memory.read(one.address, max(0, one.size - 4))).digest()
