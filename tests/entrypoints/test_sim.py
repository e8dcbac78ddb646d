"""The embedded world from the command line: kept between commands, shared, never lost."""

from __future__ import annotations

import io
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import closing
from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest
from tests.entrypoints.conftest import Particle

from particle_cli.adapters.world_lock import WorldLock
from particle_cli.entrypoints.cli.main import main
from particle_cli.simulators.world import World


def names(sim: Particle) -> list[str]:
    return [device["name"] for device in sim("sim", "status", "--json").data]


def test_a_new_world_is_empty_and_leaves_no_trace(sim: Particle, home: Path) -> None:
    ran = sim("sim", "status")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "No simulated devices. Add one with: particle sim add boron\n"
    assert sim("sim", "status", "--json").data == []
    assert not (home / ".particle" / "sim.world").exists()


def test_a_device_stays_from_one_command_to_the_next(sim: Particle) -> None:
    added = sim("sim", "add", "boron", "--name", "red", "--json").data
    assert added["name"] == "red"
    assert (added["mode"], added["led"], added["online"]) == ("normal", "breathing cyan", True)
    assert sim("sim", "status", "--json").data == [added]
    functions = [(module["function"], module["index"], module["valid"]) for module in added["modules"]]
    assert ("bootloader", 0, True) in functions
    assert ("system_part", 1, True) in functions
    assert ("user_part", 2, True) in functions
    for module in added["modules"]:
        assert set(module) == {"function", "index", "version", "address", "size", "uuid", "valid", "checks"}


def test_status_is_told_in_text(sim: Particle) -> None:
    added = sim("sim", "add", "boron", "--name", "red")
    assert added.out.startswith("Added red [e00fce68")
    assert added.out.endswith("(Boron): normal mode, breathing cyan\n")
    lines = sim("sim", "status", "red").out.splitlines()
    assert lines[0].startswith("red [e00fce68")
    assert lines[0].endswith("(Boron) is online")
    assert lines[1] == "  normal mode, breathing cyan"
    assert any(line.startswith("  system_part 1 ") and line.endswith("  valid") for line in lines)


def test_buttons_and_cables_do_what_they_do(sim: Particle) -> None:
    sim("sim", "add", "argon", "--name", "red")

    def after(*words: str) -> str:
        data = sim("sim", *words, "--json").data
        return str(data["mode"])

    assert after("press", "red", "both", "--seconds", "3") == "dfu"
    assert after("press", "red", "reset") == "normal"
    assert after("press", "red", "both", "--seconds", "1") == "safe"
    assert after("press", "red", "reset") == "normal"
    assert after("press", "red", "mode", "--seconds", "3") == "listening"
    assert after("press", "red", "mode") == "listening"
    assert after("unplug", "red") == "off"
    assert after("plug", "red") == "normal"
    assert sim("sim", "remove", "red").code == 0
    assert names(sim) == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", "nix"), 2, "There is no platform 'nix'."),
        (("add", "tachyon"), 2, "cannot be simulated"),
        (("add", "boron", "--name", "red"), 1, "There is a simulated device 'red' already."),
        (("remove", "blue"), 1, "There is no simulated device 'blue'."),
        (("press", "red", "blue"), 2, "There is no button 'blue'."),
        (("press", "green", "reset"), 1, "is not plugged in."),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    sim: Particle, words: tuple[str, ...], code: int, said: str
) -> None:
    sim("sim", "add", "boron", "--name", "red")
    sim("sim", "add", "boron", "--name", "green")
    sim("sim", "unplug", "green")
    before = sim("sim", "status", "--json").data
    ran = sim("sim", *words)
    assert ran.code == code
    assert ran.out == ""
    assert said in ran.err
    assert sim("sim", "status", "--json").data == before


def test_without_a_simulated_wire_there_is_no_world(particle: Particle) -> None:
    ran = particle("sim", "add", "boron")
    assert ran.code == 2
    assert "particle config sim" in ran.err
    assert particle("sim", "add", "boron", "--profile", "sim").code == 0
    assert particle("sim", "status", "--bus", "sim:", "--json").data == []  # the world of another profile


