"""`particle sim break`, `repair` and `set`: every fault acts in later commands, until it is repaired."""

from __future__ import annotations

from typing import Any

import pytest
from tests.entrypoints.conftest import Particle


@pytest.fixture
def red(sim: Particle) -> Particle:
    """The command line, with a Boron named `red` in its world."""
    assert sim("sim", "add", "boron", "--name", "red").code == 0
    return sim


def status(sim: Particle) -> Any:
    return sim("sim", "status", "red", "--json").data[0]


def flash_tinker(sim: Particle) -> Any:
    return sim("flash", "--local", "tinker")


def test_faults_are_told_kept_and_repaired(red: Particle) -> None:
    ran = red("sim", "break", "red", "drop", "every", "200", "slow-flash")
    assert ran.code == 0
    assert ran.out.startswith("Broke red [e00fce68")
    assert ": drop every 200, slow-flash 10\n" in ran.out
    assert status(red)["faults"] == ["drop every 200", "slow-flash 10"]
    assert "  broken: drop every 200, slow-flash 10\n" in red("sim", "status").out
    assert red("sim", "break", "red", "slow-flash", "--json").data["faults"] == status(red)["faults"]
    repaired = red("sim", "repair", "red", "--json").data
    assert repaired["repaired"] == ["drop every 200", "slow-flash 10"]
    assert repaired["faults"] == status(red)["faults"] == []
    assert "nothing was broken" in red("sim", "repair", "red").out


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("drop at 60", "has left the USB bus"),
        ("unplug at 60", "is not on the USB bus any more"),
        ("stall every 7", "refuses with a stall"),
        ("power-cut at 3", "has left the USB bus"),
    ],
)
def test_a_flash_that_meets_a_bad_fault_tells_it_and_works_after_the_repair(
    red: Particle, fault: str, said: str
) -> None:
    red("sim", "break", "red", *fault.split())
    ran = flash_tinker(red)
    assert ran.code == 1
    assert said in ran.err
    red("sim", "repair", "red")
    red("sim", "plug", "red")
    assert flash_tinker(red).code == 0
    assert status(red)["mode"] == "normal"


@pytest.mark.parametrize("fault", ["lose-request every 20", "lose-reply every 97", "slow-flash 50"])
def test_a_flash_gets_over_lighter_faults(red: Particle, fault: str) -> None:
    red("sim", "break", "red", *fault.split())
    assert flash_tinker(red).code == 0
    assert status(red)["mode"] == "normal"


def test_a_power_cut_is_over_when_it_has_struck(red: Particle) -> None:
    red("sim", "break", "red", "power-cut")
    assert red("usb", "list").code == 0
    assert status(red)["faults"] == ["power-cut at 1"]
    assert flash_tinker(red).code == 1
    assert status(red)["faults"] == []
    assert flash_tinker(red).code == 0


def test_other_faults_strike_in_every_command(red: Particle) -> None:
    red("sim", "break", "red", "drop", "at", "30")
    assert [flash_tinker(red).code for _ in range(2)] == [1, 1]


def test_a_device_with_a_bad_cable_disturbs_no_other(red: Particle) -> None:
    red("sim", "add", "boron", "--name", "blue")
    red("sim", "break", "red", "unplug", "at", "1")
    listed = red("usb", "list", "--json").data
    assert {one["name"]: one["mode"] for one in listed}["blue"] == "normal"
    assert red("flash", "--local", "--device", "blue", "tinker").code == 0


def test_without_a_network_a_device_is_offline_whatever_it_does(red: Particle) -> None:
    assert not red("sim", "break", "red", "no-network", "--json").data["online"]
    assert not red("sim", "press", "red", "reset", "--json").data["online"]
    assert red("sim", "repair", "red", "--json").data["online"]


def test_without_a_sim_a_device_is_offline(red: Particle) -> None:
    assert not red("sim", "break", "red", "no-sim", "--json").data["online"]
    assert red("sim", "repair", "red", "--json").data["online"]


def test_damage_is_healed_by_flashing_or_by_repair(red: Particle) -> None:
    broken = red("sim", "break", "red", "damage", "application", "--json").data
    assert broken["mode"] == "safe"
    failing = [one["function"] for one in broken["modules"] if not one["checks"]["integrity"]]
    assert failing == ["user_part"]
    assert flash_tinker(red).code == 0
    healed = status(red)
    assert (healed["mode"], healed["faults"]) == ("normal", [])
    red("sim", "break", "red", "damage", "system_part1")
    assert status(red)["mode"] == "dfu"
    assert red("sim", "repair", "red", "--json").data["mode"] == "normal"


@pytest.mark.parametrize(
    ("words", "said", "advised"),
    [
        (("rust",), "There is no fault 'rust'.", "Known are: stall"),
        (("drop",), "Write 'drop at N'", "Known are: stall"),
        (
            ("damage", "ncp"),
            "has no module 'ncp'",
            "It has: bootloader, system-part1, application, radio-stack.",
        ),
    ],
)
def test_what_cannot_break_is_told(red: Particle, words: tuple[str, ...], said: str, advised: str) -> None:
    ran = red("sim", "break", "red", *words)
    assert ran.code == 2
    assert said in ran.err
    assert advised in ran.err
    assert status(red)["faults"] == []


# -- sim set -----------------------------------------------------------------------------------------------

SOURCE = """
int number = 1;
double measured = 1.5;
bool on = false;
String text = "a";
void setup() {
    Particle.variable("number", number);
    Particle.variable("measured", measured);
    Particle.variable("on", on);
    Particle.variable("text", text);
}
void loop() {}
"""


@pytest.fixture
def measuring(sim: Particle, tmp_path: Any) -> Particle:
    """The command line, with a Boron named `red` that offers a variable of each type."""
    source = tmp_path / "measuring.ino"
    source.write_text(SOURCE)
    assert sim("sim", "add", "boron", "--name", "red", "--application", str(source)).code == 0
    return sim


@pytest.mark.parametrize(
    ("name", "word", "read"),
    [("number", "-7", "-7"), ("measured", "21.5", "21.5"), ("on", "true", "true"), ("text", "b c", "b c")],
)
def test_a_variable_is_set_and_read(measuring: Particle, name: str, word: str, read: str) -> None:
    assert measuring("sim", "set", "red", name, word).code == 0
    assert measuring("get", "red", name).out == f"{read}\n"


def test_a_variable_begins_anew_after_a_reset(measuring: Particle) -> None:
    measuring("sim", "set", "red", "number", "5")
    measuring("sim", "press", "red", "reset")
    assert measuring("get", "red", "number").out == "1\n"


@pytest.mark.parametrize(
    ("name", "word", "code", "said"),
    [
        ("height", "1", 1, "It offers: number, measured, on, text."),
        ("number", "much", 2, "'much' is no value for a variable of type int."),
        ("on", "1", 2, "no value for a variable of type bool"),
    ],
)
def test_a_value_that_cannot_be_is_refused(
    measuring: Particle, name: str, word: str, code: int, said: str
) -> None:
    ran = measuring("sim", "set", "red", name, word)
    assert ran.code == code
    assert said in ran.err
