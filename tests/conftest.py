"""What every room's tests share: the event loop they run on, and the place of the corpus.

Tests run in virtual time. Those that touch a real wire (a socket, a pty, a thread, another program) are
marked `real_time`; those that must hold on either loop `both_times`, and run twice.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

from particle_cli.simulators.virtual_time import VirtualTimeLoop

# A busy machine is no fault of an example; whether code is quick enough is measured by `make bench`.
settings.register_profile("patient", settings(), deadline=None)
settings.load_profile("patient")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers that choose the event loop."""
    config.addinivalue_line("markers", "real_time: runs on a real event loop")
    config.addinivalue_line("markers", "both_times: runs twice, on the virtual and on a real event loop")


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Give a test the virtual loop, unless it is marked otherwise."""
    if item.get_closest_marker("both_times"):
        return {"virtual": VirtualTimeLoop, "real": asyncio.new_event_loop}
    if item.get_closest_marker("real_time"):
        return {"real": asyncio.new_event_loop}
    return {"virtual": VirtualTimeLoop}


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real firmware that PARTICLE_CORPUS names; tests that want it skip elsewhere."""
    place = os.environ.get("PARTICLE_CORPUS")
    if not place or not Path(place).is_dir():
        pytest.skip("PARTICLE_CORPUS does not name the folder of real firmware")
    return Path(place)
