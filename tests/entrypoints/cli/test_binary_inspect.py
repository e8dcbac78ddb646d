"""`particle binary inspect`, word for word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attrs import evolve
from tests.entrypoints.cli.binaries import bootloader, tinker
from tests.entrypoints.conftest import Particle

from particle_cli.domain.firmware.combined import combine
from particle_cli.domain.firmware.module import write_module

# Where the peer is plainly wrong: numbers of a field that is not there, a word that does not exist, and
# "This is an unknown module" for an asset. Files that cannot be read are told with what was read where.
NOT_LIKE_THE_PEER = (" It is firmware for product id -1 at version -1\n", "")
OTHER_WORDS = {"undefined number": "an unknown module number"}
OTHER_REASON = {"RC2_bootloader.bin", "emptybin.bin", "invalid-bundle.zip"}


@pytest.fixture
def binary(home: Path) -> Path:
    """A binary in the working folder, and its path from there."""
    Path("app.bin").write_bytes(write_module(tinker()))
    return Path("app.bin")


def test_real_files_are_told_as_the_peer_tells_them(corpus: Path, particle: Particle) -> None:
    recorded = json.loads((corpus / "modules" / "inspect.json").read_text())
    for name, peer in recorded.items():
        ran = particle("binary", "inspect", str(corpus / "modules" / name))
        assert ran.code == peer["exit"], name
        if name in OTHER_REASON:
            assert ran.out == ""
            assert ran.err
            continue
        told = peer["stdout"].replace(*NOT_LIKE_THE_PEER)
        for wrong, right in OTHER_WORDS.items():
            told = told.replace(wrong, right)
        if name == "cat.bin":
            told = told.replace("an unknown module", "an asset module")
        assert (ran.out + ran.err).rstrip() == told.rstrip(), name


def test_a_module_is_told_line_by_line(binary: Path, particle: Particle) -> None:
    module = tinker()
    ran = particle("binary", "inspect", "app.bin")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "app.bin",
        f" CRC is ok ({module.crc:08x})",
        " Compiled for boron",
        " This is an application module number 2 at version 6",
        f" It has a UUID of {module.uuid}",
        " It is firmware for product id 13 at version 3",
        " It depends on a system module number 1 at version 5500",
        " It also depends on a bootloader number 0 at version 400",
    ]


def test_a_wrong_crc_is_told_and_fails_only_when_asked_to(binary: Path, particle: Particle) -> None:
    module = tinker()
    binary.write_bytes(write_module(evolve(module, crc=0xDEADBEEF)))
    line = f" CRC failed (should be deadbeef but is {module.crc:08x})"
    for words, code in ((("app.bin",), 0), (("app.bin", "--verify"), 1)):
        ran = particle("binary", "inspect", *words)
        assert ran.code == code
        assert line in ran.out.splitlines()


def test_unknown_numbers_are_told_not_refused(binary: Path, particle: Particle) -> None:
    module = tinker()
    strange = evolve(module, prefix=evolve(module.prefix, platform_id=99, function=77))
    binary.write_bytes(write_module(strange))
    ran = particle("binary", "inspect", "app.bin")
    assert " Compiled for unknown platform (ID: 99)" in ran.out
    assert " This is an unknown module number 2" in ran.out


def test_the_data_has_every_field(binary: Path, particle: Particle) -> None:
    data = particle("binary", "inspect", "app.bin", "--json").data
    assert data["file"] == "app.bin"
    assert data["ok"] is True
    assert data["platform"] == "boron"
    assert data["uuid"] == tinker().uuid
    assert data["prefixInfo"]["depModuleVersion"] == 5500
    assert data["suffixInfo"]["productId"] == 13
    assert data["sha256"]["coverage"] == "all-before-field"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("none.bin", "File does not exist: none.bin"),
        ("notes.txt", "File must be a .bin or .zip file: notes.txt"),
        ("empty.bin", "Could not parse empty.bin: the file is empty"),
        ("empty.zip", "empty.zip is no zip archive: it has no end record."),
    ],
)
def test_what_cannot_be_inspected_is_an_error(home: Path, particle: Particle, path: str, says: str) -> None:
    for name in ("notes.txt", "empty.bin", "empty.zip"):
        Path(name).touch()
    ran = particle("binary", "inspect", path)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines()[0] == says


def test_every_part_of_a_combined_file_is_told(home: Path, particle: Particle) -> None:
    module = combine([bootloader(), tinker(1), tinker(2)])
    Path("all.bin").write_bytes(write_module(module))
    lines = particle("binary", "inspect", "all.bin").out.splitlines()
    assert [line for line in lines if "This is" in line or not line.startswith(" ")] == [
        "all.bin",
        " This is a bootloader number 0 at version 3000",
        "It is combined with part 2:",
        " This is an application module number 2 at version 1",
        "It is combined with part 3:",
        " This is an application module number 2 at version 2",
    ]
    data = particle("binary", "inspect", "all.bin", "--json").data
    assert [part["version"] for part in data["otherParts"]] == [1, 2]
    assert data["ok"] is True


def test_a_part_that_is_damaged_or_missing_is_told(home: Path, particle: Particle) -> None:
    first, second = combine([tinker(1), tinker(2)]), tinker(2)
    Path("bad.bin").write_bytes(write_module(evolve(first, trailing=write_module(evolve(second, crc=1)))))
    assert " CRC failed (should be 00000001" in particle("binary", "inspect", "bad.bin").out
    data = particle("binary", "inspect", "bad.bin", "--json").data
    assert data["faults"] == ["The CRC of part 2 of bad.bin is wrong."]
    Path("cut.bin").write_bytes(write_module(evolve(first, trailing=b"")))
    ran = particle("binary", "inspect", "cut.bin", "--verify")
    assert ran.code == 1
    assert ran.out.splitlines()[-1] == " The combined module ends where its part 2 should start."


def test_bytes_after_the_end_are_told(binary: Path, particle: Particle) -> None:
    binary.write_bytes(write_module(evolve(tinker(), trailing=b"\xff" * 9)))
    assert " It is followed by 9 bytes that are no part of it" in particle("binary", "inspect", "app.bin").out


def test_a_file_may_come_on_standard_input(particle: Particle) -> None:
    ran = particle("binary", "inspect", "-", typed=write_module(tinker()))
    assert ran.code == 0
    assert ran.out.startswith("stdin\n CRC is ok")
    ran = particle("binary", "inspect", "-", typed=b"")
    assert (ran.code, ran.err) == (1, "Could not parse stdin: the file is empty\n")
