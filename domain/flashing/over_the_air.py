"""From a person's words to a device over the air: what is sent, and in which order the cloud is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import field, frozen

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.devices import CloudDevice, get_device
from particle_cli.domain.cloud.errors import CloudAnswerUnreadable, CloudDeviceNotFound
from particle_cli.domain.firmware.errors import FirmwareError
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Module, parse_module, write_module
from particle_cli.domain.flashing.device_os import DeviceOsStore
from particle_cli.domain.flashing.errors import DeviceOsNotFound, KnownAppUnavailable, NoSuchFile
from particle_cli.domain.flashing.firmware_file import FirmwareFile
from particle_cli.domain.flashing.gathering import compile_paths
from particle_cli.domain.flashing.words import TINKER, exists
from particle_cli.domain.platforms.catalogue import platform as platform_of
from particle_cli.domain.platforms.values import Platform
from particle_cli.ports.files import Files
from particle_cli.ports.person import Person

_SENT_AS_IT_IS: Final = (".bin", ".zip")
_NEWEST: Final = "latest"


@frozen
class Parcel:
    """What goes to a device.

    Attributes:
        name: of the file.
        content: the file.
        device: id or name that the device is addressed by.
        product: id or slug of the product through which it is addressed, or None.
        app_hash: SHA-256 that the device will tell when it runs it, lower case; None where that is not known.
    """

    name: str
    content: bytes = field(repr=False)
    device: str
    product: str | None
    app_hash: str | None


@frozen
class Packing:
    """What is needed to make a parcel.

    Attributes:
        client: the cloud.
        files: the disk.
        person: told what goes on.
        downloads: folder for the files of Device OS releases.
        target: release of Device OS to compile for, or None.
        follow_links: compile also what lies in folders within linked folders.
    """

    client: CloudClient
    files: Files
    person: Person
    downloads: str
    target: str | None = None
    follow_links: bool = False

    async def parcel(self, device: str, paths: Sequence[str], product: str | None = None) -> Parcel:
        """Return what the words after the device stand for, compiled if need be.

        Args:
            device: id, or name within the account.
            paths: files and folders, or the name of a known app; none: the project in the current folder.
            product: id or slug, for a device of that product.

        Raises: NoSuchFile, KnownAppUnavailable, ProjectError, CompileFailed, CloudError, FileError.
        """
        paths = paths or (".",)
        first = paths[0]
        if not exists(first, self.files):
            if first != TINKER:
                raise NoSuchFile(
                    f"I couldn't find that file: {first}",
                    next_step="Check the spelling, and where you are; or name the known app, tinker.",
                )
            return await self._tinker(device, product)
        if is_binary(first, self.files):
            return _parcel(first, self.files.read(first), device, product)
        self.person.say(f"Compiling code for {device}")
        platform = _platform(await self._look_up(device, product))
        name, content = await compile_paths(
            paths,
            self.files,
            self.client,
            platform,
            self.person,
            target=self.target,
            follow_links=self.follow_links,
        )
        return _parcel(name, content, device, product)

    async def _look_up(self, device: str, product: str | None) -> CloudDevice:
        """Return a device of the account; one that only its product has is looked for there."""
        try:
            return await get_device(self.client, device)
        except CloudDeviceNotFound:
            if product is None:
                raise
            return await get_device(self.client, device, product=product)

    async def _tinker(self, device: str, product: str | None) -> Parcel:
        """Return the application that comes with the Device OS that is wanted, or that the device runs."""
        known = await self._look_up(device, product)
        platform = _platform(known)
        app = await self._application(self.target or known.system_firmware_version, platform)
        if product is None and known.product_id not in (None, platform.id):
            device, product = known.id, str(known.product_id)
        return _parcel(app.name, write_module(app.module), device, product)

    async def _application(self, version: str | None, platform: Platform) -> FirmwareFile:
        """Return Tinker of a release; where the device's own is not known, of the newest one."""
        store = DeviceOsStore(self.client, self.files, self.downloads, self.person)
        try:
            found = await store.application(version or _NEWEST, platform)
        except DeviceOsNotFound:
            if self.target is not None:
                raise
            found = await store.application(_NEWEST, platform)
        if found is None:
            raise KnownAppUnavailable(
                f"I don't have a {TINKER} binary for {platform.display_name}.",
                next_step="Name a file, or a project to compile.",
            )
        return found


def is_binary(path: str, files: Files) -> bool:
    """Tell whether a file is sent as it is, not compiled."""
    return files.is_file(path) and path.endswith(_SENT_AS_IT_IS)


def _platform(device: CloudDevice) -> Platform:
    if device.platform_id is None:
        raise CloudAnswerUnreadable(f"The cloud does not say what kind of device {device.id} is.")
    return platform_of(device.platform_id)


def _parcel(name: str, content: bytes, device: str, product: str | None) -> Parcel:
    return Parcel(name, content, device, product, _app_hash(name, content))


def _app_hash(name: str, content: bytes) -> str | None:
    """Return the SHA-256 of the application in a file, or None; whether it is sound the device sees."""
    try:
        module = _application_in(name, content)
    except FirmwareError:
        return None
    is_application = module.prefix.function == ModuleFunction.USER_PART
    return module.uuid.lower() if is_application else None


def _application_in(name: str, content: bytes) -> Module:
    if name.endswith(".zip"):
        from particle_cli.domain.firmware.bundle import open_bundle

        bundle = open_bundle(content, name=name)
        return parse_module(bundle.application.data, name=bundle.application.name)
    return parse_module(content, name=name)
