"""Which Device OS goes along with an application, and where its files come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import frozen

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import CloudAnswerUnreadable, CloudNotFound
from particle_cli.domain.cloud.firmware import (
    DeviceOsModule,
    DeviceOsRelease,
    download_module,
    get_device_os,
)
from particle_cli.domain.firmware.errors import FirmwareError
from particle_cli.domain.firmware.functions import ModuleFunction, name
from particle_cli.domain.firmware.module import Dependency, parse_module
from particle_cli.domain.flashing.errors import DeviceOsNotFound
from particle_cli.domain.flashing.firmware_file import FirmwareFile, read_firmware_file
from particle_cli.domain.flashing.target import Target
from particle_cli.domain.platforms.values import Platform
from particle_cli.ports.files import Files
from particle_cli.ports.person import Person

_BRINGS_ITS_OWN: Final = {ModuleFunction.SYSTEM_PART, ModuleFunction.BOOTLOADER}
_APPLICATION: Final = name(ModuleFunction.USER_PART)
_BOOTLOADER: Final = name(ModuleFunction.BOOTLOADER)


@frozen
class DeviceOsWish:
    """What was said on the command line about Device OS.

    Attributes:
        version: the release to install, or None.
        application_only: leave Device OS as it is, whatever the application needs.
        known_app: the application is one of Particle's own, which get along with any Device OS.
    """

    version: str | None = None
    application_only: bool = False
    known_app: bool = False


def wanted_device_os(files: Sequence[FirmwareFile], target: Target, wish: DeviceOsWish) -> str | None:
    """Return the Device OS to flash along with the files, or None to leave it as it is.

    It is a release (`6.2.0`), or the version of a system part (`6200`), which the cloud also knows it by.
    Without being told to, nothing is ever replaced by something older, or where it is not known what the
    device runs.
    """
    kinds = {file.function for file in files}
    if kinds & _BRINGS_ITS_OWN or ModuleFunction.USER_PART not in kinds or wish.application_only:
        return None
    if wish.version:
        return wish.version
    if wish.known_app:
        return None
    needed = [
        dependency.version
        for file in files
        if file.function == ModuleFunction.USER_PART
        for dependency in file.module.dependencies
        if dependency.function == ModuleFunction.SYSTEM_PART and _is_older(target, dependency)
    ]
    return str(max(needed)) if needed else None


def _is_older(target: Target, wanted: Dependency) -> bool:
    installed = target.installed(wanted.function, wanted.index)
    return installed is not None and installed.version < wanted.version


def newer_than_installed(files: Sequence[FirmwareFile], target: Target) -> tuple[FirmwareFile, ...]:
    """Return the files that are newer than what the device has, or that it has not."""
    return tuple(
        file
        for file in files
        if (installed := target.installed(file.function, file.index)) is None
        or installed.version < file.version
    )


class DeviceOsStore:
    """The files of Device OS releases: from a folder, or else from the cloud, and then in the folder.

    A file in the folder counts only if it is the very one that the cloud describes.
    """

    def __init__(self, client: CloudClient, files: Files, folder: str, person: Person) -> None:
        """Keep the wires.

        Args:
            client: the cloud.
            files: the disk.
            folder: of the downloaded files; made when there is something to put into it.
            person: told when something is fetched.
        """
        self._client = client
        self._files = files
        self._folder = folder
        self._person = person
        self._fetched = 0

    async def modules(self, version: str, platform: Platform) -> tuple[FirmwareFile, ...]:
        """Return the modules of a release, its application left out.

        Args:
            version: `latest`, a release, or the version of a system part.
            platform: the kind of device.

        Raises: DeviceOsNotFound, CloudError, FirmwareError, CrcFailed.
        """
        release = await self._release(version, platform)
        fetched_before = self._fetched
        files = tuple(
            [
                await self._module(release, module, platform)
                for module in release.modules
                if module.function != _APPLICATION
            ]
        )
        if self._fetched > fetched_before:
            self._person.say(f"Downloaded Device OS {release.version}")
        return files

    async def application(self, version: str, platform: Platform) -> FirmwareFile | None:
        """Return the application that comes with a release (Tinker), or None. Raises: as `modules`."""
        return await self._first(version, platform, _APPLICATION)

    async def bootloader(self, version: str, platform: Platform) -> FirmwareFile | None:
        """Return the main bootloader that comes with a release, or None. Raises: as `modules`."""
        return await self._first(version, platform, _BOOTLOADER, index=0)

    async def _first(
        self, version: str, platform: Platform, function: str, *, index: int | None = None
    ) -> FirmwareFile | None:
        release = await self._release(version, platform)
        for module in release.modules:
            if module.function == function and index in (None, module.index):
                return await self._module(release, module, platform)
        return None

    async def _release(self, version: str, platform: Platform) -> DeviceOsRelease:
        try:
            return await get_device_os(self._client, version, platform_id=platform.id)
        except CloudNotFound as missing:
            raise DeviceOsNotFound(
                f"Device OS version not found for platform: {platform.id} version: {version}",
                next_step=f"Name a release that {platform.display_name} has with --target, "
                "or leave Device OS as it is with --application-only.",
            ) from missing

    async def _module(
        self, release: DeviceOsRelease, module: DeviceOsModule, platform: Platform
    ) -> FirmwareFile:
        folder = f"{self._folder}/{_one_name(release.version)}/{platform.name}"
        path = f"{folder}/{_one_name(module.filename)}"
        data = self._kept(path, module)
        if data is None:
            self._person.note(f"Downloading Device OS {release.version}: {module.filename}")
            data = await download_module(self._client, release, module)
            self._fetched += 1
            self._files.make_folder(folder)
            self._files.write(path, data)
        return read_firmware_file(data, module.filename, named=False)

    def _kept(self, path: str, module: DeviceOsModule) -> bytes | None:
        """Return a file of the folder if it is whole and the one that the cloud describes."""
        if module.stored_crc is None or not self._files.is_file(path):
            return None
        data = self._files.read(path)
        try:
            kept = parse_module(data, name=module.filename)
        except FirmwareError:
            return None
        return data if kept.crc_ok and kept.crc == _number(module.stored_crc) else None


def _number(crc: str) -> int | None:
    try:
        return int(crc, 16)
    except ValueError:
        return None


def _one_name(word: str) -> str:
    """Return a word of the cloud's that is to be part of a path. Raises: CloudAnswerUnreadable."""
    if word in ("", ".", "..") or set(word) & set("/\\:\0"):
        raise CloudAnswerUnreadable(f"The cloud names a file of Device OS that cannot be stored: {word!r}.")
    return word
