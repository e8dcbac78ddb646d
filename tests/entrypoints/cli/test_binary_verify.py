"""`particle binary verify`: a verdict on each file, and one exit code."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve
from tests.entrypoints.cli.binaries import tinker
from tests.entrypoints.conftest import Particle

from particle_cli.domain.firmware.bundle import NamedFile
from particle_cli.domain.firmware.bundling import create_bundle
from particle_cli.domain.firmware.module import write_module


@pytest.fixture
def files(home: Path) -> None:
    """A binary, a bundle and a damaged binary in the working folder."""
    good = write_module(tinker())
    Path("good.bin").write_bytes(good)
    Path("app.zip").write_bytes(create_bundle(NamedFile("app.bin", good), [NamedFile("cat.txt", b"miau")]))
    Path("bad.bin").write_bytes(write_module(evolve(tinker(), crc=1, trailing=b"junk")))


@pytest.mark.usefixtures("files")
def test_files_that_are_whole_pass(particle: Particle) -> None:
    ran = particle("binary", "verify", "good.bin", "app.zip")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == ["good.bin: ok", "app.zip: ok", "0 of 2 files failed."]
    assert particle("binary", "verify", "good.bin").out == "good.bin: ok\n"


@pytest.mark.usefixtures("files")
def test_each_file_is_judged_whatever_the_others_are(particle: Particle) -> None:
    ran = particle("binary", "verify", "none.bin", "bad.bin", "notes.txt", ".", "good.bin")
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert lines[:2] == ["none.bin: failed", " File does not exist: none.bin"]
    assert lines[2:5] == [
        "bad.bin: failed",
        " The CRC of bad.bin is wrong.",
        " 4 bytes follow bad.bin that are neither padding nor a module.",
    ]
    assert lines[-2:] == ["good.bin: ok", "4 of 5 files failed."]


@pytest.mark.usefixtures("files")
def test_the_data_has_every_verdict(particle: Particle) -> None:
    ran = particle("binary", "verify", "good.bin", "bad.bin", "--json")
    assert ran.code == 1
    data = ran.document["data"]
    assert data["ok"] is False
    assert [(file["file"], file["ok"], len(file["faults"])) for file in data["files"]] == [
        ("good.bin", True, 0),
        ("bad.bin", False, 2),
    ]


@pytest.mark.usefixtures("files")
def test_one_of_the_files_may_come_on_standard_input(particle: Particle) -> None:
    ran = particle("binary", "verify", "good.bin", "-", typed=Path("app.zip").read_bytes())
    assert (ran.code, ran.out.splitlines()[1]) == (0, "stdin: ok")
    ran = particle("binary", "verify", "-", "-")
    assert ran.code == 2
    assert ran.err.startswith("Standard input can be read only once.")


def test_no_file_at_all_is_wrong_usage(particle: Particle) -> None:
    assert particle("binary", "verify").code == 2
