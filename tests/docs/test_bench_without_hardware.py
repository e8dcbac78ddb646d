"""The newcomer's page: all that it shows is what one sees."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.console import block_of, run, transcripts

PAGE = "bench-without-hardware.md"


def test_everything_typed_prints_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("home", "HOMEPATH", "USERPROFILE", "PARTICLE_SIM_SPEED"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    Path("lamp.ino").write_text(block_of(PAGE, "cpp"))
    Path("kitchen.toml").write_text(block_of(PAGE, "toml"))
    typed = list(transcripts(PAGE))
    assert len(typed) > 25
    for command in typed:
        assert run(command.line) == command.output, command.line
