"""The pytest plugin: what somebody else's suite gets, and what it costs everybody else's."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from particle_cli.entrypoints.suite.device import ParticleDevice
from particle_cli.entrypoints.suite.world import ParticleWorld
from particle_cli.ports.errors import ParticleError
from particle_cli.simulators.scenario.reading import ScenarioWrong

pytest_plugins = ["pytester"]

PLUGIN = "particle_cli.entrypoints.pytest_plugin"

# -- what it costs to have it installed --------------------------------------------------------------------


def test_it_is_found_by_pytest() -> None:
    (point,) = (one for one in entry_points(group="pytest11") if one.name == "particle")
    assert point.value == PLUGIN


def test_importing_it_imports_nothing_but_pytest() -> None:
    code = f"import sys, pytest; old = set(sys.modules); import {PLUGIN}; print(*set(sys.modules) - old)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert sorted(ran.stdout.split()) == ["particle_cli", "particle_cli.entrypoints", PLUGIN]


def test_a_suite_that_does_not_use_it_does_not_load_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_nothing_of_it_is_here():
            ours = [name for name in sys.modules if name.startswith("particle_cli")]
            package = "particle_cli.entrypoints"
            assert sorted(ours) == ["particle_cli", package, package + ".pytest_plugin"]
        """
    )
    pytester.runpytest_subprocess("-p", "no:asyncio").assert_outcomes(passed=1)


# -- worlds and devices ------------------------------------------------------------------------------------


def test_a_world_begins_empty(particle_world: ParticleWorld) -> None:
    assert particle_world.devices == ()
    assert particle_world.seconds == 0


def test_a_device_is_a_boron_that_is_online(
    particle_device: ParticleDevice, particle_world: ParticleWorld
) -> None:
    assert (particle_device.name, particle_device.platform) == ("boron", "boron")
    assert (particle_device.mode, particle_device.led) == ("normal", "breathing cyan")
    assert particle_device.online
    assert particle_world.devices == (particle_device,)
    assert particle_world.device("boron") is particle_world.device(particle_device.id) is particle_device


@pytest.mark.particle(platform="p2", name="red", device_os="6.1.0", mode="listening")
def test_a_marker_says_which_device(particle_device: ParticleDevice) -> None:
    assert (particle_device.name, particle_device.platform) == ("red", "p2")
    assert particle_device.mode == "listening"


@pytest.mark.particle(scenario="drawer", device="blue", faults="slow-flash")
def test_a_marker_says_which_device_of_which_scenario(
    particle_world: ParticleWorld, particle_device: ParticleDevice
) -> None:
    assert [device.name for device in particle_world.devices] == ["red", "green", "blue", "yellow", "white"]
    assert particle_device.name == "blue"
    assert particle_device.faults == ("slow-flash 10",)


@pytest.mark.particle(scenario="drawer", platform="photon")
class TestOfAClass:
    """Markers of a class hold for its tests, unless those say otherwise."""

    def test_the_class_says_it(self, particle_device: ParticleDevice) -> None:
        assert particle_device.name == "yellow"

    @pytest.mark.particle(platform="p2")
    def test_the_test_says_more(self, particle_device: ParticleDevice) -> None:
        assert particle_device.name == "green"


@pytest.mark.parametrize(
    "particle_device", ["boron", {"platform": "photon", "faults": "stall every 9"}], indirect=True
)
def test_parameters_say_which_device(particle_device: ParticleDevice) -> None:
    assert (particle_device.platform, particle_device.faults) in (
        ("boron", ()),
        ("photon", ("stall every 9",)),
    )


@pytest.mark.parametrize("particle_world", ["one-boron", "drawer"], indirect=True)
def test_parameters_say_which_scenario(particle_world: ParticleWorld) -> None:
    assert len(particle_world.devices) in (1, 5)


