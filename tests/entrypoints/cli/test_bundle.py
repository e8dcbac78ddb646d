"""`particle bundle`: what goes in, what comes out, and what is refused, in which order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.entrypoints.cli.binaries import bootloader, tinker
from tests.entrypoints.conftest import Particle

from particle_cli.domain.firmware.bundle import Bundle, open_bundle
from particle_cli.domain.firmware.module import write_module


@pytest.fixture(autouse=True)
def project(home: Path) -> None:
    """An application and a folder of assets, in a working folder without project.properties."""
    Path("app.bin").write_bytes(write_module(tinker()))
    for path in ("assets/cat.txt", "assets/.hidden", "assets/Thumbs.db", "assets/deep/dog.txt"):
        Path(path).parent.mkdir(exist_ok=True)
        Path(path).write_text("miau")
    Path("env.json").write_text('{"FOO": "bar"}')


def opened(path: str) -> Bundle:
    return open_bundle(Path(path).read_bytes(), name=path)


def test_assets_of_a_folder_are_bundled(particle: Particle) -> None:
    ran = particle("bundle", "app.bin", "--assets", "assets", "--saveTo", "x.zip")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "Bundling app.bin with assets:",
        "  cat.txt",
        "Bundling successful.",
        "Saved bundle to: x.zip",
    ]
    bundle = opened("x.zip")
    assert bundle.application.name == "app.bin"
    assert [asset.name for asset in bundle.assets] == ["cat.txt"]
    assert particle("binary", "verify", "x.zip").code == 0


def test_the_same_files_give_the_same_bytes(particle: Particle) -> None:
    for target in ("x.zip", "y.zip"):
        particle("bundle", "app.bin", "--assets", "assets", "--env", "env.json", "--saveTo", target)
    assert Path("x.zip").read_bytes() == Path("y.zip").read_bytes()


def test_the_project_says_what_belongs_to_it(particle: Particle) -> None:
    Path("project.properties").write_text("assetOtaDir=assets\nenv=env.json\n")
    data = particle("bundle", "app.bin", "--json").data
    assert re.fullmatch(r"bundle_app_\d{13}\.zip", data.pop("savedTo"))
    assert data == {"application": "app.bin", "assets": ["cat.txt"], "env": {"FOO": "bar"}}


def test_a_properties_file_elsewhere_may_be_named(particle: Particle) -> None:
    Path("assets/other.properties").write_text("assetOtaDir=deep\n")
    ran = particle("bundle", "app.bin", "--assets", "assets/other.properties", "--saveTo", "x.zip")
    assert ran.out.splitlines()[:2] == ["Bundling app.bin with assets/deep:", "  dog.txt"]


def test_a_project_may_have_variables_only(particle: Particle) -> None:
    Path("project.properties").write_text("env=env.json\n")
    ran = particle("bundle", "app.bin", "--saveTo", "x.zip")
    assert ran.out.splitlines()[:2] == ["Bundling app.bin:", "Writing env.json data into the binary..."]
    assert opened("x.zip").env == {"FOO": "bar"}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("none.bin", "--saveTo", "x"), 1, "The file none.bin does not exist"),
        (("env.json", "--saveTo", "x"), 1, "The file env.json is not a valid binary"),
        (("app.bin", "--saveTo", "x"), 2, "The target file x must be a .zip file"),
        (("old.bin", "--assets", "no"), 1, "Asset support only available for device OS 5.5.0 and above"),
        (("boot.bin",), 1, "Only applications can have assets; this is a bootloader."),
        (("app.bin", "--assets", "no"), 1, "The assets dir no does not exist"),
        (("app.bin", "--assets", "env.json"), 1, "The assets path env.json is not a directory"),
        (
            ("app.bin",),
            1,
            "No project.properties file found in the current directory. "
            "Please specify the assets directory using --assets option",
        ),
        (
            ("app.bin", "--assets", "my.properties"),
            1,
            "Add assetOtaDir to your project.properties in order to bundle assets",
        ),
        (
            ("app.bin", "--assets", "assets", "--env", "app.bin"),
            1,
            "Env vars in file app.bin cannot be processed: ",
        ),
    ],
)
def test_what_cannot_be_bundled_is_refused(
    particle: Particle, words: tuple[str, ...], code: int, says: str
) -> None:
    Path("old.bin").write_bytes(write_module(tinker(system=5499)))
    Path("boot.bin").write_bytes(write_module(bootloader()))
    Path("my.properties").write_text("name=my\n")
    ran = particle("bundle", *words)
    assert ran.code == code
    assert ran.err.startswith(says)
    assert not list(Path().glob("*.zip"))


def test_a_platform_without_asset_storage_is_refused(corpus: Path, particle: Particle) -> None:
    photon = corpus / "modules" / "photon_tinker.bin"
    assert particle("bundle", str(photon), "--assets", "assets").code == 1
