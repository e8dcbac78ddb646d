"""Device Protection on the command line: shown, lifted, put in force; and what works in spite of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve
from tests.entrypoints.conftest import Particle
from tests.entrypoints.drawer import found_changed

from particle_cli.domain.platforms.catalogue import platform
from particle_cli.simulators.cloud.product_rows import Product
from particle_cli.simulators.cloud.state import FIRST_USER
from particle_cli.simulators.factory import factory_image
from particle_cli.simulators.world import World


def added(sim: Particle, kind: str, name: str, *words: str) -> str:
    number = sim("sim", "add", kind, "--name", name, *words, "--json").data["id"]
    assert isinstance(number, str)
    return number


def standing(sim: Particle, *words: str) -> str:
    found = sim("device-protection", "status", *words, "--json").data["protection"]
    assert isinstance(found, str)
    return found


def test_the_way_into_service_mode_and_out_of_it(sim: Particle) -> None:
    number = added(sim, "p2", "red", "--protected")
    label = f"[{number}] (Product N/A)"
    assert sim("device-protection", "status").out == (
        f"{label}: Protected Device\nRun particle device-protection disable to put it in Service Mode.\n"
    )
    assert "would be put" in sim("device-protection", "disable", "--dry-run").out
    assert sim("device-protection", "disable", "-d", "red").out == (
        f"{label} is now in Service Mode.\n"
        "A Protected Device stays in Service Mode for a total of 20 reboots or 24 hours.\n"
    )
    assert sim("device-protection", "status", "--device", number).out == (
        f"{label}: Protected Device (Service Mode)\n"
        "Run particle device-protection enable to take it out of Service Mode.\n"
    )
    assert sim("device-protection", "disable").out.startswith(f"{label} is already in Service Mode.\n")
    assert sim("serial", "inspect").code == 0
    assert standing(sim) == "service_mode"  # whoever lifted it wants it so
    assert sim("device-protection", "enable").out == f"{label} is now a Protected Device.\n"
    ran = sim("device-protection", "enable", "--json")
    assert ran.data == {"id": number, "product": None, "protection": "protected", "changed": False}
    assert sim("device-protection", "enable").out == f"{label} is already a Protected Device.\n"


def test_in_dfu_mode_too(sim: Particle) -> None:
    added(sim, "boron", "red", "--protected", "--mode", "dfu")
    assert standing(sim) == "protected"
    assert sim("device-protection", "disable").code == 0
    assert standing(sim) == "service_mode"
    assert sim("device-protection", "enable").code == 0
    assert standing(sim) == "protected"
    assert sim("usb", "list", "--json").data[0]["mode"] == "dfu"


def test_an_open_device(sim: Particle) -> None:
    number = added(sim, "p2", "red")
    assert sim("device-protection", "status").out == (
        f"[{number}] (Product N/A): Open Device\n"
        "Run particle device-protection enable to make it a Protected Device.\n"
    )
    assert sim("device-protection", "disable").out == f"[{number}] (Product N/A) is not a Protected Device.\n"
    ran = sim("device-protection", "enable")
    assert (ran.code, ran.out) == (1, "")
    assert f"[{number}] (Product N/A) is not in a product that supports Device Protection." in ran.err
    assert "--file" in ran.err


@pytest.mark.parametrize("kind", [("p2", 32), ("boron", 13)])
def test_a_bootloader_of_ones_own_protects(sim: Particle, kind: tuple[str, int]) -> None:
    number = added(sim, kind[0], "red")
    images = factory_image(platform(kind[1]), small=True)
    Path("app.bin").write_bytes(images[-1].data)
    (boot,) = (one for one in images if (one.module.prefix.function, one.module.prefix.index) == (2, 0))
    Path("bootloader.bin").write_bytes(boot.data)
    ran = sim("device-protection", "enable", "--file", "app.bin")
    assert (ran.code, "not supported for this binary" in ran.err) == (1, True)
    assert standing(sim) == "open"
    ran = sim("device-protection", "enable", "--file", "bootloader.bin")
    assert (ran.code, ran.out) == (0, f"[{number}] (Product N/A) is now a Protected Device.\n")
    assert standing(sim) == "protected"
    assert sim("device-protection", "disable").code == 0


@pytest.mark.parametrize("protection", ["active", "disabled"])
def test_the_product_decides(sim: Particle, protection: str) -> None:
    number = added(sim, "p2", "red")

    def in_a_product(world: World) -> None:
        state = world.cloud._state
        owner = next(user for user in state.users if user.username == FIRST_USER)
        state.products.put(
            Product("23001", "safe", "Safe", 32, owner_id=owner.id, device_protection=protection)
        )
        record = state.devices.get(number)
        assert record
        state.devices.put(evolve(record, product_id=23001))

    with found_changed(in_a_product):
        ran = sim("device-protection", "enable")
    if protection == "disabled":
        assert (ran.code, "is not in a product that supports" in ran.err) == (1, True)
        return
    assert ran.code == 0
    assert ran.out.endswith(f"[{number}] (Product 23001) is now a Protected Device.\n")
    assert standing(sim) == "protected"


@pytest.mark.parametrize("words", [("photon",), ("argon", "--device-os", "5.8.0")], ids=" ".join)
def test_devices_that_know_nothing_of_it(sim: Particle, words: tuple[str, ...]) -> None:
    sim("sim", "add", *words)
    for command in ("status", "disable", "enable"):
        ran = sim("device-protection", command, "--json")
        assert (ran.code, ran.document["error"]["code"]) == (1, "protection_unsupported")


def test_who_is_not_logged_in_sees_it_and_cannot_lift_it(sim: Particle) -> None:
    number = added(sim, "p2", "red", "--protected")
    sim("logout")
    assert sim("device-protection", "status").out.startswith(f"[{number}] (Product N/A): Protected Device\n")
    ran = sim("device-protection", "disable", "--json")
    assert (ran.code, ran.document["error"]["code"]) == (1, "service_mode_refused")
    assert "not logged in" in ran.document["error"]["message"]


# what works in spite of it


@pytest.mark.parametrize(
    "words",
    [
        ("serial", "inspect"),
        ("serial", "mac"),
        ("identify", "red"),
        ("usb", "start-listening"),
        ("usb", "cloud-status"),
        ("usb", "network-interfaces"),
        ("usb", "env"),
        ("flash", "--local", "tinker"),
        ("flash", "--usb", "app.bin"),
    ],
    ids=" ".join,
)
def test_commands_unlock_a_device_and_protect_it_again(sim: Particle, words: tuple[str, ...]) -> None:
    number = added(sim, "boron", "red", "--protected")
    Path("app.bin").write_bytes(factory_image(platform(13), small=True)[-1].data)
    ran = sim(*words)
    if words[1] == "mac":
        assert (ran.code, ran.out) == (0, "Your device does not have a MAC address\n")
    elif words[1] == "env":
        assert "USB env is only supported" in ran.err
    else:
        assert ran.code == 0
    assert f"Device {number} is a Protected Device" in ran.err
    assert standing(sim) == "protected"


def test_a_reset_needs_no_cloud(sim: Particle) -> None:
    added(sim, "p2", "red", "--protected")
    sim("logout")
    ran = sim("usb", "reset")
    assert (ran.code, ran.out, ran.err) == (0, "Done.\n", "")


def test_a_modem_that_cannot_be_asked_is_no_reason_to_say_nothing(sim: Particle) -> None:
    number = added(sim, "boron", "red", "--protected")
    sim("logout")
    ran = sim("identify", number)
    assert ran.code == 1
    assert ran.out.startswith(f"Your device id is {number}\n")
    assert "could not be put into service mode" in ran.err


def test_a_plan_for_a_protected_device_changes_nothing(sim: Particle) -> None:
    added(sim, "p2", "red", "--protected")
    ran = sim("flash", "--local", "tinker", "--dry-run", "--json")
    assert (ran.code, ran.document["error"]["code"]) == (1, "device_protected")
    assert "particle device-protection disable" in ran.document["error"]["hint"]
