"""What every spoilt file is put to: each ends in a value, or in an error of our own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from attrs import evolve
from tests.fuzz.seeds import Kind

from particle_cli.domain.firmware.assets import bundle_modules, unwrap_asset
from particle_cli.domain.firmware.bundle import open_bundle
from particle_cli.domain.firmware.bundling import with_asset_dependencies, without_asset_dependencies
from particle_cli.domain.firmware.checksums import sha256_coverage
from particle_cli.domain.firmware.combined import combine, split
from particle_cli.domain.firmware.compressed import compressed, decompressed
from particle_cli.domain.firmware.describes import described, read_describe, repaired
from particle_cli.domain.firmware.description import module_data
from particle_cli.domain.firmware.difference import compare
from particle_cli.domain.firmware.env_vars import decode_env, encode_env
from particle_cli.domain.firmware.inspection import inspect_binary, inspect_bundle
from particle_cli.domain.firmware.module import parse_module, write_module
from particle_cli.domain.firmware.protected import is_protected, protected_module
from particle_cli.domain.firmware.records import AssetDependency
from particle_cli.domain.firmware.resolution import missing_dependencies, missing_for_application
from particle_cli.domain.firmware.verification import verify_binary, verify_bundle

Target = Callable[[bytes], None]
INFLATED = 1 << 20
"""Bytes that targets allow a file to be inflated to where they can say so."""


def parsed(data: bytes) -> None:
    """Parsing, both checksums, and writing the same bytes back."""
    module = parse_module(data, name="x.bin")
    assert write_module(module) == data, "what was parsed is not written back"
    assert module.crc_ok in (True, False)
    sha256_coverage(module)
    is_protected(module)


def inspected(data: bytes) -> None:
    found = inspect_binary(data, name="x.bin")
    assert all(isinstance(fault, str) for fault in found.faults)


def told(data: bytes) -> None:
    json.dumps(module_data(parse_module(data, name="x.bin")))


def verified(data: bytes) -> None:
    assert all(isinstance(fault, str) for fault in verify_binary(data, name="x.bin"))


def taken_apart(data: bytes) -> None:
    parts = split(parse_module(data, name="x.bin"))
    if len(parts) > 1:
        again = split(combine(parts))
        assert [write_module(part) for part in again] == [write_module(part) for part in parts]


def inflated(data: bytes) -> None:
    plain = decompressed(parse_module(data, name="x.bin"), max_size=INFLATED)
    assert plain.length <= INFLATED + len(data)


def unwrapped(data: bytes) -> None:
    name, content = unwrap_asset(parse_module(data, name="x.bin"), max_size=INFLATED)
    assert isinstance(name, str)
    assert len(content) <= max(INFLATED, len(data))


def packed(data: bytes) -> None:
    module = parse_module(data, name="x.bin")
    small = compressed(evolve(module, payload=bytes(module.payload[:4096])), level=1)
    assert small.crc_ok


def edited(data: bytes) -> None:
    module = parse_module(data, name="x.bin")
    named = with_asset_dependencies(module, [AssetDependency("x", bytes(32))])
    assert named.crc_ok
    assert without_asset_dependencies(named).crc_ok


def protected(data: bytes) -> None:
    assert is_protected(protected_module(parse_module(data, name="x.bin"))) in (True, False)


def compared(data: bytes) -> None:
    module = parse_module(data, name="x.bin")
    assert compare(module, module).same
    other = evolve(module, prefix=evolve(module.prefix, version=module.prefix.version ^ 1))
    assert not compare(module, other).same


def opened(data: bytes) -> None:
    bundle = open_bundle(data, name="x.zip", max_size=INFLATED)
    assert len(bundle.application.data) + sum(len(asset.data) for asset in bundle.assets) <= INFLATED
    bundle_modules(bundle)


def bundle_inspected(data: bytes) -> None:
    inspect_bundle(data, name="x.zip")


def bundle_verified(data: bytes) -> None:
    assert all(isinstance(fault, str) for fault in verify_bundle(data, name="x.zip"))


def variables_decoded(data: bytes) -> None:
    variables, snapshot = decode_env(data)
    encode_env(variables, snapshot)


def described_devices(data: bytes) -> None:
    describe = read_describe(json.loads(data))
    missing_dependencies(describe, with_factory=True)
    missing_for_application(describe)
    for module in repaired(describe.modules):
        described(module)


_MODULE = (
    parsed,
    inspected,
    told,
    verified,
    taken_apart,
    inflated,
    unwrapped,
    packed,
    edited,
    protected,
    compared,
)
TARGETS: Mapping[Kind, Sequence[Target]] = {
    "module": _MODULE,
    "bundle": (opened, bundle_inspected, bundle_verified),
    "variables": (variables_decoded,),
    "describe": (described_devices,),
}
