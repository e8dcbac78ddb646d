"""`particle binary diff`: fields and flash."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve
from tests.entrypoints.cli.binaries import bootloader, tinker
from tests.entrypoints.conftest import Particle

from particle_cli.domain.firmware.bundle import NamedFile
from particle_cli.domain.firmware.bundling import create_bundle
from particle_cli.domain.firmware.combined import combine
from particle_cli.domain.firmware.module import Module, write_module


def saved(path: str, module: Module) -> str:
    Path(path).write_bytes(write_module(module))
    return path


def test_what_changed_is_told_field_by_field_and_sector_by_sector(home: Path, particle: Particle) -> None:
    content = bytearray(40_000)
    old = saved("old.bin", tinker(6, payload=bytes(content)))
    content[5_000] = content[9_000] = 1
    module = tinker(7, payload=bytes(content))
    new = saved("new.bin", module)
    ran = particle("binary", "diff", old, new)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[:2] == ["From old.bin to new.bin:", " version: 6 -> 7"]
    assert lines[2].startswith(" UUID: ")
    assert lines[3] == f" CRC: {tinker(6, payload=bytes(40_000)).crc:08x} -> {module.crc:08x}"
    assert lines[4:] == [
        " 4 of 10 sectors of flash differ (16 of 40 KiB):",
        "  0x000b4000 to 0x000b6fff",  # the prefix and both patches
        "  0x000bd000 to 0x000bdfff",  # hash and CRC
    ]


def test_files_that_are_alike_are_the_same(home: Path, particle: Particle) -> None:
    ran = particle("binary", "diff", saved("a.bin", tinker()), saved("b.bin", tinker()))
    assert (ran.code, ran.out) == (0, "a.bin and b.bin are the same.\n")


def test_the_data_tells_the_same(home: Path, particle: Particle) -> None:
    data = particle("binary", "diff", saved("a.bin", tinker(1)), saved("b.bin", tinker(2)), "--json").data
    assert (data["same"], data["sectorSize"], data["changes"]) == (False, 4096, [])
    (module,) = data["modules"]
    assert module["changes"][0] == {"field": "version", "before": "1", "after": "2"}
    assert (module["sectors"], module["changedSectors"]) == (1, ["b4000"])


def test_bundles_differ_by_application_assets_and_variables(home: Path, particle: Particle) -> None:
    application = NamedFile("app.bin", write_module(tinker()))
    cat = NamedFile("cat.txt", b"miau")
    Path("a.zip").write_bytes(create_bundle(application, [cat], {"FOO": "1"}))
    Path("b.zip").write_bytes(create_bundle(application, [cat, NamedFile("dog.txt", b"")], {"FOO": "2"}))
    out = particle("binary", "diff", "a.zip", "b.zip").out
    assert " variable FOO: 1 -> 2\n" in out
    assert " file of asset dog.txt: none -> as named\n" in out
    assert " asset dog.txt: none -> hash e3b0c442" in out
    assert "cat.txt" not in out


def test_combined_modules_are_compared_part_by_part(home: Path, particle: Particle) -> None:
    old = saved("a.bin", combine([bootloader(), tinker(1)]))
    new = saved("b.bin", combine([bootloader(), tinker(2)]))
    lines = particle("binary", "diff", old, new).out.splitlines()
    assert lines[1:4] == ["Part 1 is the same", "Part 2:", " version: 1 -> 2"]
    assert " modules: 2 -> 1" in particle("binary", "diff", old, saved("c.bin", tinker())).out


def test_padding_after_the_end_is_a_difference(home: Path, particle: Particle) -> None:
    ran = particle(
        "binary", "diff", saved("a.bin", tinker()), saved("b.bin", evolve(tinker(), trailing=b"\xff"))
    )
    assert " bytes after the end: none -> ff\n" in ran.out
    assert " none of 1 sectors of flash differs" in ran.out


def test_one_of_them_may_come_on_standard_input(home: Path, particle: Particle) -> None:
    ran = particle("binary", "diff", saved("a.bin", tinker()), "-", typed=write_module(tinker()))
    assert ran.out == "a.bin and stdin are the same.\n"
    assert particle("binary", "diff", "-", "-").code == 2


@pytest.mark.parametrize("words", [(), ("a.bin",)])
def test_two_files_are_needed(particle: Particle, words: tuple[str, ...]) -> None:
    assert particle("binary", "diff", *words).code == 2
