"""The device that is to be flashed, as far as a plan depends on it."""

from __future__ import annotations

from attrs import frozen

from particle_cli.domain.dfu.protection import Protection
from particle_cli.domain.firmware.module import Dependency
from particle_cli.domain.platforms.values import Platform


@frozen
class InstalledModule:
    """A module in the device's main store, as module information tells of it."""

    function: int
    index: int
    version: int
    dependencies: tuple[Dependency, ...] = ()


@frozen
class StoredAsset:
    """An asset that the device holds: its name and the SHA-256 of its content in hexadecimal digits."""

    name: str
    sha256: str


@frozen
class Target:
    """One device at the moment of planning.

    Attributes:
        id: the device's id.
        platform: what kind of device it is.
        in_dfu: whether it is in DFU mode now; it runs Device OS otherwise.
        modules: what it runs, or None where it cannot be asked, as in DFU mode.
        assets: what its asset storage holds, or None where it cannot be asked.
        device_os: the release that it says to run, e.g. `6.2.0`, or None where it does not tell.
        protection: whether it restricts what may be written and read.
    """

    id: str
    platform: Platform
    in_dfu: bool
    modules: tuple[InstalledModule, ...] | None = None
    assets: tuple[StoredAsset, ...] | None = None
    device_os: str | None = None
    protection: Protection = Protection.OPEN

    def installed(self, function: int, index: int) -> InstalledModule | None:
        """Return the module of this function and index that the device runs; None where there is none."""
        return next((m for m in self.modules or () if (m.function, m.index) == (function, index)), None)
