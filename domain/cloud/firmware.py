"""The releases of Device OS: which there are, and their modules."""

from __future__ import annotations

from attrs import frozen

from particle_cli.domain.cloud.addresses import joined
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import CloudAnswerUnreadable, CloudNotFound, TargetUnknown
from particle_cli.domain.cloud.requests import CloudRequest


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
