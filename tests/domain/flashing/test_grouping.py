"""Runs of one mode each: every edge kept, and the mode changed as seldom as possible."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st
from tests.domain.flashing.making import file

from particle_cli.domain.firmware.functions import ModuleFunction as F
from particle_cli.domain.flashing.grouping import Grouping, group
from particle_cli.domain.flashing.order import DependencyGraph, dependency_graph
from particle_cli.domain.flashing.steps import Transport

KINDS = [(F.BOOTLOADER, 0), (F.BOOTLOADER, 2), (F.SYSTEM_PART, 1), (F.SYSTEM_PART, 2), (F.NCP_FIRMWARE, 0)]
DFU, CONTROL = Transport.DFU, Transport.CONTROL_REQUEST


@st.composite
def graphs(draw: st.DrawFn) -> tuple[DependencyGraph, list[Transport]]:
    """A few modules, each in need of some of those before it, given in any order."""
    kinds = draw(st.permutations(KINDS))[: draw(st.integers(1, len(KINDS)))]
    files = []
    for at, kind in enumerate(kinds):
        needs = draw(st.lists(st.sampled_from(kinds[:at]), unique=True, max_size=2)) if at else []
        files.append(file(f"{kind}", *kind, 9, [(*need, 1) for need in needs]))
    graph = dependency_graph(draw(st.permutations(files)))
    return graph, [DFU if one.function == F.SYSTEM_PART else CONTROL for one in graph.files]


def switches(order: Sequence[Transport], here: Transport) -> int:
    return sum(one is not other for one, other in pairwise([here, *order, CONTROL]))


def flat(grouping: Grouping) -> list[int]:
    return [position for run in grouping.runs for position in run.positions]


@given(drawn=graphs(), in_dfu=st.booleans())
def test_edges_are_kept_with_the_fewest_changes_of_mode(
    drawn: tuple[DependencyGraph, list[Transport]], in_dfu: bool
) -> None:
    graph, transports = drawn
    here = DFU if in_dfu else CONTROL
    grouping = group(graph, transports, in_dfu=in_dfu)
    order = flat(grouping)
    assert sorted(order) == list(range(len(graph.files)))
    kept = graph.edges - grouping.waived
    assert all(order.index(first) < order.index(second) for first, second in kept)
    assert all((transports[a], transports[b]) == (CONTROL, DFU) for a, b in grouping.waived)
    assert in_dfu or not grouping.waived
    best = min(
        switches([transports[at] for at in other], here)
        for other in permutations(range(len(graph.files)))
        if all(other.index(first) < other.index(second) for first, second in kept)
    )
    assert switches([transports[at] for at in order], here) == best
    assert all(one.transport is not other.transport for one, other in pairwise(grouping.runs))


def test_assets_follow_whatever_comes_before() -> None:
    files = [file("cat.txt", F.ASSET), file("system", F.SYSTEM_PART, 1, 9), file("boot", F.BOOTLOADER, 0, 9)]
    grouping = group(dependency_graph(files), [CONTROL, DFU, CONTROL], in_dfu=False)
    assert [(run.transport, run.positions) for run in grouping.runs] == [
        (CONTROL, (2,)),
        (DFU, (1,)),
        (CONTROL, (0,)),
    ]
    grouping = group(dependency_graph(files), [CONTROL, DFU, CONTROL], in_dfu=True)
    assert [(run.transport, run.positions) for run in grouping.runs] == [(DFU, (1,)), (CONTROL, (2, 0))]
