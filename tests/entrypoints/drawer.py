"""Accidents that happen to devices while a command runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from particle_cli.simulators.world import World

Change = Callable[[World], object]


@contextmanager
def found_changed(change: Change) -> Iterator[None]:
    """Have the commands in the body find a world that was changed since it was saved."""
    restore = World.restore

    def restored(world: World, *words: Any, **more: Any) -> None:
        restore(world, *words, **more)
        change(world)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(World, "restore", restored)
        yield


def unplug_at_reset(world: World, name: str) -> None:
    """Have somebody pull the cable of a device just as it resets."""
    device = world.device(name)

    def pulled(*_words: object, **_named: object) -> None:
        world.unplug(device)

    device.reset = pulled  # type: ignore[method-assign]
