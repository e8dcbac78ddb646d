from __future__ import annotations

from pathlib import Path

import pytest

from particle_cli.adapters.clock import LoopClock
from particle_cli.simulators.device import Mode
from particle_cli.simulators.world import NameTaken, NoSuchDevice, World
from particle_cli.simulators.world_errors import WorldDamaged
from particle_cli.simulators.world_file import WorldFile

BORON, P2, PHOTON = 13, 32, 6


pytestmark = pytest.mark.usefixtures("world_files_closed")


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "world.sqlite")


def save(world: World, file: WorldFile) -> None:
    changes = world.changes()
    file.save(changes.devices, changes.cloud, devices_made=changes.devices_made)
    world.saved()


def load(path: str) -> World:
    world, file = World(LoopClock()), WorldFile(path)
    world.restore(file.devices(), file.cloud(), devices_made=file.devices_made)
    return world


async def test_a_new_device_is_claimed_named_attached_and_comes_online() -> None:
    world = World(LoopClock())
    device = world.add(BORON, name="red")
    await world.settle()
    assert device.mode is Mode.NORMAL
    assert device.online
    assert world.name_of(device) == "red"
    assert world.is_attached(device)
    assert [one.serial for one in await world.bus.attached()] == [device.id]
    assert all(module.valid for module in device.modules)


async def test_names_are_given_and_kept_apart() -> None:
    world = World(LoopClock())
    names = [world.name_of(world.add(BORON)) for _ in range(3)]
    assert names == ["boron", "boron-2", "boron-3"]
    with pytest.raises(NameTaken):
        world.add(P2, name="boron-2")
    assert len(world.devices) == 3


async def test_a_device_is_found_by_id_or_name() -> None:
    world = World(LoopClock())
    red, green = world.add(BORON, name="red"), world.add(P2, name="green")
    assert world.device("green") is green
    assert world.device(red.id.upper()) is red
    with pytest.raises(NoSuchDevice):
        world.device("blue")


async def test_an_id_is_never_given_twice() -> None:
    world = World(LoopClock())
    first = world.add(BORON)
    world.remove(first)
    assert world.add(BORON).id != first.id


async def test_without_its_cable_a_device_is_neither_here_nor_there() -> None:
    world = World(LoopClock())
    red, green = world.add(BORON), world.add(P2)
    await world.settle()
    world.unplug(red)
    world.unplug(red)
    assert red.mode is Mode.OFF
    assert [one.serial for one in await world.bus.attached()] == [green.id]
    world.plug(red)
    world.plug(red)
    await world.settle()
    assert red.online
    assert world.devices == (green, red)  # in the order of arrival


async def test_a_device_that_is_removed_leaves_bus_and_cloud() -> None:
    world = World(LoopClock())
    red = world.add(BORON, name="red")
    await world.settle()
    world.remove(red)
    assert world.devices == ()
    assert await world.bus.attached() == ()
    assert world.cloud.name_of(red.id) is None
    assert world.name_of(world.add(BORON, name="red")) == "red"


@pytest.mark.parametrize("platform", [PHOTON, BORON, P2])
async def test_a_world_that_was_saved_goes_on_as_it_was(path: str, platform: int) -> None:
    world, file = World(LoopClock()), WorldFile(path)
    red, green = world.add(platform, name="red"), world.add(platform, name="green")
    world.unplug(green)
    await world.settle()
    red.press("both", 3)
    await world.settle()
    save(world, file)

    again = load(path)
    red_again, green_again = again.device("red"), again.device("green")
    assert red_again.mode is Mode.DFU
    assert (again.is_attached(red_again), again.is_attached(green_again)) == (True, False)
    assert green_again.mode is Mode.OFF
    assert red_again.modules == red.modules
    assert [one.product_id for one in await again.bus.attached()] == [
        one.product_id for one in await world.bus.attached()
    ]
    red_again.press("reset")
    again.plug(green_again)
    await again.settle()
    assert red_again.online
    assert green_again.online
    assert again.add(platform).id not in (red.id, green.id)


async def test_only_what_changed_is_saved_again(path: str) -> None:
    world, file = World(LoopClock()), WorldFile(path)
    red = world.add(BORON)
    await world.settle()
    save(world, file)
    assert [device.sectors for device in world.changes().devices] == [()]
    assert world.changes().cloud == {}
    red.hardware.memory.flip(0xB4000)
    ((number, _),) = world.changes().devices[0].sectors
    assert number == 0xB4
    save(world, file)
    assert load(path).device("boron").hardware.memory.read(0xB4000, 1) == red.hardware.memory.read(0xB4000, 1)


async def test_a_session_goes_on_when_the_world_is_loaded(path: str) -> None:
    world, file = World(LoopClock()), WorldFile(path)
    world.add(BORON)
    await world.settle()
    save(world, file)
    again = load(path)
    assert again.device("boron").online
    assert again.changes().cloud == {}  # no new handshake


async def test_restoring_replaces_whatever_there_was(path: str) -> None:
    world, file = World(LoopClock()), WorldFile(path)
    world.add(BORON, name="red")
    await world.settle()
    save(world, file)
    bus = world.bus
    world.add(P2, name="green")
    world.restore(file.devices(), file.cloud(), devices_made=file.devices_made)
    assert [world.name_of(device) for device in world.devices] == ["red"]
    assert world.bus is bus
    assert len(await bus.attached()) == 1
    await world.settle()
    assert world.device("red").online


async def test_clearing_leaves_a_cloud_that_one_can_log_in_to(path: str) -> None:
    world, file = World(LoopClock()), WorldFile(path)
    world.add(BORON)
    await world.settle()
    save(world, file)
    world.clear()
    save(world, file)
    again = load(path)
    assert again.devices == ()
    assert again.name_of(again.add(BORON, name="red")) == "red"


async def test_a_cloud_that_makes_no_sense_is_damage(path: str) -> None:
    file = WorldFile(path)
    file.save([], {"state": b"{"}, devices_made=0)
    with pytest.raises(WorldDamaged):
        load(path)
