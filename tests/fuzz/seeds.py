"""Files to begin with: real ones where there are any, and one of every kind made by our own writer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from attrs import field, frozen

from particle_cli.domain.firmware.assets import asset_module, env_asset_module
from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.bundle import NamedFile
from particle_cli.domain.firmware.bundling import create_bundle
from particle_cli.domain.firmware.combined import combine
from particle_cli.domain.firmware.compressed import compressed
from particle_cli.domain.firmware.env_vars import Snapshot, encode_env
from particle_cli.domain.firmware.extensions import Extension
from particle_cli.domain.firmware.module import Dependency, Module, write_module
from particle_cli.domain.firmware.protected import protected_module
from particle_cli.domain.firmware.records import (
    AssetDependency,
    asset_dependency_record,
    dependency_record,
    location_record,
    product_record,
)

Kind = Literal["module", "bundle", "variables", "describe"]


@frozen
class Seed:
    """A file that is as it should be, before it is spoilt."""

    name: str
    kind: Kind
    data: bytes = field(repr=False)


def seeds(corpus: Path | None) -> tuple[Seed, ...]:
    """Return the seeds; `corpus` is the folder of real firmware, None where there is none."""
    return (*_own(), *(_real(corpus / "modules") if corpus else ()))


def _real(folder: Path) -> Iterator[Seed]:
    for path in sorted(folder.glob("**/*")):
        if path.suffix in (".bin", ".zip"):
            yield Seed(path.name, "bundle" if path.suffix == ".zip" else "module", path.read_bytes())
    for name, entry in json.loads((folder / "describes.json").read_text()).items():
        yield Seed(name, "describe", json.dumps(entry["describe"]).encode())


def _own() -> Iterator[Seed]:
    for name, module in _modules():
        yield Seed(name, "module", write_module(module))
    binary = NamedFile("app.bin", write_module(_application()))
    assets = [NamedFile("cat.txt", b"miau" * 200), NamedFile("dog.txt", b"")]
    yield Seed("bundle", "bundle", create_bundle(binary, assets, {"FOO": "bar", "EMPTY": ""}))
    yield Seed("bundle without assets", "bundle", create_bundle(binary, []))
    yield Seed("variables", "variables", encode_env({"A": "1", "B": ""}, Snapshot(b"hash", 1)))
    yield Seed("describe", "describe", json.dumps(_DESCRIBE).encode())


def _modules() -> Iterator[tuple[str, Module]]:
    plain = _application()
    yield "gen 3 application", plain
    yield "gen 3 system part", _application(function=4, preamble=b"\0\0\4\x20" + bytes(0x200 - 4))
    yield "gen 2 system part", _application(function=4, platform_id=6, preamble=b"\0\0\2\x20" + bytes(0x180))
    yield "core", _application(function=3, platform_id=0, preamble=b"\0\x50\0\x20" + bytes(0x108))
    yield "p2 application", _application(platform_id=32, prefix_extensions=(_ASSET, location_record(1, 2, 3)))
    yield "compressed", compressed(plain)
    yield "compressed body", compressed(_application(flags=1), window_bits=9)
    yield "combined", combine([plain, compressed(plain), plain])
    yield "asset", asset_module(b"miau" * 200, "cat.txt")
    yield "raw asset", asset_module(b"miau", "cat.txt", compress=False)
    yield "variables' asset", env_asset_module(encode_env({"A": "1"}))
    yield "protected", protected_module(_application(function=2), b"certificate")
    yield "many records", _application(suffix_extensions=(_ASSET,) * 40)


_ASSET = asset_dependency_record(AssetDependency("cat.txt", bytes(range(32))))


def _application(
    *,
    platform_id: int = 13,
    function: int = 5,
    preamble: bytes = b"",
    flags: int = 0,
    prefix_extensions: tuple[Extension, ...] = (),
    suffix_extensions: tuple[Extension, ...] = (dependency_record(Dependency(8, 0, 202)), _ASSET),
) -> Module:
    return build_module(
        platform_id=platform_id,
        function=function,
        index=1,
        version=6,
        start_address=0xB4000,
        payload=bytes(range(256)) * 5,
        dependencies=[Dependency(4, 1, 6000), Dependency(2, 0, 400)],
        preamble=preamble,
        flags=flags,
        prefix_extensions=prefix_extensions,
        suffix_extensions=(*suffix_extensions, product_record(13, 1)),
    )


_DESCRIBE = {
    "p": 6,
    "m": [
        {"s": 16384, "l": "m", "vc": 30, "vv": 30, "f": "b", "n": "0", "v": 7, "d": []},
        {"l": "m", "vc": 30, "vv": 26, "f": "s", "n": "1", "v": 15, "d": [{"f": "b", "n": "0", "v": 9}]},
        {"l": "f", "vc": 30, "vv": 30, "u": "00", "f": "u", "n": "1", "v": 2, "d": [{}]},
    ],
}
