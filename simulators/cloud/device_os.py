"""The releases of Device OS: which there are, and their modules to download."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from particle_cli.domain.firmware.functions import name as function_name
from particle_cli.domain.firmware.module import Module, parse_module
from particle_cli.domain.firmware.versions import Release
from particle_cli.domain.platforms.catalogue import platform as platform_of
from particle_cli.domain.platforms.errors import UnknownPlatform
from particle_cli.domain.platforms.names import compile_targets
from particle_cli.domain.platforms.names import platform_id as named_platform
from particle_cli.domain.platforms.values import Platform
from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.releases import default_release, releases_of
from particle_cli.simulators.cloud.replies import Plain, Refusal, refused, reply, reply_bytes

_PAGE: Final = 25
_MOST_ON_A_PAGE: Final = 1000


async def list_versions(call: Call) -> HttpResponse:
    """List releases, of one platform if one is named, newest first, by pages."""
    wanted = call.query.get("platform_id")
    platforms = [_platform(wanted)] if wanted else [platform_of(number) for number in compile_targets()]
    found: dict[str, tuple[Release, list[int]]] = {}
    for platform in platforms:
        for release in releases_of(platform):
            found.setdefault(release.name, (release, []))[1].append(platform.id)
    internal = call.query.get("internal_version")
    chosen = sorted(
        (
            (release, ids)
            for release, ids in found.values()
            if internal is None or str(release.version) == internal
        ),
        key=lambda item: -item[0].version,
    )
    page, size = _number(call, "page", 1), min(_number(call, "per_page", _PAGE), _MOST_ON_A_PAGE)
    shown = chosen[(page - 1) * size : page * size]
    return reply(
        {
            "versions": [_shown(call, release, ids) for release, ids in shown],
            "meta": {"total": len(chosen)},
        }
    )


async def show_version(call: Call) -> HttpResponse:
    """Show one release with its modules; it may be named, `latest`, or the version of its system part."""
    platform = _platform(call.query.get("platform_id", ""))
    release = _find(platform, call.places["version"])
    modules = [(filename, parse_module(data, name=filename)) for filename, data in _files(platform, release)]
    return reply(
        {
            **_shown(call, release, [platform.id]),
            "modules": [_module(filename, module) for filename, module in modules],
        }
    )


async def download(call: Call) -> HttpResponse:
    """Return a module's file, to whoever asks; its name begins with the platform's."""
    wanted = call.places["filename"]
    platform_id = named_platform(wanted.partition("-")[0], aliases=False)
    if platform_id is not None:
        platform = platform_of(platform_id)
        release = _find(platform, call.places["version"])
        for filename, data in _files(platform, release):
            if filename == wanted:
                return reply_bytes(data, "application/octet-stream", filename)
    raise refused(404, "File not found")


def _files(platform: Platform, release: Release) -> Sequence[tuple[str, bytes]]:
    from particle_cli.simulators.factory import device_os_modules

    return device_os_modules(platform, release.name)


def _find(platform: Platform, wanted: str) -> Release:
    """Return the release that is meant. Raises: Refusal with an empty body, as clients expect."""
    if wanted == "latest":
        newest = default_release(platform)
        if newest is not None:
            return newest
    for release in releases_of(platform):
        if wanted.removeprefix("v") == release.name or wanted == str(release.version):
            return release
    raise Refusal(404, {})


def _platform(text: str) -> Platform:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise refused(400, "platform_id is missing or no number")
    try:
        return platform_of(int(text))
    except UnknownPlatform:
        raise Refusal(404, {}) from None


def _number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) > 0):
        raise refused(400, f"{name} must be a positive number")
    return int(text)


def _base_url(call: Call, release: Release) -> str:
    return f"{call.world.origin}/v1/firmware/device-os/v{release.name}"


def _shown(call: Call, release: Release, platform_ids: Sequence[int]) -> dict[str, Plain]:
    final = release.stage == "final"
    return {
        "version": release.name,
        "internal_version": release.version,
        "release_state": "ga" if final else "preview",
        "state": "released" if final else "pre_release",
        "base_url": _base_url(call, release),
        "supported_platforms": list(platform_ids),
    }


def _module(filename: str, module: Module) -> dict[str, Plain]:
    """Return what the API says of a module: addresses and checksums in bare hexadecimal."""
    prefix, suffix, crc = module.prefix, module.suffix, f"{module.crc:08x}"
    first, second = prefix.dependency1, prefix.dependency2
    product = suffix.product_fields or (0xFFFF, 0xFFFF)
    return {
        "filename": filename,
        "crc": {"ok": module.crc_ok, "storedCrc": crc, "actualCrc": f"{module.computed_crc():08x}"},
        "prefixInfo": {
            "moduleStartAddy": f"{prefix.start_address:x}",
            "moduleEndAddy": f"{prefix.end_address:x}",
            "reserved": prefix.mcu_target,
            "moduleFlags": prefix.flags,
            "moduleVersion": prefix.version,
            "platformID": prefix.platform_id,
            "moduleFunction": function_name(prefix.function),
            "moduleIndex": prefix.index,
            "depModuleFunction": function_name(first.function),
            "depModuleIndex": first.index,
            "depModuleVersion": first.version,
            "dep2ModuleFunction": function_name(second.function),
            "dep2ModuleIndex": second.index,
            "dep2ModuleVersion": second.version,
            "prefixSize": prefix.size,
            "prefixOffset": len(module.preamble),
        },
        "suffixInfo": {
            "productId": product[0],
            "productVersion": product[1],
            "fwUniqueId": module.uuid,
            "reserved": suffix.reserved,
            "suffixSize": suffix.size,
            "crcBlock": crc,
        },
    }
