"""What every person keeps: told through fake streams, and at a real terminal (a pty)."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from typing import TextIO

import pytest

from particle_cli.adapters.terminal.facts import TerminalFacts
from particle_cli.adapters.terminal.person import Terminal
from particle_cli.ports.person import NobodyThere, Person

FLAG = "--name NAME"


class Sitting:
    """A person port, what was typed into it, and what was shown."""

    def __init__(self, person: Person, results: TextIO, told: TextIO) -> None:
        self.person = person
        self._results = results
        self._told = told

    def results(self) -> str:
        self._results.seek(0)
        return self._results.read()

    def told(self) -> str:
        self._told.seek(0)
        return self._told.read()


class Place:
    """Somewhere a person sits: give it the lines to be typed, get a sitting."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._open: list[TextIO] = []

    def sit(self, *lines: str) -> Sitting:
        text = "".join(f"{line}\n" for line in lines)
        results, told = io.StringIO(), io.StringIO()
        on_terminal = self._kind == "terminal"
        stdin = self._pty(text) if on_terminal else io.StringIO(text)
        facts = TerminalFacts(stdin=on_terminal, stdout=False, stderr=False, questions=True)
        return Sitting(Terminal(facts, stdin, results, told), results, told)

    def empty(self) -> Sitting:
        results, told = io.StringIO(), io.StringIO()
        facts = TerminalFacts(stdin=False, stdout=False, stderr=False, questions=False)
        return Sitting(Terminal(facts, io.StringIO("never read\n"), results, told), results, told)

    def _pty(self, text: str) -> TextIO:
        """A terminal at which the text is typed, and then the end of input (Ctrl-D)."""
        master, slave = os.openpty()
        os.write(master, text.encode() + b"\x04")  # the terminal keeps it until it is read
        self._open += [os.fdopen(slave, "r"), os.fdopen(master, "r")]
        return self._open[-2]

    def leave(self) -> None:
        for stream in self._open:
            stream.close()


@pytest.fixture(params=["pipe", "terminal"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    if request.param == "terminal" and sys.platform == "win32":
        pytest.skip("Windows has no pty")
    place = Place(request.param)
    yield place
    place.leave()


def test_results_and_the_rest_go_different_ways(place: Place) -> None:
    sitting = place.sit()
    sitting.person.say("blinky [0123] is online")
    sitting.person.note("Asking the cloud")
    sitting.person.warn("The clock is wrong")
    assert sitting.results() == "blinky [0123] is online\n"
    assert "Asking the cloud\n" in sitting.told()
    assert "The clock is wrong" in sitting.told()


async def test_a_line_is_asked_for(place: Place) -> None:
    sitting = place.sit("blinky", "", "")
    assert sitting.person.present
    assert await sitting.person.ask("Name?", flag=FLAG) == "blinky"
    assert await sitting.person.ask("Name?", flag=FLAG, default="photon") == "photon"
    assert await sitting.person.ask("Name?", flag=FLAG) == ""
    assert sitting.results() == ""
    assert "Name? [photon]" in sitting.told()


async def test_a_choice_is_asked_for_until_it_is_one(place: Place) -> None:
    sitting = place.sit("", "0", "4", "two", " 2 ")
    assert await sitting.person.choose("Which?", ["a", "b", "c"], flag=FLAG) == 1
    assert "Which?\n  1) a\n  2) b\n  3) c\n" in sitting.told()


@pytest.mark.parametrize(("typed", "yes"), [("y", True), ("YES", True), ("n", False), ("No", False)])
async def test_yes_and_no(place: Place, typed: str, yes: bool) -> None:
    assert await place.sit("maybe", typed).person.confirm("Sure?", flag="--yes", default=not yes) is yes


@pytest.mark.parametrize("default", [True, False])
async def test_an_empty_line_is_the_default(place: Place, default: bool) -> None:
    assert await place.sit("").person.confirm("Sure?", flag="--yes", default=default) is default


async def ask(person: Person) -> object:
    return await person.ask("Name?", flag=FLAG)


async def ask_secret(person: Person) -> object:
    return await person.ask_secret("Name?", flag=FLAG)


async def choose(person: Person) -> object:
    return await person.choose("Name?", ["a", "b"], flag=FLAG)


async def confirm(person: Person) -> object:
    return await person.confirm("Name?", flag=FLAG, default=True)


@pytest.mark.parametrize("question", [ask, ask_secret, choose, confirm])
async def test_with_nobody_there_the_flag_is_named(place: Place, question: object) -> None:
    assert callable(question)
    sitting = place.empty()
    assert not sitting.person.present
    with pytest.raises(NobodyThere, match=r"Name\?") as caught:
        await question(sitting.person)
    assert FLAG in (caught.value.next_step or "")
    assert caught.value.code == "nobody_there"


@pytest.mark.parametrize("question", [ask, choose, confirm])
async def test_an_input_that_ends_is_nobody(place: Place, question: object) -> None:
    assert callable(question)
    with pytest.raises(NobodyThere, match="the input has ended") as caught:
        await question(place.sit().person)
    assert FLAG in (caught.value.next_step or "")


def test_progress_can_be_told_and_nests(place: Place) -> None:
    sitting = place.sit()
    with sitting.person.progress("Writing", 100) as outer, sitting.person.progress("Erasing", 3) as inner:
        outer.advance(50)
        inner.advance(1.5)
        inner.label("Erasing more")
    assert sitting.results() == ""


def test_progress_passes_errors_on(place: Place) -> None:
    with pytest.raises(ZeroDivisionError), place.sit().person.progress("Writing", 0):
        raise ZeroDivisionError
