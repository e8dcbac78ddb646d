"""Real firmware must be read as its README and the peer's answers say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from particle_cli.domain.firmware.bundle import open_bundle
from particle_cli.domain.firmware.checksums import sha256_coverage
from particle_cli.domain.firmware.description import module_data
from particle_cli.domain.firmware.errors import FirmwareError
from particle_cli.domain.firmware.inspection import inspect_bundle
from particle_cli.domain.firmware.module import Module, parse_module, write_module
from particle_cli.domain.firmware.suffix import NO_PRODUCT

Entry = Mapping[str, Any]
REFUSED = {
    "emptybin.bin": "Could not parse emptybin.bin: the file is empty",
    "RC2_bootloader.bin": "Could not parse RC2_bootloader.bin: invalid suffix size 0 at offset 0x3cb2",
}


def entries(corpus: Path, kind: str = ".bin") -> Iterator[tuple[str, bytes, Entry]]:
    """Every file of a kind, with what is known of it."""
    for folder in (corpus / "modules", corpus / "modules" / "made"):
        for name, entry in json.loads((folder / "expected.json").read_text()).items():
            if name.endswith(kind):
                yield name, (folder / name).read_bytes(), entry


def readable(corpus: Path) -> Iterator[tuple[str, bytes, Module, Entry]]:
    for name, data, entry in entries(corpus):
        if name not in REFUSED:
            yield name, data, parse_module(data, name=name), entry


def test_what_is_read_is_written_to_the_same_bytes(corpus: Path) -> None:
    for name, data, module, _ in readable(corpus):
        assert write_module(module) == data, name


def test_files_that_cannot_be_read_are_refused_with_the_reason(corpus: Path) -> None:
    for name, data, entry in entries(corpus):
        if name in REFUSED:
            assert "error" in entry["node"], name
            with pytest.raises(FirmwareError) as caught:
                parse_module(data, name=name)
            assert caught.value.message.startswith(REFUSED[name])


def test_every_field_is_as_recorded(corpus: Path) -> None:
    for name, _, module, entry in readable(corpus):
        told: Entry = module_data(module)
        node = entry["node"]
        assert told["prefixInfo"] == without_big_buffers(node["prefixInfo"]), name
        if module.trailing:  # the peer reads the suffix at the end of the file
            continue
        suffix = dict(node["suffixInfo"])
        if suffix["suffixSize"] < 40:
            suffix |= {"productId": None, "productVersion": None}
        shown = {key: value for key, value in told["suffixInfo"].items() if key != "unread"}
        assert shown == without_big_buffers(suffix), name
        assert told.get("assets") == node.get("assets"), name
        assert told.get("security") == node.get("security"), name


def without_big_buffers(value: Any) -> Any:
    """The records hold buffers above 512 bytes as length and hash; none of these files has one."""
    assert "sha256" not in json.dumps(value)
    return value


def test_checks_and_derived_values_are_as_recorded(corpus: Path) -> None:
    for name, _, module, entry in readable(corpus):
        derived = entry["derived"]
        assert module.prefix.start_address == derived["startAddress"], name
        assert module.prefix.end_address == derived["endAddress"], name
        assert module.size == derived["declaredSize"], name
        assert len(module.trailing) == derived["trailingBytes"], name
        assert f"{module.crc:08x}" == derived["declaredCrc"]["stored"], name
        assert f"{module.computed_crc():08x}" == derived["declaredCrc"]["actual"], name
        assert module.suffix.size == derived["declaredSuffixSize"], name
        assert module.uuid == derived["sha256"]["stored"], name
        assert module.computed_sha256().hex() == derived["sha256"]["actual"], name
        assert sha256_coverage(module) == derived["sha256"]["coverage"], name
        assert list(module.prefix.flag_names) == derived["flagNames"], name
        assert module.prefix.mcu_target == derived["mcuTarget"], name
        slots = [(d["function"], d["index"], d["version"]) for d in derived["dependencies"]]
        found = [(d.function, d.index, d.version) for d in module.dependencies]
        assert found[: len(slots)] == slots, name


def test_product_numbers_are_unsigned_and_absent_where_there_are_none(corpus: Path) -> None:
    products = {name: module.suffix.product for name, _, module, _ in readable(corpus)}
    assert products["040_user-part.bin"] is None
    assert products["p2-tinker@5.3.1.bin"] == (32, 4)
    assert products["p2-bootloader@5.6.0.bin"] == (NO_PRODUCT, NO_PRODUCT)
    assert products["tinker_argon_541.bin"] == (0, 0)


def test_bundles_hold_what_is_recorded(corpus: Path) -> None:
    for name, data, entry in entries(corpus, ".zip"):
        if name == "invalid-bundle.zip":
            with pytest.raises(FirmwareError, match="does not contain a valid application"):
                open_bundle(data, name=name)
            continue
        bundle, node = open_bundle(data, name=name), entry["node"]
        assert bundle.application.name == node["application"]["name"], name
        listed = [(asset["name"], asset["sha256"]) for asset in node["assets"]]
        found = [(asset.name, hashlib.sha256(asset.data).hexdigest()) for asset in bundle.assets]
        assert found == [item for item in listed if item[0] != ".DS_Store"], name
        assert bundle.env == (node["env"]["data"] if node.get("env") else None), name
        faults = {"ok": None, "missing": "missing", "hash-mismatch": "hash-mismatch"}
        checks = inspect_bundle(data, name=name).assets
        assert [check.fault for check in checks] == [faults[c["result"]] for c in entry["assetCheck"]], name