def test_a_world_is_reset_only_when_somebody_says_so(sim: Particle) -> None:
    sim("sim", "add", "boron")
    ran = sim("sim", "reset-world")
    assert ran.code == 2
    assert "--yes" in ran.err
    ran = sim("sim", "reset-world", "--interactive", typed="n\n")
    assert ran.code == 1
    assert names(sim) == ["boron"]
    ran = sim("sim", "reset-world", "--interactive", typed="y\n")
    assert ran.code == 0
    assert names(sim) == []
    sim("sim", "add", "boron")
    assert sim("sim", "reset-world", "--yes", "--json").data == {"removed": 1}


def test_nobody_else_can_read_the_keys_in_the_world(sim: Particle, home: Path) -> None:
    sim("sim", "add", "boron")
    for file in (home / ".particle" / "sim.world").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_damaged_world_is_kept_aside_and_the_next_command_begins_anew(sim: Particle, home: Path) -> None:
    sim("sim", "add", "boron")
    world = home / ".particle" / "sim.world" / "world.sqlite"
    world.write_bytes(b"no world at all")
    for words in (("sim", "status"), ("sim", "add", "p2")):
        ran = sim(*words)
        assert ran.code == (1 if words[1] == "status" else 0), ran
    aside = world.with_name("world.sqlite.damaged-1")
    assert aside.read_bytes() == b"no world at all"
    assert names(sim) == ["p2"]


def test_a_world_that_is_only_just_being_made_is_empty(sim: Particle, home: Path) -> None:
    folder = home / ".particle" / "sim.world"
    folder.mkdir()
    (folder / "world.sqlite").touch()
    assert names(sim) == []
    assert [path.name for path in folder.iterdir()] == ["world.sqlite"]


