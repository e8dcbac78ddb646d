"""Which Device OS a device runs."""

from __future__ import annotations

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.versions import release_of
from particle_cli.simulators.system.system import System


def system_version(system: System) -> int:
    """Return the version of the system part (or monolithic firmware) that runs, 0 for none."""
    kinds = (ModuleFunction.SYSTEM_PART, ModuleFunction.MONO_FIRMWARE)
    return max(
        (one.prefix.version for one in system.verdict.modules if one.prefix.function in kinds and one.usable),
        default=0,
    )


def system_release(system: System) -> str:
    """Return the release of Device OS, e.g. `6.2.0`; one that is still to come is named by its number."""
    version = system_version(system)
    line, x, _ = release_of(version).partition("x")
    return f"{line}{version % 100}" if x else line
