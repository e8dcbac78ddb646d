"""How a command's end, whichever it is, becomes an exit code and words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NoReturn

import pytest
from tests.entrypoints.conftest import Particle

from particle_cli.entrypoints.cli.commands import config
from particle_cli.entrypoints.cli.commands import list as list_devices
from particle_cli.entrypoints.cli.given import Given
from particle_cli.entrypoints.cli.result import Result, Streamed, Told
from particle_cli.entrypoints.cli.stream import Stream
from particle_cli.entrypoints.wires import Desk, Wires
from particle_cli.ports.errors import ParticleError, UsageError


class Broken(ParticleError):
    code = "broken"


class Stopped(ParticleError):
    code = "interrupted"


@pytest.fixture
def ends_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Let the command `config` end in an error."""

    def arrange(error: BaseException) -> None:
        def run(given: Given, desk: Desk) -> NoReturn:
            raise error

        monkeypatch.setattr(config, "run", run)

    return arrange


Ends = Callable[[BaseException], None]


def test_an_error_is_told_with_its_next_step(particle: Particle, ends_in: Ends) -> None:
    ends_in(Broken("It broke.", next_step="Mend it."))
    ran = particle("config")
    assert (ran.code, ran.out, ran.err) == (1, "", "It broke.\nMend it.\n")


def test_an_error_is_a_document_for_programs(particle: Particle, ends_in: Ends) -> None:
    ends_in(Broken("It broke.", next_step="Mend it."))
    ran = particle("config", "--json")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith('{\n    "meta": {\n        "version": "1.0.0"\n    },\n    "error": {\n')
    assert ran.document["error"] == {"code": "broken", "message": "It broke.", "hint": "Mend it."}


def test_wrong_usage_found_late_still_shows_the_right_one(particle: Particle, ends_in: Ends) -> None:
    ends_in(UsageError("Not like that."))
    ran = particle("config")
    assert ran.code == 2
    assert ran.err == "Not like that.\nUsage: particle config [options] [profile] [setting] [value]\n"


def test_a_fault_of_the_program_is_one_line_and_a_way_to_more(particle: Particle, ends_in: Ends) -> None:
    ends_in(ZeroDivisionError("division by zero"))
    ran = particle("config")
    assert ran.code == 1
    assert ran.err.splitlines() == [
        "Unexpected error: ZeroDivisionError: division by zero",
        "Run the command again with -v to see where it happened.",
    ]
    assert particle("config", "--json").document["error"]["code"] == "unexpected"


@pytest.mark.parametrize("error", [Broken("It broke."), ZeroDivisionError("oh")], ids=["told", "unexpected"])
def test_a_traceback_is_shown_only_to_who_asks(particle: Particle, ends_in: Ends, error: Exception) -> None:
    ends_in(error)
    assert "Traceback" not in particle("config").err
    assert "Traceback" in particle("config", "-v").err
    ran = particle("config", "-v", "--json")
    assert "Traceback" in ran.err
    assert "error" in ran.document


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Stopped("Interrupted.")], ids=["key", "told"])
def test_an_interrupt_has_its_own_exit_code(particle: Particle, ends_in: Ends, error: BaseException) -> None:
    ends_in(error)
    ran = particle("config")
    assert (ran.code, ran.out, ran.err) == (130, "", "Interrupted.\n")
    assert particle("config", "--json").document["error"]["code"] == "interrupted"


def test_a_result_can_be_a_failure(particle: Particle, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(given: Given, desk: Desk) -> Result:
        return Told("half of it", {"done": 1}, failed=True)

    monkeypatch.setattr(config, "run", run)
    ran = particle("config")
    assert (ran.code, ran.out) == (1, "half of it\n")
    ran = particle("config", "--json")
    assert (ran.code, ran.document["data"]) == (1, {"done": 1})


@pytest.mark.parametrize("error", [None, Broken("It broke.")], ids=["ends well", "breaks"])
def test_a_stream_is_one_document_a_line(
    particle: Particle, monkeypatch: pytest.MonkeyPatch, error: ParticleError | None
) -> None:
    def run(given: Given, desk: Desk) -> Result:
        stream = Stream(desk.person, json=given.flag("json"))
        for number in range(2):
            assert stream.text(f"{number}é")
            assert stream.record({"number": number, "text": "é\udcff"})
        if error:
            raise error
        return Streamed()

    monkeypatch.setattr(config, "run", run)
    ran = particle("config", "--json")
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert lines[:2] == [{"number": number, "text": "é\udcff"} for number in range(2)]
    if error:
        assert [line["error"]["code"] for line in lines[2:]] == ["broken"]
    else:
        assert (ran.code, len(lines)) == (0, 2)
        assert particle("config").out == "0é1é"


def test_what_is_said_on_the_way_is_no_part_of_the_document(
    particle: Particle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(given: Given, desk: Desk) -> Result:
        desk.person.say("first")
        desk.person.note("by the way")
        return Told("last", "é")

    monkeypatch.setattr(config, "run", run)
    ran = particle("config")
    assert (ran.out, ran.err) == ("first\nlast\n", "by the way\n")
    ran = particle("config", "--json")
    assert ran.document["data"] == "é"
    assert "\\u" not in ran.out
    assert particle("config", "-q").err == ""


def test_time_can_be_limited(sim: Particle, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(given: Given, wires: Wires) -> Result:
        await wires.clock.sleep(10)
        return Told("late", None)

    monkeypatch.setattr(list_devices, "run", run)
    assert sim("list", "--timeout", "11").out == "late\n"
    ran = sim("list", "--timeout", "9.5", "--json")
    assert ran.code == 1
    assert ran.document["error"]["code"] == "timeout"


def test_json_never_asks(sim: Particle) -> None:
    ran = sim("sim", "reset-world", "--json", "--interactive", typed="y\n")
    assert ran.code == 2
    assert ran.document["error"]["code"] == "nobody_there"
    assert "--yes" in ran.document["error"]["hint"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--bus", "usbip://x", "sim", "status"), "no place to look for USB devices"),
        (("--bus", "sim:", "--bus", "libusb", "sim", "status"), "Only one --bus"),
    ],
)
def test_a_bus_that_is_not_there_is_wrong_usage(
    particle: Particle, words: tuple[str, ...], said: str
) -> None:
    ran = particle(*words)
    assert ran.code == 2
    assert said in ran.err
