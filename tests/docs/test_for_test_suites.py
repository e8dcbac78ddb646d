"""The page for other people's test suites: its tests pass, in a suite that has nothing else."""

from __future__ import annotations

import re

import pytest
from tests.docs.console import PAGES, block_of

pytest_plugins = ["pytester"]

PAGE = "for-test-suites.md"
TEXT = (PAGES / PAGE).read_text(encoding="utf-8")
SUITES = re.findall(r"^```python\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


def test_the_first_test_has_ten_lines() -> None:
    assert len([line for line in SUITES[0].splitlines() if line]) <= 10


def test_the_tests_of_the_page_pass(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nfilterwarnings = error\naddopts = --strict-markers -p no:asyncio")
    pytester.path.joinpath("lamp.ino").write_text(block_of("bench-without-hardware.md", "cpp"))
    pytester.makepyfile(**{f"test_{number}": suite for number, suite in enumerate(SUITES)})
    pytester.runpytest_subprocess().assert_outcomes(passed=8)


def test_what_the_page_names_is_there() -> None:
    from particle_cli.entrypoints.suite.device import ParticleDevice
    from particle_cli.entrypoints.suite.world import ParticleWorld

    made_when_made = {"serial", "simulated"}
    for kind, heading in ((ParticleWorld, "particle_world"), (ParticleDevice, "particle_device")):
        table = TEXT.partition(f"| `{heading}` | |")[2].partition("\n\n")[0]
        rows = [line.split("|")[1] for line in table.splitlines()[2:]]
        names = {name for row in rows for name in re.findall(r"`(\w+)", row)}
        assert names <= set(dir(kind)) | made_when_made
        public = {name for name in vars(kind) if not name.startswith("_")} - {"close", "report"}
        assert public <= names
