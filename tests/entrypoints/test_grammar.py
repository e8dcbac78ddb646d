from __future__ import annotations

import pytest

from particle_cli.entrypoints.cli.given import Given
from particle_cli.entrypoints.cli.parser import parse
from particle_cli.entrypoints.cli.table.entry import Command, Option
from particle_cli.entrypoints.cli.table.index import COMMANDS, locate
from particle_cli.ports.errors import UsageError

TOY = Command(
    "toy make",
    "<device> [files...]",
    "Make a toy",
    "",
    options=(
        Option("saveTo", "string", "Where to"),
        Option("product_id", "string", "Which"),
        Option("groups", "array", "Groups"),
        Option("device", "strings", "Devices"),
        Option("dry-run", "boolean", "Do nothing"),
        Option("no-verify", "boolean", "Do not look"),
        Option("limit", "number", "How many"),
    ),
)


def given(*words: str) -> Given:
    return parse(TOY, words)


@pytest.mark.parametrize(
    "words",
    [
        ("red", "a.bin", "b.bin", "--saveTo", "x"),
        ("--saveTo", "x", "red", "a.bin", "b.bin"),
        ("red", "--saveTo=x", "a.bin", "b.bin"),
        ("red", "a.bin", "--save-to", "x", "b.bin"),
        ("--save-to=x", "red", "a.bin", "--", "b.bin"),
    ],
)
def test_flags_may_stand_anywhere_and_in_either_spelling(words: tuple[str, ...]) -> None:
    found = given(*words)
    assert found.word("device") == "red"
    assert found.rest("files") == ("a.bin", "b.bin")
    assert found.text("saveTo") == "x"


def test_two_dashes_end_the_flags() -> None:
    assert given("red", "--", "--saveTo", "-v").rest("files") == ("--saveTo", "-v")


def test_counted_flags_add_up() -> None:
    assert given("red", "-vv", "--verbose").verbosity == 4
    assert given("red", "-q").verbosity == 0
    assert given("red").verbosity == 1


def test_a_boolean_can_be_taken_back() -> None:
    assert given("red", "--dry-run").flag("dry-run")
    assert not given("red", "--dry-run", "--no-dry-run").flag("dry-run")
    assert given("red", "--no-verify").flag("no-verify")
    assert not given("red").flag("no-verify")


def test_a_dry_run_changes_nothing() -> None:
    assert given("red", "--dry-run").reads_only
    assert not given("red").reads_only


def test_repeated_and_array_flags_keep_all_values() -> None:
    found = given("red", "--device", "a", "--device", "b", "--groups", "x", "y", "--dry-run")
    assert found.texts("device") == ("a", "b")
    assert found.texts("groups") == ("x", "y")


@pytest.mark.parametrize("word", ["0123", "12", "1e5", "-5", "-1.5", "-", "000000000000000000000001"])
def test_a_word_is_never_turned_into_anything_else(word: str) -> None:
    assert given(word).word("device") == word


def test_a_number_is_asked_for_as_one() -> None:
    assert given("red", "--limit", "2.5").number("limit") == 2.5
    assert given("red").number("limit") is None
    with pytest.raises(UsageError, match="--limit"):
        given("red", "--limit", "many")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("red", "--bogus"), "Unknown argument 'bogus'"),
        (("red", "--bogus=1", "-x"), "Unknown arguments 'bogus, x'"),
        ((), "Parameter 'device' is required."),
        (("red", "--saveTo"), "Option '--saveTo': expected one argument."),
        (("red", "--dry-run=yes"), "Option '--dry-run': ignored explicit argument 'yes'."),
    ],
)
def test_what_makes_no_sense_is_refused(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(UsageError) as error:
        given(*words)
    assert error.value.message == message


@pytest.mark.parametrize(
    ("words", "guess"),
    [
        (("red", "--savTo", "x"), "Did you mean --saveTo?"),
        (("red", "--dryrun", "--jsn"), "Did you mean --dry-run and --json?"),
        (("red", "--xyzzy"), None),
    ],
)
def test_a_flag_that_comes_near_is_guessed(words: tuple[str, ...], guess: str | None) -> None:
    with pytest.raises(UsageError, match="Unknown argument") as error:
        given(*words)
    assert error.value.next_step == guess


def test_a_rest_may_have_to_hold_something() -> None:
    with pytest.raises(UsageError) as error:
        parse(Command("revoke", "<tokens...>", "", ""), ())
    assert error.value.message == "Parameter 'tokens' must have at least one item."


def test_words_too_many_are_named() -> None:
    with pytest.raises(UsageError) as error:
        parse(Command("toy", "<a> [b]", "", ""), ("1", "2", "d", "e"))
    assert error.value.message == "Command parameters 'd e' are not expected here."


def test_abbreviated_flags_are_unknown() -> None:
    with pytest.raises(UsageError, match="Unknown argument 'save'"):
        given("red", "--save=x")


@pytest.mark.parametrize(
    ("line", "path", "left"),
    [
        ("usb list --json", "usb list", ["--json"]),
        ("--json usb list", "usb list", ["--json"]),
        ("--profile sim usb --json list boron", "usb list", ["--profile", "sim", "--json", "boron"]),
        ("--saveTo list.bin compile boron", "compile", ["--saveTo", "list.bin", "boron"]),
        ("usb listen", "usb start-listening", []),
        ("function call red on", "call", ["red", "on"]),
        ("profile", "config", []),
        ("--no-update-check list", "list", []),
    ],
)
def test_the_command_is_found_among_flags(line: str, path: str, left: list[str]) -> None:
    place = locate(line.split())
    assert isinstance(place.entry, Command)
    assert place.entry.path == path
    assert place.words == left
    assert not place.wants_help


@pytest.mark.parametrize(
    "line", ["help usb list", "usb list --help", "usb --help list", "-h usb list", "usb list x -h"]
)
def test_help_may_be_asked_for_in_any_way(line: str) -> None:
    place = locate(line.split())
    assert isinstance(place.entry, Command)
    assert place.entry.path == "usb list"
    assert place.wants_help


@pytest.mark.parametrize("line", ["", "help", "--help", "usb", "help usb", "usb --json"])
def test_a_category_shows_its_help(line: str) -> None:
    assert locate(line.split()).wants_help


def test_help_behind_two_dashes_is_a_word() -> None:
    assert not locate(["call", "red", "fn", "--", "--help"]).wants_help


@pytest.mark.parametrize("line", ["foo", "foo bar", "usb foo", "foo --json bar"])
def test_an_unknown_command_is_named_as_typed(line: str) -> None:
    place = locate(line.split())
    assert place.entry is None
    assert place.typed == line.replace(" --json", "")


def test_every_command_of_the_table_can_be_parsed() -> None:
    for command in COMMANDS:
        words = [place.name for place in command.places if place.required]
        parse(command, words)
