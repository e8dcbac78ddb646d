"""NOR flash: what can be done to its bits."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.simulators.hardware.flash_memory import SECTOR, FlashMemory


def test_blank_flash_reads_as_ones() -> None:
    memory = FlashMemory()
    assert memory.read(0xB4000, 3) == b"\xff\xff\xff"
    assert memory.is_blank(0, 1 << 20)
    assert memory.changed() == ()


def test_programming_only_clears_bits() -> None:
    memory = FlashMemory()
    memory.program(0x1000, bytes((0b1111_0000,)))
    memory.program(0x1000, bytes((0b1010_1010,)))
    assert memory.read(0x1000, 1) == bytes((0b1010_0000,))


def test_erasing_sets_all_bits_of_the_range_only() -> None:
    memory = FlashMemory()
    memory.program(0, bytes(3 * SECTOR))
    memory.erase(SECTOR, SECTOR)
    assert memory.read(SECTOR - 1, 1) == b"\x00"
    assert memory.is_blank(SECTOR, SECTOR)
    assert memory.read(2 * SECTOR, 1) == b"\x00"


def test_a_range_across_sectors_is_one_range() -> None:
    memory = FlashMemory()
    data = bytes(range(256)) * 40
    memory.program(SECTOR - 100, data)
    assert memory.read(SECTOR - 100, len(data)) == data
    assert memory.read(SECTOR - 101, 1) == b"\xff"


def test_flip_turns_one_bit_over() -> None:
    memory = FlashMemory()
    memory.flip(77, 3)
    assert memory.read(77, 1) == b"\xf7"
    memory.flip(77, 3)
    assert memory.is_blank(0, SECTOR)


def test_an_interrupted_erase_leaves_the_same_noise_in_every_run() -> None:
    first, second = (FlashMemory(noise=Random("id")) for _ in range(2))
    for memory in (first, second):
        memory.scramble(0, SECTOR)
    assert first.read(0, SECTOR) == second.read(0, SECTOR)
    assert len(set(first.read(0, SECTOR))) > 200


def test_a_sector_is_loaded_when_first_touched_and_only_then() -> None:
    asked: list[int] = []

    def load(number: int) -> bytes | None:
        asked.append(number)
        return b"\x55" * SECTOR if number == 3 else None

    memory = FlashMemory(load)
    assert asked == []
    assert memory.read(3 * SECTOR, 2) == b"\x55\x55"
    memory.read(3 * SECTOR, SECTOR)
    memory.read(4 * SECTOR, 1)
    assert asked == [3, 4]
    assert memory.changed() == ()


def test_a_stored_sector_of_the_wrong_size_is_refused() -> None:
    memory = FlashMemory(lambda number: b"short")
    with pytest.raises(ValueError, match="holds 5 bytes"):
        memory.read(0, 1)


def test_changed_sectors_are_told_until_saved_and_blank_ones_as_none() -> None:
    memory = FlashMemory()
    memory.program(5 * SECTOR, b"\x00")
    memory.program(2 * SECTOR, b"\x00")
    memory.erase(2 * SECTOR, SECTOR)
    (second, blank), (fifth, content) = memory.changed()
    assert (second, blank, fifth) == (2, None, 5)
    assert content is not None
    assert len(content) == SECTOR
    assert [number for number, _ in memory.content()] == [5]
    memory.saved()
    assert memory.changed() == ()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("program", "erase")),
            st.integers(0, 3 * SECTOR),
            st.binary(min_size=1, max_size=300),
        ),
        max_size=12,
    )
)
def test_it_behaves_as_a_plain_array_does(work: list[tuple[str, int, bytes]]) -> None:
    memory, model = FlashMemory(), bytearray(b"\xff" * (4 * SECTOR))
    for kind, address, data in work:
        if kind == "program":
            memory.program(address, data)
            for at, byte in enumerate(data):
                model[address + at] &= byte
        else:
            memory.erase(address, len(data))
            model[address : address + len(data)] = b"\xff" * len(data)
    assert memory.read(0, len(model)) == model
    again = FlashMemory(dict(memory.changed()).get)
    assert again.read(0, len(model)) == model
