"""What tests of flashing have in hand: a device called red, a binary, and a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.domain.flashing.laboratory import BORON, application

if TYPE_CHECKING:
    from tests.entrypoints.conftest import Particle

SOURCE = """
#include "Particle.h"
int level = 7;
int ring(String arg) { return 3; }
void setup() {
    Particle.function("ring", ring);
    Particle.variable("level", level);
}
void loop() {}
"""


@pytest.fixture
def red(sim: Particle) -> Particle:
    """The command line, with one Boron called red."""
    assert sim("sim", "add", "boron", "--name", "red").code == 0
    return sim


@pytest.fixture
def app(home: Path) -> Path:
    """An application for a Boron, in the working folder."""
    path = Path("app.bin")
    path.write_bytes(application(BORON, 9000).image())
    return path


@pytest.fixture
def project(home: Path) -> Path:
    """A project in the working folder."""
    source = Path("doorbell/src/doorbell.cpp")
    source.parent.mkdir(parents=True)
    source.write_text(SOURCE)
    Path("doorbell/project.properties").write_text("name=doorbell\n")
    return Path("doorbell")
