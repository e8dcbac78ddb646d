from __future__ import annotations

import subprocess
import sys


def test_the_demonstration_ends_with_a_device_that_answers() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "particle_cli.entrypoints.demo"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Flash success!" in ran.stdout
    assert "$ particle call red led on\n1\n" in ran.stdout
    assert "$ particle get red brightness\n50\n" in ran.stdout
