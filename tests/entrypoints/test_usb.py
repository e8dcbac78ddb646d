"""`particle usb …` on the devices of the embedded world."""

from __future__ import annotations

import pytest
from tests.entrypoints.conftest import Particle


@pytest.fixture
def devices(sim: Particle) -> dict[str, str]:
    """Three devices, and their ids by name."""
    added = [("boron", "red"), ("p2", "green"), ("photon", "blue")]
    return {
        name: str(sim("sim", "add", platform, "--name", name, "--json").data["id"])
        for platform, name in added
    }


def modes(sim: Particle) -> dict[str, str]:
    return {device["name"]: device["mode"] for device in sim("sim", "status", "--json").data}


def test_nothing_attached_is_no_error_of_the_list(sim: Particle) -> None:
    assert sim("usb", "list").out == "No devices found.\n"
    assert sim("usb", "list", "--json").data == []
    assert (sim("usb", "list", "--ids-only").code, sim("usb", "list", "--ids-only").out) == (0, "")


def test_devices_are_listed_by_name_with_their_modes(sim: Particle, devices: dict[str, str]) -> None:
    sim("usb", "dfu", "red")
    sim("usb", "start-listening", "blue")
    assert sim("usb", "list").out.splitlines() == [
        f"blue [{devices['blue']}] (Photon, LISTENING)",
        f"green [{devices['green']}] (Photon 2 / P2)",
        f"red [{devices['red']}] (Boron, DFU)",
    ]
    assert sim("usb", "list", "--json").data[2] == {
        "id": devices["red"],
        "name": "red",
        "platform": "boron",
        "platformId": 13,
        "mode": "dfu",
    }


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["red"], ["red"]),
        (["p2"], ["green"]),
        (["online"], ["blue", "green"]),
        (["offline"], ["red"]),
        (["nothing"], []),
        (["--exclude-dfu"], ["blue", "green"]),
    ],
)
def test_the_list_can_be_narrowed(
    sim: Particle, devices: dict[str, str], words: list[str], shown: list[str]
) -> None:
    sim("usb", "dfu", "red")
    assert [row["name"] for row in sim("usb", "list", *words, "--json").data] == shown
    ids = sim("usb", "list", *words, "--ids-only").out.split()
    assert sorted(ids) == sorted(devices[name] for name in shown)


def test_an_id_narrows_too(sim: Particle, devices: dict[str, str]) -> None:
    assert sim("usb", "list", devices["green"].upper(), "--ids-only").out == f"{devices['green']}\n"


def test_without_an_account_names_are_unknown(sim: Particle, devices: dict[str, str]) -> None:
    sim("config", "set", "access_token", "")
    ran = sim("usb", "list", "boron")
    assert (ran.code, ran.out, ran.err) == (0, f"<unknown> [{devices['red']}] (Boron)\n", "")


def test_with_a_token_that_is_worth_nothing_too(sim: Particle, devices: dict[str, str]) -> None:
    sim("config", "set", "access_token", "0" * 40)
    ran = sim("usb", "list", "boron")
    assert ran.out == f"<unknown> [{devices['red']}] (Boron)\n"
    assert "names" in ran.err


@pytest.mark.parametrize(
    ("command", "reached"), [("dfu", "dfu"), ("safe-mode", "safe"), ("start-listening", "listening")]
)
@pytest.mark.parametrize("name", ["red", "green", "blue"])
def test_a_device_is_taken_to_a_mode_and_back(
    sim: Particle, devices: dict[str, str], command: str, reached: str, name: str
) -> None:
    assert sim("usb", command, name).out == "Done.\n"
    assert modes(sim) == {**dict.fromkeys(devices, "normal"), name: reached}
    back = "stop-listening" if reached == "listening" else "reset"
    assert sim("usb", back, devices[name]).out == "Done.\n"
    assert modes(sim) == dict.fromkeys(devices, "normal")


def test_all_at_once(sim: Particle, devices: dict[str, str]) -> None:
    assert sim("usb", "dfu", "--all").out.count(": Done.\n") == 3
    assert set(modes(sim).values()) == {"dfu"}
    rows = sim("usb", "reset", "red", "--device", "blue", "--json").data
    assert [(row["id"], row["ok"]) for row in rows] == [(devices["red"], True), (devices["blue"], True)]
    assert modes(sim) == {"red": "normal", "green": "dfu", "blue": "normal"}


def test_a_device_in_dfu_mode_is_left_where_it_is(sim: Particle, devices: dict[str, str]) -> None:
    sim("usb", "dfu", "red")
    assert sim("usb", "dfu", "red").out == "Done.\n"
    assert modes(sim)["red"] == "dfu"


def test_what_one_cannot_do_stops_no_other(sim: Particle, devices: dict[str, str]) -> None:
    sim("usb", "dfu", "red")
    ran = sim("usb", "safe-mode", "--all")
    assert ran.code == 1
    assert ran.out.count(": Done.\n") == 2
    assert f"The device should not be in DFU mode: red [{devices['red']}] (Boron, DFU)" in ran.err
    assert "RESET" in ran.err
    assert modes(sim) == {"red": "dfu", "green": "safe", "blue": "safe"}
    ran = sim("usb", "safe-mode", "--all", "--json")
    assert ran.code == 1
    rows = {row["id"]: row for row in ran.document["data"]}
    assert [rows[devices[name]]["ok"] for name in ("red", "green", "blue")] == [False, True, True]
    assert rows[devices["red"]]["error"]["code"] == "wrong_mode"


def test_the_only_device_needs_no_name(sim: Particle) -> None:
    assert "No devices found" in sim("usb", "reset").err
    assert "No devices found" in sim("usb", "reset", "--all").err
    sim("sim", "add", "argon")
    assert sim("usb", "reset").out == "Done.\n"
    sim("sim", "add", "argon")
    ran = sim("usb", "reset")
    assert ran.code == 1
    assert "multiple devices" in ran.err


@pytest.mark.parametrize(("word", "code"), [("nobody", "device_unknown"), ("0" * 24, "device_not_attached")])
def test_a_device_that_is_not_there_is_named(
    sim: Particle, devices: dict[str, str], word: str, code: str
) -> None:
    ran = sim("usb", "dfu", word, "--json")
    assert ran.code == 1
    assert ran.document["error"]["code"] == code
    assert word in ran.document["error"]["message"]
    assert set(modes(sim).values()) == {"normal"}
