"""What firmware says of the product that it is for."""

from __future__ import annotations

from collections.abc import Iterable

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Module
from particle_cli.simulators.firmware.installed import InstalledModule

_UNSAID = (0, 0xFFFF)
"""In the place of a product's number or version: none (Device OS from 5.4 on, and before)."""


def reported_product(module: Module) -> tuple[int | None, int | None]:
    """Return number and version of the product's firmware, as a module has them; None where it has none."""
    product_id, version = module.suffix.product or (0, 0)
    return (None if product_id in _UNSAID else product_id), (None if version in _UNSAID else version)


def product_of(modules: Iterable[InstalledModule]) -> tuple[int | None, int | None]:
    """Return what a device's application says of its product; None where it says nothing."""
    for installed in modules:
        kinds = (ModuleFunction.USER_PART, ModuleFunction.MONO_FIRMWARE)
        if installed.prefix.function in kinds and installed.module is not None and installed.usable:
            return reported_product(installed.module)
    return None, None
