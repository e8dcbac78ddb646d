"""`particle publish` and `particle subscribe` against the embedded world and a cloud that pushes."""

from __future__ import annotations

import json

from tests.entrypoints.conftest import Particle


def test_publishing_says_what_was_published(sim: Particle) -> None:
    ran = sim("publish", "temp", "25.0")
    assert (ran.code, ran.out, ran.err) == (0, "Published private event: temp\n\n", "")
    ran = sim("publish", "temp", "--private", "--json")
    assert ran.data == {"event": "temp", "data": None, "product": None}


def test_a_reserved_name_is_refused(sim: Particle) -> None:
    ran = sim("publish", "spark/status", "online")
    assert (ran.code, ran.out) == (1, "")
    assert "reserved" in ran.err


def test_the_words_in_the_heading_say_whose_events_are_meant(sim: Particle) -> None:
    sim("sim", "add", "boron", "--name", "red")
    for words, heading in (
        ((), "Subscribing to all events from my devices"),
        (("mine",), "Subscribing to all events from my devices"),
        (("temp",), 'Subscribing to "temp" from my devices'),
        (("temp", "mine"), 'Subscribing to "temp" from my devices'),
        (("mine", "red"), "Subscribing to all events from device red's stream"),
        (("temp", "--device", "red"), 'Subscribing to "temp" from device red\'s stream'),
        (
            ("temp", "--all"),
            'Subscribing to "temp" from the firehose (all devices) and my personal stream (my devices)',
        ),
    ):
        ran = sim("subscribe", *words, "--timeout", "30")
        assert (ran.code, ran.out, ran.err) == (0, "", f"{heading}\n\n")


def test_what_does_not_come_in_time_is_a_failure(sim: Particle) -> None:
    ran = sim("subscribe", "temp", "--until", "25.0", "--timeout", "30")
    assert (ran.code, ran.out) == (1, "")
    assert "This command will exit after receiving event data matching: '25.0'" in ran.err
    assert "was not published within 30 s" in ran.err
    ran = sim("subscribe", "--max", "2", "--timeout", "30", "--json")
    assert ran.code == 1
    assert json.loads(ran.out)["error"]["code"] == "no_event"


def test_wrong_words_are_wrong_usage(sim: Particle) -> None:
    assert sim("subscribe", "--all", "--timeout", "1").code == 2
    assert sim("subscribe", "temp", "red", "--product", "12", "--timeout", "1").code == 2
    assert sim("subscribe", "nosuch", "device", "--timeout", "1").code == 1
