"""Firmware from the cloud: sources compiled into a binary, and the releases of Device OS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import field, frozen

from particle_cli.domain.cloud.addresses import joined
from particle_cli.domain.cloud.client import Answer, CloudClient
from particle_cli.domain.cloud.errors import (
    CloudAnswerUnreadable,
    CloudNotFound,
    CloudRefused,
    CompileFailed,
    TargetUnknown,
)
from particle_cli.domain.cloud.reading import Json
from particle_cli.domain.cloud.refusals import complaint
from particle_cli.domain.cloud.requests import CloudRequest, FilesBody, file_parts

_COMPILER_SPOKE: Final = ("Compiler timed out or encountered an error", "build didn't produce binary")
_COMPILE_MS: Final = 120_000
_NOT_ACCEPTABLE: Final = 406


@frozen
class SourceFile:
    """A file for the compiler: its path in the project, with `/`, and its bytes."""

    path: str
    content: bytes = field(repr=False)


@frozen
class MemoryUse:
    """What a program needs, in bytes."""

    flash: int
    ram: int


@frozen
class CompiledFirmware:
    """What came of a compilation.

    Attributes:
        binary: the firmware, a module (or something else that the cloud takes for one: it isn't checked).
        memory: what it needs, or None where the cloud didn't say.
        target: the release of Device OS that it was compiled for, or None where the cloud didn't say.
    """

    binary: bytes = field(repr=False)
    memory: MemoryUse | None
    target: str | None


@frozen
class DeviceOsModule:
    """A file of a Device OS release.

    Attributes:
        filename: to be joined to the release's base address.
        stored_crc: the CRC-32 at its end, 8 hexadecimal digits, or None.
        function: `bootloader`, `system_part`, `user_part`, `radio_stack`, …, or None.
        index: module index.
    """

    filename: str
    stored_crc: str | None
    function: str | None
    index: int | None


@frozen
class DeviceOsRelease:
    """A release of Device OS for a platform.

    Attributes:
        version: e.g. `6.3.0`.
        internal_version: version of its system part, e.g. 6300.
        release_state: `ga`, `preview`, …
        base_url: address of the folder that its modules lie in.
        modules: its files; empty in lists, which don't name them.
    """

    version: str
    internal_version: int | None = None
    release_state: str | None = None
    base_url: str | None = None
    modules: tuple[DeviceOsModule, ...] = ()

    @property
    def is_preview(self) -> bool:
        """Whether it is offered for trial only."""
        return self.release_state == "preview"


@frozen
class _Built:
    binary_id: str | None = None
    binary_url: str | None = None
    build_target_version: str | None = None
    sizeInfo: str | None = None


@frozen
class _Crc:
    storedCrc: str | None = None


@frozen
class _Prefix:
    moduleFunction: str | None = None
    moduleIndex: int | None = None


@frozen
class _Module:
    filename: str
    crc: _Crc = _Crc()
    prefixInfo: _Prefix = _Prefix()


@frozen
class _Release:
    version: str
    internal_version: int | None = None
    release_state: str | None = None
    base_url: str | None = None
    modules: tuple[_Module, ...] = ()


@frozen
class _Releases:
    versions: tuple[_Release, ...] = ()


async def compile_sources(
    client: CloudClient, sources: Sequence[SourceFile], *, platform_id: int, target: str | None = None
) -> CompiledFirmware:
    """Have the cloud compile a project and return the firmware.

    Args:
        client: the cloud.
        sources: the project's files.
        platform_id: kind of device to compile for.
        target: release of Device OS, or None for the one that the cloud prefers for the platform.

    Raises: CompileFailed with the compiler's words; CloudError.
    """
    version = ("latest", "true") if target is None else ("build_target_version", target)
    files = file_parts(tuple((source.path, source.content) for source in sources))
    answer = await client.send(
        CloudRequest(
            "POST",
            ("v1", "binaries"),
            FilesBody(files, (("platform_id", str(platform_id)), version)),
            timeout_ms=_COMPILE_MS,
            understood=frozenset({_NOT_ACCEPTABLE}),
        )
    )
    _raise_compiler_errors(answer)
    built = answer.into(_Built)
    if not (built.binary_id and built.binary_url):
        raise CloudRefused(complaint(answer.json()) or "Compile failed", status=answer.status)
    binary = await client.send(
        CloudRequest("GET", ("v1", "binaries", built.binary_id), about=f"binary {built.binary_id}")
    )
    if not binary.body:
        raise CloudAnswerUnreadable(f"The cloud compiled the project, but {binary.url} is empty.")
    return CompiledFirmware(binary.body, memory_use(built.sizeInfo or ""), built.build_target_version)


def _raise_compiler_errors(answer: Answer) -> None:
    """Raise what the compiler has to say, if the answer carries that.

    Raises: CompileFailed, CloudRefused, CloudAnswerUnreadable.
    """
    document = answer.json()
    body: dict[str, Json] = document if isinstance(document, dict) else {}
    if body.get("output") in _COMPILER_SPOKE:
        errors = body.get("errors")
        words = [item for item in errors if isinstance(item, str)] if isinstance(errors, list) else []
        raise CompileFailed("Compiler encountered an error", output="\n".join(words), status=answer.status)
    if answer.status == _NOT_ACCEPTABLE:
        raise CloudRefused(complaint(document) or "Compile failed", status=answer.status)


def memory_use(size_info: str) -> MemoryUse | None:
    """Read what the `size` tool printed: a line of column names and a line of numbers.

    Flash holds text and data, RAM holds data and bss. Returns None when one of the three is missing.
    """
    lines = [line.split() for line in size_info.splitlines() if line.strip()]
    if len(lines) < 2:
        return None
    columns = dict(zip(lines[0][:4], lines[1][:4], strict=False))
    try:
        text, data, bss = (int(columns[name]) for name in ("text", "data", "bss"))
    except (KeyError, ValueError):
        return None
    return MemoryUse(flash=text + data, ram=data + bss)


async def list_device_os(client: CloudClient, *, platform_id: int) -> tuple[DeviceOsRelease, ...]:
    """Return the releases of Device OS for a platform, newest first, without their modules.

    Raises: CloudError.
    """
    answer = await client.send(
        CloudRequest(
            "GET",
            ("v1", "device-os", "versions"),
            query=(("platform_id", str(platform_id)), ("per_page", "100")),
        )
    )
    return tuple(map(_release, answer.into(_Releases).versions))


async def check_target(client: CloudClient, target: str, *, platform_id: int) -> None:
    """Make sure that a platform can be compiled for with a release of Device OS.

    Raises: TargetUnknown, which lists those that there are; CloudError.
    """
    releases = await list_device_os(client, platform_id=platform_id)
    if any(release.version == target for release in releases):
        return
    lines = [f"{release.version} {'(preview)' if release.is_preview else ''}" for release in releases]
    raise TargetUnknown(
        "\n".join(("Invalid build target version.", "Valid targets:", *lines)),
        next_step=f"{target} is none of these; leave out --target for the newest.",
    )


async def get_device_os(client: CloudClient, version: str, *, platform_id: int) -> DeviceOsRelease:
    """Return one release of Device OS with its modules.

    Args:
        client: the cloud.
        version: `latest`, a release such as `6.3.0`, or a system part's version such as `6300`.
        platform_id: kind of device.

    Raises: CloudNotFound, CloudError.
    """
    request = CloudRequest(
        "GET", ("v1", "device-os", "versions", version), query=(("platform_id", str(platform_id)),)
    )
    try:
        answer = await client.send(request)
    except CloudNotFound as refused:
        raise CloudNotFound(
            f"Device OS version not found: {version} for platform {platform_id}",
            next_step="Leave out the version for the newest one.",
            status=refused.status,
        ) from refused
    return _release(answer.into(_Release))


async def download_module(client: CloudClient, release: DeviceOsRelease, module: DeviceOsModule) -> bytes:
    """Return a file of a release; it is asked for without a token, wherever it lies.

    Raises: CloudAnswerUnreadable when it isn't the file that the release describes; CloudError.
    """
    about = f"Device OS {release.version}, file {module.filename}"
    if not release.base_url or "/" in module.filename or module.filename in ("", ".", ".."):
        raise CloudAnswerUnreadable(f"The cloud gives no usable address for {about}.")
    url = joined(release.base_url, (module.filename,))
    content = await client.fetch(url, about=about)
    if module.stored_crc is not None and content[-4:].hex() != module.stored_crc.lower().zfill(8):
        raise CloudAnswerUnreadable(
            f"{about} came damaged from {url}: its checksum is not the one announced.",
            next_step="Try again.",
        )
    return content


def _release(wire: _Release) -> DeviceOsRelease:
    modules = tuple(
        DeviceOsModule(
            module.filename,
            module.crc.storedCrc,
            module.prefixInfo.moduleFunction,
            module.prefixInfo.moduleIndex,
        )
        for module in wire.modules
    )
    return DeviceOsRelease(wire.version, wire.internal_version, wire.release_state, wire.base_url, modules)
