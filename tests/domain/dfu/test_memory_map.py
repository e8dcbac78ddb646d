from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.domain.dfu.errors import MemoryLocked, MemoryMapError, OutsideMemory
from particle_cli.domain.dfu.memory_map import MemoryMap, Segment, parse_memory_map
from particle_cli.domain.errors import DeviceProtected

KIB = 1024
LETTERS = {"a": "r--", "b": "-e-", "c": "re-", "d": "--w", "e": "r-w", "f": "-ew", "g": "rew"}

REAL = {
    "@Internal Flash  /0x08000000/20*001Ka,108*001Kg": (
        "Internal Flash",
        [(0x08000000, 0x08005000, 1 * KIB, "r--"), (0x08005000, 0x08020000, 1 * KIB, "rew")],
    ),
    "@SPI Flash : SST25x/0x00000000/512*04Kg": ("SPI Flash : SST25x", [(0, 0x200000, 4 * KIB, "rew")]),
    "@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg": (
        "Internal Flash",
        [
            (0x08000000, 0x0800C000, 16 * KIB, "r--"),
            (0x0800C000, 0x08010000, 16 * KIB, "rew"),
            (0x08010000, 0x08020000, 64 * KIB, "rew"),
            (0x08020000, 0x08100000, 128 * KIB, "rew"),
        ],
    ),
    "@DCT Flash   /0x00000000/01*016Kg": ("DCT Flash", [(0, 0x4000, 16 * KIB, "rew")]),
    "@Serial Flash   /0x00000000/256*004Kg": ("Serial Flash", [(0, 0x100000, 4 * KIB, "rew")]),
    "@Internal Flash   /0x00000000/1*004Ka,47*004Kg,192*004Kg,4*004Kg,4*004Kg,8*004Ka": (
        "Internal Flash",
        [
            (0, 0x1000, 4 * KIB, "r--"),
            (0x1000, 0x30000, 4 * KIB, "rew"),
            (0x30000, 0xF0000, 4 * KIB, "rew"),
            (0xF0000, 0xF4000, 4 * KIB, "rew"),
            (0xF4000, 0xF8000, 4 * KIB, "rew"),
            (0xF8000, 0x100000, 4 * KIB, "r--"),
        ],
    ),
    "@DCT Flash   /0x00000000/1*016Ke": ("DCT Flash", [(0, 0x4000, 16 * KIB, "r-w")]),
    "@DCD Flash   /0x00000000/1*016Ke": ("DCD Flash", [(0, 0x4000, 16 * KIB, "r-w")]),
    "@External Flash   /0x80000000/1024*004Kg": (
        "External Flash",
        [(0x80000000, 0x80400000, 4 * KIB, "rew")],
    ),
    "@External Flash   /0x80000000/2048*004Kg": (
        "External Flash",
        [(0x80000000, 0x80800000, 4 * KIB, "rew")],
    ),
    "@Internal Flash   /0x08000000/2048*004Kg": (
        "Internal Flash",
        [(0x08000000, 0x08800000, 4 * KIB, "rew")],
    ),
}


def segment(start: int, end: int, size: int, kinds: str) -> Segment:
    return Segment(start, end, size, "r" in kinds, "e" in kinds, "w" in kinds)


@pytest.mark.parametrize("text", REAL)
def test_what_real_devices_say(text: str) -> None:
    name, segments = REAL[text]
    assert parse_memory_map(text) == MemoryMap(name, tuple(segment(*fields) for fields in segments))


def test_several_addresses_blanks_and_units() -> None:
    memory = parse_memory_map("@ Two places / 0x10 /2*16 g, 01 *1 Ma/0x08000000/ 1*64Bg,1*8e")
    assert memory == MemoryMap(
        "Two places",
        (
            segment(0x10, 0x30, 16, "rew"),
            segment(0x30, 0x100030, 1024 * KIB, "r--"),
            segment(0x08000000, 0x08000040, 64, "rew"),
            segment(0x08000040, 0x08000048, 8, "r-w"),
        ),
    )


@pytest.mark.parametrize("letter", LETTERS)
def test_each_letter(letter: str) -> None:
    assert parse_memory_map(f"@x/0x0/1*1K{letter}").segments == (segment(0, KIB, KIB, LETTERS[letter]),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Boron DFU Mode",
        "Internal Flash/0x0/1*4Kg",
        "@Internal Flash",
        "@Flash/0x0",
        "@Flash/08000000/1*4Kg",
        "@Flash/0x123456789/1*4Kg",
        "@Flash/0x0/",
        "@Flash/0x0/1*4Kh",
        "@Flash/0x0/1*4Gg",
        "@Flash/0x0/*4Kg",
        "@Flash/0x0/0*4Kg",
        "@Flash/0x0/1*0Kg",
        "@Flash/0x0/1*4Kg,",
        "@Flash/0xFFFFF000/2*4Kg",
        "@Flash/0x0/1*4Kg/0x1000",
        "@Flash/0x0/2*4Kg/0x1000/1*4Kg",
    ],
)
def test_what_is_no_memory_map(text: str) -> None:
    with pytest.raises(MemoryMapError):
        parse_memory_map(text)


