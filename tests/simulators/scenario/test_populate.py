"""Worlds made from scenarios: everything is as it was described."""

from __future__ import annotations

from pathlib import Path

import pytest

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.firmware.module import write_module
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.simulators.cloud.state import CloudState
from particle_cli.simulators.cloud.traits import KEEP_ALIVE, RATE_LIMITS, TRANSFERS_APPROVED
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.factory import factory_image
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.hardware.dct import CLAIMED
from particle_cli.simulators.network.modem import Sim
from particle_cli.simulators.scenario.breaking import CannotBreak
from particle_cli.simulators.scenario.building import CannotBuild
from particle_cli.simulators.scenario.description import Binary
from particle_cli.simulators.scenario.reading import scenario_of
from particle_cli.simulators.world import NameTaken, World
from particle_cli.simulators.world_file import WorldFile

CODE = """
double temperature = 21.5;
bool on = false;
void setup() {
    Particle.variable("temperature", temperature);
    Particle.variable("on", on);
}
void loop() {}
"""


@pytest.fixture
def world() -> World:
    return World(LoopClock())


async def add(world: World, platform: str, **said: object) -> SimulatedDevice:
    scenario = scenario_of({"device": [{"platform": platform, **said}]}, "test")
    (device,) = await world.populate(scenario)
    return device


@pytest.mark.parametrize("mode", ["normal", "listening", "safe", "dfu"])
@pytest.mark.parametrize("kind", ["boron", "p2", "photon"])
async def test_a_device_is_in_the_mode_that_is_said(world: World, kind: str, mode: str) -> None:
    device = await add(world, kind, mode=mode)
    assert device.mode.value == mode
    assert device.settled


async def test_a_device_that_listens_by_itself_is_left_alone(world: World) -> None:
    device = await add(world, "argon", wifi=[], mode="listening")
    assert device.mode is Mode.LISTENING


async def test_names_and_ids_are_as_said(world: World) -> None:
    device = await add(world, "boron", name="red", id="E00FCE680000000000000001")
    assert device.id == "e00fce680000000000000001"
    assert world.name_of(device) == "red"
    with pytest.raises(NameTaken):
        await add(world, "p2", name="red")
    with pytest.raises(NameTaken):
        await add(world, "p2", id="E00fce680000000000000001")
    assert world.devices == (device,)


async def test_only_a_claimed_device_is_somebodys(world: World) -> None:
    nobodys = await add(world, "boron", claimed=False)
    mine = await add(world, "boron")
    assert world.name_of(nobodys) is None
    assert world.name_of(mine) == "boron"
    dcts = [device.hardware.dct for device in (nobodys, mine)]
    assert [dct.read(CLAIMED, 1) for dct in dcts if dct] == [b"\xff", b"\x01"]


async def test_a_release_that_is_still_to_come_can_be_tried(world: World) -> None:
    device = await add(world, "p2", device_os="6.9.0")
    assert device.mode is Mode.NORMAL


async def test_a_release_is_installed_whole(world: World) -> None:
    device = await add(world, "photon", device_os="1.5.2")
    versions = {module.prefix.version for module in device.modules if module.prefix.function == 4}
    assert versions == {1512}
    assert device.mode is Mode.NORMAL


@pytest.mark.parametrize("kind", ["boron", "p2", "photon", "electron", "core"])
async def test_an_application_in_source_runs(world: World, kind: str) -> None:
    device = await add(world, kind, application={"code": CODE}, variables={"temperature": -3.5})
    assert device.mode is Mode.NORMAL
    assert device.variables == {"temperature": "double", "on": "bool"}
    assert device.variable("temperature") == -3.5
    assert device.functions == ()


async def test_an_application_can_be_a_binary(world: World) -> None:
    tinker = factory_image(platform(13), small=True)[-1].module
    device = await add(world, "boron", application=Binary("tinker.bin", write_module(tinker)))
    assert device.mode is Mode.NORMAL
    assert "digitalRead" in device.functions