def test_a_reader_moves_nothing_that_another_command_has_put_right(
    sim: Particle, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sim("sim", "add", "boron")
    world = home / ".particle" / "sim.world" / "world.sqlite"
    sound = world.read_bytes()
    world.write_bytes(b"damaged")
    acquire = WorldLock.acquire

    def put_right_meanwhile(*arguments: Any) -> None:
        acquire(*arguments)
        world.write_bytes(sound)

    monkeypatch.setattr(WorldLock, "acquire", put_right_meanwhile)
    assert sim("sim", "status").code == 1
    monkeypatch.undo()
    assert world.read_bytes() == sound


def test_damage_that_shows_only_when_a_sector_is_read_is_kept_aside_too(sim: Particle, home: Path) -> None:
    sim("sim", "add", "boron")
    world = home / ".particle" / "sim.world" / "world.sqlite"
    with closing(sqlite3.connect(world)) as database, database:
        (root,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sector'").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    content = bytearray(world.read_bytes())
    content[(root - 1) * size : root * size] = b"\x55" * size
    world.write_bytes(content)
    ran = sim("sim", "press", "boron", "reset", "--json")
    assert ran.code == 1
    assert ran.document["error"]["code"] == "world_damaged"
    assert world.with_name("world.sqlite.damaged-1").read_bytes() == content
    assert names(sim) == []


def test_a_world_of_a_later_version_stays_where_it_is(sim: Particle, home: Path) -> None:
    sim("sim", "add", "boron")
    world = home / ".particle" / "sim.world" / "world.sqlite"
    with closing(sqlite3.connect(world)) as database, database:
        database.execute("PRAGMA user_version = 99")
    ran = sim("sim", "status", "--json")
    assert ran.code == 1
    assert ran.document["error"]["code"] == "world_too_new"
    assert world.exists()


def test_the_pace_can_be_set(sim: Particle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTICLE_SIM_SPEED", "500")
    assert sim("sim", "add", "boron", "--json").data["online"] is True
    monkeypatch.setenv("PARTICLE_SIM_SPEED", "fast")
    ran = sim("sim", "status")
    assert ran.code == 2
    assert "PARTICLE_SIM_SPEED" in ran.err


class Pondering(io.StringIO):
    """Somebody who runs another command before answering."""

    def __init__(self, *words: str) -> None:
        super().__init__("y\n")
        self.words = words
        self.ran: subprocess.CompletedProcess[str] | None = None

    def readline(self, *_: object) -> str:  # type: ignore[override]
        self.ran = subprocess.run(
            [sys.executable, "-m", "particle_cli", *self.words],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        return super().readline()


def test_others_can_use_the_world_while_a_person_thinks(
    sim: Particle, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sim("sim", "add", "boron")
    pondering = Pondering("sim", "add", "p2")
    monkeypatch.setattr("sys.stdin", pondering)
    assert main(["sim", "reset-world", "--interactive"]) == 0
    assert pondering.ran
    assert pondering.ran.returncode == 0
    assert capsys.readouterr().out.endswith("The simulated world is empty.\n")
    assert names(sim) == []  # what came meanwhile was seen, and went as well


HOLDING = """
    import sys, time
    from particle_cli.adapters.world_lock import WorldLock

    lock = WorldLock(sys.argv[1], "particle something long")
    lock.acquire(lambda holder: None)
    print("held", flush=True)
    sys.stdin.readline()
    lock.release()
    print("released", flush=True)
"""


def test_readers_wait_for_nobody(sim: Particle, home: Path) -> None:
    sim("sim", "add", "boron")
    lock = home / ".particle" / "sim.world" / "world.lock"
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLDING), str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdin
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        assert names(sim) == ["boron"]
        holder.stdin.close()


def test_whoever_waits_is_told_for_whom(sim: Particle, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sim("sim", "add", "boron")
    monkeypatch.setattr(WorldLock, "acquire", partialmethod(WorldLock.acquire, patience_s=0.05))
    lock = home / ".particle" / "sim.world" / "world.lock"
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLDING), str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdin
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        timer = threading.Timer(0.4, holder.stdin.close)
        timer.start()
        ran = sim("sim", "press", "boron", "reset")
        timer.join()
    assert ran.code == 0
    assert ran.err == (
        f"Waiting for particle something long (process {holder.pid}), which is using the simulated world.\n"
    )


def test_two_processes_change_one_world_in_turn(sim: Particle, home: Path) -> None:
    commands = [
        subprocess.Popen(
            [sys.executable, "-m", "particle_cli", "sim", "add", "boron"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    ends = [(*command.communicate(), command.returncode) for command in commands]
    assert [code for _, _, code in ends] == [0, 0, 0, 0], ends
    assert sorted(names(sim)) == ["boron", "boron-2", "boron-3", "boron-4"]


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGINT to send")
def test_ctrl_c_ends_a_command_at_once_and_keeps_the_world(
    sim: Particle, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTICLE_SIM_SPEED", "0.01")  # it would take minutes
    command = subprocess.Popen(
        [sys.executable, "-m", "particle_cli", "sim", "add", "boron"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    lock = home / ".particle" / "sim.world" / "world.lock"
    while not (lock.exists() and lock.stat().st_size):
        time.sleep(0.01)
    time.sleep(0.2)
    command.send_signal(signal.SIGINT)
    out, err = command.communicate(timeout=20)
    assert (command.returncode, out, err) == (130, "", "Interrupted.\n")
    monkeypatch.delenv("PARTICLE_SIM_SPEED")
    assert names(sim) == ["boron"]
    assert sim("sim", "press", "boron", "reset", "--json").data["online"] is True


def test_what_a_command_did_is_kept_when_it_is_interrupted_afterwards(
    sim: Particle, monkeypatch: pytest.MonkeyPatch
) -> None:
    sim("sim", "add", "boron")

    async def interrupted(world: World) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(World, "settle", interrupted)
        assert sim("usb", "dfu", "boron").code == 130
    (device,) = sim("sim", "status", "--json").data
    assert device["mode"] == "dfu"
