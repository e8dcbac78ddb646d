"""`particle sim cloud` as a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

COMMAND = (sys.executable, "-m", "particle_cli.entrypoints.cli.main", "sim", "cloud")


class Served:
    """A program that serves."""

    def __init__(self, *words: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.first_line = self.process.stdout.readline()
        self.address = (
            json.loads(self.first_line)["url"] if "--json" in words else self.first_line.split()[-1]
        )

    def end(self, how: signal.Signals) -> tuple[int, str, str]:
        """Send a signal; return the exit code and what else was printed."""
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=10)
        return self.process.returncode, out, err
