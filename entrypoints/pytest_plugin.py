"""Fixtures for test suites that work with simulated Particle devices.

pytest imports this module at every start, whatever it is going to run: nothing but pytest is imported here.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from particle_cli.entrypoints.suite.device import ParticleDevice
    from particle_cli.entrypoints.suite.world import ParticleWorld

_MARKER = (
    "particle(scenario, device, platform, faults, **description): the simulated world of a test. "
    "`scenario` is a ready one or a .toml file; `device` chooses one of its devices. Without a scenario a "
    "device of that `platform` is added, and `description` is what a scenario could say of it."
)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture
def particle_world(request: pytest.FixtureRequest) -> Iterator[ParticleWorld]:
    """Simulated devices and a simulated cloud, in memory, for this test alone.

    Empty, but for the scenario of `@pytest.mark.particle(scenario=…)` or of an indirect parameter.
    """
    from particle_cli.entrypoints.suite.asked import asked_world

    yield from asked_world(request)


@pytest.fixture
def particle_device(request: pytest.FixtureRequest, particle_world: ParticleWorld) -> ParticleDevice:
    """A simulated device in `particle_world`, claimed and online: a Boron, unless the test asks for another.

    `@pytest.mark.particle(…)` says which, or an indirect parameter: the name of a platform, or a dict of what
    the marker takes.
    """
    from particle_cli.entrypoints.suite.asked import asked_device

    return asked_device(request, particle_world)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.CallInfo[None], None]:
    """Show with a test that fails how its world is then."""
    outcome = yield
    if "particle_world" in getattr(item, "fixturenames", ()):
        report = outcome.get_result()  # type: ignore[attr-defined]  # pluggy's, which needs no import
        if report.when == "call" and report.failed:
            from particle_cli.entrypoints.suite.asked import WORLD

            if world := item.stash.get(WORLD, None):
                report.sections.append(("Simulated Particle devices", world.report()))
