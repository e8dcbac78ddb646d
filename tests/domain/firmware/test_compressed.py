"""Compressed and combined modules, there and back."""

from __future__ import annotations

import contextlib
import struct

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies.modules import modules

from particle_cli.domain.firmware.assets import asset_module, unwrap_asset
from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.combined import MAX_PARTS, combine, parts, split
from particle_cli.domain.firmware.compressed import compressed, decompressed
from particle_cli.domain.firmware.errors import (
    FirmwareError,
    LimitExceeded,
    ModuleBroken,
    ModuleUnsuited,
    NotAModule,
)
from particle_cli.domain.firmware.module import Module, parse_module, write_module
from particle_cli.domain.firmware.prefix import COMBINED, COMPRESSED, DROP_MODULE_INFO


def simple(payload: bytes = b"code" * 500, *, preamble: bytes = b"", flags: int = 0) -> Module:
    return build_module(
        platform_id=13,
        function=5,
        index=2,
        version=1,
        start_address=0xB4000,
        payload=payload,
        preamble=preamble,
        flags=flags,
        product=(13, 1),
    )


@given(modules(), st.sampled_from((0, 8, 9, 15)))
def test_decompressing_undoes_compressing(module: Module, window: int) -> None:
    if module.prefix.flags & DROP_MODULE_INFO and module.preamble:
        with pytest.raises(ModuleUnsuited, match="vector table"):
            compressed(module)
        return
    packed = compressed(module, window_bits=window)
    again = parse_module(write_module(packed), name="packed.bin")
    assert again == packed
    assert again.crc_ok
    assert not again.preamble
    assert decompressed(again) == module


def test_a_repetitive_module_gets_smaller_and_keeps_its_start() -> None:
    packed = compressed(simple())
    assert packed.size < 300
    assert packed.prefix.start_address == 0xB4000
    assert bytes(packed.payload[:8]) == struct.pack("<HBBI", 8, 0, 0, len(write_module(simple())))


def test_compressing_twice_and_decompressing_the_plain_are_refused() -> None:
    with pytest.raises(ModuleUnsuited, match="already compressed"):
        compressed(compressed(simple()))
    with pytest.raises(ModuleUnsuited, match="not compressed"):
        decompressed(simple())


def damaged(place: int, content: bytes) -> Module:
    packed = compressed(simple())
    payload = bytearray(packed.payload)
    payload[place : place + len(content)] = content
    return evolve(packed, payload=bytes(payload))


@pytest.mark.parametrize(
    ("module", "error", "says"),
    [
        (damaged(0, b"\7\0"), ModuleBroken, "invalid size: 7"),
        (damaged(0, b"\xff\xff"), ModuleBroken, "invalid size: 65535"),
        (damaged(2, b"\1"), ModuleBroken, "unknown method: 1"),
        (damaged(3, b"\7"), ModuleBroken, "invalid size: 7 bits"),
        (damaged(4, b"\1\0\0\0"), ModuleBroken, "should have 1 bytes .* more than 1"),
        (damaged(4, b"\xff\xff\0\0"), ModuleBroken, "should have 65535 bytes .* but has 2068"),
        (damaged(4, b"\xff\xff\xff\xff"), LimitExceeded, "declares 4294967295 bytes"),
        (damaged(8, b"\xff\xff"), ModuleBroken, "cannot be inflated"),
        (evolve(compressed(simple()), payload=b""), ModuleUnsuited, "cannot be changed"),
        (evolve(compressed(simple()), trailing=b"x"), ModuleUnsuited, "cannot be changed"),
    ],
)
def test_what_cannot_be_decompressed_is_refused_with_the_reason(
    module: Module, error: type[FirmwareError], says: str
) -> None:
    with pytest.raises(error, match=says):
        decompressed(module)


def test_a_header_may_be_longer() -> None:
    packed = compressed(simple())
    longer = struct.pack("<HBBI", 12, 0, 0, 2068) + b"more" + bytes(packed.payload[8:])
    prefix = evolve(packed.prefix, end_address=packed.prefix.end_address + 4)
    assert decompressed(evolve(packed, payload=longer, prefix=prefix)) == simple()


