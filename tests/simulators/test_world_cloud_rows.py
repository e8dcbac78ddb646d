"""The cloud's memory in the world file: row by row, and nothing left of what is gone."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from particle_cli.adapters.clock import LoopClock
from particle_cli.simulators.world import World
from particle_cli.simulators.world_file import WorldFile

BORON, ARGON = 13, 12


def save(world: World, file: WorldFile) -> dict[str, bytes | None]:
    """Save a world; return what was written of the cloud."""
    changes = world.changes()
    file.save(changes.devices, changes.cloud, devices_made=changes.devices_made)
    world.saved()
    return dict(changes.cloud)


def again(file: WorldFile) -> World:
    world = World(LoopClock())
    world.restore(file.devices(), file.cloud(), devices_made=file.devices_made)
    return world


def kept_keys(path: Path) -> set[str]:
    database = sqlite3.connect(path)
    keys = {key for (key,) in database.execute("SELECT key FROM cloud")}
    database.close()
    return keys


async def test_only_rows_that_changed_are_written(tmp_path: Path) -> None:
    file, world = WorldFile(str(tmp_path / "world")), World(LoopClock())
    world.add(BORON, name="red")
    world.add(ARGON, name="blue")
    assert len(save(world, file)) > 4
    assert save(world, file) == {}
    world.cloud.open_account("she@example.com", "secret")
    written = save(world, file)
    assert len(written) == 2
    assert {key.rpartition("/")[0] for key in written} == {"cloud", "cloud/users"}
    assert {world.name_of(device) for device in again(file).devices} == {"red", "blue"}
    file.close()


async def test_what_is_gone_leaves_no_row(tmp_path: Path) -> None:
    path = tmp_path / "world"
    file, world = WorldFile(str(path)), World(LoopClock())
    device = world.add(BORON, name="red")
    world.cloud.open_account("she@example.com", "secret")
    save(world, file)
    world.remove(device)
    save(world, file)
    assert not any(key.startswith("cloud/devices/") for key in kept_keys(path))
    world.clear()
    save(world, file)
    assert len([key for key in kept_keys(path) if key.startswith("cloud/users/")]) == 2
    file.close()


async def test_a_cloud_that_was_kept_as_a_whole_is_read_and_then_kept_in_rows(tmp_path: Path) -> None:
    path = tmp_path / "world"
    file, world = WorldFile(str(path)), World(LoopClock())
    world.cloud.open_account("she@example.com", "secret")
    file.save((), {"state": world.cloud.dump_state()}, devices_made=0)
    later = again(file)
    assert "she@example.com" in json.dumps(json.loads(later.cloud.dump_state()))
    save(later, file)
    assert "state" not in kept_keys(path)
    assert again(file).cloud.dump_state() == later.cloud.dump_state()
    file.close()
