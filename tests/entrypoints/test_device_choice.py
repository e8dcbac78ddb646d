"""Which device a command is for: named, the only one, or chosen by a person."""

from __future__ import annotations

import pytest
from tests.entrypoints.conftest import Particle

ASK = ("usb", "cloud-status")  # the smallest command for one device


@pytest.fixture
def drawer(sim: Particle) -> dict[str, str]:
    """Four devices by name, each in another mode; and their ids."""
    added = (
        ("red", "boron"),
        ("green", "p2", "--mode", "dfu"),
        ("blue", "photon", "--mode", "listening"),
        ("white", "argon", "--protected"),
    )
    return {
        name: str(sim("sim", "add", platform, "--name", name, *flags, "--json").data["id"])
        for name, platform, *flags in added
    }


def choices(text: str) -> list[str]:
    """The choices that were shown, without their numbers."""
    lines = (line.strip().partition(") ") for line in text.splitlines())
    return [rest for number, _, rest in lines if number.isdecimal()]


def test_a_person_chooses_by_name_and_mode(sim: Particle, drawer: dict[str, str]) -> None:
    rows = {
        drawer["red"]: f"red [{drawer['red']}] (Boron)",
        drawer["green"]: f"green [{drawer['green']}] (Photon 2 / P2, DFU)",
        drawer["blue"]: f"blue [{drawer['blue']}] (Photon, LISTENING)",
        drawer["white"]: f"white [{drawer['white']}] (Argon, PROTECTED)",
    }
    in_order = [rows[number] for number in sorted(rows)]
    place = in_order.index(rows[drawer["red"]]) + 1
    ran = sim("flash", "--local", "tinker", "--dry-run", "--interactive", typed=f"{place}\n")
    assert ran.code == 0, ran
    assert "Which device would you like to select?" in ran.err
    assert choices(ran.err) == in_order
    assert f"Plan for boron {drawer['red']}" in ran.out


def test_only_devices_in_the_mode_needed_are_offered(sim: Particle, drawer: dict[str, str]) -> None:
    sim("sim", "unplug", "white")
    ran = sim(*ASK, "--interactive", typed="0\nx\n\n2\n")
    assert ran.code == 0
    shown = choices(ran.err)
    assert sorted(row.split()[0] for row in shown) == ["blue", "red"]
    assert ran.out == ("disconnected\n" if shown[1].startswith("blue") else "connected\n")
    sim("sim", "unplug", "blue")
    assert sim(*ASK).out == "connected\n"  # the only one left that would do


def test_names_may_be_unknown(sim: Particle, drawer: dict[str, str]) -> None:
    sim("config", "set", "access_token", "")
    ran = sim(*ASK, "--interactive", typed="1\n")
    assert [row.split()[0] for row in choices(ran.err)] == ["<unknown>"] * 3
    assert "login" not in ran.err
    sim("config", "set", "access_token", "0" * 40)
    ran = sim(*ASK, "--interactive", typed="1\n")
    assert [row.split()[0] for row in choices(ran.err)] == ["<unknown>"] * 3
    assert "The names of the devices are not known" in ran.err


def test_nobody_is_asked_in_a_script(sim: Particle, drawer: dict[str, str]) -> None:
    for words in (ASK, (*ASK, "--json"), (*ASK, "--interactive", "--non-interactive")):
        ran = sim(*words, typed="1\n")
        assert ran.code == 2
        said = ran.out + ran.err
        assert "Multiple devices found. Connect only one device when running in non-interactive mode." in said
        assert "--device" in said
        assert drawer["red"] in said
        assert drawer["green"] not in said  # in DFU mode, it would not do
        assert "Which device" not in said


def test_an_answer_that_never_comes(sim: Particle, drawer: dict[str, str]) -> None:
    ran = sim(*ASK, "--interactive", typed="")
    assert ran.code == 2
    assert "--device" in ran.err


def test_none_would_do(sim: Particle) -> None:
    ran = sim(*ASK)
    assert (ran.code, "No devices found" in ran.err, "Connect a device to USB" in ran.err) == (1, True, True)
    sim("sim", "add", "boron")
    sim("usb", "dfu")
    ran = sim(*ASK)
    assert (ran.code, "No devices found" in ran.err, "RESET" in ran.err) == (1, True, True)


def test_a_device_that_is_not_there(sim: Particle, drawer: dict[str, str]) -> None:
    ran = sim(*ASK, "nobody")
    assert (ran.code, "Device not found: nobody" in ran.err) == (1, True)
    sim("sim", "unplug", "red")
    for word in ("red", drawer["red"]):
        ran = sim(*ASK, word)
        assert ran.code == 1
        assert f"{drawer['red']}" in ran.err
        assert "is not attached" in ran.err
