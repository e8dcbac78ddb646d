"""The page about firmware as a library: every example runs, and prints what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.examples import Example, examples, run

from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.module import Dependency, write_module

EXAMPLES = examples("firmware.md")


def application(version: int) -> bytes:
    module = build_module(
        platform_id=13,
        function=5,
        index=2,
        version=version,
        start_address=0xB4000,
        payload=bytes(20_500),
        dependencies=[Dependency(4, 1, 6200)],
        product=(13, 1),
    )
    return write_module(module)


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that the page speaks of, in the working folder."""
    monkeypatch.chdir(tmp_path)
    Path("app.bin").write_bytes(application(6))
    Path("new.bin").write_bytes(application(7))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_an_example_prints_what_the_page_says(example: Example, capsys: pytest.CaptureFixture[str]) -> None:
    run(example)
    assert capsys.readouterr().out == example.output


def test_there_are_five_short_ones() -> None:
    assert len(EXAMPLES) == 5
    assert max(len(example.source.splitlines()) for example in EXAMPLES) <= 18
