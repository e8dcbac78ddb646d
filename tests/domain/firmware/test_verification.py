"""Verdicts on files, and differences between them."""

from __future__ import annotations

import io
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from attrs import evolve

from particle_cli.domain.firmware import asset_checks
from particle_cli.domain.firmware.asset_checks import check_assets
from particle_cli.domain.firmware.assets import asset_module, env_asset_module
from particle_cli.domain.firmware.build import build_module, fitted
from particle_cli.domain.firmware.bundle import NamedFile
from particle_cli.domain.firmware.bundling import create_bundle
from particle_cli.domain.firmware.combined import combine
from particle_cli.domain.firmware.compressed import compressed
from particle_cli.domain.firmware.difference import Change, compare
from particle_cli.domain.firmware.edit import add_extensions
from particle_cli.domain.firmware.extensions import Extension, ExtensionType
from particle_cli.domain.firmware.module import Dependency, Module, sealed, write_module
from particle_cli.domain.firmware.records import (
    AssetDependency,
    asset_dependency_record,
    asset_type_record,
    hash_record,
    location_record,
    name_record,
    security_record,
)
from particle_cli.domain.firmware.suffix import PLACEHOLDER_SHA256
from particle_cli.domain.firmware.verification import verify_binary, verify_bundle


def tinker(payload: bytes = bytes(10_000), version: int = 6, needs: int = 4006) -> Module:
    return build_module(
        platform_id=12,
        function=5,
        index=2,
        version=version,
        start_address=0xB4000,
        payload=payload,
        dependencies=[Dependency(4, 1, needs)],
        product=(12, 3),
    )


def with_wrong_hash() -> Module:
    asset = asset_module(b"miau", "cat.txt")
    records = (hash_record(bytes(32)), *asset.suffix.extensions[1:])
    return sealed(evolve(asset, suffix=evolve(asset.suffix, extensions=records)))


@pytest.mark.parametrize(
    ("module", "faults"),
    [
        (tinker(), ()),
        (compressed(tinker()), ()),
        (combine([tinker(), compressed(tinker())]), ()),
        (asset_module(b"miau", "cat.txt"), ()),
        (env_asset_module(b""), ()),
        (evolve(tinker(), trailing=b"\xff" * 9), ()),
        (evolve(tinker(), crc=1), ("The CRC of x.bin is wrong.",)),
        (
            evolve(tinker(), trailing=b"junk"),
            ("4 bytes follow x.bin that are neither padding nor a module.",),
        ),
        (with_wrong_hash(), ("The hash of the asset x.bin is wrong.",)),
    ],
)
def test_a_verdict_names_every_fault(module: Module, faults: tuple[str, ...]) -> None:
    assert verify_binary(write_module(module), name="x.bin") == faults


def test_an_unfinished_build_has_two_faults() -> None:
    module = evolve(tinker(), suffix=evolve(tinker().suffix, sha256=PLACEHOLDER_SHA256), crc=0x78563412)
    assert len(verify_binary(write_module(module), name="x.bin")) == 2


def test_a_part_of_a_combined_file_is_checked_too() -> None:
    module = combine([tinker(), evolve(tinker(), crc=1)])
    assert verify_binary(write_module(module), name="x.bin") == ("The CRC of part 2 of x.bin is wrong.",)


def test_the_parts_between_are_checked_too() -> None:
    asset = asset_module(b"miau", "cat.txt")
    damaged = bytearray(write_module(combine([tinker(), asset, tinker()])))
    start = tinker().length
    damaged[start + asset.length - 40] ^= 1  # the reserved word of its suffix
    assert verify_binary(bytes(damaged), name="x.bin") == ("The CRC of part 2 of x.bin is wrong.",)
    damaged[start + 28] ^= 1  # the size that it is to have when it is inflated
    _, content = verify_binary(bytes(damaged), name="x.bin")
    assert content.startswith("part 2 of x.bin cannot be used: The compressed data should have 5 bytes")


def test_what_is_found_first_is_not_lost_to_what_cannot_be_read() -> None:
    module = evolve(combine([tinker(), tinker()]), crc=1, trailing=b"")
    assert verify_binary(write_module(module), name="x.bin") == (
        "The CRC of x.bin is wrong.",
        "The combined module ends where its part 2 should start.",
    )
    broken = evolve(compressed(tinker()), payload=b"\0" * 8)
    assert verify_binary(write_module(sealed(fitted(broken))), name="x.bin") == (
        "x.bin cannot be used: The header of the compressed data has an invalid size: 0.",
    )


def test_all_parts_together_may_be_inflated_to_one_limit() -> None:
    half = compressed(tinker(bytes(9 << 20)))
    module = combine([half, half])
    (fault,) = verify_binary(write_module(module), name="x.bin")
    assert fault.startswith("part 2 of x.bin cannot be used: The module declares 943")


def test_an_asset_that_is_named_often_is_hashed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[bytes] = []

    def counted(data: bytes) -> object:
        hashed.append(data)
        return sha256(data)

    monkeypatch.setattr(asset_checks, "sha256", counted)
    named = [asset_dependency_record(AssetDependency("cat.txt", bytes(32)))] * 3
    application = add_extensions(tinker(), named)
    assert [check.fault for check in check_assets(application, {"cat.txt": b"miau"})] == ["hash-mismatch"] * 3
    assert hashed == [b"miau"]


def test_what_cannot_be_read_is_a_fault() -> None:
    assert verify_binary(b"", name="x.bin") == ("Could not parse x.bin: the file is empty",)
    assert verify_bundle(b"", name="x.zip") == ("x.zip is no zip archive: it has no end record.",)