async def test_without_an_application_there_is_safe_mode(world: World) -> None:
    device = await add(world, "p2", application="none")
    assert (device.mode, device.verdict.reason) == (Mode.SAFE, "there is no valid application")


async def test_radios_and_wires_are_as_said(world: World) -> None:
    document = {
        "access_point": [{"ssid": "Attic", "password": "cobwebs"}, {"ssid": "Cellar"}],
        "cellular": False,
        "device": [
            {"platform": "p2", "wifi": [{"ssid": "Attic", "password": "cobwebs"}]},
            {"platform": "p2", "wifi": [{"ssid": "Attic", "password": "wrong"}]},
            {"platform": "argon", "wifi": [], "ethernet": "plugged"},
            {"platform": "boron"},
            {"platform": "boron", "faults": ["no-network"]},
        ],
    }
    devices = await world.populate(scenario_of(document, "test"))
    assert [point.ssid for point in world.air.access_points] == ["Attic", "Cellar"]
    assert len({point.bssid for point in world.air.access_points}) == 2
    assert [device.online for device in devices] == [True, False, True, False, False]


async def test_environment_and_setup_are_as_said(world: World) -> None:
    device = await add(world, "boron", environment={"STAGE": "test"}, setup_done=True)
    assert [(one.name, one.value) for one in device.environment.variables] == [("STAGE", "test")]


async def test_accounts_can_be_logged_in_to(world: World) -> None:
    document = {
        "account": [{"username": "she@example.com", "password": "hers"}],
        "device": [{"platform": "boron", "owner": "She@example.com"}],
    }
    await world.populate(scenario_of(document, "test"))
    assert b"she@example.com" in world.cloud.dump_state()


async def test_the_cloud_is_as_strict_as_is_said(world: World) -> None:
    await world.populate(scenario_of({"rate_limits": True, "keep_alive": True}, "test"))
    assert [row.name for row in CloudState.load(world.cloud.dump_state()).traits] == [RATE_LIMITS, KEEP_ALIVE]
    await world.populate(scenario_of({"transfers_approved": True}, "test"), replace=True)
    assert [row.name for row in CloudState.load(world.cloud.dump_state()).traits] == [TRANSFERS_APPROVED]


async def test_another_scenario_takes_the_place_of_the_world(world: World) -> None:
    first = await add(world, "boron", name="red")
    scenario = scenario_of({"device": [{"platform": "boron", "name": "red"}]}, "test")
    (second,) = await world.populate(scenario, replace=True)
    assert world.devices == (second,)
    assert second.id == first.id  # the same scenario is the same world, every time


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"platform": "tachyon"}, "cannot be simulated"),
        ({"platform": "boron", "device_os": "9.9.9"}, "There is no Device OS 9.9.9 for a Boron."),
        ({"platform": "photon", "device_os": "6.2.0"}, "There is no Device OS 6.2.0 for a Photon."),
        ({"platform": "photon", "device_os": "6.9.0"}, "There is no Device OS 6.9.0 for a Photon."),
        (
            {"platform": "boron", "application": {"code": "void setup() {"}},
            "does not compile:\napplication.ino:1",
        ),
        (
            {"platform": "boron", "application": {"code": CODE, "device_os": "0.0.1"}},
            "cannot be compiled: Unknown",
        ),
        ({"platform": "boron", "application": Binary("x.bin", b"x")}, "x.bin"),
        ({"platform": "core", "application": "none"}, "has no application of its own"),
        ({"platform": "core", "setup_done": True}, "does not remember whether it is set up"),
        ({"platform": "photon", "protected": True}, "cannot be protected"),
        ({"platform": "boron", "variables": {"x": 1}}, "has no variable 'x'"),
        ({"platform": "photon", "faults": ["no-sim"]}, "has no SIM card"),
        ({"platform": "boron", "faults": ["damage ncp"]}, "has no module 'ncp'"),
    ],
)
async def test_what_cannot_be_built_changes_nothing(
    world: World, said: dict[str, object], error: str
) -> None:
    before = await add(world, "p2")
    with pytest.raises((CannotBuild, CannotBreak)) as wrong:
        await world.populate(scenario_of({"device": [said]}, "test"), replace=True)
    assert error in wrong.value.message
    assert world.devices == (before,)


