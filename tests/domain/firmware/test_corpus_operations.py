"""What the peer's encoder made of real firmware is made again, byte for byte.

Deflate streams differ between builds of zlib: files that hold one are compared after decompressing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from particle_cli.domain.firmware.assets import asset_module, env_asset_module, unwrap_asset
from particle_cli.domain.firmware.bundle import Bundle, NamedFile, open_bundle
from particle_cli.domain.firmware.bundling import create_bundle, with_asset_dependencies
from particle_cli.domain.firmware.combined import combine, split
from particle_cli.domain.firmware.compressed import compressed, decompressed
from particle_cli.domain.firmware.edit import add_extensions, remove_extensions
from particle_cli.domain.firmware.env_vars import encode_env
from particle_cli.domain.firmware.errors import FirmwareError
from particle_cli.domain.firmware.module import Dependency, Module, parse_module, sealed, write_module
from particle_cli.domain.firmware.prefix import COMPRESSED, DROP_MODULE_INFO
from particle_cli.domain.firmware.protected import protected_module
from particle_cli.domain.firmware.records import AssetDependency, dependency_record

Input = Mapping[str, Any]


class Encoder:
    """The operations of the peer's encoder, done by our library."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def do(self, operation: str, given: Input) -> bytes:
        words = operation.split(" applied")[0]
        done = getattr(self, words)(given)
        if operation.endswith("applied twice"):
            done = protected_module(done)
        return done if isinstance(done, bytes) else write_module(done)

    def module(self, source: str | Mapping[str, Any]) -> Module:
        if isinstance(source, str):
            return parse_module((self.folder / source).read_bytes(), name=source)
        if "compressModule" in source:
            return compressed(self.module(source["compressModule"]))
        return combine([self.module(part) for part in source["combineModules"]])

    def createAssetModule(self, given: Input) -> Module:
        window = given.get("zlib", {}).get("windowBits", 0)
        data = bytes.fromhex(given["dataHex"])
        return asset_module(data, given["name"], compress=given.get("compress", True), window_bits=window)

    def createEnvVarsAssetModule(self, given: Input) -> Module:
        return env_asset_module(encode_env(given["vars"]))

    def encodeEnvVarsAsset(self, given: Input) -> bytes:
        variables = given["vars"]
        return encode_env({"A": "x" * 16384} if isinstance(variables, str) else variables)

    def createProtectedModule(self, given: Input) -> Module:
        certificate = bytes.fromhex(given.get("certificateHex", ""))
        return protected_module(self.module(given["module"]), certificate)

    def updateModuleAssetDependencies(self, given: Input) -> Module:
        module = self.module(given["module"])
        for assets in [given["assets"]] if "assets" in given else [given["first"], given["second"]]:
            module = with_asset_dependencies(module, [self.asset(asset) for asset in assets])
        return module

    @staticmethod
    def asset(asset: Input) -> AssetDependency:
        return AssetDependency(asset["name"], hashlib.sha256(bytes.fromhex(asset["dataHex"])).digest())

    def removeModuleExtensions(self, given: Input) -> Module:
        return remove_extensions(self.module(given["module"]), given["types"])

    def addModuleExtensions(self, given: Input) -> Module:
        records = [
            dependency_record(
                Dependency(ext["moduleFunction"], ext["moduleIndex"], ext["moduleVersion"]),
                target=ext["targetId"],
            )
            for ext in given["exts"]
        ]
        return add_extensions(self.module(given["module"]), records)

    def compressModule(self, given: Input) -> Module:
        options = given.get("zlib", {})
        return compressed(
            self.module(given["module"]),
            level=options.get("level", -1),
            window_bits=options.get("windowBits", 0),
        )

    def decompressModule(self, given: Input) -> Module:
        return decompressed(self.module(given["module"]))

    def combineModules(self, given: Input) -> Module:
        return combine([self.module(part) for part in given["modules"]])

    def createApplicationAndAssetBundle(self, given: Input) -> bytes:
        application = given["application"]
        binary = NamedFile(application["name"], (self.folder / application["module"]).read_bytes())
        assets = [NamedFile(asset["name"], bytes.fromhex(asset["dataHex"])) for asset in given["assets"]]
        return create_bundle(binary, assets, given["env"])


