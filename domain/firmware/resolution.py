"""Which modules a device lacks, and which of those at hand it should get, in which order.

A dependency is met by a module of the same function and index in main memory whose version is the same or
newer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from particle_cli.domain.firmware.describes import FACTORY, MAIN, Describe, DescribedModule, repaired
from particle_cli.domain.firmware.module import Dependency, Module


def unmet(modules: Sequence[DescribedModule], needs: Iterable[Dependency]) -> tuple[Dependency, ...]:
    """Return the needs that no module in main memory meets, each once, in order."""
    present = [module for module in modules if module.location == MAIN]
    missing = (need for need in needs if need.function and not any(m.meets(need) for m in present))
    return tuple(dict.fromkeys(missing))


def missing_dependencies(describe: Describe, *, with_factory: bool = False) -> tuple[Dependency, ...]:
    """Return what modules on a device need and do not have. Any at all means: it is in safe mode.

    Args:
        describe: what the device has.
        with_factory: also what the factory firmware, which does not run, would need.
    """
    asking = (module for module in describe.modules if with_factory or module.location != FACTORY)
    return unmet(describe.modules, (need for module in asking for need in module.dependencies))


def missing_for_application(describe: Describe) -> tuple[Dependency, ...]:
    """Return what the application needs and does not have; nothing where there is no application."""
    application = describe.application
    return unmet(describe.modules, application.dependencies) if application else ()


def missing_for(describe: Describe, binary: Module) -> tuple[Dependency, ...]:
    """Return what a binary would need on a device and not have there."""
    return unmet(repaired(describe.modules), binary.dependencies)


def resolve(describe: Describe, binary: Module, store: Sequence[Module]) -> tuple[Module, ...]:
    """Return the modules that a device must get before a binary, those first that others need.

    Args:
        describe: what the device has.
        binary: what is to run on it; not part of the result.
        store: modules at hand; for each need the first that meets it is taken.

    What no module of the store meets is left out: `missing_for` tells it.
    """
    return tuple(_needed(repaired(describe.modules), binary, store, []))


def _needed(
    present: Sequence[DescribedModule], binary: Module, store: Sequence[Module], taken: list[Module]
) -> Iterator[Module]:
    """Walk the needs depth first; a module on the way, or taken before, is not walked again."""
    for need in unmet(present, binary.dependencies):
        found = next((module for module in store if _meets(module, need)), None)
        if found is not None and not any(found is module for module in taken):
            taken.append(found)
            yield from _needed(present, found, store, taken)
            yield found


def _meets(module: Module, need: Dependency) -> bool:
    prefix = module.prefix
    return (prefix.function, prefix.index) == (need.function, need.index) and prefix.version >= need.version
