"""`particle usb list` on a world of five devices: the whole process, by the wall clock."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure
from bench.startup import clean_environment, wall_time

PLATFORMS = ("boron", "argon", "p2", "photon", "electron")
ROUNDS = 10


def figures() -> Iterator[Figure]:
    """Yield the best time of some, in ms."""
    with tempfile.TemporaryDirectory() as home:
        particle = [str(clean_environment(Path(home)) / "particle")]
        wall_time([*particle, "config", "sim"], cwd=home)
        for platform in PLATFORMS:
            wall_time([*particle, "sim", "add", platform], cwd=home)
        best = min(wall_time([*particle, "usb", "list"], cwd=home) for _ in range(ROUNDS))
    yield Figure(f"particle usb list, {len(PLATFORMS)} devices", best * 1000, "ms", 200)
