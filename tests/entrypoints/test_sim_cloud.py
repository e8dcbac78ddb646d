"""`particle sim cloud`: a cloud on a socket for anybody's client, killed and ended in every way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.entrypoints.conftest import Particle
from tests.entrypoints.serving import Served

pytestmark = [
    pytest.mark.real_time,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to end a program by"),
]


@pytest.fixture
def served(home: Path) -> Iterator[Callable[..., Served]]:
    """Start servers that end with the test."""
    with ExitStack() as stack:

        def start(*words: str) -> Served:
            server = Served(*words)
            stack.enter_context(server.process)
            stack.callback(server.process.kill)
            return server

        yield start


@pytest.fixture
def laptop(particle: Particle) -> Callable[[Served], Particle]:
    """Point a profile at a server, log in there, and run commands with it."""

    def point(server: Served) -> Particle:
        assert particle("config", "laptop").code == 0
        assert particle("config", "laptop", "apiUrl", server.address).code == 0
        assert particle("login", "-u", "you@example.com", "-p", "password").code == 0
        return particle

    return point


def test_it_says_where_and_ends_when_it_is_told(served: Callable[..., Served]) -> None:
    server = served()
    assert server.first_line == f"Simulated cloud at {server.address}\n"
    assert server.address.startswith("http://127.0.0.1:")
    assert server.end(signal.SIGTERM) == (0, "", "")
    assert served("--json").end(signal.SIGTERM)[0] == 0
    assert served().end(signal.SIGINT) == (130, "", "Interrupted.\n")


def test_commands_reach_it_as_they_reach_the_cloud(
    served: Callable[..., Served], laptop: Callable[[Served], Particle]
) -> None:
    particle = laptop(served())
    names = [one["name"] for one in particle("list", "--json").data]
    assert names == ["door", "lamp", "veteran", "weather"]
    assert particle("get", "weather", "temperature").out == "21.5\n"
    assert particle("call", "weather", "led", "on").out == "1\n"
    assert particle("publish", "t", "1").code == 0
    assert particle("compile", "boron", "nosuch.ino").code == 1
    ran = particle("device", "rename", "lamp", "lämpchen 💡")
    assert ran.code == 0
    assert particle("get", "lämpchen 💡", "nosuch").code == 1


def test_an_event_comes_from_one_command_to_the_other(
    served: Callable[..., Served], laptop: Callable[[Served], Particle]
) -> None:
    particle = laptop(served())
    command = [sys.executable, "-m", "particle_cli.entrypoints.cli.main", "subscribe", "t", "--max", "3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as subscriber:
        assert subscriber.stderr is not None
        while subscriber.stderr.readline().strip():
            pass  # until the empty line that says that the stream is open
        for number in range(3):
            assert particle("publish", "t/x", str(number)).code == 0
        out, _ = subscriber.communicate(timeout=10)
    assert subscriber.returncode == 0
    assert [(json.loads(line)["name"], json.loads(line)["data"]) for line in out.splitlines()] == [
        ("t/x", "0"),
        ("t/x", "1"),
        ("t/x", "2"),
    ]


def test_what_was_acknowledged_survives_a_kill(
    served: Callable[..., Served], laptop: Callable[[Served], Particle], home: Path
) -> None:
    first = served("--db", "cloud.db")
    particle = laptop(first)
    for number in range(5):
        assert (
            particle("device", "rename", "lamp" if not number else f"lamp{number}", f"lamp{number + 1}").code
            == 0
        )
    first.end(signal.SIGKILL)
    assert os.stat("cloud.db").st_mode & 0o077 == 0
    second = served("--db", "cloud.db")
    particle("config", "laptop", "apiUrl", second.address)  # the token of before is good there, too
    assert "lamp5" in [one["name"] for one in particle("list", "--json").data]
    assert second.end(signal.SIGTERM)[0] == 0
    ran = particle("sim", "cloud", "--db", "cloud.db", "--scenario", "drawer")
    assert (ran.code, "is a world in cloud.db already" in ran.err) == (2, True)


def test_it_serves_other_worlds_and_for_a_time(particle: Particle, home: Path) -> None:
    ran = particle("sim", "cloud", "--scenario", "drawer", "--timeout", "0.2", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["url"].startswith("http://127.0.0.1:")
    assert particle("sim", "cloud", "--scenario", "nosuch").code == 2
    assert particle("sim", "cloud", "--port", "70000").code == 2
    ran = particle("sim", "cloud", "--host", "192.0.2.1")
    assert ran.code == 1
    assert "192.0.2.1" in ran.err
