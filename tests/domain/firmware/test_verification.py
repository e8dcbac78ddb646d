"""Verdicts on files, and differences between them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from attrs import evolve

from particle_cli.domain.firmware.assets import asset_module, env_asset_module
from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.bundle import NamedFile
from particle_cli.domain.firmware.bundling import create_bundle
from particle_cli.domain.firmware.combined import combine
from particle_cli.domain.firmware.compressed import compressed
from particle_cli.domain.firmware.difference import Change, compare
from particle_cli.domain.firmware.module import Dependency, Module, sealed, write_module
from particle_cli.domain.firmware.records import hash_record
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
