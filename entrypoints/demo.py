"""The main job from an empty machine to a working device, on simulated hardware: `make demo`.

Runs the real program, one process a command, in a home folder of its own that is removed afterwards.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_FILE = "doorbell/src/doorbell.cpp"
_SOURCE = """\
#include "Particle.h"

int brightness = 50;

int led(String command) {
    return 1;
}

void setup() {
    Particle.function("led", led);
    Particle.variable("brightness", brightness);
}

void loop() {
}
"""
_BEFORE = (
    "particle config sim",
    "particle sim add boron --name red",
    "particle project create . --name doorbell",
)
_AFTER = (
    "particle compile boron doorbell --saveTo doorbell.bin",
    "particle binary inspect doorbell.bin",
    "particle flash --local doorbell --dry-run",
    "particle flash --local doorbell",
    "particle usb list",
    "particle list",
    "particle call red led on",
    "particle get red brightness",
)


def main() -> int:
    """Run the commands and show what each prints; stop at the first that fails."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="particle-demo-") as place:
        home, work = Path(place, "home"), Path(place, "work")
        home.mkdir()
        work.mkdir()
        environment = _environment(home)
        for line in _BEFORE:
            if code := _run(line, work, environment):
                return code
        _show(f"$ cat > {_FILE}\n{_SOURCE}")
        (work / _FILE).write_text(_SOURCE, encoding="utf-8")
        for line in _AFTER:
            if code := _run(line, work, environment):
                return code
    _show(f"All of it took {time.monotonic() - started:.1f} s, and touched no network, account or hardware.")
    return 0


def _run(line: str, folder: Path, environment: dict[str, str]) -> int:
    """Run one `particle` command, its output as it comes, and return its exit code."""
    _show(f"$ {line}")
    words = shlex.split(line)[1:]
    ran = subprocess.run(
        [sys.executable, "-m", "particle_cli", *words], cwd=folder, env=environment, check=False
    )
    _show("")
    return ran.returncode


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.upper() != "USERPROFILE"}
    kept.pop("home", None)
    return kept | {"HOME": str(home), "PYTHONSAFEPATH": "1"}


def _show(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