NRF = parse_memory_map("@Internal Flash   /0x00000000/1*004Ka,47*004Kg,192*004Kg,4*004Kg,4*004Kg,8*004Ka")
GEN2 = parse_memory_map("@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg")
PROTECTED = parse_memory_map("@Internal Flash   /0x08000000/2048*004Kb")


def test_the_sectors_of_a_range_are_those_it_touches_each_once() -> None:
    assert NRF.sectors(0xB4010, 9000) == ((0xB4000, 0x1000), (0xB5000, 0x1000), (0xB6000, 0x1000))
    assert NRF.sectors(0x2FFFF, 2) == ((0x2F000, 0x1000), (0x30000, 0x1000))
    assert GEN2.sectors(0x0800F000, 0x11001) == (
        (0x0800C000, 16 * KIB),
        (0x08010000, 64 * KIB),
        (0x08020000, 128 * KIB),
    )


def test_memory_that_takes_any_bytes_needs_no_erasing() -> None:
    assert parse_memory_map("@DCT Flash   /0x00000000/1*016Ke").sectors(3106, 121) == ()


@pytest.mark.parametrize(
    ("address", "size"), [(0xFF000, 0x1001), (0x100000, 1), (0xFFFFFFFF, 1), (0x200000, 4)]
)
def test_a_range_beyond_the_map(address: int, size: int) -> None:
    for check in (NRF.require_writable, NRF.require_readable, NRF.sectors):
        with pytest.raises(OutsideMemory):
            check(address, size)


def test_a_range_across_a_gap() -> None:
    memory = parse_memory_map("@Flash/0x0/1*4Kg/0x2000/1*4Kg")
    memory.require_writable(0x2000, 0x1000)
    with pytest.raises(OutsideMemory):
        memory.require_writable(0xFFF, 0x1002)


def test_a_range_that_runs_into_a_read_only_segment() -> None:
    NRF.require_writable(0xF7000, 0x1000)
    with pytest.raises(MemoryLocked, match="0xF8000 to 0x100000"):
        NRF.require_writable(0xF7000, 0x2000)
    NRF.require_readable(0xF7000, 0x2000)


def test_a_protected_device() -> None:
    assert PROTECTED.protected
    assert not NRF.protected
    with pytest.raises(DeviceProtected):
        PROTECTED.require_writable(0x08000000, 1)
    with pytest.raises(DeviceProtected) as caught:
        PROTECTED.require_readable(0x08000000, 1)
    assert caught.value.next_step


@st.composite
def described(draw: st.DrawFn) -> tuple[str, tuple[Segment, ...]]:
    """A memory-map string with the segments that it describes."""
    at = draw(st.integers(0, 1 << 30))
    text, segments = [], []
    for _ in range(draw(st.integers(1, 3))):
        start = at
        parts = []
        for _ in range(draw(st.integers(1, 4))):
            count = draw(st.integers(1, 300))
            size, (letter, factor) = draw(st.integers(1, 128)), draw(st.sampled_from([("B", 1), ("K", KIB)]))
            kind = draw(st.sampled_from(sorted(LETTERS)))
            width = draw(st.integers(1, 4))
            parts.append(f"{count:0{width}}*{size:0{width}}{letter}{kind}")
            end = start + count * size * factor
            segments.append(segment(start, end, size * factor, LETTERS[kind]))
            start = end
        text.append(f"/0x{at:08x}/" + ",".join(parts))
        at = start + draw(st.integers(0, 4096))
    return "@Any name" + "".join(text), tuple(segments)


@given(described())
def test_any_memory_map_reads_back(case: tuple[str, tuple[Segment, ...]]) -> None:
    text, segments = case
    assert parse_memory_map(text) == MemoryMap("Any name", segments)


@given(described(), st.data())
def test_the_sectors_cover_the_erasable_part_of_any_range(
    case: tuple[str, tuple[Segment, ...]], data: st.DataObject
) -> None:
    memory = MemoryMap("x", case[1])
    first = data.draw(st.sampled_from(case[1]))
    address = data.draw(st.integers(first.start, first.end - 1))
    size = data.draw(st.integers(1, first.end - address))
    sectors = memory.sectors(address, size)
    assert list(sectors) == sorted(set(sectors))
    if first.erasable:
        assert sectors[0][0] <= address < sectors[0][0] + sectors[0][1]
        assert sectors[-1][0] < address + size <= sum(sectors[-1])
        assert sum(length for _, length in sectors) == sum(sectors[-1]) - sectors[0][0]
    else:
        assert sectors == ()


@given(st.text(max_size=40).map("@".__add__) | st.text(alphabet="@/0x*,Kg1 ", max_size=60))
def test_any_other_text_is_refused_or_read(text: str) -> None:
    with contextlib.suppress(MemoryMapError):
        assert parse_memory_map(text).segments
