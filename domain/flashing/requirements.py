"""Whether the files and the device together have what each module needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Dependency
from particle_cli.domain.firmware.versions import release_of
from particle_cli.domain.flashing.errors import DependencyUnmet
from particle_cli.domain.flashing.firmware_file import FirmwareFile, title
from particle_cli.domain.flashing.target import Target


@frozen
class Requirement:
    """One dependency of one file, and what there is to meet it.

    Attributes:
        file: the file that depends.
        dependency: what it needs.
        offered: the file with that module, or None.
        installed: version of that module on the device; None where it has none or cannot be asked.
    """

    file: FirmwareFile
    dependency: Dependency
    offered: FirmwareFile | None
    installed: int | None

    @property
    def met(self) -> bool:
        """Whether what will be on the device is new enough: a file replaces what is there."""
        there = self.offered.version if self.offered else self.installed
        return there is not None and there >= self.dependency.version

    def __str__(self) -> str:
        """Say what needs what."""
        wanted = described(self.dependency.function, self.dependency.index, self.dependency.version)
        return f"{self.file.name} ({self.file.title}) needs {wanted} or newer"


def described(function: int, index: int, version: int) -> str:
    """Return a module in words, for a system part with its release: `system part 1 version 4100 (…)`."""
    words = f"{title(function, index)} version {version}"
    return f"{words} (Device OS {release_of(version)})" if function == ModuleFunction.SYSTEM_PART else words


def requirements(files: Sequence[FirmwareFile], target: Target) -> Iterator[Requirement]:
    """Yield every dependency of the files, in their order."""
    for file in files:
        for dependency in file.module.dependencies:
            yield _requirement(file, dependency, files, target)


def _requirement(
    file: FirmwareFile, dependency: Dependency, files: Sequence[FirmwareFile], target: Target
) -> Requirement:
    function, index = dependency.function, dependency.index
    on_itself = (function, index) == (file.function, file.index)
    offered = [other for other in files if (other.function, other.index) == (function, index)]
    installed = target.installed(function, index)
    return Requirement(
        file=file,
        dependency=dependency,
        offered=offered[0] if offered and not on_itself else None,
        installed=installed.version if installed else None,
    )


def check_requirements(files: Sequence[FirmwareFile], target: Target) -> tuple[str, ...]:
    """Return warnings about what cannot be known, because the device cannot be asked what it runs.

    Raises: DependencyUnmet, which names every module that is missing or too old, and what needs it.
    """
    unmet = [requirement for requirement in requirements(files, target) if not requirement.met]
    unknown = [need for need in unmet if not need.offered and target.modules is None]
    refused = [need for need in unmet if need not in unknown]
    if refused:
        raise DependencyUnmet(
            "; ".join(f"{need}, but {_what_there_is(need)}" for need in refused) + ".",
            next_step=_help_for(refused[0]),
        )
    why = "a device in DFU mode cannot be asked" if target.in_dfu else "the device does not tell"
    return tuple(f"{need}; {why} whether it has it." for need in unknown)


def _what_there_is(need: Requirement) -> str:
    if need.offered:
        return f"{need.offered.name} is version {need.offered.version}"
    if need.installed is not None:
        return f"the device has version {need.installed}"
    return "the device has none"


def _help_for(need: Requirement) -> str:
    dependency = need.dependency
    wanted = described(dependency.function, dependency.index, dependency.version)
    if need.offered:
        return f"Replace {need.offered.name} by {wanted} or newer."
    if dependency.function == ModuleFunction.SYSTEM_PART:
        release = release_of(dependency.version)
        target = "VERSION" if release.endswith(".x") else release  # newer than our table of releases
        return f"Add a file with {wanted} or newer, or --target {target} to have that Device OS flashed too."
    return f"Add a file with {wanted} or newer to the command."


def consequences(files: Sequence[FirmwareFile], target: Target) -> tuple[str, ...]:
    """Return warnings about modules that stay on the device and need something newer than the files bring."""
    replaced = {(file.function, file.index): file for file in files}
    warnings = []
    for module in target.modules or ():
        for need in module.dependencies:
            file = replaced.get((need.function, need.index))
            stays = (module.function, module.index) not in replaced
            if stays and file and file.version < need.version:
                wanted = described(need.function, need.index, need.version)
                warnings.append(
                    f"The {title(module.function, module.index)} on the device needs {wanted} or newer; "
                    f"with {file.name} (version {file.version}) it will not run, and the device stays in "
                    "safe mode."
                )
    return tuple(warnings)
