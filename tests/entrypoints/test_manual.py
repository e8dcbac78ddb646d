from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import particle_cli
from particle_cli.entrypoints.cli.manual import main, pages
from particle_cli.entrypoints.cli.table.entry import Command, global_options
from particle_cli.entrypoints.cli.table.index import COMMANDS

FOLDER = Path(particle_cli.__file__).resolve().parent.parent.parent / "docs" / "man"
SHOWN = [command for command in COMMANDS if not command.hidden]


def page_of(path: str) -> str:
    return f"particle-{path.replace(' ', '-')}.1"


def test_there_is_a_page_for_the_program_and_every_command() -> None:
    assert set(pages()) == {"particle.1", *(page_of(command.path) for command in SHOWN)}


@pytest.mark.skipif(not FOLDER.is_dir(), reason="not run from the repository")
def test_every_page_is_in_the_repository() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(pages())


@pytest.mark.parametrize("command", SHOWN, ids=lambda command: str(command.path))
def test_a_page_tells_all_there_is(command: Command) -> None:
    page = pages()[page_of(command.path)].replace("\\-", "-")
    assert command.summary in page
    assert f".B particle {command.path}\n" in page
    for place in command.places:
        assert place.shown in page
    for option in (*command.options, *global_options(command)):
        if option.name != "help":
            assert f"--{option.name}" in page
            assert option.summary in page
    for line, told in command.examples:
        assert f".B {line}\n{told}\n" in page


@pytest.mark.skipif(not shutil.which("groff"), reason="no groff")
def test_roff_has_nothing_to_complain_about(tmp_path: Path) -> None:
    main([str(tmp_path)])
    ran = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", *sorted(map(str, tmp_path.iterdir()))],
        capture_output=True,
        check=True,
    )
    assert ran.stderr == b""


def test_stale_pages_are_told_and_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path)
    main([folder])
    assert main([folder, "--check"]) == 0
    (tmp_path / "particle-old.1").write_text("gone")
    (tmp_path / "particle-call.1").write_text("changed")
    (tmp_path / "particle-get.1").unlink()
    assert main([folder, "--check"]) == 1
    assert "particle-call.1, particle-get.1, particle-old.1" in capsys.readouterr().err
    main([folder])
    assert main([folder, "--check"]) == 0
