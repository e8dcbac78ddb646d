from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from particle_cli.adapters.world_lock import Holder, WorldLock
from particle_cli.ports.files import FileRefused

HOLDING = """
    import sys
    from particle_cli.adapters.world_lock import WorldLock

    lock = WorldLock(sys.argv[1], "particle flash")
    lock.acquire(lambda holder: None)
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "world.lock")


@contextmanager
def held_by_another(path: str) -> Iterator[subprocess.Popen[str]]:
    """Let another process have the lock; it lets go when its stdin is closed."""
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLDING), path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process


def nobody(holder: Holder | None) -> None:
    raise AssertionError(f"waited for {holder}")


def test_a_free_lock_is_taken_at_once_and_again(path: str) -> None:
    lock = WorldLock(path, "particle list")
    for _ in range(2):
        lock.acquire(nobody)
        assert lock.held
        lock.release()
        lock.release()
        assert not lock.held


def test_whoever_waits_is_told_for_whom(path: str) -> None:
    with held_by_another(path) as process:
        assert process.stdin
        told: list[Holder | None] = []

        def waiting(holder: Holder | None) -> None:
            told.append(holder)
            assert process.stdin
            process.stdin.close()

        lock = WorldLock(path, "particle list")
        lock.acquire(waiting, patience_s=0)
        assert told == [Holder(process.pid, "particle flash")]
        lock.release()


def test_the_wait_is_quiet_while_it_is_short(path: str) -> None:
    with held_by_another(path) as process:
        assert process.stdin
        process.stdin.close()
        WorldLock(path, "particle list").acquire(nobody, patience_s=30)


def test_a_holder_that_dies_lets_go(path: str) -> None:
    with held_by_another(path) as process:
        process.kill()
        lock = WorldLock(path, "particle list")
        lock.acquire(nobody, patience_s=30)
        lock.release()


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGINT to send")
def test_a_wait_can_be_interrupted(path: str) -> None:
    with held_by_another(path) as process:
        assert process.stdin
        before = signal.getsignal(signal.SIGINT)
        lock = WorldLock(path, "particle list")
        with pytest.raises(KeyboardInterrupt):
            lock.acquire(lambda holder: os.kill(os.getpid(), signal.SIGINT), patience_s=0)
        assert not lock.held
        assert signal.getsignal(signal.SIGINT) is before
        process.stdin.close()


def test_a_lock_that_cannot_be_made_says_where(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="nowhere") as error:
        WorldLock(str(tmp_path / "nowhere" / "world.lock"), "particle list").acquire(nobody)
    assert error.value.next_step
