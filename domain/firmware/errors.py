"""What can be wrong with a firmware file, and what cannot be done with a module."""

from __future__ import annotations

from particle_cli.domain.errors import DomainError


class FirmwareError(DomainError):
    """Something about a firmware file or module is not as it must be."""

    code = "firmware"


class NotAModule(FirmwareError):
    """The bytes are no Particle firmware module at all."""

    code = "not_a_module"


class ModuleCut(FirmwareError):
    """A module says that it is longer than the file."""

    code = "module_cut"


class ModuleBroken(FirmwareError):
    """A module whose fields contradict one another or do not fit their places."""

    code = "module_broken"


class ModuleUnsuited(FirmwareError):
    """The operation is not defined for a module of this kind or state."""

    code = "module_unsuited"


class LimitExceeded(FirmwareError):
    """The result would be larger than the platform, or this program, allows."""

    code = "limit_exceeded"


class BundleError(FirmwareError):
    """A bundle is no sound zip archive, or does not hold what a bundle must."""

    code = "bundle"


class BundleUnsafe(BundleError):
    """An archive made to do harm, or one that cannot be told from such: nothing of it is used."""

    code = "bundle_unsafe"


class NoApplication(BundleError):
    """A bundle without an application."""

    code = "no_application"
