"""Combined modules: complete modules one after another, each but the last with the flag COMBINED."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from particle_cli.domain.firmware.errors import ModuleBroken, ModuleUnsuited
from particle_cli.domain.firmware.module import Module, parse_module, require_whole, sealed, write_module
from particle_cli.domain.firmware.prefix import COMBINED


def combine(modules: Sequence[Module]) -> Module:
    """Return modules as one: the first of them, with the others as its trailing bytes.

    A single one is returned as it is.

    Raises: ModuleUnsuited for none at all, or for one that is combined already or has trailing bytes.
    """
    if not modules:
        raise ModuleUnsuited("There are no modules to combine.")
    for module in modules:
        require_whole(module)
        if module.prefix.flags & COMBINED:
            raise ModuleUnsuited("A module is already combined.")
    *others, last = modules
    if not others:
        return last
    first, *marked = (_marked(module, True) for module in others)
    return evolve(first, trailing=b"".join(write_module(module) for module in (*marked, last)))


def split(module: Module) -> tuple[Module, ...]:
    """Return the modules that a combined one consists of, as they were before; others as they are.

    Raises:
        NotAModule, ModuleCut, ModuleBroken: what follows is no module, or the last has the flag COMBINED.
    """
    parts: list[Module] = []
    while module.prefix.flags & COMBINED:
        number = len(parts) + 2
        if not module.trailing:
            raise ModuleBroken(f"The combined module ends where its part {number} should start.")
        following = module.trailing
        parts.append(_marked(evolve(module, trailing=b""), False))
        module = parse_module(following, name=f"part {number} of the combined module")
    if parts and module.trailing:
        raise ModuleBroken(f"{len(module.trailing)} bytes follow the last part of the combined module.")
    return (*parts, module)


def _marked(module: Module, more: bool) -> Module:
    flags = module.prefix.flags | COMBINED if more else module.prefix.flags & ~COMBINED
    return sealed(evolve(module, prefix=evolve(module.prefix, flags=flags)))
