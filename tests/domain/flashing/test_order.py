"""The order of modules, in every permutation of the sets that other tools get wrong."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.flashing.making import file

from particle_cli.domain.firmware.functions import ModuleFunction as F
from particle_cli.domain.flashing.errors import DependencyCycle
from particle_cli.domain.flashing.firmware_file import FirmwareFile
from particle_cli.domain.flashing.order import dependency_graph, dependency_order

Module = tuple[str, int, int, int, tuple[tuple[int, int, int], ...]]
BOOT: Module = ("boot", F.BOOTLOADER, 0, 3100, ())
RADIO: Module = ("radio", F.RADIO_STACK, 0, 300, ())
USER: Module = ("user", F.USER_PART, 2, 6, ((F.SYSTEM_PART, 1, 6200),))

SETS: dict[str, tuple[tuple[Module, ...], tuple[tuple[str, str], ...]]] = {
    "system needs bootloader and radio stack": (
        (
            BOOT,
            ("system", F.SYSTEM_PART, 1, 6200, ((F.BOOTLOADER, 0, 3100), (F.RADIO_STACK, 0, 300))),
            USER,
            RADIO,
        ),
        (("boot", "system"), ("radio", "system"), ("system", "user")),
    ),
    "Boron 6.2": (
        (BOOT, ("system", F.SYSTEM_PART, 1, 6200, ((F.BOOTLOADER, 0, 3100), (F.RADIO_STACK, 0, 202))), RADIO),
        (("boot", "system"), ("radio", "system")),
    ),
    "Argon 6.2": (
        (BOOT, ("system", F.SYSTEM_PART, 1, 6200, ((F.RADIO_STACK, 0, 202), (F.BOOTLOADER, 0, 3100))), RADIO),
        (("boot", "system"), ("radio", "system")),
    ),
    "the ring of radio stack and system part": (
        (
            BOOT,
            ("system", F.SYSTEM_PART, 1, 6200, ((F.RADIO_STACK, 0, 202), (F.BOOTLOADER, 0, 3100))),
            USER,
            ("radio", F.RADIO_STACK, 0, 300, ((F.SYSTEM_PART, 1, 1300),)),
        ),
        (("boot", "radio"), ("radio", "system"), ("boot", "system"), ("system", "user")),
    ),
    "the ring, the radio stack in need of a bootloader too": (
        (
            BOOT,
            ("system", F.SYSTEM_PART, 1, 6200, ((F.BOOTLOADER, 0, 3100), (F.RADIO_STACK, 0, 202))),
            ("radio", F.RADIO_STACK, 0, 300, ((F.BOOTLOADER, 0, 501), (F.SYSTEM_PART, 1, 1321))),
        ),
        (("boot", "radio"), ("radio", "system")),
    ),
    "Electron": (
        (
            ("user", F.USER_PART, 1, 6, ((F.SYSTEM_PART, 2, 1500),)),
            ("part2", F.SYSTEM_PART, 2, 1512, ((F.SYSTEM_PART, 1, 1500),)),
            ("part1", F.SYSTEM_PART, 1, 1512, ((F.SYSTEM_PART, 3, 1512),)),
            ("part3", F.SYSTEM_PART, 3, 1512, ((F.BOOTLOADER, 0, 400),)),
            ("boot", F.BOOTLOADER, 0, 1005, ()),
        ),
        (("boot", "part3"), ("part3", "part1"), ("part1", "part2"), ("part2", "user")),
    ),
    "P2 6.2": (
        (
            ("km0", F.BOOTLOADER, 2, 8, ()),
            ("boot", F.BOOTLOADER, 0, 3100, ((F.BOOTLOADER, 2, 8),)),
            ("system", F.SYSTEM_PART, 1, 6200, ((F.BOOTLOADER, 0, 3100),)),
        ),
        (("km0", "boot"), ("boot", "system")),
    ),
    "P2 6.2, required versions behind those shipped": (
        (
            ("km0", F.BOOTLOADER, 2, 9, ()),
            ("boot", F.BOOTLOADER, 0, 3101, ((F.BOOTLOADER, 2, 7),)),
            ("system", F.SYSTEM_PART, 1, 6200, ((F.BOOTLOADER, 0, 3000),)),
        ),
        (("km0", "boot"), ("boot", "system")),
    ),
    "a third dependency, in a record of the suffix": (
        (
            (
                "system",
                F.SYSTEM_PART,
                1,
                6200,
                ((F.BOOTLOADER, 0, 1), (F.RADIO_STACK, 0, 1), (F.NCP_FIRMWARE, 0, 5)),
            ),
            ("ncp", F.NCP_FIRMWARE, 0, 7, ()),
            BOOT,
            RADIO,
        ),
        (("ncp", "system"), ("boot", "system"), ("radio", "system")),
    ),
    "an older application in the set": (
        (("user", F.USER_PART, 2, 6, ((F.SYSTEM_PART, 1, 3103),)), ("system", F.SYSTEM_PART, 1, 6200, ())),
        (("system", "user"),),
    ),
    "a system part that needs an older one of itself": (
        (("system", F.SYSTEM_PART, 1, 6200, ((F.BOOTLOADER, 0, 1), (F.SYSTEM_PART, 1, 3001))), BOOT),
        (("boot", "system"),),
    ),
    "nothing needs anything": (
        (("ncp", F.NCP_FIRMWARE, 0, 5, ()), ("user", F.USER_PART, 2, 6, ()), BOOT),
        (),
    ),
}


@pytest.mark.parametrize("name", SETS)
def test_what_is_needed_comes_first_in_every_permutation(name: str) -> None:
    modules, expected = SETS[name]
    files = [file(*module) for module in modules]
    tried = 0
    for given_order in permutations(files):
        graph = dependency_graph(given_order)
        order = [graph.files[at].name for at in dependency_order(graph)]
        assert sorted(order) == sorted(one.name for one in files)
        for first, second in expected:
            assert order.index(first) < order.index(second), (name, [one.name for one in given_order], order)
        tried += 1
    assert tried >= 2


@pytest.mark.parametrize(
    ("given_order", "right"),
    [
        ("boot ring_system user ring_radio", "boot ring_radio ring_system user"),
        ("user system_on_boot boot", "boot system_on_boot user"),
        ("system_on_boot user boot", "boot system_on_boot user"),
        ("ncp free_user boot", "ncp free_user boot"),
        ("boot ncp free_user", "boot ncp free_user"),
        ("electron_user part2 part1 part3", "part3 part1 part2 electron_user"),
    ],
)
def test_what_may_stand_anywhere_stays_where_it_was_given(given_order: str, right: str) -> None:
    known = {
        "boot": file("boot", F.BOOTLOADER, 0, 100),
        "ring_system": file(
            "ring_system", F.SYSTEM_PART, 1, 6200, ((F.RADIO_STACK, 0, 1), (F.BOOTLOADER, 0, 1))
        ),
        "ring_radio": file("ring_radio", F.RADIO_STACK, 0, 9, ((F.SYSTEM_PART, 1, 1300),)),
        "user": file("user", F.USER_PART, 2, 6, ((F.SYSTEM_PART, 1, 6200),)),
        "system_on_boot": file("system_on_boot", F.SYSTEM_PART, 1, 6200, ((F.BOOTLOADER, 0, 1),)),
        "ncp": file("ncp", F.NCP_FIRMWARE, 0, 5),
        "free_user": file("free_user", F.USER_PART, 2, 6),
        "electron_user": file("electron_user", F.USER_PART, 1, 6, ((F.SYSTEM_PART, 2, 1),)),
        "part2": file("part2", F.SYSTEM_PART, 2, 100, ((F.SYSTEM_PART, 1, 1),)),
        "part1": file("part1", F.SYSTEM_PART, 1, 100, ((F.SYSTEM_PART, 3, 1),)),
        "part3": file("part3", F.SYSTEM_PART, 3, 100),
    }
    graph = dependency_graph([known[word] for word in given_order.split()])
    assert " ".join(graph.files[at].name for at in dependency_order(graph)) == right


def test_a_version_that_is_too_low_is_no_reason_to_wait() -> None:
    user = file("user", F.USER_PART, 2, 6, ((F.SYSTEM_PART, 1, 6200),))
    old = file("old", F.SYSTEM_PART, 1, 6199)
    assert dependency_graph([user, old]).edges == frozenset()


@pytest.mark.parametrize("names", list(permutations("abc")))
def test_any_other_ring_is_an_error_that_names_its_files(names: tuple[str, ...]) -> None:
    ring = {
        "a": file("a.bin", F.SYSTEM_PART, 1, 9, ((F.SYSTEM_PART, 2, 1),)),
        "b": file("b.bin", F.SYSTEM_PART, 2, 9, ((F.SYSTEM_PART, 3, 1),)),
        "c": file("c.bin", F.SYSTEM_PART, 3, 9, ((F.SYSTEM_PART, 1, 1),)),
    }
    outside = file("user.bin", F.USER_PART, 1, 6, ((F.SYSTEM_PART, 1, 9),))
    with pytest.raises(DependencyCycle) as refused:
        dependency_order(dependency_graph([outside, *(ring[name] for name in names)]))
    assert all(f"{name}.bin" in refused.value.message for name in names)
    assert "user.bin" not in refused.value.message
    assert refused.value.next_step


@given(data=st.data())
def test_the_order_keeps_every_edge_and_is_stable(data: st.DataObject) -> None:
    kinds = data.draw(
        st.lists(
            st.sampled_from(
                [(F.BOOTLOADER, 0), (F.BOOTLOADER, 2), *((F.SYSTEM_PART, n) for n in range(1, 9))]
            ),
            unique=True,
            min_size=1,
        )
    )
    files: list[FirmwareFile] = []
    for at, (function, index) in enumerate(kinds):  # each needs only earlier ones: no ring
        needs = data.draw(st.lists(st.sampled_from(kinds[:at]), unique=True, max_size=4)) if at else []
        wanted = [(*need, data.draw(st.integers(1, 12))) for need in needs]
        files.append(file(f"{function}-{index}", function, index, data.draw(st.integers(1, 12)), wanted))
    graph = dependency_graph(data.draw(st.permutations(files)))
    order = dependency_order(graph)
    assert sorted(order) == list(range(len(files)))
    assert all(order.index(first) < order.index(second) for first, second in graph.edges)
    done: set[int] = set()
    for position in order:  # of all that could come next, the one given first does
        ready = [at for at in range(len(files)) if at not in done and graph.before(at) <= done]
        assert position == min(ready)
        done.add(position)
