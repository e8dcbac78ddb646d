"""`particle usb cloud-status`: asked once, or until it is the one wanted."""

from __future__ import annotations

import pytest
from tests.entrypoints.conftest import Particle


@pytest.fixture
def red(sim: Particle) -> Particle:
    """A world of one Boron, which is online."""
    assert sim("sim", "add", "boron", "--name", "red").code == 0
    return sim


def test_the_status_is_told_in_one_word(red: Particle) -> None:
    number = red("usb", "list", "--ids-only").out.strip()
    for words in ((), ("red",), (number.upper(),), ("--device", "red")):
        assert red("usb", "cloud-status", *words).out == "connected\n"
    assert red("usb", "cloud-status", "--json").data == {"id": number, "status": "connected"}
    red("usb", "listen", "red")
    assert red("usb", "cloud-status").out == "disconnected\n"


def test_it_is_waited_for(red: Particle) -> None:
    assert red("usb", "cloud-status", "red", "--until", "connected").out == "connected\n"
    ran = red("usb", "cloud-status", "red", "--until", "disconnected", "--timeout", "2000")
    assert (ran.code, ran.out) == (1, "")
    assert "Timed out waiting for status" in ran.err
    assert "is connected." in ran.err
    ran = red("usb", "cloud-status", "red", "--until", "disconnected", "--timeout", "2000", "--json")
    assert ran.document["error"]["code"] == "cloud_status_timeout"


def test_what_happens_to_the_device_meanwhile_does_not_matter(red: Particle) -> None:
    number = red("usb", "list", "--ids-only").out.strip()
    red("usb", "dfu", "red")
    ran = red("usb", "cloud-status", "red", "--until", "connected", "--timeout", "5000")
    assert (ran.code, "is in DFU mode" in ran.err) == (1, True)
    red("sim", "unplug", "red")
    ran = red("usb", "cloud-status", number, "--until", "connected", "--timeout", "5000")
    assert (ran.code, "is not attached" in ran.err) == (1, True)
    ran = red("usb", "cloud-status", "nobody", "--until", "connected")
    assert (ran.code, "Device not found: nobody" in ran.err) == (1, True)


def test_a_device_in_dfu_mode_cannot_be_asked(red: Particle) -> None:
    red("usb", "dfu", "red")
    for words in ((), ("red",)):
        ran = red("usb", "cloud-status", *words)
        assert ran.code == 1
        assert "RESET" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--until", "lost"), "'--until'"),
        (("--timeout", "0"), "--timeout must be a number of milliseconds above 0."),
        (("--timeout", "-5"), "--timeout must be a number of milliseconds above 0."),
        (("--timeout", "nan"), "--timeout must be a number of milliseconds above 0."),
        (("--timeout", "soon"), "'--timeout'"),
        (("red", "--device", "red"), "Only one device can be given here, not 2: red red"),
    ],
)
def test_words_that_make_no_sense(red: Particle, words: tuple[str, ...], said: str) -> None:
    ran = red("usb", "cloud-status", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_help_shows_one_timeout(sim: Particle) -> None:
    told = sim("usb", "cloud-status", "--help").out
    assert told.count("--timeout ") == 1 + told.count("--timeout 120000")
    assert "milliseconds" in told
