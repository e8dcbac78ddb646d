"""A new project: what it begins with, and what is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from particle_cli.adapters.disk import Disk
from particle_cli.domain.project.errors import NotAProjectName, ProjectError
from particle_cli.domain.project.template import check_name, create_project

WRITTEN = (
    ".gitignore",
    "project.properties",
    "src",
    ".github/workflows/main.yaml",
    "README.md",
    "src/blinky.cpp",
)


def test_a_new_project_has_all_files(disk: Disk, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "blinky"
    assert create_project(disk, str(folder), "blinky") == WRITTEN
    assert (folder / "project.properties").read_text() == "name=blinky\n#assetOtaDir=assets\n#env=env.json\n"
    source = (folder / "src/blinky.cpp").read_text()
    assert '#include "Particle.h"' in source
    assert "void setup() {" in source
    assert (folder / "README.md").read_text().startswith("# blinky\n")
    assert "*.bin" in (folder / ".gitignore").read_text()


def test_what_is_there_stays_and_what_is_missing_is_added(disk: Disk, tmp_path: Path) -> None:
    create_project(disk, str(tmp_path), "blinky")
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / "project.properties").unlink()
    assert create_project(disk, str(tmp_path), "blinky") == ("project.properties",)
    assert (tmp_path / "README.md").read_text() == "mine"


def test_a_file_in_its_place_is_told(disk: Disk, tmp_path: Path) -> None:
    (tmp_path / "blinky").write_text("")
    with pytest.raises(ProjectError, match="Project initialization was cancelled"):
        create_project(disk, str(tmp_path / "blinky"), "blinky")


@pytest.mark.parametrize("name", ["a", "1a", "a_b+c", "my-project"])
def test_names_that_will_do(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize("name", ["-a", "a b", "a.b", "", "../x", "a/b", "é", "a\n"])
def test_names_that_will_not(disk: Disk, tmp_path: Path, name: str) -> None:
    with pytest.raises(NotAProjectName):
        create_project(disk, str(tmp_path / "x"), name)
    assert list(tmp_path.iterdir()) == []