@given(st.data())
def test_a_damaged_stream_ends_in_a_module_or_in_our_own_error(data: st.DataObject) -> None:
    packed = asset_module(b"an asset " * 50, "a.txt")
    payload = bytearray(packed.payload)
    for _ in range(data.draw(st.integers(1, 3))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(FirmwareError):
        unwrap_asset(evolve(packed, payload=bytes(payload)), max_size=1 << 16)


@given(st.lists(modules(max_payload=60), min_size=1, max_size=4))
def test_splitting_undoes_combining(parts: list[Module]) -> None:
    one = combine(parts)
    again = parse_module(write_module(one), name="combined.bin")
    assert again == one
    assert split(again) == tuple(parts)
    assert bool(one.prefix.flags & COMBINED) is (len(parts) > 1)
    assert again.crc_ok


def test_parts_may_be_compressed() -> None:
    parts = (simple(preamble=bytes(0x200)), compressed(simple()), simple(b""))
    one = combine(parts)
    assert split(parse_module(write_module(one), name="combined.bin")) == parts


def test_parts_are_as_they_lie_and_what_is_split_is_made_right() -> None:
    one = combine([simple(), simple(), simple()])
    damaged = evolve(one, trailing=bytes(one.trailing[:100]) + b"!" + one.trailing[101:])
    lying, taken = parts(damaged), split(damaged)
    assert [part.crc_ok for part in lying] == [True, False, True]
    assert [part.crc_ok for part in taken] == [True, True, True]
    assert [part.prefix.flags & COMBINED for part in lying] == [COMBINED, COMBINED, 0]
    assert parts(simple()) == (simple(),)


def test_no_more_modules_are_combined_than_anybody_needs() -> None:
    many = [simple(b"")] * MAX_PARTS
    one = combine(many)
    assert split(one) == tuple(many)
    with pytest.raises(LimitExceeded):
        combine([*many, simple()])
    more = evolve(one, trailing=write_module(one))
    with pytest.raises(LimitExceeded, match="more than 64 parts"):
        parts(more)


def test_what_cannot_be_combined_is_refused() -> None:
    one = combine([simple(), simple()])
    with pytest.raises(ModuleUnsuited):
        combine([])
    with pytest.raises(ModuleUnsuited):
        combine([one, simple()])
    with pytest.raises(ModuleUnsuited):
        compressed(one)
    with pytest.raises(ModuleUnsuited):
        compressed(evolve(one, trailing=b""))
    with pytest.raises(ModuleUnsuited, match="already combined"):
        combine([evolve(one, trailing=b""), simple()])


def test_a_combined_module_that_ends_early_or_late_is_refused() -> None:
    one = combine([simple(), simple()])
    with pytest.raises(ModuleBroken, match="part 2 should start"):
        split(evolve(one, trailing=b""))
    with pytest.raises(ModuleBroken, match="3 bytes follow the last part"):
        split(evolve(one, trailing=bytes(one.trailing) + b"xxx"))
    with pytest.raises(NotAModule, match="part 2 of the combined module"):
        split(evolve(one, trailing=b"nothing"))


def test_only_an_asset_can_be_unwrapped() -> None:
    asset = asset_module(b"data", "a.txt")
    with pytest.raises(ModuleUnsuited, match="no asset"):
        unwrap_asset(simple())
    with pytest.raises(ModuleUnsuited, match="DROP_MODULE_INFO"):
        unwrap_asset(evolve(asset, prefix=evolve(asset.prefix, flags=COMPRESSED)))
    with pytest.raises(ModuleBroken, match="no name"):
        unwrap_asset(evolve(asset, suffix=evolve(asset.suffix, extensions=())))


@given(
    st.binary(max_size=300), st.text(min_size=1, max_size=30).filter(lambda t: t.isprintable()), st.booleans()
)
def test_unwrapping_undoes_wrapping(data: bytes, name: str, compress: bool) -> None:
    module = parse_module(write_module(asset_module(data, name, compress=compress)), name="asset.bin")
    assert unwrap_asset(module) == (name, data)
