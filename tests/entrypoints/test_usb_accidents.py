"""`particle usb …` with several devices, one of which cannot do it: the others are done, and all is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.entrypoints.conftest import Particle
from tests.entrypoints.drawer import found_changed, unplug_at_reset

from particle_cli.ports.usb import AttachedDevice, UsbAccessDenied, UsbHandle
from particle_cli.simulators.cloud.state import FIRST_PASSWORD, FIRST_USER
from particle_cli.simulators.world import World

HINT = "particle flash --local tinker --target VERSION"
SWITCHES = ("dfu", "reset", "safe-mode", "start-listening", "stop-listening")


def add(sim: Particle, platform: str, name: str, *flags: str) -> str:
    """Add a device and return its id."""
    return str(sim("sim", "add", platform, "--name", name, *flags, "--json").data["id"])


@pytest.fixture
def pair(sim: Particle) -> dict[str, str]:
    """Two Borons by name."""
    return {name: add(sim, "boron", name) for name in ("red", "blue")}


def modes(sim: Particle) -> dict[str, str]:
    return {device["name"]: device["mode"] for device in sim("sim", "status", "--json").data}


def test_what_becomes_of_each_is_told_by_name(sim: Particle, pair: dict[str, str]) -> None:
    ran = sim("usb", "reset", "--all")
    assert (ran.code, ran.err) == (0, "")
    assert sorted(ran.out.splitlines()) == sorted(f"{name} [{pair[name]}] (Boron): Done." for name in pair)


def test_names_are_left_out_where_nobody_is_logged_in(sim: Particle, pair: dict[str, str]) -> None:
    sim("config", "set", "access_token", "")
    ran = sim("usb", "reset", pair["blue"], "--device", pair["red"])
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [f"[{pair[name]}] (Boron): Done." for name in ("blue", "red")]
    ran = sim("usb", "reset", "blue")
    assert ran.code == 1
    assert "particle login" in ran.err


def test_a_device_given_twice_is_done_once(sim: Particle, pair: dict[str, str]) -> None:
    assert sim("usb", "reset", "red", pair["red"].upper()).out == "Done.\n"


def test_one_that_is_not_there_stops_no_other(sim: Particle, pair: dict[str, str]) -> None:
    nobody = "0" * 24
    ran = sim("usb", "dfu", "red", "green", nobody)
    assert ran.code == 1
    assert ran.out == f"red [{pair['red']}] (Boron): Done.\n"
    assert "Device not found: green" in ran.err
    assert f"Device {nobody} is not attached by USB." in ran.err
    assert modes(sim) == {"red": "dfu", "blue": "normal"}
    rows = sim("usb", "reset", nobody, "green", "red", "--json").document["data"]
    assert [(row["id"], row["ok"]) for row in rows] == [(nobody, False), (None, False), (pair["red"], True)]
    assert rows[1]["device"] == "green"
    assert rows[1]["error"]["code"] == "device_unknown"


@pytest.fixture
def unplugged_on_the_way(sim: Particle, pair: dict[str, str]) -> Iterator[None]:
    with found_changed(lambda world: unplug_at_reset(world, "red")):
        yield


@pytest.mark.usefixtures("unplugged_on_the_way")
@pytest.mark.parametrize("command", ["dfu", "reset", "safe-mode"])
def test_one_that_is_unplugged_meanwhile(sim: Particle, pair: dict[str, str], command: str) -> None:
    ran = sim("usb", command, "--all")
    assert ran.code == 1
    assert ran.out == f"blue [{pair['blue']}] (Boron): Done.\n"
    assert f"Device {pair['red']} left the USB bus" in ran.err


@pytest.mark.usefixtures("unplugged_on_the_way")
def test_one_that_is_unplugged_meanwhile_in_json(sim: Particle, pair: dict[str, str]) -> None:
    ran = sim("usb", "reset", "red", "blue", "--json")
    assert ran.code == 1
    red, blue = ran.document["data"]
    assert (red["id"], red["ok"], red["error"]["code"]) == (pair["red"], False, "device_lost")
    assert blue == {"id": pair["blue"], "platform": "boron", "platformId": 13, "ok": True}


def test_one_that_is_protected(sim: Particle, pair: dict[str, str]) -> None:
    """Without the cloud nothing can be had of it but a reset."""
    number = add(sim, "p2", "green", "--protected")
    sim("logout")
    for command in SWITCHES:
        ran = sim("usb", command, number, pair["blue"])
        if command == "reset":
            assert ran.code == 0
            continue
        assert (ran.code, ran.out) == (1, f"[{pair['blue']}] (Boron): Done.\n")
        assert f"{number} is a Protected Device, and could not be put into service mode" in ran.err
        assert "particle login" in ran.err
    assert sim("login", "-u", FIRST_USER, "-p", FIRST_PASSWORD).code == 0
    rows = sim("usb", "list", "--json").data
    assert {row["name"]: row["mode"] for row in rows}["green"] == "protected"
    assert f"green [{number}] (Photon 2 / P2, PROTECTED)" in sim("usb", "list").out


def test_those_with_old_firmware_are_sent_to_an_update(sim: Particle) -> None:
    photon = add(sim, "photon", "red", "--device-os", "0.7.0")
    boron = add(sim, "boron", "blue", "--device-os", "0.8.0-rc.25")
    sim("sim", "add", "core", "--name", "core")
    sim("sim", "add", "argon", "--name", "green")
    for command in (*SWITCHES, "env", "network-interfaces", "setup-done"):
        ran = sim("usb", command, "red", "blue", "core")
        assert ran.code == 1, (command, ran)
        assert command == "setup-done" or f"Device {photon} runs Device OS 0.7.0" in ran.err
        assert f"Device {boron} runs Device OS 0.8.0-rc.25" in ran.err
        assert command == "setup-done" or "is a Core" in ran.err
        assert HINT in ran.err
    for command in SWITCHES:
        rows = sim("usb", command, "--all", "--json").document["data"]
        assert [row["ok"] for row in rows if row["platform"] == "argon"] == [True]
        assert {row["error"]["code"] for row in rows if not row["ok"]} == {"device_os_too_old"}


def test_what_would_be_done_is_told_and_not_done(sim: Particle, pair: dict[str, str]) -> None:
    sim("usb", "dfu", "blue")
    planned = {
        "dfu": "Would put the device into DFU mode.",
        "reset": "Would restart the device.",
        "safe-mode": "Would put the device into safe mode.",
        "start-listening": "Would put the device into listening mode.",
        "stop-listening": "Would let the device leave listening mode.",
        "setup-done": "Would set the setup done flag, if it has one.",
    }
    for command, said in planned.items():
        assert sim("usb", command, "red", "--dry-run").out == said + "\n"
    assert sim("usb", "dfu", "blue", "--dry-run").out == "Would leave the device in DFU mode.\n"
    (row,) = sim("usb", "reset", "blue", "--dry-run", "--json").data
    assert (row["ok"], row["dryRun"], row["would"]) == (True, True, "restart the device")
    ran = sim("usb", "safe-mode", "--all", "--dry-run")
    assert (ran.code, "Would" in ran.out, "should not be in DFU mode" in ran.err) == (1, True, True)
    assert modes(sim) == {"red": "normal", "blue": "dfu"}


def test_the_flag_of_devices_that_have_none_is_left_alone(sim: Particle, pair: dict[str, str]) -> None:
    sim("usb", "listen", "red")
    ran = sim("usb", "setup-done", "red")
    assert (ran.code, ran.out) == (0, "Nothing was changed: Device OS 6.2.0 has no setup done flag.\n")
    assert modes(sim)["red"] == "listening"
    photon = sim("sim", "add", "photon", "--json").data["id"]
    (row,) = sim("usb", "setup-done", photon, "--reset", "--json").data
    assert (row["ok"], row["changed"]) == (True, False)


def test_the_flag_of_an_old_device_is_set_and_cleared(sim: Particle) -> None:
    add(sim, "boron", "old", "--device-os", "1.5.2")
    assert sim("usb", "setup-done", "--reset").out == "Done.\n"
    assert modes(sim) == {"old": "listening"}
    (row,) = sim("usb", "setup-done", "--json").data
    assert (row["ok"], row["changed"]) == (True, True)
    assert modes(sim) == {"old": "normal"}


def test_one_that_this_user_may_not_open(sim: Particle, pair: dict[str, str]) -> None:
    def deny(world: World) -> None:
        allowed = world.bus.open

        async def opened(device: AttachedDevice) -> UsbHandle:
            if device.serial == pair["red"]:
                raise UsbAccessDenied(
                    "Missing permissions to access the USB device.", next_step="particle usb configure"
                )
            return await allowed(device)

        world.bus.open = opened  # type: ignore[method-assign]

    with found_changed(deny):
        for command in (*SWITCHES, "network-interfaces"):
            ran = sim("usb", command, "--all")
            assert (ran.code, pair["blue"] in ran.out, pair["red"] in ran.out) == (1, True, False)
            assert "Missing permissions to access the USB device" in ran.err
            assert pair["red"] in ran.err
            assert "particle usb configure" in ran.err
        ran = sim("usb", "list")
        assert (ran.code, len(ran.out.splitlines())) == (0, 2)
        assert "Missing permissions" in ran.err
        (red,) = sim("usb", "reset", "red", "--json").document["data"]
        assert red["error"]["code"] == "usb_access_denied"
