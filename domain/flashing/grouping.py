"""Modules in runs of one mode each, so that the device changes its mode as seldom as possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from attrs import frozen

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.flashing.order import DependencyGraph, Edge, dependency_order
from particle_cli.domain.flashing.steps import Transport


@frozen
class Run:
    """Files that go to the device one after another by the same transport.

    Attributes:
        transport: by which.
        positions: of the files in the list that the graph was made of.
    """

    transport: Transport
    positions: tuple[int, ...]


@frozen
class Grouping:
    """All runs in order, and the edges that they do not keep."""

    runs: tuple[Run, ...]
    waived: frozenset[Edge]


def group(graph: DependencyGraph, transports: Sequence[Transport], *, in_dfu: bool) -> Grouping:
    """Arrange files into as few runs as their edges allow.

    What a running device takes by control request comes first, then what is written in DFU mode. A device
    that is in DFU mode may have nothing to run: there the DFU run comes first, and a bootloader that the
    system part waits for afterwards: Device OS without it starts in safe mode, which takes it. Assets come
    last of all, since a device keeps only those that its application asks for. An application is the last of
    its run, as what is left of an interrupted flash then includes no application that lacks its system.

    Args:
        graph: the files and what must come before what.
        transports: how each file reaches the device.
        in_dfu: whether the device is in DFU mode now.

    Raises: DependencyCycle.
    """
    waived = frozenset(
        (first, second)
        for first, second in graph.edges
        if in_dfu and (transports[first], transports[second]) == (Transport.CONTROL_REQUEST, Transport.DFU)
    )
    order = dependency_order(graph)
    kept = DependencyGraph(graph.files, graph.edges - waived)
    modules = [at for at in order if graph.files[at].function != ModuleFunction.ASSET]
    assets = [at for at in order if graph.files[at].function == ModuleFunction.ASSET]
    before = {at: kept.before(at) for at in modules}
    here = Transport.DFU if in_dfu else Transport.CONTROL_REQUEST
    candidates = [
        _joined((*_runs(kept, before, transports, start), Run(Transport.CONTROL_REQUEST, tuple(assets))))
        for start in sorted(Transport, key=lambda transport: transport is not here)
    ]
    best = min(candidates, key=lambda runs: _switches(runs, here))
    return Grouping(best, waived)


def _runs(
    graph: DependencyGraph,
    before: Mapping[int, frozenset[int]],
    transports: Sequence[Transport],
    start: Transport,
) -> list[Run]:
    """Take all that can be taken by one transport, then by the other, until nothing is left."""
    waiting = list(before)
    runs: list[Run] = []
    transport = start
    while waiting:
        taken: list[int] = []
        while ready := [
            at for at in waiting if transports[at] is transport and not before[at] & (set(waiting))
        ]:
            taken.append(next((at for at in ready if not _is_application(graph, at)), ready[0]))
            waiting.remove(taken[-1])
        runs.append(Run(transport, tuple(taken)))
        transport = Transport.DFU if transport is Transport.CONTROL_REQUEST else Transport.CONTROL_REQUEST
    return runs


def _is_application(graph: DependencyGraph, position: int) -> bool:
    return graph.files[position].function == ModuleFunction.USER_PART


def _joined(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Drop empty runs, and join neighbours of one transport."""
    joined: list[Run] = []
    for run in runs:
        if run.positions and joined and joined[-1].transport is run.transport:
            joined[-1] = Run(run.transport, joined[-1].positions + run.positions)
        elif run.positions:
            joined.append(run)
    return tuple(joined)


def _switches(runs: Sequence[Run], here: Transport) -> int:
    """Count the changes of mode, from the mode it is in now to Device OS running in the end."""
    modes = [here, *(run.transport for run in runs), Transport.CONTROL_REQUEST]
    return sum(1 for one, other in pairwise(modes) if one is not other)
