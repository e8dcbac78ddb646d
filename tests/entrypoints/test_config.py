from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.entrypoints.conftest import Particle

TOKEN = "0123456789abcdef0123456789abcdef01234567"


def test_config_shows_the_profile_in_use(particle: Particle) -> None:
    ran = particle("config")
    assert ran.out.splitlines() == [
        "Current profile: particle",
        "Using API: https://api.particle.io",
        "Access token: null",
    ]
    assert ran.err == ""


def test_profile_is_the_same_command(particle: Particle) -> None:
    assert particle("profile") == particle("config")


def test_switching_says_nothing_and_makes_no_file_of_settings(particle: Particle, home: Path) -> None:
    ran = particle("config", "local")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert particle("config").out.startswith("Current profile: local\n")
    assert [path.name for path in (home / ".particle").iterdir()] == ["profile.json"]


def test_setting_a_value_of_another_profile_does_not_switch_or_copy(particle: Particle, home: Path) -> None:
    particle("config", "foo", "access_token", TOKEN)
    particle("config", "foo")
    particle("config", "bar", "apiUrl", "http://localhost:8080")
    assert particle("config").out.splitlines()[0] == "Current profile: foo"
    stored = json.loads((home / ".particle" / "bar.config.json").read_text())
    assert stored == {"apiUrl": "http://localhost:8080"}


def test_two_words_set_a_known_key_of_the_current_profile(particle: Particle, home: Path) -> None:
    assert particle("config", "usesudofordfu", "true").code == 0
    assert particle("config", "set", "theirs", "x").code == 0
    stored = json.loads((home / ".particle" / "particle.config.json").read_text())
    assert stored == {"useSudoForDfu": "true", "theirs": "x"}


def test_two_words_that_set_nothing_are_wrong_usage(particle: Particle, home: Path) -> None:
    for words in (("foo", "bar"), ("set", "usb"), ("a/b",), ("env", "list"), ("--list", "foo")):
        ran = particle("config", *words)
        assert ran.code == 2, words
        assert ran.out == ""
    assert not (home / ".particle").exists()


def test_the_list_is_sorted(particle: Particle) -> None:
    assert particle("config", "--list").out == "No profiles found.\n"
    particle("config", "foo", "usb", "sim:")
    particle("config", "bar", "usb", "sim:")
    assert particle("config", "--list").out == "Available config files: \n1.) bar\n2.) foo\n"
    assert particle("config", "--list", "--json").data == ["bar", "foo"]


def test_the_token_is_shown_as_text_and_nowhere_else(particle: Particle) -> None:
    particle("config", "set", "access_token", TOKEN)
    assert f"Access token: {TOKEN}" in particle("config").out
    ran = particle("config", "--json", "-vv")
    assert TOKEN not in ran.out + ran.err
    assert ran.data["loggedIn"] is True


def test_a_flag_chooses_the_profile_for_one_command(particle: Particle) -> None:
    assert particle("config", "--profile", "sim", "--json").data["apiUrl"] == "sim:"
    assert particle("config", "--json").data["profile"] == "particle"


def test_a_damaged_profile_is_one_clear_error(particle: Particle, home: Path) -> None:
    particle("config", "set", "usb", "sim:")
    path = home / ".particle" / "particle.config.json"
    path.write_text("{")
    ran = particle("config")
    assert ran.code == 1
    assert ran.out == ""
    assert str(path) in ran.err
    assert "Traceback" not in ran.err
    assert path.read_text() == "{"

    ran = particle("config", "set", "usb", "libusb")
    assert ran.code == 0
    assert "damaged-1" in ran.err
    assert (home / ".particle" / "particle.config.json.damaged-1").read_text() == "{"


def test_without_a_home_nothing_is_guessed(particle: Particle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/no/such/folder")
    ran = particle("config", "--json")
    assert ran.code == 1
    assert ran.document["error"]["code"] == "no_home"
