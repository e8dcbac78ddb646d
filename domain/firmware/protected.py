"""Device Protection: a bootloader with a SECURITY_MODE record makes the device a protected one."""

from __future__ import annotations

from particle_cli.domain.firmware.edit import add_extensions
from particle_cli.domain.firmware.errors import ModuleBroken, ModuleUnsuited
from particle_cli.domain.firmware.extensions import ExtensionType
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Module
from particle_cli.domain.firmware.records import SECURITY_PROTECTED, security_fields, security_record

FIRST_PROTECTING_BOOTLOADER = 3000
"""The bootloader of Device OS 6.0.0, the first that knows Device Protection."""


def protected_module(module: Module, certificate: bytes = b"") -> Module:
    """Return a module with a SECURITY_MODE record, in place of one that it may have.

    Args:
        module: as a rule the main bootloader.
        certificate: DER of the certificate of whoever may lift the protection.

    Raises: as `add_extensions`.
    """
    return add_extensions(module, [security_record(SECURITY_PROTECTED, certificate)], replace=True)


def require_protectable(module: Module) -> None:
    """Refuse a module that would not protect a device. Raises: ModuleUnsuited."""
    prefix = module.prefix
    main = (prefix.function, prefix.index) == (ModuleFunction.BOOTLOADER, 0)
    if not main or prefix.version < FIRST_PROTECTING_BOOTLOADER:
        raise ModuleUnsuited(
            "Device protection feature is not supported for this binary.",
            next_step="Use the bootloader (index 0) of Device OS 6.0.0 or newer.",
        )


def is_protected(module: Module) -> bool:
    """Tell whether a device with this bootloader is protected: as the device does, from the suffix only."""
    for record in module.suffix.extensions:
        if record.type == ExtensionType.SECURITY_MODE:
            try:
                return security_fields(record)[0] == SECURITY_PROTECTED
            except ModuleBroken:
                return False
    return False
