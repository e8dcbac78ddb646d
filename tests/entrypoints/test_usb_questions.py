"""`particle usb network-interfaces|env|send-request`: what devices answer, several at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.entrypoints.conftest import Particle
from tests.entrypoints.drawer import found_changed

from particle_cli.simulators.control import requests
from particle_cli.simulators.world import World

ENV_VERSION = 6400  # Device OS 6.4.0, the first with environment variables


def add(sim: Particle, platform: str, name: str, *flags: str) -> str:
    """Add a device and return its id."""
    return str(sim("sim", "add", platform, "--name", name, *flags, "--json").data["id"])


class TestInterfaces:
    def test_they_are_told_as_ifconfig_does(self, sim: Particle) -> None:
        number = add(sim, "argon", "red")
        (row,) = sim("usb", "network-interfaces", "--json").data
        assert (row["id"], row["ok"]) == (number, True)
        wifi = next(one for one in row["interfaces"] if one["type"] == "WIFI")
        address = wifi["ipv4"][0].partition("/")[0]
        assert "LOWER_UP" in wifi["flags"]
        lines = sim("usb", "network-interfaces", "red").out.splitlines()
        assert lines[0] == f"Device ID: {number} (Argon)"
        at = next(place for place, line in enumerate(lines) if line.startswith(f"\t{wifi['name']}(WIFI): "))
        assert lines[at] == (
            f"\t{wifi['name']}(WIFI): flags={wifi['flagsValue']}<{','.join(wifi['flags'])}> mtu {wifi['mtu']}"
        )
        assert lines[at + 1] == f"\t\tinet {address} netmask 255.255.255.0"
        assert f"\t\tether {wifi['hwAddress']}" in lines[at:]

    def test_one_that_has_none_to_tell_stops_no_other(self, sim: Particle) -> None:
        photon, boron = add(sim, "photon", "red"), add(sim, "boron", "blue")
        ran = sim("usb", "network-interfaces", "red", "blue")
        assert ran.code == 1
        assert ran.out.startswith(f"Device ID: {boron} (Boron)\n")
        assert f"Error getting network interfaces (Photon / {photon}): " in ran.err
        assert "Not supported" in ran.err
        rows = sim("usb", "network-interfaces", "--all", "--json").document["data"]
        assert {row["platform"]: row["ok"] for row in rows} == {"photon": False, "boron": True}

    def test_one_in_dfu_mode(self, sim: Particle) -> None:
        add(sim, "boron", "red", "--mode", "dfu")
        for words in ((), ("red",), ("--all",)):
            ran = sim("usb", "network-interfaces", *words)
            assert (ran.code, ran.out) == (1, "")
            assert "The device should not be in DFU mode" in ran.err
            assert "RESET" in ran.err


class TestEnvironment:
    @pytest.fixture
    def red(self, sim: Particle, monkeypatch: pytest.MonkeyPatch) -> Particle:
        """A world of one Boron, which answers as newer Device OS does."""
        add(sim, "boron", "red")
        monkeypatch.setattr(requests, "system_version", lambda _system: ENV_VERSION)
        return sim

    def test_none_are_set(self, red: Particle) -> None:
        number = red("usb", "list", "--ids-only").out.strip()
        assert red("usb", "env").out == f"Device: {number} (Boron)\n  No environment variables set\n"
        (row,) = red("usb", "env", "--json").data
        assert (row["deviceId"], row["env"], row["snapshot"]) == (number, {}, None)

    def test_they_are_told_by_name(self, red: Particle) -> None:
        def change(world: World) -> None:
            world.device("red").environment.from_cloud = {"ZONE": "7", "A_LONG_NAME": "warm"}

        with found_changed(change):
            lines = red("usb", "env", "red").out.splitlines()
            (row,) = red("usb", "env", "red", "--json").data
        assert lines[1:] == [
            "  Name         Value  Scope",
            "  A_LONG_NAME  warm   Cloud",
            "  ZONE         7      Cloud",
        ]
        assert row["env"] == {
            "A_LONG_NAME": {"value": "warm", "isApp": False},
            "ZONE": {"value": "7", "isApp": False},
        }
        assert len(row["snapshot"]["hash"]) == 64

    def test_older_device_os_has_none(self, sim: Particle) -> None:
        number = add(sim, "p2", "red")
        ran = sim("usb", "env")
        assert (ran.code, ran.out) == (1, "")
        assert "USB env is only supported on Device OS 6.4.0 or later" in ran.err
        assert f"{number} runs 6.2.0" in ran.err
        (row,) = sim("usb", "env", "--json").document["data"]
        assert row["error"]["code"] == "env_unsupported"


class TestRequests:
    @pytest.fixture
    def pair(self, sim: Particle) -> Iterator[dict[str, str]]:
        """Two devices, of which red runs an application that turns round what it is sent."""
        ids = {"red": add(sim, "boron", "red"), "blue": add(sim, "p2", "blue")}

        def change(world: World) -> None:
            world.device("red").request_handler = lambda payload: payload[::-1]

        with found_changed(change):
            yield ids

    def test_the_application_answers(self, sim: Particle, pair: dict[str, str]) -> None:
        number = pair["red"]
        assert sim("usb", "send-request", "drawer", "red").out.splitlines() == [
            f"Device {number}:",
            f"Command was successfully sent to device {number}.",
            f"Response from device {number}: reward",
        ]
        assert sim("usb", "send-request", "drawer", "red", "--silent").out == "reward\n"
        (row,) = sim("usb", "send-request", "drawer", "red", "--json").data
        assert (row["id"], row["response"]) == (number, "reward")
        assert "Response" not in sim("usb", "send-request", "", "red").out

    def test_what_it_is_sent_may_come_on_standard_input(self, sim: Particle, pair: dict[str, str]) -> None:
        ran = sim("usb", "send-request", "-", "red", "--silent", typed="Ünder")
        assert ran.code == 0
        (row,) = sim("usb", "send-request", "-", "red", "--json", typed=b"\x01\xff").data
        assert (row["response"], row["responseHex"]) == (None, "ff01")

    def test_one_whose_application_does_not_answer(self, sim: Particle, pair: dict[str, str]) -> None:
        ran = sim("usb", "send-request", "x", "--all", "--timeout", "5000")
        assert ran.code == 1
        assert f"Response from device {pair['red']}: x" in ran.out
        assert pair["blue"] not in ran.out
        assert "ctrl_request_custom_handler" in ran.err
        assert "Not supported" in ran.err

    def test_more_than_a_request_can_carry(self, sim: Particle, pair: dict[str, str]) -> None:
        ran = sim("usb", "send-request", "-", "red", "--json", typed="x" * 65536)
        assert ran.code == 1
        assert ran.document["data"][0]["error"]["code"] == "request_too_large"

    def test_words_that_make_no_sense(self, sim: Particle) -> None:
        ran = sim("usb", "send-request")
        assert (ran.code, "Parameter 'payload' is required." in ran.err) == (2, True)
        ran = sim("usb", "send-request", "x", "--timeout", "-1")
        assert (ran.code, "milliseconds" in ran.err) == (2, True)
