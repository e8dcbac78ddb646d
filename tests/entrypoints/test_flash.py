"""`particle flash` on the embedded world."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.domain.flashing.laboratory import BORON, PHOTON, application
from tests.entrypoints.conftest import Particle


def test_a_binary_is_flashed_and_runs(red: Particle, app: Path) -> None:
    done = red("flash", "--local", "red", "app.bin")
    assert done.code == 0, done
    assert "Flash success!" in done.out
    assert "Flashing app.bin" in done.err
    assert red("call", "red", "answer").out == "42\n"


@pytest.mark.parametrize("words", [("red", "doorbell"), ("doorbell",)])
def test_a_project_is_compiled_flashed_and_runs(red: Particle, project: Path, words: tuple[str, ...]) -> None:
    done = red("flash", "--local", *words)
    assert done.code == 0, done
    assert "Compiling code for boron" in done.out
    assert "doorbell/src/doorbell.cpp" in done.out
    assert red("call", "red", "ring").out == "3\n"
    assert red("get", "red", "level").out == "7\n"


def test_the_project_in_the_current_folder(
    red: Particle, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    assert red("flash", "--local").code == 0
    assert red("flash", "--local", "red").code == 0
    assert red("call", "red", "ring").out == "3\n"


def test_the_result_as_data(red: Particle, app: Path) -> None:
    data = red("flash", "--local", "--json", "app.bin").data
    assert data["platform"] == "boron"
    assert data["modeAfter"] == "normal"
    assert data["elapsedMs"] > 5000
    write = next(step for step in data["steps"] if step.get("name") == "app.bin")
    assert write["verification"] == {"state": "verified", "bytes": 9000}
    assert write["durationMs"] > 0
    unread = red("flash", "--local", "--json", "--no-verify", "app.bin").data
    assert [step["verification"]["state"] for step in unread["steps"] if "verification" in step] == [
        "off",
        "off",
    ]


def test_a_dry_run_says_what_would_be_done_and_does_nothing(red: Particle, app: Path) -> None:
    before = red("sim", "status", "--json").data
    shown = red("flash", "--local", "--dry-run", "app.bin")
    assert shown.code == 0
    assert "Switch the device to DFU mode" in shown.out
    assert "9000 bytes at 0x000b4000" in shown.out
    data = red("flash", "--local", "--dry-run", "--json", "app.bin").data
    assert [step["action"] for step in data["steps"]] == [
        "switch_mode",
        "write_memory",
        "write_memory",
        "switch_mode",
    ]
    assert red("sim", "status", "--json").data == before


def test_tinker_comes_back(red: Particle, app: Path) -> None:
    assert red("flash", "--local", "app.bin").code == 0
    assert red("flash", "--local", "red", "tinker").code == 0
    assert red("call", "red", "digitalWrite", "D7,HIGH").code == 0
    assert red("flash", "--local", "tinker").code == 0


def test_an_application_brings_the_device_os_that_it_needs(sim: Particle, project: Path) -> None:
    assert sim("sim", "add", "boron", "--name", "old").code == 0
    assert sim("flash", "--local", "old", "tinker", "--target", "5.6.0").code == 0
    modules = sim("sim", "status", "--json").data[0]["modules"]
    assert {module["function"]: module["version"] for module in modules}["system_part"] == 5600
    steps = sim("flash", "--local", "--json", "old", "doorbell").data["steps"]
    assert any("system-part1@6.2.0" in step.get("name", "") for step in steps)
    assert sim("call", "old", "ring").out == "3\n"
    kept = sim("flash", "--local", "old", "tinker", "--target", "5.6.0")
    assert kept.code == 0
    refused = sim("flash", "--local", "--application-only", "old", "doorbell")
    assert refused.code == 1
    assert "needs system part 1 version 6200 (Device OS 6.2.0)" in refused.err


def test_several_devices_at_once(red: Particle, app: Path) -> None:
    assert red("sim", "add", "boron", "--name", "blue").code == 0
    ambiguous = red("flash", "--local", "app.bin")
    assert ambiguous.code == 2
    assert "--device" in ambiguous.err
    assert "Multiple devices found" in ambiguous.err
    done = red("flash", "--local", "--json", "--device", "red", "--device", "blue", "app.bin")
    assert [entry["modeAfter"] for entry in done.data] == ["normal", "normal"]
    assert red("call", "blue", "answer").out == "42\n"
    told = red("flash", "--local", "--device", "red", "--device", "blue", "app.bin").out.splitlines()
    assert [line for line in told if not line.startswith("  ")] == [
        line for line in told if line.endswith(":")
    ]
    assert told.count("  Flash success!") == 2


def test_of_several_devices_one_that_fails_is_told_apart(red: Particle, app: Path) -> None:
    assert red("sim", "add", "photon", "--name", "blue").code == 0
    words = ("flash", "--local", "--device", "red", "--device", "blue", "app.bin")
    mixed = red(*words)
    assert mixed.code == 1
    assert "Flash success!" in mixed.out
    assert "not compatible with platform photon" in mixed.err
    good, bad = red(*words, "--json").document["data"]
    assert good["modeAfter"] == "normal"
    assert bad["error"]["code"]
    assert len(bad["device"]) == 24


def test_one_binary_as_it_is(red: Particle, app: Path) -> None:
    assert red("flash", "--usb", "app.bin").code == 0
    assert red("call", "red", "answer").out == "42\n"
    assert red("usb", "dfu", "red").code == 0
    assert red("flash", "--usb", "red", "app.bin").code == 0
    zipped = red("flash", "--usb", "bundle.zip")
    assert zipped.code == 2
    assert "particle flash --local" in zipped.err


def test_the_factory_slot(red: Particle, app: Path) -> None:
    assert red("flash", "--factory", "app.bin").code == 0
    assert red("call", "red", "answer").code == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"nonsense" * 500, "no Particle firmware"),
        (application(BORON, 9000).image()[:5000], "declares 9000 bytes"),
        (application(BORON, 9000).image()[:-1] + b"\0", "CRC check failed for module bad.bin"),
        (application(PHOTON, 9000).image(), "Module bad.bin is not compatible with platform boron"),
    ],
)
def test_files_that_are_not_for_the_device(red: Particle, content: bytes, words: str) -> None:
    Path("bad.bin").write_bytes(content)
    done = red("flash", "--local", "bad.bin")
    assert done.code == 1
    assert words in done.err
    assert "Traceback" not in done.err
    error = red("flash", "--local", "--json", "bad.bin").document["error"]
    assert error["code"]


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("flash", 2, "You must specify a device or a file"),
        ("flash app.bin", 2, "particle flash --local app.bin"),
        ("flash --local red nothing.bin", 1, "I couldn't find that: nothing.bin"),
        ("flash --local nothing.bin", 1, "I couldn't find that: nothing.bin"),
        ("flash --local nobody app.bin", 1, "Device not found: nobody"),
        ("flash --local empty", 1, "No files found to flash"),
        ("flash --usb app.bin app.bin", 2, "--usb takes one binary"),
        ("flash --local tinker-usb-debugging", 1, "Known app tinker-usb-debugging is not available"),
    ],
)
def test_words_that_lead_nowhere(red: Particle, app: Path, line: str, code: int, words: str) -> None:
    Path("empty").mkdir()
    done = red(*line.split())
    assert done.code == code, done
    assert words in done.err


def test_nobody_is_attached(sim: Particle, app: Path) -> None:
    done = sim("flash", "--local", "app.bin")
    assert done.code == 1
    assert "No devices found" in done.err


def test_a_compiler_error_is_told_in_the_compilers_words(red: Particle, project: Path) -> None:
    (project / "src" / "doorbell.cpp").write_text("void setup() {\n")
    done = red("flash", "--local", "doorbell")
    assert done.code == 1
    assert "doorbell.cpp" in done.err
    assert "error:" in done.err
