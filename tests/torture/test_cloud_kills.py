"""`particle sim cloud --db FILE` is killed at any moment: nothing that was acknowledged is lost.

`make test` kills it a few times; `make torture` for some minutes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.torture.cloud_kills import kill_while_it_starts, torment
from tests.torture.conftest import Tell

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to kill a program by")
FEW, MANY = 3, 60


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of its own for the server."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_a_few_kills(home: Path) -> None:
    tally = torment(str(home / "cloud.db"), kills=FEW, seed=1)
    assert tally.kills == FEW
    assert tally.acknowledged > 20


@pytest.mark.torture
def test_many_kills(home: Path, tell: Tell) -> None:
    tell(str(torment(str(home / "cloud.db"), kills=MANY, seed=2)))


@pytest.mark.torture
def test_kills_while_the_file_is_made(home: Path) -> None:
    for number in range(MANY):
        database = str(home / f"{number}.db")
        kill_while_it_starts(database, 0.2 + number * 0.8 / MANY)
        torment(database, kills=1, seed=number)
