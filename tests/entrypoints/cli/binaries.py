"""Firmware files that the tests of the commands are about."""

from __future__ import annotations

from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.module import Dependency, Module


def tinker(version: int = 6, *, payload: bytes = b"code" * 20, system: int = 5500) -> Module:
    """An application of a Boron."""
    return build_module(
        platform_id=13,
        function=5,
        index=2,
        version=version,
        start_address=0xB4000,
        payload=payload,
        dependencies=[Dependency(4, 1, system), Dependency(2, 0, 400)],
        product=(13, 3),
    )


def bootloader(version: int = 3000) -> Module:
    """The bootloader of a Boron."""
    return build_module(
        platform_id=13,
        function=2,
        index=0,
        version=version,
        start_address=0xF4000,
        payload=b"boot" * 20,
        product=(0xFFFF, 0xFFFF),
    )
