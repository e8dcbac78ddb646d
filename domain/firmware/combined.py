"""Combined modules: complete modules one after another, each but the last with the flag COMBINED."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from particle_cli.domain.firmware.errors import LimitExceeded, ModuleBroken, ModuleUnsuited
from particle_cli.domain.firmware.module import Module, parse_module, require_whole, sealed, write_module
from particle_cli.domain.firmware.prefix import COMBINED

MAX_PARTS = 64
"""Modules that may be combined into one. Devices look at the first two."""


def combine(modules: Sequence[Module]) -> Module:
    """Return modules as one: the first of them, with the others as its trailing bytes.

    A single one is returned as it is.

    Raises:
        ModuleUnsuited: there are none, or one is combined already or has trailing bytes.
        LimitExceeded: there are more than `MAX_PARTS`.
    """
    if not modules:
        raise ModuleUnsuited("There are no modules to combine.")
    if len(modules) > MAX_PARTS:
        raise LimitExceeded(f"{len(modules)} modules cannot be combined; {MAX_PARTS} can.")
    for module in modules:
        require_whole(module)
        if module.prefix.flags & COMBINED:
            raise ModuleUnsuited("A module is already combined.")
    *others, last = modules
    if not others:
        return last
    first, *marked = (_marked(module, True) for module in others)
    return evolve(first, trailing=b"".join(write_module(module) for module in (*marked, last)))


def parts(module: Module) -> tuple[Module, ...]:
    """Return the modules that a combined one consists of, as they lie in the file.

    Flags, SHA-256 and CRC are left as they are, right or wrong. A module that is not combined is its own only
    part, trailing bytes included.

    Raises:
        NotAModule, ModuleCut, ModuleBroken: what follows is no module, or the last has the flag COMBINED.
        LimitExceeded: there are more than `MAX_PARTS`.
    """
    found: list[Module] = []
    while module.prefix.flags & COMBINED:
        number = len(found) + 2
        if not module.trailing:
            raise ModuleBroken(f"The combined module ends where its part {number} should start.")
        if number > MAX_PARTS:
            raise LimitExceeded(f"The combined module has more than {MAX_PARTS} parts.")
        found.append(evolve(module, trailing=b""))
        module = parse_module(module.trailing, name=f"part {number} of the combined module")
    if found and module.trailing:
        raise ModuleBroken(f"{len(module.trailing)} bytes follow the last part of the combined module.")
    return (*found, module)


def split(module: Module) -> tuple[Module, ...]:
    """Return the modules that were combined, as they were before; one that is not combined as it is.

    Their SHA-256 and CRC are made anew, so whether they were right before has to be asked of `parts`.

    Raises: as `parts`.
    """
    *others, last = parts(module)
    return (*(_marked(part, False) for part in others), last)


def _marked(module: Module, more: bool) -> Module:
    flags = module.prefix.flags | COMBINED if more else module.prefix.flags & ~COMBINED
    return sealed(evolve(module, prefix=evolve(module.prefix, flags=flags)))
