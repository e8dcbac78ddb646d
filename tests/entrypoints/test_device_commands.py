"""`device add|rename|remove`, `nyan`, `function list` and `variable list` in the embedded world."""

from __future__ import annotations

import pytest
from tests.entrypoints.conftest import Particle


@pytest.fixture
def red(sim: Particle) -> str:
    """The id of a device that is called red."""
    number: str = sim("sim", "add", "boron", "--name", "red", "--json").data["id"]
    return number


def test_a_device_gets_another_name(sim: Particle, red: str) -> None:
    ran = sim("device", "rename", "red", "my device")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "Renaming device red\nSuccessfully renamed device red to: my device\n"
    assert sim("list", "--json").data[0]["name"] == "my device"
    assert sim("cloud", "name", red, "red", "--json").data == {"device": red, "name": "red"}
    ran = sim("device", "rename", "nosuch", "x")
    assert ran.code == 1
    assert "Device not found" in ran.err


def test_a_device_is_released_and_claimed_again(sim: Particle, red: str) -> None:
    ran = sim("device", "remove", "red", "--yes")
    assert (ran.code, ran.out) == (0, "releasing device red\nOkay!\n")
    assert "SIM card" in ran.err
    assert sim("list").out == "No devices found.\n"
    ran = sim("device", "add", red)
    assert (ran.code, ran.out) == (0, f"Claiming device {red}\nSuccessfully claimed device {red}\n")
    assert sim("list", "--json").data[0]["id"] == red
    assert sim("cloud", "claim", red, "--json").data == {"id": red, "claimed": True, "transferId": None}


def test_a_device_is_released_only_on_demand(sim: Particle, red: str) -> None:
    assert sim("device", "remove", "red").code == 2  # nobody is there to be asked
    ran = sim("device", "remove", "red", "--interactive", typed="no\n")
    assert ran.code == 1
    assert "Not confirmed" in ran.err
    assert sim("list", "--json").data[0]["id"] == red
    assert sim("device", "remove", "red", "--interactive", typed="yes\n").code == 0


def test_what_cannot_be_claimed_is_told(sim: Particle, red: str) -> None:
    assert sim("device", "add", "red").code == 2
    ran = sim("device", "add", "0" * 24)
    assert ran.code == 1
    assert "Failed to claim device: device not found" in ran.err
    sim("device", "remove", "red", "--yes")
    sim("sim", "unplug", red)
    ran = sim("device", "add", red)
    assert ran.code == 1
    assert "isn't online" in ran.err


def test_devices_signal_and_nothing_is_printed(sim: Particle, red: str) -> None:
    sim("sim", "add", "argon", "--name", "blue")
    for words in (("nyan",), ("nyan", "off"), ("nyan", "red", "on"), ("nyan", "all", "off"), ("nyan", "red")):
        ran = sim(*words)
        assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert sim("nyan", "red", "perhaps").code == 2
    assert [one["signaling"] for one in sim("nyan", "--json").data] == [True, True]
    sim("sim", "unplug", "red")
    ran = sim("nyan", "red")
    assert ran.code == 1
    assert "didn't hear back" in ran.err


def test_what_devices_offer_is_listed(sim: Particle, red: str) -> None:
    ran = sim("function", "list")
    assert ran.out.startswith(f"red [{red}] (Boron) is online\n  Functions:\n")
    assert ran.err.startswith("polling server to see what devices are online, and what functions")
    assert sim("variable", "list").out == f"red [{red}] (Boron) is online\n"
