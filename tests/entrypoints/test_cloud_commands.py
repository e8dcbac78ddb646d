"""The commands of the cloud against the embedded world: what they print, and how they end."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.entrypoints.conftest import Particle

from particle_cli.domain.firmware.bundle import open_bundle
from particle_cli.domain.firmware.module import parse_module

SKETCH = """
#include "Particle.h"
int led(String command) { return 1; }
void setup() { Particle.function("led", led); }
void loop() {}
"""


@pytest.fixture
def project(home: Path) -> Path:
    """A project in the working folder."""
    folder = Path("blink")
    (folder / "src").mkdir(parents=True)
    (folder / "project.properties").write_text("name=blink\n")
    (folder / "src" / "blink.ino").write_text(SKETCH)
    return folder


# list


def test_devices_are_listed_with_what_they_offer(sim: Particle) -> None:
    red = sim("sim", "add", "boron", "--name", "red", "--json").data["id"]
    blue = sim("sim", "add", "argon", "--name", "Blue", "--json").data["id"]
    sim("sim", "unplug", "Blue")
    ran = sim("list")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"Blue [{blue}] (Argon) is offline\n"
        f"red [{red}] (Boron) is online\n"
        "  Functions:\n"
        "    int digitalRead (String args) \n"
        "    int digitalWrite (String args) \n"
        "    int analogRead (String args) \n"
        "    int analogWrite (String args) \n"
    )
    listed = sim("list", "--json").data
    assert [(one["name"], one["online"], one["platformId"]) for one in listed] == [
        ("Blue", False, 12),
        ("red", True, 13),
    ]


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("online", ["red"]),
        ("offline", ["Blue"]),
        ("argon", ["Blue"]),
        ("red", ["red"]),
        ("RED", []),
        ("xenon", []),
    ],
)
def test_the_list_is_filtered(sim: Particle, word: str, names: list[str]) -> None:
    sim("sim", "add", "boron", "--name", "red")
    sim("sim", "add", "argon", "--name", "Blue")
    sim("sim", "unplug", "Blue")
    assert [one["name"] for one in sim("list", word, "--json").data] == names
    assert sim("list", word).out.startswith(names[0] if names else "No devices found.\n")


def test_an_empty_list_says_so(sim: Particle) -> None:
    assert sim("list").out == "No devices found.\n"


def test_without_a_login_nothing_goes_out(particle: Particle) -> None:
    ran = particle("list")
    assert ran.code == 1
    assert ran.err.startswith(
        "Failed to list device: You're not logged in. Run `particle login` to authenticate.\n"
    )


def test_a_token_that_is_refused_is_forgotten(sim: Particle, home: Path) -> None:
    sim("config", "set", "access_token", "f00d" * 10)
    ran = sim("call", "red", "led", "--json")
    assert (ran.code, ran.document["error"]["code"]) == (1, "token_invalid")
    assert json.loads((home / ".particle" / "sim.config.json").read_text())["access_token"] is None
    assert "f00d" not in ran.out + ran.err
    assert sim("call", "red", "led", "--json").document["error"]["code"] == "not_logged_in"


# call


def test_a_function_is_called(sim: Particle) -> None:
    device = sim("sim", "add", "boron", "--name", "red", "--json").data["id"]
    assert sim("call", "red", "digitalWrite", "D7=HIGH").out == "1\n"
    assert sim("call", device.upper(), "digitalWrite", "D7=HIGH", "--json").data["returnValue"] == 1
    assert sim("function", "call", "red", "digitalWrite").code == 0


def test_what_is_not_there_is_told(sim: Particle) -> None:
    sim("sim", "add", "boron", "--name", "red")
    ran = sim("call", "red", "nope")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("Function call failed: Function `nope` not found\n")
    ran = sim("call", "nobody", "led")
    assert ran.code == 1
    assert ran.err.startswith("Permission Denied (device nobody)\n")
    sim("sim", "unplug", "red")
    ran = sim("call", "red", "digitalWrite")
    assert ran.code == 1
    assert ran.err.startswith("Timed out (device red)\n")


def test_a_device_of_a_product_is_named_by_id(sim: Particle) -> None:
    ran = sim("call", "red", "led", "--product", "12")
    assert ran.code == 2
    assert "`device` must be an id when `--product` flag is set - received: red\n" in ran.err


# get

VARIABLES = """
int count = 3; double warmth = 21.5; bool on = true; String note = "hello, you";
void setup() {
    Particle.variable("count", count); Particle.variable("warmth", warmth);
    Particle.variable("on", on); Particle.variable("note", note);
}
void loop() {}
"""


@pytest.fixture
def with_variables(sim: Particle) -> Particle:
    """Two devices, one of which has variables."""
    sim("sim", "add", "boron", "--name", "red")
    sim("sim", "add", "argon", "--name", "blue")
    Path("app.ino").write_text(VARIABLES)
    ran = sim("flash", "--local", "--device", "red", "app.ino")
    assert ran.code == 0, ran.err
    return sim


def test_variables_are_read_in_every_form(with_variables: Particle) -> None:
    sim = with_variables
    for name, text, value in (("count", "3", 3), ("warmth", "21.5", 21.5), ("on", "true", True)):
        assert sim("get", "red", name).out == f"{text}\n"
        assert sim("get", "red", name, "--json").data["value"] == value
    assert sim("get", "red", "note").out == "hello, you\n"
    red = sim("sim", "status", "red", "--json").data[0]["id"]
    assert sim("get", "all", "count").out == f"{red}, 3\n"
    assert sim("get", "count").out == f"{red}, 3\n"
    timed = sim("get", "red", "count", "--time").out
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d, 3\n", timed)
    ran = sim("get")
    assert ran.out == (
        f"red [{red}] (Boron) is online\n  Variables:\n    count (int32)\n    warmth (double)\n"
        "    on (bool)\n    note (string)\n"
    )
    assert ran.err == "polling server to see what devices are online, and what variables are available\n"
    ran = sim("get", "red", "nope")
    assert (ran.code, ran.err.splitlines()[0]) == (1, "Unknown Variable: nope (device red)")
    ran = sim("get", "red")
    assert ran.code == 2
    assert "variable" in ran.err


def test_no_device_at_all_matches(sim: Particle) -> None:
    ran = sim("get", "nothing")
    assert (ran.code, ran.err.splitlines()[0]) == (1, "No matching device")
    assert sim("get").out == "No devices found.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["get", "--product", "12"], "`device` parameter is required when `--product` flag is set"),
        (
            ["get", "red", "v", "--product", "12"],
            "`device` must be an id when `--product` flag is set - received: red",
        ),
        (
            ["get", "a" * 24, "--product", "12"],
            "`variableName` parameter is required when `--product` flag is set.",
        ),
        (["get", "all"], "Parameter 'variable' is required."),
    ],
)
def test_words_that_make_no_sense_end_with_2(sim: Particle, words: list[str], said: str) -> None:
    ran = sim(*words)
    assert ran.code == 2
    assert said in ran.err


# compile


def test_a_project_is_compiled_and_saved(sim: Particle, project: Path) -> None:
    ran = sim("compile", "boron", "blink", "--saveTo", "out.bin")
    assert (ran.code, ran.err) == (0, "")
    memory = ran.out.splitlines()[-3]
    assert ran.out == (
        "Compiling code for boron\n\nIncluding:\n    blink/project.properties\n    blink/src/blink.ino\n\n"
        "Compile succeeded.\n\nMemory use:\n    Flash      RAM\n"
        f"{memory}\n\nSaved firmware to: {Path('out.bin').absolute()}\n"
    )
    assert re.fullmatch(r"(?=.{18}$) +\d+ +\d+", memory)
    assert parse_module(Path("out.bin").read_bytes(), name="out.bin").prefix.platform_id == 13


def test_without_a_name_the_file_has_the_platform_s_and_the_time(sim: Particle, project: Path) -> None:
    data = sim("compile", "b", "blink", "--json").data
    path = Path(data["savedTo"])
    assert re.fullmatch(r"b_firmware_\d{13}\.bin", path.name)
    assert path.stat().st_size == data["size"]
    assert data["files"][1] == {"path": "src/blink.ino", "local": "blink/src/blink.ino"}
    assert (data["target"], data["bundle"]) == ("6.2.0", False)


def test_a_target_is_one_that_there_is(sim: Particle, project: Path) -> None:
    ran = sim("compile", "boron", "blink", "--target", "5.5.0-rc.1", "--saveTo", "out.bin")
    assert "Targeting version: 5.5.0-rc.1\n" in ran.out
    (needed,) = parse_module(Path("out.bin").read_bytes(), name="out.bin").dependencies
    assert needed.version == 5500
    ran = sim("compile", "boron", "blink", "--target", "9.9.9")
    assert ran.code == 1
    assert ran.err.startswith("Compile failed: Invalid build target version.\nValid targets:\n6.2.0 \n")
    assert "\n5.5.0-rc.1 (preview)\n" in ran.err
    ran = sim("compile", "boron", "blink", "--target", "latest", "--saveTo", "out.bin")
    assert (ran.code, "Targeting" in ran.out) == (0, False)


def test_what_the_compiler_says_is_passed_on(sim: Particle, project: Path) -> None:
    (project / "src" / "blink.ino").write_text(SKETCH.replace("return 1;", "return 1"))
    ran = sim("compile", "boron", "blink")
    assert ran.code == 1
    assert ran.err == (
        "Compile failed: Compiler encountered an error\n"
        "src/blink.ino:3:35: error: expected ';' before '}' token\n"
        "Correct the sources where the compiler says, then compile them again.\n"
    )
    assert not list(Path().glob("*.bin"))


def test_a_project_with_assets_becomes_a_bundle(sim: Particle, project: Path) -> None:
    (project / "project.properties").write_text("name=blink\nassetOtaDir=assets\nenv=env.json\n")
    (project / "env.json").write_text('{"COLOUR": "red"}')
    (project / "assets").mkdir()
    (project / "assets" / "cat.txt").write_text("meow")
    ran = sim("compile", "argon", "blink", "--saveTo", "out.bin")
    assert (ran.code, "saveTo must have a .zip extension when project includes assets" in ran.err) == (
        2,
        True,
    )
    ran = sim("compile", "argon", "blink", "--saveTo", "out.zip")
    assert "    blink/assets/cat.txt\n" in ran.out
    assert "Compile succeeded and bundle created.\n" in ran.out
    assert ran.out.endswith(f"Saved bundle to: {Path('out.zip').absolute()}\n")
    bundle = open_bundle(Path("out.zip").read_bytes(), name="out.zip")
    assert bundle.application.name == "out.bin"
    assert [(asset.name, asset.data) for asset in bundle.assets if asset.name != "env"] == [
        ("cat.txt", b"meow")
    ]
    assert bundle.env == {"COLOUR": "red"}
    assert not Path("out.bin").exists()
    assert sim("compile", "argon", "blink/src/blink.ino", "--saveTo", "x.zip").code == 0
    assert Path("x.bin").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            ["WATNOPE"],
            2,
            "Compile failed: Target device WATNOPE is not valid\n\teg. particle compile boron xxx\n",
        ),
        (["tachyon"], 2, "Compile failed: Target device tachyon is not valid\n"),
        (["boron", "nope.ino"], 1, "Compile failed: I couldn't find that: nope.ino\n"),
        (["boron", "empty"], 1, "Compile failed: No source to compile!\n"),
        (["boron", "blink", "--saveTo", "no/where.bin"], 1, "Compile failed: There is no folder no "),
        (["boron", "blink", "--saveTo", "empty"], 1, "Compile failed: empty is a folder.\n"),
        ([], 2, "Parameter 'deviceType' is required.\n"),
    ],
)
def test_a_compilation_that_cannot_be(
    sim: Particle, project: Path, words: list[str], code: int, said: str
) -> None:
    Path("empty").mkdir()
    ran = sim("compile", *words)
    assert ran.code == code
    assert ran.err.startswith(said)


# project create


def test_a_project_is_created_and_compiles(sim: Particle) -> None:
    ran = sim("project", "create", ".", "--name", "blinky")
    folder = Path("blinky").absolute()
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"Initializing project in directory {folder}...\n"
        f"> A new project has been initialized in directory {folder}\n"
    )
    data = sim("compile", "boron", "blinky", "--json").data
    assert [file["path"] for file in data["files"]] == ["project.properties", "src/blinky.cpp"]
    again = sim("project", "create", ".", "--name", "blinky", "--json").data
    assert (again["directory"], again["files"]) == (str(folder), [])


def test_name_and_place_are_asked_for(sim: Particle, home: Path) -> None:
    ran = sim("project", "create", "--interactive", typed="no good\nlamp\ny\n")
    assert ran.code == 0, ran.err
    assert (home / "Particle" / "projects" / "lamp" / "src" / "lamp.cpp").exists()
    ran = sim("project", "create", "--interactive", typed="lamp\nn\ny\n")
    assert (Path("lamp") / "src" / "lamp.cpp").exists()
    ran = sim("project", "create", "--interactive", typed="other\nn\nn\n")
    assert (ran.code, Path("other").exists()) == (0, False)


def test_where_nobody_is_the_flag_is_named(sim: Particle) -> None:
    ran = sim("project", "create")
    assert ran.code == 2
    assert "--name" in ran.err


def test_a_name_that_will_not_do(sim: Particle) -> None:
    ran = sim("project", "create", ".", "--name", "a b")
    assert ran.code == 1
    assert ran.err.startswith(
        "name: must only contain letters, numbers, dashes, underscores and plus signs.\n"
    )
    assert list(Path().iterdir()) == []


# monitor


COUNTING = """
#include "Particle.h"
int celsius = 21;
void setup() { Particle.variable("temp", celsius); }
void loop() {}
"""


@pytest.fixture
def thermometers(sim: Particle, home: Path) -> list[str]:
    """The ids of two devices that offer the variable `temp`."""
    ids = [
        sim("sim", "add", platform, "--name", name, "--json").data["id"]
        for platform, name in (("boron", "up"), ("argon", "down"))
    ]
    Path("temp.ino").write_text(COUNTING)
    for name in ("up", "down"):
        assert sim("flash", "--local", name, "temp.ino").code == 0
    return ids


def test_a_variable_is_read_again_and_again(sim: Particle, thermometers: list[str]) -> None:
    ran = sim("monitor", "up", "temp", "2000", "--max", "3")
    assert (ran.code, ran.out, ran.err) == (0, "21\n21\n21\n", "Hit CTRL-C to stop!\n")
    ran = sim("variable", "monitor", "up", "temp", "--delay", "1000", "--timeout", "3.5")
    assert (ran.code, ran.out) == (0, "21\n21\n21\n")
    ran = sim("monitor", "up", "temp", "1", "--max", "1")
    assert ran.err.startswith("Warning: Delay was too short, resetting to 500ms")


def test_readings_of_all_devices_are_clean_lines(sim: Particle, thermometers: list[str]) -> None:
    ran = sim("monitor", "all", "temp", "--time", "--max", "2")
    assert len(ran.out.splitlines()) == 4
    for line in ran.out.splitlines():
        device, time, value = line.split(", ")
        assert device in thermometers
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", time)
        assert value == "21"
    ran = sim("monitor", "all", "temp", "--max", "1", "--json")
    records = [json.loads(line) for line in ran.out.splitlines()]
    assert {record["id"] for record in records} == set(thermometers)
    assert all(record["value"] == 21 for record in records)


def test_an_error_in_one_round_does_not_end_it(sim: Particle, thermometers: list[str]) -> None:
    sim("sim", "unplug", "up")
    ran = sim("monitor", "up", "temp", "--max", "2")
    assert (ran.code, len(ran.out.splitlines())) == (0, 2)
    assert all(line.startswith("Error: Timed out") for line in ran.out.splitlines())
    assert sim("monitor", "all", "nosuch", "--max", "1").code == 1
    assert sim("monitor", "up", "temp", "often").code == 2


def test_what_is_withdrawn_says_where_to_go(sim: Particle) -> None:
    ran = sim("setup")
    assert ran.code == 1
    assert "setup.particle.io" in ran.err
