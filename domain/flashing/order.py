"""In which order modules must reach the device: what is depended on comes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.flashing.errors import DependencyCycle
from particle_cli.domain.flashing.firmware_file import FirmwareFile

Edge = tuple[int, int]
"""Positions of two files in the list: the first must reach the device before the second."""


@frozen
class DependencyGraph:
    """Files in the order in which they were given, and what must come before what."""

    files: tuple[FirmwareFile, ...]
    edges: frozenset[Edge]

    def before(self, position: int) -> frozenset[int]:
        """Return the positions of the files that must come before this one."""
        return frozenset(first for first, second in self.edges if second == position)


def dependency_graph(files: Sequence[FirmwareFile]) -> DependencyGraph:
    """Return which files must come before which.

    A file waits for another if one of its dependencies, slot or record, names that file's function and index
    with a version no newer than the file's. A dependency on the module's own predecessor says nothing about
    order: it is about what the device runs.
    """
    edges = {
        (first, second)
        for second, dependent in enumerate(files)
        for dependency in dependent.module.dependencies
        for first, candidate in enumerate(files)
        if (candidate.function, candidate.index) == (dependency.function, dependency.index)
        and candidate.version >= dependency.version
        and (candidate.function, candidate.index) != (dependent.function, dependent.index)
        and candidate.function != ModuleFunction.ASSET
    }
    return DependencyGraph(tuple(files), frozenset(_without_known_cycle(files, edges)))


def _without_known_cycle(files: Sequence[FirmwareFile], edges: set[Edge]) -> set[Edge]:
    """Break the one ring that real releases contain.

    A system part of the nRF52840 needs a radio stack, and the radio stack a system part new enough to start
    it (1321, as Device OS wraps Nordic's SoftDevice). The second is the weaker demand, as any system part in
    use meets it: the radio stack goes first, but after the bootloaders that the system part waits for.
    """
    rings = [
        (system, radio)
        for system, radio in edges
        if files[radio].function == ModuleFunction.RADIO_STACK
        and files[system].function == ModuleFunction.SYSTEM_PART
        and (radio, system) in edges
    ]
    inherited = {
        (first, radio)
        for system, radio in rings
        for first, second in edges
        if second == system and files[first].function == ModuleFunction.BOOTLOADER
    }
    return (edges - set(rings)) | inherited


def dependency_order(graph: DependencyGraph) -> tuple[int, ...]:
    """Return the positions of the files in an order that keeps every edge.

    The order is stable: of the files that may come next, the one given first does.

    Raises: DependencyCycle, which names the files of the ring.
    """
    waiting = {position: graph.before(position) for position in range(len(graph.files))}
    order: list[int] = []
    while waiting:
        ready = next((position for position, before in waiting.items() if before <= set(order)), None)
        if ready is None:
            raise _cycle(graph, waiting)
        order.append(ready)
        del waiting[ready]
    return tuple(order)


def _cycle(graph: DependencyGraph, waiting: dict[int, frozenset[int]]) -> DependencyCycle:
    ring = " needs ".join(graph.files[position].name for position in _ring(waiting))
    return DependencyCycle(
        f"These files need one another, so that none can be flashed first: {ring}.",
        next_step="Take all files from one release.",
    )


def _ring(waiting: dict[int, frozenset[int]]) -> Iterator[int]:
    """Walk from what waits to what it waits for until a file comes again; yield the ring, closed."""
    path = [next(iter(waiting))]
    while True:
        following = min(position for position in waiting[path[-1]] if position in waiting)
        if following in path:
            return iter((*path[path.index(following) :], following))
        path.append(following)