async def test_an_application_for_another_platform_is_refused(world: World) -> None:
    tinker = write_module(factory_image(platform(32), small=True)[-1].module)
    with pytest.raises(CannotBuild, match=r"p2\.bin is no application for a Boron"):
        await add(world, "boron", application=Binary("p2.bin", tinker))


# -- broken devices ----------------------------------------------------------------------------------------


async def test_no_sim_is_a_sim_that_is_pulled(world: World) -> None:
    device = await add(world, "boron", faults=["no-sim"])
    assert not device.online
    assert device.network.modem
    assert Sim.INTERNAL not in device.network.modem.inserted
    assert world.repair(device) == ("no-sim",)
    await world.settle()
    assert device.online


async def test_a_damaged_module_is_found_at_the_restart_and_mended(world: World) -> None:
    device = await add(world, "boron", faults=["damage system-part1"])
    assert (device.mode, device.verdict.reason) == (Mode.DFU, "there is no valid system part 1")
    world.repair(device)
    await world.settle()
    assert device.mode is Mode.NORMAL
    assert all(module.valid for module in device.modules)


async def test_repair_leaves_a_module_alone_that_was_replaced_meanwhile(world: World) -> None:
    device = await add(world, "boron", faults=["damage application"])
    assert device.mode is Mode.SAFE
    tinker = factory_image(device.platform)[-1].module
    device.hardware.memory.replace(tinker.prefix.start_address, write_module(tinker))
    world.repair(device)
    assert all(module.valid for module in device.modules)


async def test_faults_stay_in_the_world_file(world: World, tmp_path: Path) -> None:
    device = await add(world, "boron", faults=["slow-flash 7", "stall every 3", "power-cut at 2"])
    file = WorldFile(str(tmp_path / "world"))
    changes = world.changes()
    file.save(changes.devices, changes.cloud, devices_made=changes.devices_made)
    again = World(LoopClock())
    again.restore(file.devices(), file.cloud(), devices_made=file.devices_made)
    (found,) = again.devices
    flash = found.hardware.flash
    assert found.faults == device.faults
    assert (flash.slowness, flash.cut_planned, len(again.bus.cables)) == (7, True, 1)
    again.repair(found)
    assert found.faults == ()
    assert (flash.slowness, flash.cut_planned, len(again.bus.cables)) == (1, False, 0)
    file.close()


async def test_products_have_their_devices_and_their_team(world: World) -> None:
    team = [{"username": "mfa@example.com", "role": "viewer"}]
    scenario = scenario_of(
        {
            "product": [
                {"name": "Windows", "platform": "p2", "groups": ["beta"], "team": team},
                {"name": "Doors", "platform": "boron", "organization": "example-organization"},
            ],
            "device": [
                {"platform": "p2", "product": "windows", "groups": ["beta"], "development": True},
                {"platform": "boron", "product": "doors", "claimed": False},
                {"platform": "boron", "product": "12345"},
            ],
        },
        "test",
    )
    window, door, example = await world.populate(scenario)
    state = CloudState.load(world.cloud.dump_state())
    windows, doors = state.product_named("windows"), state.product_named("doors")
    assert windows is not None
    assert doors is not None
    assert (windows.id, windows.platform_id, windows.organization_id) == (12346, 32, None)
    assert doors.organization_id is not None
    records = [state.devices.get(one.id) for one in (window, door, example)]
    assert [one and one.product_id for one in records] == [windows.id, doors.id, 12345]
    assert [one and one.groups for one in records] == [("beta",), (), ()]
    assert [one and (one.owner_id is None) for one in records] == [False, True, False]
    assert records[0] is not None
    assert (records[0].development, records[0].last_handshake is not None) == (True, True)
    (member,) = state.team_members
    assert (member.product_id, member.role) == (windows.id, "viewer")
    assert state.groups.get(f"{windows.key}/beta") is not None
