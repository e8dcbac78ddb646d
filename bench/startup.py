"""How long the program takes to start, as a multiple of what the interpreter itself takes.

Whole processes, in a virtual environment with nothing but the program and what it needs, byte code compiled.
The commands take turns, and each one's best time counts: what disturbs only adds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.figures import Figure

ROOT = Path(__file__).parent.parent
ROUNDS = 15
PEER_ROUNDS = 5
HOW_TO_GET_THE_PEER = (
    "no peer to compare with: npm install --prefix /tmp/peer --ignore-scripts particle-cli, then "
    "PARTICLE_PEER=/tmp/peer/node_modules/.bin/particle make bench"
)


def figures() -> Iterator[Figure]:
    """Yield the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        bin_folder = clean_environment(Path(folder))
        sample = str(write_sample(Path(folder)))
        particle = str(bin_folder / "particle")
        commands = {
            "pass": [str(bin_folder / "python"), "-c", "pass"],
            "version": [particle, "--version"],
            "help": [particle, "--help"],
            "inspect": [particle, "binary", "inspect", sample],
        }
        peer = peer_command()
        if peer:
            commands["peer"] = [peer, "binary", "inspect", sample]
        best = best_times(commands, cwd=folder)
    bare = best["pass"]
    yield Figure("python -c pass", bare * 1000, "ms")
    yield _ratio("particle --version", best["version"], bare, 1.5)
    yield _ratio("particle --help", best["help"], bare, 2.6)
    yield _ratio("particle binary inspect", best["inspect"], bare, 6)
    if "peer" in best:
        yield Figure(
            "the peer's binary inspect, against ours",
            best["peer"] / best["inspect"],
            "x",
            10,
            at_least=True,
            beside=f"{best['peer'] * 1000:.0f} ms",
        )
    else:
        print(f"  {HOW_TO_GET_THE_PEER}")


def _ratio(what: str, seconds: float, bare: float, limit: float) -> Figure:
    return Figure(what, seconds / bare, "x", limit, beside=f"{seconds * 1000:.1f} ms")


def clean_environment(folder: Path) -> Path:
    """Make a virtual environment, install the program as a user would, and return the folder of programs."""
    venv = folder / "venv"
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(venv)], check=True)
    python = venv / "bin" / "python"
    install = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python)]
    subprocess.run([*install, "--constraint", str(ROOT / "constraints.txt"), str(ROOT)], check=True)
    return venv / "bin"


def write_sample(folder: Path) -> Path:
    """Write an application such as `binary inspect` is asked about, and return its path."""
    from particle_cli.domain.firmware.build import build_module
    from particle_cli.domain.firmware.module import write_module
    from particle_cli.domain.firmware.prefix import Dependency

    application = build_module(
        platform_id=13,
        function=5,
        index=2,
        version=6,
        payload=os.urandom(12_000),
        start_address=0xB4000,
        dependencies=[Dependency(4, 1, 6200)],
        product=(13, 1),
    )
    path = folder / "application.bin"
    path.write_bytes(write_module(application))
    return path


def peer_command() -> str | None:
    """Return the path of the Node CLI, if there is one."""
    named = os.environ.get("PARTICLE_PEER")
    if named:
        return named
    ours = str(Path(sys.executable).parent)
    others = os.pathsep.join(p for p in os.environ.get("PATH", "").split(os.pathsep) if p != ours)
    found = shutil.which("particle", path=others)
    return found if found and "node" in Path(found).resolve().as_posix() else None


def best_times(commands: Mapping[str, Sequence[str]], *, cwd: str) -> dict[str, float]:
    """Run the commands in turns and return the shortest wall time of each, in seconds."""
    best = dict.fromkeys(commands, float("inf"))
    for turn in range(ROUNDS):
        for name, command in commands.items():
            if name != "peer" or turn < PEER_ROUNDS:
                best[name] = min(best[name], wall_time(command, cwd=cwd))
    return best


def wall_time(command: Sequence[str], *, cwd: str) -> float:
    """Run a command in a home folder of its own; return the seconds it took from outside."""
    environment = {**os.environ, "HOME": cwd, "NO_COLOR": "1"}
    started = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return taken