def changed(data: bytes, name: str, content: bytes | None) -> bytes:
    """Replace a file of an archive, or leave it out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            if entry != name or content is not None:
                new.writestr(entry, old.read(entry) if entry != name else content or b"")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("nothing", b"", ()),
        ("assets/cat.txt", b"wau", ("The asset cat.txt is not the one that app.bin names.",)),
        ("assets/cat.txt", None, ("The asset cat.txt is not in the bundle.",)),
        ("env.json", b'{"A": "2"}', ("env.json and assets/env tell different variables.",)),
        (
            "assets/env",
            None,
            (
                "The bundle has env.json, but no assets/env, which is what a device gets.",
                "The asset env is not in the bundle.",
            ),
        ),
    ],
)
def test_a_bundle_is_checked_as_a_whole(name: str, content: bytes | None, says: tuple[str, ...]) -> None:
    application = NamedFile("app.bin", write_module(tinker()))
    data = create_bundle(application, [NamedFile("cat.txt", b"miau")], {"A": "1"})
    assert verify_bundle(changed(data, name, content), name="x.zip") == says


def test_real_files_are_in_order(corpus: Path) -> None:
    faulty = {
        path.name
        for path in (corpus / "modules").glob("**/*.*")
        if path.suffix in (".bin", ".zip")
        and (verify_binary if path.suffix == ".bin" else verify_bundle)(path.read_bytes(), name=path.name)
    }
    assert faulty == {
        "RC2_bootloader.bin",
        "RC4_bootloader_pad_BM-09.bin",
        "emptybin.bin",
        "invalid-bundle.zip",
        "bundle-missing-assets.zip",
    }


def test_a_module_does_not_differ_from_itself() -> None:
    difference = compare(tinker(), tinker())
    assert difference.same
    assert difference.sectors == (0xB4000, 0xB5000, 0xB6000)


def test_changed_fields_are_told_with_both_values() -> None:
    changes = {change.field: change for change in compare(tinker(), tinker(version=7, needs=5000)).changes}
    assert changes["version"] == Change("version", "6", "7")
    assert changes["dependency on a system module number 1"].after == "version 5000"
    assert set(changes) == {"version", "dependency on a system module number 1", "UUID", "CRC"}


def test_records_are_told_by_what_they_say() -> None:
    records = (
        asset_dependency_record(AssetDependency("cat.txt", b"\1" * 32)),
        location_record(1, 2, 3),
        security_record(1, b"\xce"),
        asset_type_record(1),
        hash_record(b"\2" * 32),
        name_record("cat"),
        Extension(0x20, b"\xab"),
        Extension(0x20),
        Extension(0x20, bytes(33)),
        Extension(ExtensionType.HASH, b""),
    )
    found = compare(tinker(), add_extensions(tinker(), records))
    told = {change.field: change.after for change in found.changes if change.before is None}
    assert told == {
        "asset cat.txt": "hash " + "01" * 32,
        "dynamic location": "0x00000001, loaded to 0x00000002, dynalib 0x00000003",
        "security mode": "1, certificate ce",
        "asset type": "1",
        "content": "hash " + "02" * 32,
        "name": "cat",
        "extension of type 0x0020": "ab",
        "extension of type 0x0020, no. 2": "none",
        "extension of type 0x0020, no. 3": f"33 bytes (SHA-256 {sha256(bytes(33)).hexdigest()})",
        "extension of type 0x0010": "none",
    }


def test_a_compressed_module_fills_the_flash_that_it_is_inflated_to() -> None:
    found = compare(tinker(), compressed(tinker()))
    assert found.changed == ()
    assert not found.same
    assert len(found.sectors) == 3


def test_a_compressed_module_that_is_damaged_is_compared_as_it_is() -> None:
    module = compressed(tinker())
    found = compare(tinker(), evolve(module, payload=bytes(module.payload)[:-8] + bytes(8)))
    assert found.sectors == (0xB4000,)


def test_an_asset_fills_no_flash() -> None:
    found = compare(asset_module(b"miau", "cat.txt"), asset_module(b"wauwau", "cat.txt"))
    assert (found.sectors, found.changed) == ((), ())
    assert [change.field for change in found.changes] == ["end address", "size", "content", "UUID", "CRC"]


def test_the_same_fields_in_another_place_are_no_difference_but_other_bytes() -> None:
    first, second = Dependency(4, 1, 1), Dependency(2, 0, 1)
    old, new = (
        build_module(
            platform_id=12, function=5, index=2, version=1, start_address=0, payload=b"", dependencies=needs
        )
        for needs in ((first, second), (second, first))
    )
    found = compare(old, new)
    assert (found.same, [change.field for change in found.changes]) == (False, ["UUID", "CRC"])


def test_only_sectors_that_differ_would_be_written() -> None:
    patched = bytearray(20_000)
    patched[9_000] = 1
    difference = compare(tinker(bytes(20_000)), tinker(bytes(patched)))
    assert len(difference.sectors) == 5
    assert difference.changed == (0xB6000, 0xB8000)  # the patch, and the suffix with hash and CRC


def test_a_sector_that_only_one_of_them_covers_differs_unless_it_is_blank() -> None:
    short, long = tinker(bytes(100)), tinker(bytes(5000))
    assert compare(short, long).changed == (0xB4000, 0xB5000)
    assert compare(long, short).changed == (0xB4000,)


def test_a_module_for_somewhere_else_differs_everywhere() -> None:
    module = tinker()
    prefix = evolve(module.prefix, start_address=0xD4000, end_address=0xD4000 + module.length - 4)
    assert len(compare(module, sealed(evolve(module, prefix=prefix))).changed) == 3
