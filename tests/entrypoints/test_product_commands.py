"""The commands for products, and others with --product, against the embedded world."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attrs import frozen
from tests.entrypoints.conftest import Particle

SOURCE = """
int count = 3;
int led(String command) { return 7; }
void setup() { Particle.function("led", led); Particle.variable("count", count); }
void loop() {}
"""


@frozen
class Bench:
    """Two devices of the product that is there from the beginning, and one of another platform."""

    red: str
    blue: str
    green: str


@pytest.fixture
def bench(sim: Particle) -> Bench:
    added = {
        name: sim("sim", "add", platform, "--name", name, "--json").data["id"]
        for name, platform in (("red", "boron"), ("blue", "boron"), ("green", "argon"))
    }
    return Bench(**added)


# product device add


def test_one_device_is_added(sim: Particle, bench: Bench) -> None:
    ran = sim("product", "device", "add", "12345", bench.red.upper())
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"Success!\n\nProduct 12345 Includes:\n  {bench.red.upper()}\n\n"
    assert sim("product", "device", "add", "12345", bench.red).code == 0  # it is in it, as was wanted


def test_a_file_of_devices_is_added(sim: Particle, bench: Bench) -> None:
    Path("ids.txt").write_bytes(
        f"\ufeff{bench.red}\r\n  {bench.green} \r\n\r\nbad\r\n{bench.red.upper()}\n".encode()
    )
    ran = sim("product", "device", "add", "example-product", "--file", "ids.txt")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"Success!\n\nProduct example-product Includes:\n  {bench.red}\n\n"
        f"Skipped Invalid IDs:\n  {bench.green}\n  bad\n\n"
    )
    told = sim("product", "device", "add", "12345", "-f", "-", "--json", typed=f"{bench.blue}\n").data
    assert told == {
        "product": "12345",
        "deviceIds": [bench.blue],
        "nonmemberDeviceIds": [],
        "invalidDeviceIds": [],
        "protectedDeviceIds": [],
    }


def test_where_nothing_is_added_the_command_fails(sim: Particle, bench: Bench) -> None:
    ran = sim("product", "device", "add", "12345", bench.green)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"Skipped Invalid IDs:\n  {bench.green}\n")
    error = sim("product", "device", "add", "12345", bench.green, "--json").document["error"]
    assert error["code"] == "nothing_added"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ((), "`deviceID` parameter or `--file` option is required\n"),
        (("x",), "`deviceID` parameter must be an id - received: x\n"),
        (("0" * 24, "--file", "empty.txt"), "not both.\n"),
        (("--file", "empty.txt"), "empty.txt is empty\n"),
        (("--file", "missing.txt"), "missing.txt does not exist\n"),
    ],
)
def test_wrong_use_is_told(sim: Particle, words: tuple[str, ...], text: str) -> None:
    Path("empty.txt").write_text(" \n\n")
    ran = sim("product", "device", "add", "12345", *words)
    assert (ran.code, ran.out) == (2, "")
    assert text in ran.err


# product device list


def test_devices_are_listed_in_the_order_of_the_cloud(sim: Particle, bench: Bench) -> None:
    assert sim("product", "device", "list", "12345").out == "No devices found.\n"
    for device in (bench.red, bench.blue):
        sim("product", "device", "add", "12345", device)
    ran = sim("product", "device", "list", "example-product")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"blue [{bench.blue}] (Product 12345) is online\nred [{bench.red}] (Product 12345) is online\n"
    )
    assert sim("product", "device", "list", "12345", "-n", "re").out.startswith("red ")
    assert sim("product", "device", "list", "12345", "-g", "attic", "cellar").out == "No devices found.\n"
    assert sim("product", "device", "list", "12345", "-l", "1", "-p", "2").out.startswith("red ")


def test_a_list_in_json_says_which_page_it_is(sim: Particle, bench: Bench) -> None:
    for device in (bench.red, bench.blue):
        sim("product", "device", "add", "12345", device)
    document = sim("product", "device", "list", "12345", "-l", "1", "-p", "2", "--json").document
    assert document["meta"] == {"version": "1.0.0", "previous": 1, "current": 2, "next": 3}
    (shown,) = document["data"]
    assert (shown["id"], shown["product_id"], shown["denied"]) == (bench.red, 12345, False)


def test_one_device_is_shown_with_what_it_offers(sim: Particle, bench: Bench) -> None:
    sim("product", "device", "add", "12345", bench.red)
    ran = sim("product", "device", "list", "12345", bench.red)
    assert ran.out.startswith(f"red [{bench.red}] (Product 12345) is online\n  Functions:\n")
    document = sim("product", "device", "list", "12345", bench.red, "--json").document
    assert document["meta"] == {"version": "1.0.0"}
    assert document["data"]["functions"][0] == "digitalRead"
    assert sim("product", "device", "list", "12345", "red").code == 2
    ran = sim("product", "device", "list", "12345", bench.blue)
    assert (ran.code, ran.err.splitlines()[0]) == (
        1,
        f"Device not found for this product (device {bench.blue})",
    )


@pytest.mark.parametrize("flag", ["-p", "-l"])
@pytest.mark.parametrize("value", ["0", "1.5"])
def test_a_page_that_cannot_be_is_wrong_use(sim: Particle, flag: str, value: str) -> None:
    assert sim("product", "device", "list", "12345", flag, value).code == 2


def test_a_product_of_nobody_is_refused(sim: Particle, bench: Bench) -> None:
    for words in (
        ("product", "device", "list", "999"),
        ("product", "device", "add", "999", bench.red),
        ("product", "device", "remove", "999", bench.red),
        ("call", bench.red, "led", "--product", "999"),
        ("function", "list", "--product", "999"),
        ("publish", "temp", "--product", "999"),
    ):
        ran = sim(*words)
        assert (ran.code, ran.out) == (1, "")
        assert "Permission denied" in ran.err.splitlines()[-2]


# product device remove


def test_a_device_is_removed(sim: Particle, bench: Bench) -> None:
    sim("product", "device", "add", "12345", bench.red)
    ran = sim("product", "device", "remove", "12345", bench.red)
    assert (ran.code, ran.out, ran.err) == (
        0,
        f"Success! Removed device {bench.red} from product 12345\n\n",
        "",
    )
    ran = sim("product", "device", "remove", "12345", bench.red)
    assert ran.code == 1
    assert "Device not found for this product" in ran.err
    assert sim("product", "device", "remove", "12345", "red").code == 2
    assert [one["name"] for one in sim("list", "--json").data] == ["blue", "green", "red"]


# other commands, with --product


@pytest.fixture
def product(sim: Particle, bench: Bench) -> Bench:
    """Both Borons are in the product, and `red` has something to call and to read."""
    Path("app.ino").write_text(SOURCE)
    assert sim("flash", "--local", "--device", "red", "app.ino").code == 0
    for device in (bench.red, bench.blue):
        sim("product", "device", "add", "12345", device)
    return bench


def test_functions_and_variables_through_a_product(sim: Particle, product: Bench) -> None:
    scope = ("--product", "example-product")
    assert sim("call", product.red, "led", "on", *scope).out == "7\n"
    assert sim("get", product.red, "count", *scope).out == "3\n"
    assert sim("get", "red", "count", *scope).code == 2
    listed = sim("function", "list", *scope).out
    assert f"red [{product.red}] (Product 12345) is online\n  Functions:\n    int led (String args)" in listed
    assert "green" not in listed
    assert "count (int32)" in sim("variable", "list", *scope).out
    ran = sim("monitor", "all", "count", "--max", "2", *scope)
    assert ran.out == f"{product.red}, 3\n" * 2


def test_names_and_signals_through_a_product(sim: Particle, product: Bench) -> None:
    ran = sim("device", "rename", product.red, "scarlet", "--product", "12345")
    assert ran.out.endswith(f"Successfully renamed device {product.red} to: scarlet\n")
    assert sim("nyan", product.red, "on", "--product", "12345").code == 0
    told = sim("nyan", "--product", "12345", "--json").data
    assert {one["device"] for one in told} == {product.red, product.blue}
    assert sim("nyan", product.green, "on", "--product", "12345").code == 1


def test_events_through_a_product(sim: Particle, product: Bench) -> None:
    ran = sim("publish", "temp", "21", "--product", "12345")
    assert ran.out == "Published private event: temp to product: 12345\n\n"
    ran = sim("subscribe", "temp", "--product", "12345", "--timeout", "1")
    assert (ran.code, ran.out) == (0, "")
    assert sim("subscribe", "mine", "red", "--product", "12345", "--timeout", "1").code == 2
    ran = sim("subscribe", "mine", product.red, "--product", "12345", "--timeout", "1", "--json")
    assert ran.code == 0


def test_events_of_an_organization(sim: Particle, home: Path) -> None:
    ran = sim("subscribe", "temp", "--org", "example-organization", "--timeout", "1")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith('Subscribing to "temp" from organization example-organization\'s stream\n')
    assert sim("subscribe", "mine", "0" * 24, "--org", "x", "--timeout", "1").code == 2
    ran = sim("subscribe", "--org", "nope", "--timeout", "1")
    assert (ran.code, "Permission denied" in ran.err) == (1, True)


def test_many_devices_of_a_product_are_all_listed(sim: Particle, home: Path) -> None:
    ids = [sim("sim", "add", "boron", "--json").data["id"] for _ in range(3)]
    Path("ids.txt").write_text("\n".join(ids))
    assert sim("product", "device", "add", "12345", "--file", "ids.txt").code == 0
    listed = json.loads(sim("function", "list", "--product", "12345", "--json").out)["data"]
    assert {one["id"] for one in listed} == set(ids)
