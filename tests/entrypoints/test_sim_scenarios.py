"""`particle sim scenarios` and `load`, and that every ready scenario is what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.entrypoints.conftest import Particle

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.control.module_info import module_info
from particle_cli.domain.devices.opening import control_channel
from particle_cli.domain.devices.roll_call import attached_devices
from particle_cli.domain.errors import DeviceProtected
from particle_cli.simulators.scenario import gallery
from particle_cli.simulators.scenario.cable import Cable
from particle_cli.simulators.scenario.gallery import GALLERY, gallery_description, gallery_text
from particle_cli.simulators.scenario.reading import read_scenario
from particle_cli.simulators.world import World


def status(sim: Particle, *words: str) -> list[Any]:
    found: list[Any] = sim("sim", "status", *words, "--json").data
    return found


def load(sim: Particle, name: str) -> list[Any]:
    devices: list[Any] = sim("sim", "load", name, "--yes", "--json").data["devices"]
    return devices


# -- the gallery -------------------------------------------------------------------------------------------


def test_the_gallery_is_what_lies_in_the_package() -> None:
    folder = Path(gallery.__file__).parent / "ready"
    assert {path.stem for path in folder.glob("*.toml")} == set(GALLERY)


def test_the_gallery_is_listed(sim: Particle) -> None:
    lines = sim("sim", "scenarios").out.splitlines()
    assert [line.split()[0] for line in lines] == list(GALLERY)
    listed = sim("sim", "scenarios", "--json").data
    assert listed == [{"name": name, "description": gallery_description(name)} for name in GALLERY]


@pytest.mark.parametrize("name", GALLERY)
def test_a_ready_scenario_can_be_printed_and_loaded_as_ones_own(sim: Particle, name: str) -> None:
    text = sim("sim", "scenarios", name).out
    assert text.encode() == gallery_text(name)
    Path("mine.toml").write_text(text)
    own = load(sim, "mine.toml")
    assert load(sim, name) == own == status(sim)


def test_one_boron_is_online_and_can_be_called(sim: Particle) -> None:
    (boron,) = load(sim, "one-boron")
    assert (boron["platform"], boron["mode"], boron["online"]) == ("boron", "normal", True)
    assert sim("call", "boron", "digitalRead", "D7", "--json").data["returnValue"] == 1


def test_the_drawer_has_five_kinds_of_devices_in_five_conditions(sim: Particle) -> None:
    devices = load(sim, "drawer")
    assert {one["name"]: (one["platform"], one["mode"]) for one in devices} == {
        "red": ("boron", "normal"),
        "green": ("p2", "normal"),
        "blue": ("argon", "listening"),
        "yellow": ("photon", "dfu"),
        "white": ("msom", "off"),
    }
    assert {one["name"]: one["mode"] for one in sim("usb", "list", "--json").data} == {
        "red": "normal",
        "green": "normal",
        "blue": "listening",
        "yellow": "dfu",
    }
    assert sim("get", "green", "brightness").out == "50\n"


def test_the_protected_p2_refuses_whoever_has_not_the_clouds_word(sim: Particle) -> None:
    (vault,) = load(sim, "protected-p2")
    assert vault["online"]
    (listed,) = sim("usb", "list", "--json").data
    assert listed["mode"] == "protected"
    assert sim("usb", "start-listening", "vault").code == 0
    sim("logout")
    ran = sim("flash", "--usb", "tinker", "--json")
    assert ran.code == 1
    assert ran.document["error"]["code"] == "service_mode_refused"
    assert sim("usb", "dfu").code == 1


async def test_a_protected_device_tells_nothing_of_its_modules() -> None:
    clock = LoopClock()
    world = World(clock)
    await world.populate(read_scenario(gallery_text("protected-p2"), "protected-p2"))
    (found,) = await attached_devices(world.bus)
    async with control_channel(world.bus, clock, found) as channel:
        with pytest.raises(DeviceProtected, match="GET_MODULE_INFO"):
            await module_info(channel)


def test_the_old_photon_is_from_before_control_requests(sim: Particle) -> None:
    (veteran,) = load(sim, "old-photon")
    assert veteran["deviceOs"] == "0.7.0"
    ran = sim("usb", "dfu", "veteran")
    assert ran.code == 1
    assert "0.7.0" in ran.err
    sim("sim", "press", "veteran", "both", "--seconds", "3")
    assert sim("flash", "--local", "--target", "3.3.1", "tinker").code == 0
    (updated,) = status(sim)
    assert (updated["deviceOs"], updated["mode"]) == ("3.3.1", "normal")


def test_the_device_in_safe_mode_is_healed_by_the_part_that_it_misses(sim: Particle) -> None:
    (stranded,) = load(sim, "safe-mode")
    assert (stranded["mode"], stranded["led"]) == ("safe", "breathing magenta")
    failing = [one["function"] for one in stranded["modules"] if not one["checks"]["dependencies"]]
    assert failing == ["user_part"]
    ran = sim("flash", "--local", "--target", "6.2.0", "tinker")
    assert ran.code == 0
    (healed,) = status(sim)
    assert (healed["mode"], healed["deviceOs"]) == ("normal", "6.2.0")
    assert all(module["valid"] for module in healed["modules"])


def test_only_the_missing_part_is_needed_to_run_the_application_again(sim: Particle) -> None:
    load(sim, "safe-mode")
    assert sim("get", "stranded", "temperature").code == 1
    assert sim("flash", "--local", "--target", "6.2.0", "tinker").code == 0
    for name in ("argon-bootloader", "argon-system-part1"):
        assert list(Path.home().glob(f".particle/**/{name}@6.2.0.bin")), name
    load(sim, "safe-mode")
    parts = [
        str(next(Path.home().glob(f".particle/**/{name}@6.2.0.bin")))
        for name in ("argon-bootloader", "argon-system-part1")
    ]
    ran = sim("flash", "--local", *parts)
    assert ran.code == 0, ran
    assert sim("get", "stranded", "temperature").out == "21.5\n"


def test_a_flash_over_the_flaky_cable_meets_faults_and_ends_well(
    sim: Particle, monkeypatch: pytest.MonkeyPatch
) -> None:
    struck: list[object] = []
    ask = Cable.next_fault

    def counted(cable: Cable, setup: Any) -> Any:
        fault = ask(cable, setup)
        struck.extend([fault] if fault else [])
        return fault

    monkeypatch.setattr(Cable, "next_fault", counted)
    (shaky,) = load(sim, "flaky-cable")
    assert shaky["faults"] == ["lose-reply every 23"]
    assert sim("flash", "--local", "tinker").code == 0
    assert len(struck) >= 3
    (after,) = status(sim)
    assert after["mode"] == "normal"
    assert all(module["valid"] for module in after["modules"])


# -- sim load ----------------------------------------------------------------------------------------------


def test_loading_is_told_in_text(sim: Particle) -> None:
    out = sim("sim", "load", "one-boron").out
    assert out == (
        "Loaded one-boron: One Boron, fresh from the factory, claimed and online\n"
        "  boron [e00fce6881c2e7b9a5114a8a] (Boron): normal mode, breathing cyan\n"
    )


def test_a_world_with_devices_is_replaced_only_when_somebody_says_so(sim: Particle) -> None:
    sim("sim", "add", "p2")
    ran = sim("sim", "load", "one-boron")
    assert ran.code == 2
    assert "--yes" in ran.err
    assert sim("sim", "load", "one-boron", "--interactive", typed="n\n").code == 1
    assert [one["platform"] for one in status(sim)] == ["p2"]
    assert sim("sim", "load", "one-boron", "--interactive", typed="y\n").code == 0
    assert [one["platform"] for one in status(sim)] == ["boron"]


def test_a_scenario_that_cannot_be_leaves_the_world_as_it_was(sim: Particle) -> None:
    sim("sim", "add", "p2")
    before = status(sim)
    Path("bad.toml").write_text("[[device]]\nplatform = 'photon'\nprotected = true\n")
    Path("wrong.toml").write_text("[[device]]\nplatfrom = 'photon'\n")
    for word, said in (
        ("bad.toml", "cannot be protected"),
        ("wrong.toml", "unknown key 'platfrom'"),
        ("gone.toml", "gone.toml"),
        ("mine", "There is no scenario 'mine'."),
    ):
        ran = sim("sim", "load", word, "--yes")
        assert ran.code in (1, 2)
        assert said in ran.err
        assert status(sim) == before
    assert sim("sim", "scenarios", "mine").code == 2


def test_paths_in_a_scenario_begin_where_it_lies(sim: Particle) -> None:
    folder = Path("worlds/blink")
    folder.mkdir(parents=True)
    (folder / "blink.ino").write_text(
        'int x = 4;\nvoid setup() { Particle.variable("x", x); }\nvoid loop() {}\n'
    )
    Path("worlds/mine.toml").write_text("[[device]]\nplatform = 'boron'\napplication = 'blink'\n")
    load(sim, "worlds/mine.toml")
    assert sim("get", "boron", "x").out == "4\n"


def test_a_scenario_can_come_through_a_pipe(sim: Particle) -> None:
    assert sim("sim", "load", "-", "--yes", typed="[[device]]\nplatform = 'p2'\n").code == 0
    assert [one["platform"] for one in status(sim)] == ["p2"]


# -- sim add -----------------------------------------------------------------------------------------------


def test_a_device_is_added_as_it_is_wanted(sim: Particle) -> None:
    Path("app.ino").write_text("void setup() {}\nvoid loop() {}\n")
    words = ("--name", "red", "--device-os", "6.1.0", "--application", "app.ino", "--mode", "listening")
    added = sim("sim", "add", "p2", *words, "--protected", "--id", "0a10aced202194944a000001", "--json").data
    assert (added["name"], added["deviceOs"], added["mode"]) == ("red", "6.1.0", "listening")
    assert added["id"] == "0a10aced202194944a000001"
    nobodys = sim("sim", "add", "boron", "--unclaimed", "--json").data
    assert nobodys["name"] is None
    assert len(sim("list", "--json").data) == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("boron", "--device-os", "9.0.0"), 2, "There is no Device OS 9.0.0 for a Boron."),
        (("boron", "--id", "7"), 2, "a device id is 24 hexadecimal digits"),
        (("boron", "--mode", "on"), 2, "--mode"),
        (("boron", "--application", "gone.bin"), 1, "gone.bin"),
        (("xenon-x",), 2, "There is no platform 'xenon-x'."),
    ],
)
def test_a_device_that_cannot_be_is_not_added(
    sim: Particle, words: tuple[str, ...], code: int, said: str
) -> None:
    ran = sim("sim", "add", *words)
    assert ran.code == code
    assert said in ran.err
    assert status(sim) == []