@pytest.fixture
def made(corpus: Path) -> tuple[Encoder, dict[str, Any]]:
    """The encoder on real firmware, and what the peer's made of it."""
    return Encoder(corpus / "modules"), json.loads((corpus / "modules/made/expected.json").read_text())


def inflated(data: bytes) -> object:
    """Return what a file means, without the bytes that depend on the build of zlib."""
    if data.startswith(b"PK"):
        bundle = open_bundle(data, name="made.zip")
        return Bundle(bundle.application, bundle.assets, bundle.env)
    return [means(part) for part in split(parse_module(data, name="made.bin"))]


def means(module: Module) -> object:
    if not module.prefix.flags & COMPRESSED:
        return write_module(module)
    end_moves = evolve(module.prefix, end_address=0)
    return end_moves, module.payload[:8], write_module(decompressed(module)), module.suffix.extensions


def test_every_recorded_result_is_made_again(made: tuple[Encoder, dict[str, Any]]) -> None:
    encoder, recorded = made
    exact = 0
    for name, entry in recorded.items():
        if "error" in entry:
            continue
        ours = encoder.do(entry["operation"], entry["input"])
        theirs = (encoder.folder / "made" / name).read_bytes()
        exact += ours == theirs
        assert inflated(ours) == inflated(theirs), name
    assert exact >= 14


def refuses(encoder: Encoder, entry: Input) -> bool:
    try:
        encoder.do(entry["operation"], entry["input"])
    except FirmwareError:
        return True
    return False


def test_every_recorded_refusal_is_ours_too(made: tuple[Encoder, dict[str, Any]]) -> None:
    encoder, recorded = made
    refused = {name: entry for name, entry in recorded.items() if "error" in entry}
    assert len(refused) > 10
    for name, entry in refused.items():
        assert refuses(encoder, entry), name


def test_combined_modules_come_apart_as_recorded(made: tuple[Encoder, dict[str, Any]]) -> None:
    encoder, recorded = made
    for name, entry in recorded.items():
        parts = entry.get("derived", {}).get("combinedParts")
        if isinstance(parts, list):
            module = parse_module((encoder.folder / "made" / name).read_bytes(), name=name)
            written = [write_module(part) for part in split(module)]
            found = [{"size": len(part), "sha256": hashlib.sha256(part).hexdigest()} for part in written]
            assert found == parts, name


def known(data: bytes, recorded: Input) -> bool:
    return (len(data), hashlib.sha256(data).hexdigest()) == (recorded["size"], recorded["sha256"])


def test_compressed_modules_and_assets_hold_what_is_recorded(made: tuple[Encoder, dict[str, Any]]) -> None:
    encoder, recorded = made
    files = {name: entry for name, entry in recorded.items() if name.endswith(".bin")}
    for name, entry in files.items():
        module = parse_module((encoder.folder / "made" / name).read_bytes(), name=name)
        if expected := entry["derived"].get("decompressed"):
            data = write_module(decompressed(module))
            assert (len(data), hashlib.sha256(data).hexdigest()) == (expected["size"], expected["sha256"]), (
                name
            )
        if expected := entry["derived"].get("assetPayload"):
            _, data = unwrap_asset(module)
            assert (len(data), hashlib.sha256(data).hexdigest()) == (expected["size"], expected["sha256"]), (
                name
            )


def test_sealing_changes_nothing_in_what_is_whole(corpus: Path) -> None:
    recorded = json.loads((corpus / "modules/expected.json").read_text())
    for name, entry in recorded.items():
        if entry.get("derived", {}).get("sha256", {}).get("coverage") == "all-before-field":
            module = parse_module((corpus / "modules" / name).read_bytes(), name=name)
            assert sealed(module) == module, name


def test_every_real_module_survives_compressing_and_back(corpus: Path) -> None:
    for path in (corpus / "modules").glob("*.bin"):
        if path.name in ("emptybin.bin", "RC2_bootloader.bin", "RC4_bootloader_pad_BM-09.bin", "cat.bin"):
            continue
        module = parse_module(path.read_bytes(), name=path.name)
        if not module.prefix.flags & DROP_MODULE_INFO:
            assert decompressed(compressed(module, level=1)) == module, path.name
