"""From a project on disk to firmware: what a compilation sends, and what is made of the answer."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import field, frozen

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.compiling import MemoryUse, SourceFile, compile_sources
from particle_cli.domain.firmware.bundle import NamedFile
from particle_cli.domain.firmware.bundling import create_bundle
from particle_cli.domain.project.assets import Extras, find_extras
from particle_cli.domain.project.sources import NOT_SOURCE, Sources, collect_sources
from particle_cli.ports.files import Files


@frozen
class Project:
    """What the person's words stand for: sources, and what goes to the device beside the firmware."""

    sources: Sources
    extras: Extras

    @property
    def makes_bundle(self) -> bool:
        """Whether the result is a bundle (.zip), not a binary (.bin)."""
        return self.extras.wanted

    @property
    def shown(self) -> tuple[str, ...]:
        """All files that are taken, as a person knows them."""
        return tuple(file.shown for file in self.sources.files) + tuple(
            asset.local for asset in self.extras.assets
        )


@frozen
class Build:
    """The result.

    Attributes:
        binary: the application, as it came from the compiler.
        bundle: the application with its assets, or None for a project without any.
        memory: what the application needs, if the compiler said so.
        target: the release of Device OS that it was compiled for, if the compiler said so.
    """

    binary: bytes = field(repr=False)
    bundle: bytes | None = field(repr=False)
    memory: MemoryUse | None
    target: str | None

    @property
    def content(self) -> bytes:
        """What is to be saved or flashed: the bundle if there is one, else the binary."""
        return self.binary if self.bundle is None else self.bundle


def read_project(
    files: Files,
    arguments: Sequence[str],
    *,
    follow_links: bool = False,
    not_source: Sequence[str] = NOT_SOURCE,
) -> Project:
    """Read all that a compilation of the arguments needs.

    Args:
        files: the disk.
        arguments: files and folders, as typed; none means the current folder.
        follow_links: also take what lies in folders within linked folders.
        not_source: extensions of files that are left out although they were named.

    Raises: ProjectError, FileError.
    """
    arguments = arguments or (".",)
    sources = collect_sources(files, arguments, follow_links=follow_links, not_source=not_source)
    return Project(sources, find_extras(files, arguments))


async def build_project(
    client: CloudClient,
    project: Project,
    *,
    platform_id: int,
    target: str | None = None,
    name: str = "application.bin",
) -> Build:
    """Have a project compiled, and bundled with its assets.

    Args:
        client: the cloud that compiles.
        project: what is compiled.
        platform_id: kind of device to compile for.
        target: release of Device OS, or None for the one that the cloud prefers.
        name: file name of the application within a bundle.

    Raises: CompileFailed, CloudError; FirmwareError when assets and application don't go together.
    """
    sent = [SourceFile(file.path, file.content) for file in project.sources.files]
    compiled = await compile_sources(client, sent, platform_id=platform_id, target=target)
    bundle = None
    if project.makes_bundle:
        assets = [NamedFile(asset.name, asset.content) for asset in project.extras.assets]
        application = NamedFile(name, compiled.binary)
        bundle = create_bundle(application, assets, project.extras.environment)
    return Build(compiled.binary, bundle, compiled.memory, compiled.target)
