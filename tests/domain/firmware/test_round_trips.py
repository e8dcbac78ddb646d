"""Formats without a test file of their own: what is written reads back equal, and writes the same again."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.strategies.modules import asset_records, bytes_of_two, dependencies, records

from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.bundle import NamedFile, asset_name_fault, folded, is_clutter, open_bundle
from particle_cli.domain.firmware.bundling import create_bundle
from particle_cli.domain.firmware.extensions import END, Extension, encode_extensions, read_extensions
from particle_cli.domain.firmware.module import Dependency, parse_module, write_module
from particle_cli.domain.firmware.records import (
    AssetDependency,
    asset_dependencies,
    asset_dependency_fields,
    asset_dependency_record,
    asset_type_field,
    asset_type_record,
    dependency_fields,
    dependency_record,
    hash_fields,
    hash_record,
    location_fields,
    location_record,
    name_field,
    name_record,
    product_record,
    product_record_fields,
    security_fields,
    security_record,
)

words = st.integers(0, 0xFFFFFFFF)
octets = st.integers(0, 0xFF)
text = st.text(st.characters(codec="utf-8"), max_size=20)
names = text.filter(lambda name: asset_name_fault(name) is None and not is_clutter(name))
variables = st.dictionaries(st.from_regex(r"[A-Z_][A-Z0-9_]{0,8}", fullmatch=True), text, max_size=4)
APPLICATION = NamedFile(
    "app.bin",
    write_module(
        build_module(
            platform_id=13,
            function=5,
            index=2,
            version=6,
            start_address=0xB4000,
            payload=b"code" * 8,
            product=(13, 1),
        )
    ),
)


@given(st.lists(records(), max_size=6))
def test_records(given_records: list[Extension]) -> None:
    data = encode_extensions((*given_records, END))
    assert read_extensions(memoryview(data + b"after"), offset=0, name="x") == (
        (*given_records, END),
        len(data),
    )


@given(dependencies(), words)
def test_dependency_records(need: Dependency, target: int) -> None:
    assert dependency_fields(dependency_record(need, target=target)) == (need, target)


@given(bytes_of_two, bytes_of_two)
def test_product_records(product_id: int, version: int) -> None:
    assert product_record_fields(product_record(product_id, version)) == (product_id, version)


@given(words, words, words)
def test_location_records(start: int, load: int, dynalib: int) -> None:
    assert location_fields(location_record(start, load, dynalib)) == (start, load, dynalib)


@given(st.binary(max_size=64), octets, text)
def test_asset_dependency_records(digest: bytes, kind: int, name: str) -> None:
    asset = AssetDependency(name, digest, kind)
    assert asset_dependency_fields(asset_dependency_record(asset)) == asset


@given(octets, st.binary(max_size=40), text)
def test_records_of_one_value(number: int, content: bytes, name: str) -> None:
    assert hash_fields(hash_record(content)) == (0, content)
    assert name_field(name_record(name)) == name
    assert security_fields(security_record(number, content)) == (number, content)
    assert asset_type_field(asset_type_record(number)) == number


@given(st.lists(asset_records(), max_size=4))
def test_assets_are_found_among_other_records(assets: list[Extension]) -> None:
    found = asset_dependencies((*assets, END))
    assert [asset_dependency_record(asset) for asset in found] == assets


@given(st.dictionaries(names, st.binary(max_size=200), max_size=4), st.none() | variables)
def test_bundles(files: dict[str, bytes], env: dict[str, str] | None) -> None:
    assume(len({folded(name) for name in (*files, "env")}) == len(files) + 1)
    assets = tuple(NamedFile(name, data) for name, data in files.items())
    data = create_bundle(APPLICATION, assets, env)
    bundle = open_bundle(data, name="x.zip")
    inside = [asset for asset in bundle.assets if asset.name != "env"]
    assert (tuple(inside), bundle.env, bundle.ignored) == (assets, env, ())
    assert parse_module(bundle.application.data, name="app.bin").crc_ok
    assert create_bundle(bundle.application, inside, bundle.env) == data
