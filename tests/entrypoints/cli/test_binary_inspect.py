"""`particle binary inspect`, word for word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attrs import evolve
from tests.entrypoints.conftest import Particle

from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.module import Dependency, Module, write_module

# Where the peer is plainly wrong: numbers of a field that is not there, a word that does not exist, and
# "This is an unknown module" for an asset. Files that cannot be read are told with what was read where.
NOT_LIKE_THE_PEER = (" It is firmware for product id -1 at version -1\n", "")
OTHER_WORDS = {"undefined number": "an unknown module number"}
OTHER_REASON = {"RC2_bootloader.bin", "emptybin.bin", "invalid-bundle.zip"}


def tinker() -> Module:
    return build_module(
        platform_id=13,
        function=5,
        index=2,
        version=6,
        start_address=0xB4000,
        payload=b"code" * 20,
        dependencies=[Dependency(4, 1, 4006), Dependency(2, 0, 400)],
        product=(13, 3),
    )


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
        " It depends on a system module number 1 at version 4006",
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
    assert data["prefixInfo"]["depModuleVersion"] == 4006
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
