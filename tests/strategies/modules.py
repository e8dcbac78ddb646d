"""Hypothesis strategies for firmware modules: well-formed ones, as our own writer makes them."""

from __future__ import annotations

import struct

from hypothesis import strategies as st

from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.extensions import Extension
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Dependency, Module
from particle_cli.domain.firmware.records import (
    AssetDependency,
    asset_dependency_record,
    dependency_record,
    location_record,
    product_record,
    security_record,
)

PLATFORMS = (0, 6, 8, 10, 12, 13, 15, 23, 25, 26, 28, 32, 35)
RTL872X = (28, 32, 35)

bytes_of_two = st.integers(0, 0xFFFF)


@st.composite
def dependencies(draw: st.DrawFn) -> Dependency:
    """A dependency on something."""
    function = draw(st.integers(1, ModuleFunction.ASSET))
    return Dependency(function, draw(st.integers(0, 255)), draw(bytes_of_two))


@st.composite
def asset_records(draw: st.DrawFn) -> Extension:
    """An ASSET_DEPENDENCY record."""
    name = draw(st.text(st.characters(codec="utf-8", exclude_characters="/\\"), min_size=1, max_size=20))
    return asset_dependency_record(AssetDependency(name, draw(st.binary(min_size=32, max_size=32))))


def records() -> st.SearchStrategy[Extension]:
    """A record of any kind but END and PRODUCT_DATA, known or unknown."""
    unknown = st.builds(Extension, st.integers(0x20, 0xFFFE), st.binary(max_size=40))
    return st.one_of(
        unknown,
        asset_records(),
        dependencies().map(dependency_record),
        st.binary(max_size=60).map(lambda certificate: security_record(1, certificate)),
        st.integers(0, 0xFFFFFFFF).map(lambda start: location_record(start, start, start)),
    )


def preambles() -> st.SearchStrategy[bytes]:
    """What stands before a prefix: nothing, or a vector table or boot header of a family."""
    return st.one_of(
        st.just(b""),
        st.just(struct.pack("<I", 0x20005000) + bytes(0x10C - 4)),
        st.just(struct.pack("<I", 0x20020000) + bytes(0x184 - 4)),
        st.just(struct.pack("<I", 0x2003F000) + bytes(0x200 - 4)),
        st.just(bytes.fromhex("999996963fcc66fc") + bytes(24)),
    )


@st.composite
def modules(draw: st.DrawFn, *, max_payload: int = 400) -> Module:
    """A well-formed module: right addresses, sizes, SHA-256 and CRC; any function, platform, family."""
    suffix = draw(st.lists(records(), max_size=3))
    product = draw(st.none() | st.tuples(bytes_of_two, bytes_of_two))
    if product and draw(st.booleans()):
        suffix.append(product_record(*product))
        product = None
    elif suffix and product is None:
        product = (0xFFFF, 0xFFFF)  # records without product data after them end the suffix ambiguously
    return build_module(
        platform_id=draw(st.sampled_from(PLATFORMS)),
        function=draw(st.integers(1, ModuleFunction.RADIO_STACK)),
        index=draw(st.integers(0, 255)),
        version=draw(bytes_of_two),
        start_address=draw(st.integers(0, 0x0FFFFFFF)),
        payload=draw(st.binary(max_size=max_payload)),
        dependencies=draw(st.lists(dependencies(), max_size=3)) if product else draw(_two_dependencies()),
        preamble=draw(preambles()),
        flags=draw(st.sampled_from((0, 1, 8))),
        mcu_target=draw(st.sampled_from((0, 0x21, 0xFF))),
        product=product,
        prefix_extensions=draw(st.lists(records(), max_size=3)),
        suffix_extensions=suffix,
    )


def _two_dependencies() -> st.SearchStrategy[list[Dependency]]:
    return st.lists(dependencies(), max_size=2)
