"""Commands that list, take away and add what is written into a binary: assets, device protection."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.entrypoints.cli.binaries import bootloader, tinker
from tests.entrypoints.conftest import Particle

from particle_cli.domain.firmware.bundle import NamedFile, open_bundle
from particle_cli.domain.firmware.bundling import create_bundle
from particle_cli.domain.firmware.module import Module, parse_module, write_module
from particle_cli.domain.firmware.protected import is_protected
from particle_cli.domain.firmware.records import asset_dependencies


@pytest.fixture
def bundle(home: Path) -> str:
    """A bundle with two assets, and beside it its application."""
    application = NamedFile("app.bin", write_module(tinker()))
    data = create_bundle(application, [NamedFile("cat.txt", b"miau"), NamedFile("dog.txt", b"")])
    Path("app.zip").write_bytes(data)
    Path("app.bin").write_bytes(open_bundle(data, name="app.zip").application.data)
    return "app.zip"


def module_at(path: str) -> Module:
    return parse_module(Path(path).read_bytes(), name=path)


@pytest.mark.parametrize("name", ["app.bin", "app.zip"])
def test_assets_are_listed_with_their_hashes(bundle: str, particle: Particle, name: str) -> None:
    ran = particle("binary", "list-assets", name)
    assert (ran.code, ran.err) == (0, "")
    first, cat, dog = ran.out.splitlines()
    assert first == f"Assets found in {name}:"
    assert cat.startswith(" cat.txt (")
    assert dog == " dog.txt (e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855)"
    data = particle("binary", "list-assets", "-", "--json", typed=Path(name).read_bytes()).data
    assert [asset["name"] for asset in data["assets"]] == ["cat.txt", "dog.txt"]


@pytest.mark.parametrize("command", ["list-assets", "strip-assets"])
def test_an_application_without_assets_is_an_error(home: Path, particle: Particle, command: str) -> None:
    Path("plain.bin").write_bytes(write_module(tinker()))
    ran = particle("binary", command, "plain.bin")
    assert (ran.code, ran.out, ran.err) == (1, "", "No assets found\n")
    assert not Path("plain-no-assets.bin").exists()


@pytest.mark.parametrize("name", ["app.bin", "app.zip"])
def test_stripping_saves_an_application_beside_the_file(bundle: str, particle: Particle, name: str) -> None:
    before = Path(name).read_bytes()
    ran = particle("binary", "strip-assets", name)
    assert (ran.code, ran.out) == (0, "Application binary without assets saved to app-no-assets.bin\n")
    stripped = module_at("app-no-assets.bin")
    assert asset_dependencies(stripped.extensions) == ()
    assert stripped.crc_ok
    assert stripped.payload == tinker().payload
    assert Path(name).read_bytes() == before


def test_what_is_stripped_from_standard_input_needs_a_name(bundle: str, particle: Particle) -> None:
    piped = Path(bundle).read_bytes()
    ran = particle("binary", "strip-assets", "-", typed=piped)
    assert ran.code == 2
    assert "--saveTo" in ran.err
    data = particle("binary", "strip-assets", "-", "--saveTo", "out.bin", "--json", typed=piped).data
    assert data == {"savedTo": "out.bin", "removed": ["cat.txt", "dog.txt"]}
    assert module_at("out.bin").crc_ok


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ((), "folder/boot.v1-protected.bin.bin"),
        (("--saveTo", "mine"), "folder/mine.bin"),
        (("--saveTo", "mine.bin"), "folder/mine.bin"),
        (("--saveTo", "./mine.bin"), "./mine.bin"),
    ],
)
def test_a_bootloader_gets_protection(
    home: Path, particle: Particle, words: tuple[str, ...], target: str
) -> None:
    Path("folder").mkdir()
    path = Path("folder/boot.v1.bin.bin")
    path.write_bytes(write_module(bootloader()))
    ran = particle("binary", "enable-device-protection", str(path), *words)
    assert (ran.code, ran.out) == (0, f"Protected binary saved at {target}\n")
    assert is_protected(module_at(target))
    assert not is_protected(module_at(str(path)))


@pytest.mark.parametrize("module", [tinker(), bootloader(2999)])
def test_only_a_bootloader_that_knows_of_protection_gets_it(
    home: Path, particle: Particle, module: Module
) -> None:
    Path("x.bin").write_bytes(write_module(module))
    ran = particle("binary", "enable-device-protection", "x.bin")
    assert ran.code == 1
    assert ran.err.startswith("Device protection feature is not supported for this binary.\n")
    assert not Path("x-protected.bin").exists()


def test_protection_is_for_binaries_only(bundle: str, particle: Particle) -> None:
    ran = particle("binary", "enable-device-protection", bundle)
    assert (ran.code, ran.err) == (1, "File must be a .bin: app.zip\n")


def test_real_bootloaders_are_protected_as_published(corpus: Path, home: Path, particle: Particle) -> None:
    made = corpus / "modules" / "made" / "argon-bootloader-610-made-protected-twice.bin"
    source = corpus / "modules" / "argon-bootloader-610.bin"
    target = str(Path("p.bin").absolute())
    assert particle("binary", "enable-device-protection", str(source), "--saveTo", target).code == 0
    assert Path("p.bin").read_bytes() == made.read_bytes()