def test_a_scenario_can_be_a_file_or_what_one_holds(particle_world: ParticleWorld, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[[device]]\nplatform = 'p2'\nname = 'red'\n")
    (red,) = particle_world.load(file)
    (blue,) = particle_world.load({"device": [{"platform": "boron", "name": "blue"}]})
    assert particle_world.devices == (red, blue)
    with pytest.raises(ScenarioWrong, match="There is no scenario 'mine'"):
        particle_world.load("mine")


def test_buttons_and_cables_have_had_their_effect(particle_device: ParticleDevice) -> None:
    particle_device.press("both", 3)
    assert particle_device.mode == "dfu"
    particle_device.press("reset")
    assert particle_device.mode == "normal"
    particle_device.press("mode", 3)
    assert particle_device.led == "blinking blue"
    particle_device.unplug()
    assert (particle_device.mode, particle_device.online) == ("off", False)
    particle_device.plug()
    assert (particle_device.mode, particle_device.online) == ("normal", True)


def test_faults_are_injected_and_repaired(particle_device: ParticleDevice) -> None:
    particle_device.inject("no-network", "damage application")
    assert (particle_device.mode, particle_device.online) == ("safe", False)
    particle_device.repair()
    assert (particle_device.mode, particle_device.online) == ("normal", True)
    with pytest.raises(ParticleError, match="no fault 'rust'"):
        particle_device.inject("rust")


def test_time_passes_only_when_it_is_let(particle_world: ParticleWorld) -> None:
    device = particle_world.add("boron")
    before = particle_world.seconds
    assert particle_world.seconds == before
    particle_world.advance(3600)
    assert particle_world.seconds == before + 3600
    assert device.online


# -- other people's suites ---------------------------------------------------------------------------------

SUITE = """
    import pytest

    @pytest.mark.parametrize("number", range(3))
    def test_each_has_a_world_of_its_own(particle_world, particle_device, number):
        assert [device.name for device in particle_world.devices] == ["boron"]
        particle_world.add("p2")
        assert particle_world.run("sim", "unplug", "boron").ok
        assert len(particle_world.run("usb", "list", "--json").data) == 1
"""


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder for a suite with warnings as errors and without any plugin but this one."""
    pytester.makeini(
        "[pytest]\nfilterwarnings = error\naddopts = --strict-markers -p no:asyncio -p no:hypothesispytest"
    )
    return pytester


def test_a_suite_in_a_clean_process(suite: pytest.Pytester) -> None:
    suite.makepyfile(SUITE)
    suite.runpytest_subprocess().assert_outcomes(passed=3)
    assert not (suite.path / ".particle").exists()


def test_coroutines_without_the_virtual_loop(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import asyncio

        def test_from_a_loop_of_ones_own(particle_device):
            async def main():
                await asyncio.sleep(0.01)
                particle_device.press("both", 3)
                return particle_device.mode

            assert asyncio.run(main()) == "dfu"
        """
    )
    suite.runpytest_subprocess().assert_outcomes(passed=1)


def test_suites_side_by_side(suite: pytest.Pytester) -> None:
    file = suite.makepyfile(SUITE)
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", str(file), f"--basetemp={suite.path / str(number)}"],
            cwd=suite.path,
            env=os.environ | {"HOME": str(suite.path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(2)
    ]
    for process in running:
        out, _ = process.communicate(timeout=60)
        assert "3 passed" in out, out


def test_a_failing_test_shows_its_world(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        def test_it(particle_world, particle_device):
            particle_device.press("both", 3)
            assert particle_world.run("usb", "start-listening", "nobody").ok
        """
    )
    result = suite.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*assert False*",
            "*where False = <particle usb start-listening nobody: exit code 1, *>.ok",
            "*Simulated Particle devices*",
            "*s have passed in the simulated world.",
            "  boron * (boron): dfu mode, blinking yellow",
            "$ particle usb start-listening nobody",
            "(exit code 1)",
        ]
    )


@pytest.mark.parametrize(
    ("marker", "said"),
    [
        ("scenario='nix'", "There is no scenario 'nix'. Ready are one-boron, drawer"),
        ("platform='nix'", "there is no platform 'nix'"),
        ("colour='red'", "unknown key 'colour'; known are platform, name"),
        ("faults='rust'", "There is no fault 'rust'."),
        ("device='red'", "device= names one of a scenario"),
        ("scenario='drawer', device='pink'", "There is no simulated device 'pink'."),
        ("scenario='drawer', platform='core'", "no device of platform 'core', but red (boron), green (p2)"),
        ("scenario='drawer', mode='dfu'", "mode= is for a new device"),
        ("'boron'", "takes keywords only"),
    ],
)
def test_a_wish_that_cannot_be_is_told_without_a_traceback(
    pytester: pytest.Pytester, marker: str, said: str
) -> None:
    pytester.makepyfile(
        f"""
        import pytest

        @pytest.mark.particle({marker})
        def test_it(particle_device):
            pass
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:asyncio")
    result.assert_outcomes(errors=1)
    output = result.stdout.str()
    assert said in output
    assert "Traceback" not in output
    assert "suite/asked.py" not in output


def test_the_marker_is_declared(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_inprocess("--markers", "-p", "no:asyncio")
    result.stdout.fnmatch_lines(["@pytest.mark.particle(scenario, device, platform, faults, *"])
    result = pytester.runpytest_inprocess("--fixtures", "-p", "no:asyncio")
    result.stdout.fnmatch_lines(["particle_world*", "*Simulated devices*", "particle_device*"])
