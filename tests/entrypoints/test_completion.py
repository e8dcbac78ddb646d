from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.entrypoints.conftest import Particle

from particle_cli.entrypoints.cli.table.entry import Command, global_options
from particle_cli.entrypoints.cli.table.index import COMMANDS, entry, paths

SHOWN = [command for command in COMMANDS if not command.hidden]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_word_of_every_command_is_completed(particle: Particle, shell: str) -> None:
    ran = particle("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    for path in paths():
        held = entry(path)
        if isinstance(held, Command) and held.hidden:
            continue
        for word in path.split():
            assert word in ran.out, path
    for command in SHOWN:
        for option in (*command.options, *global_options(command)):
            assert option.name in ran.out, (command.path, option.name)


@pytest.mark.skipif(sys.platform == "win32" or not shutil.which("bash"), reason="no bash")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["usb", "sa"], {"safe-mode"}),
        (["proj"], {"project"}),
        (["flash", "--no-v"], {"--no-verify"}),
        (["compile", "--save"], {"--saveTo", "--save-to"}),
        (["sim", "pr"], {"press"}),
        (["usb", "list", "--id"], {"--ids-only"}),
    ],
)
def test_bash_offers_what_fits(
    particle: Particle, tmp_path: Path, typed: list[str], offered: set[str]
) -> None:
    script = tmp_path / "completion.bash"
    script.write_text(particle("completion", "bash").out)
    ask = f"""
        source {script}
        COMP_WORDS=(particle {" ".join(typed)}); COMP_CWORD={len(typed)}
        _shtab_particle particle {typed[-1]} {typed[-2] if len(typed) > 1 else "particle"}
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    ran = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=True)
    assert ran.stderr == ""
    assert set(ran.stdout.split()) == offered


def test_other_shells_are_refused(particle: Particle) -> None:
    ran = particle("completion", "csh")
    assert ran.code == 2
    assert "bash, zsh, fish" in ran.err


def test_the_script_is_a_document_too(particle: Particle) -> None:
    data = particle("completion", "fish", "--json").data
    assert data["shell"] == "fish"
    assert data["script"].startswith(particle("completion", "fish").out[:100])
