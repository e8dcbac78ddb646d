"""What a test asks for, in its markers and parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import pytest

from particle_cli.entrypoints.suite.world import ParticleWorld
from particle_cli.ports.errors import ParticleError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from particle_cli.entrypoints.suite.device import ParticleDevice

T = TypeVar("T")

MARKER = "particle"
WORLD: pytest.StashKey[ParticleWorld] = pytest.StashKey()
"""Where a test keeps its world, for the report of its failure."""


def asked_world(request: pytest.FixtureRequest) -> Iterator[ParticleWorld]:
    """Make the world of a test, and end it afterwards."""
    folders = request.getfixturevalue("tmp_path_factory")
    world = ParticleWorld(home=lambda: _folder(folders), folder=request.path.parent)
    request.node.stash[WORLD] = world
    try:
        scenario = getattr(request, "param", None) or _marked(request).get("scenario")
        if scenario is not None:
            _told(lambda: world.load(scenario))
        yield world
    finally:
        world.close()


def asked_device(request: pytest.FixtureRequest, world: ParticleWorld) -> ParticleDevice:
    """Return the device that a test asks for: one of its scenario, or else a new one."""
    wishes = {name: value for name, value in _marked(request).items() if name != "scenario"}
    parameter = getattr(request, "param", None)
    if isinstance(parameter, str):
        wishes["platform"] = parameter
    elif isinstance(parameter, Mapping):
        wishes.update(parameter)
    elif parameter is not None:
        _refuse(
            f"particle_device takes the name of a platform, or a dict as of the marker, not {parameter!r}"
        )
    if isinstance(faults := wishes.get("faults"), str):
        wishes["faults"] = [faults]
    if not world.devices:
        if "device" in wishes:
            _refuse("device= names one of a scenario, and there is no scenario=")
        return _told(lambda: world.add(**wishes))
    device = _told(lambda: _chosen(world, wishes.pop("device", None), wishes.pop("platform", None)))
    _told(lambda: device.inject(*wishes.pop("faults", ())))
    if wishes:
        _refuse(
            f"{', '.join(sorted(wishes))}= is for a new device; those of the scenario are as it says. "
            "To choose one of them there are device= and platform=."
        )
    return device


def _chosen(world: ParticleWorld, word: str | None, platform: str | None) -> ParticleDevice:
    if word is not None:
        return world.device(word)
    for device in world.devices:
        if platform in (None, device.platform):
            return device
    there = ", ".join(f"{device.name} ({device.platform})" for device in world.devices)
    _refuse(f"the scenario has no device of platform {platform!r}, but {there}")


def _marked(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return what the test's markers say, those of the test before those of its class and module."""
    said: dict[str, Any] = {}
    for mark in reversed(list(request.node.iter_markers(MARKER))):
        if mark.args:
            _refuse(f"@pytest.mark.{MARKER} takes keywords only, as in platform='boron'")
        said.update(mark.kwargs)
    return said


def _told(action: Callable[[], T]) -> T:
    """Do something with a world; what cannot be is told by its message and next step, without a traceback."""
    try:
        return action()
    except ParticleError as error:
        said = error.in_one_line
    _refuse(said)  # out here, or pytest would show what it came from as well


def _refuse(text: str) -> NoReturn:
    """End the test: it asks for what cannot be."""
    pytest.fail(text, pytrace=False)


def _folder(folders: pytest.TempPathFactory) -> Path:
    return folders.mktemp("particle-home")
