"""`particle flash DEVICE …` and `particle cloud flash`: over the air, on the embedded world."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.domain.flashing.laboratory import PHOTON, application
from tests.entrypoints.conftest import Particle

NOTICE = ":::: "


def test_a_binary_is_sent_and_the_world_is_left_with_it(red: Particle, app: Path) -> None:
    done = red("flash", "red", "app.bin")
    assert done.code == 0, done
    assert done.out == "Flashing firmware to your device red\nFlash success!\n"
    assert red("call", "red", "answer").out == "42\n"


def test_the_first_flash_of_a_profile_is_announced(red: Particle, app: Path) -> None:
    first = red("flash", "red", "app.bin").err.splitlines()
    assert len(first) == 4
    assert all(line.startswith(NOTICE) for line in first)
    assert NOTICE not in red("flash", "red", "app.bin").err
    assert '"flashWarningShownOn": 1' in (Path.home() / ".particle/sim.config.json").read_text()


@pytest.mark.parametrize("words", [("flash",), ("cloud", "flash"), ("flash", "--cloud")])
def test_a_project_is_compiled_for_the_device(red: Particle, project: Path, words: tuple[str, ...]) -> None:
    done = red(*words, "red", "doorbell")
    assert done.code == 0, done
    assert done.out == (
        "Compiling code for red\n\nIncluding:\n    doorbell/project.properties\n"
        "    doorbell/src/doorbell.cpp\n\nCompile succeeded.\n"
        "Flashing firmware to your device red\nFlash success!\n"
    )
    assert red("get", "red", "level").out == "7\n"


def test_waiting_says_what_the_device_runs(red: Particle, app: Path) -> None:
    done = red("flash", "red", "app.bin", "--wait")
    assert done.code == 0, done
    out = done.out.splitlines()
    assert out[:2] == ["Flashing firmware to your device red", "Flash success!"]
    assert out[2].startswith("red is back after ")
    assert out[2].endswith(" on Device OS 6.2.0.")
    told = [line for line in done.err.splitlines() if not line.startswith(NOTICE)]
    assert told == [
        "red: sending the firmware",
        "red: waiting for the device to come back",
        "red: asking what the device runs",
    ]
    data = red("flash", "red", "app.bin", "--wait", "--json").data
    assert data["status"] == "running"
    assert data["deviceOs"] == "6.2.0"
    assert len(data["application"]) == 64
    assert 5 < data["seconds"] < 60
    shown = red("binary", "inspect", "app.bin", "--json").data
    assert data["application"] in str(shown).lower()


def test_without_waiting_it_is_said_that_it_has_begun(red: Particle, app: Path) -> None:
    data = red("flash", "red", "app.bin", "--json").data
    assert (data["device"], data["file"], data["size"]) == ("red", "app.bin", app.stat().st_size)
    assert (data["status"], data["deviceOs"], data["seconds"]) == ("started", None, None)


def test_tinker_comes_from_the_device_os_of_the_device(red: Particle, app: Path) -> None:
    assert red("flash", "red", "app.bin").code == 0
    done = red("flash", "red", "tinker")
    assert done.code == 0, done
    assert done.out == "Flashing firmware to your device red\nFlash success!\n"
    assert "digitalWrite" in red("list", "red").out


def test_a_project_with_assets_goes_as_a_bundle(red: Particle, project: Path) -> None:
    (project / "assets").mkdir()
    (project / "assets/ring.wav").write_bytes(b"ding" * 1000)
    (project / "project.properties").write_text("name=doorbell\nassetOtaDir=assets\n")
    done = red("flash", "red", "doorbell", "--wait", "--json")
    assert done.data["file"] == "doorbell.zip"
    assert done.data["status"] == "running"
    assert red("get", "red", "level").out == "7\n"


def test_an_older_device_is_given_the_device_os_that_the_application_needs(
    sim: Particle, project: Path
) -> None:
    Path("old.toml").write_text('[[device]]\nname = "old"\nplatform = "argon"\ndevice_os = "5.8.0"\n')
    assert sim("sim", "load", "old.toml").code == 0
    done = sim("flash", "old", "doorbell", "--target", "6.2.0", "--wait", "--json")
    assert done.data["deviceOs"] == "6.2.0"
    assert "old: sending what the application needs" in done.err
    assert sim("get", "old", "level").out == "7\n"


@pytest.mark.parametrize("json", [(), ("--json",)])
def test_a_file_that_the_device_refuses_fails_only_for_who_waits(
    red: Particle, json: tuple[str, ...]
) -> None:
    Path("foreign.bin").write_bytes(application(PHOTON, 2000).image())
    assert red("flash", "red", "foreign.bin").code == 0
    done = red("flash", "red", "foreign.bin", "--wait", *json)
    assert done.code == 1
    words = "Failed to flash red: red did not take the firmware"
    if json:
        assert done.document["error"]["code"] == "update_failed"
        assert done.document["error"]["message"].startswith(words)
        assert "particle flash --local" in done.document["error"]["hint"]
    else:
        assert words in done.err
    assert red("list", "red").out.startswith("red [")


def test_the_time_for_waiting_is_limited(red: Particle, app: Path) -> None:
    done = red("flash", "red", "app.bin", "--wait", "--timeout", "3")
    assert done.code == 1
    assert "The update of red was not finished within 3 s: it has been sent" in done.err
    assert red("call", "red", "answer").out == "42\n"


def test_a_device_that_is_offline_is_told(red: Particle, app: Path) -> None:
    assert red("usb", "start-listening", "red").code == 0
    done = red("flash", "red", "app.bin")
    assert done.code == 1
    assert "Failed to flash red: Request Timed Out (device red)" in done.err
    assert "particle list" in done.err


def test_several_devices_are_flashed_at_once(red: Particle, project: Path) -> None:
    assert red("sim", "add", "p2", "--name", "blue").code == 0
    done = red("flash", "--device", "red", "--device", "blue", "doorbell", "--wait", "--json")
    assert [one["device"] for one in done.data] == ["red", "blue"]
    assert {one["status"] for one in done.data} == {"running"}
    assert red("get", "blue", "level").out == "7\n"
    done = red("flash", "--device", "red", "--device", "nobody", "doorbell", "--json")
    assert done.code == 1
    assert [one.get("status") for one in done.document["data"]] == ["started", None]


def test_nothing_is_sent_when_it_is_only_to_be_said(red: Particle, app: Path, project: Path) -> None:
    for words, said in (
        (("red", "app.bin"), "Would send app.bin to red over the air."),
        (("red", "doorbell"), "Would send doorbell, compiled in the cloud, to red over the air."),
        (("red", "tinker"), "Would send tinker to red over the air."),
    ):
        done = red("flash", *words, "--dry-run")
        assert (done.code, done.out.strip(), done.err) == (0, said, "")
    assert "answer" not in red("list", "red").out
    data = red("flash", "red", "doorbell", "--dry-run", "--json").data
    assert data == {"device": "red", "dryRun": True, "files": ["doorbell"], "compile": True, "product": None}


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("flash", 2, "You must specify a device or a file"),
        ("flash app.bin", 2, "particle flash DEVICE app.bin"),
        ("flash red nothing.bin", 1, "Failed to flash red: I couldn't find that file: nothing.bin"),
        ("flash red tinke", 1, "Failed to flash red: I couldn't find that file: tinke"),
        ("flash nobody app.bin", 1, "Failed to flash nobody: Permission Denied"),
        ("flash nobody tinker", 1, "Failed to flash nobody: Permission Denied"),
        ("flash red broken.ino", 1, "Failed to flash red: Compiler encountered an error"),
        ("flash red empty", 1, "Failed to flash red: No source to compile!"),
        ("flash red broken.ino --target 9.9.9", 1, "Failed to flash red: Invalid build target version."),
        ("cloud flash red app.bin --product 12345", 2, "`device` must be an id when `--product` flag is set"),
        ("cloud flash", 2, "Parameter 'device' is required."),
    ],
)
def test_words_that_lead_nowhere(red: Particle, app: Path, line: str, code: int, words: str) -> None:
    Path("empty").mkdir()
    Path("broken.ino").write_text("void setup( {}\n")
    done = red(*line.split())
    assert done.code == code, done
    assert words in done.err
    assert "Traceback" not in done.err


def test_a_device_of_a_product_is_marked_and_flashed_through_it(red: Particle, app: Path) -> None:
    number = red("list", "red", "--json").data[0]["id"]
    assert red("product", "device", "add", "12345", number).code == 0
    done = red("cloud", "flash", number, "app.bin", "--product", "12345")
    assert done.code == 0, done
    assert done.out == (
        f"Marking device {number} as a development device\n"
        f"Flashing firmware to your device {number}\n"
        f"Device {number} is now marked as a developement device and will NOT receive automatic product "
        "firmware updates.\n"
        "To resume normal updates, please visit:\n"
        f"https://console.particle.io/12345/devices/unmark-development/{number}\n"
        "Flash success!\n"
    )
    assert red("call", number, "answer").out == "42\n"
    done = red("cloud", "flash", number, "app.bin", "--product", "12345", "--wait", "--json")
    assert (done.data["product"], done.data["status"]) == ("12345", "running")
    done = red("flash", "red", "tinker", "--json")
    assert (done.data["device"], done.data["product"]) == ("red", "12345")
