from __future__ import annotations

import pytest
from tests.entrypoints.conftest import Particle

from particle_cli import __version__
from particle_cli.entrypoints.cli.table.entry import Command
from particle_cli.entrypoints.cli.table.index import CATEGORIES, COMMANDS, entry, paths

SHOWN = [command for command in COMMANDS if not command.hidden]


@pytest.mark.parametrize("words", [("--version",), ("version",)])
def test_the_version_is_all_that_is_printed(particle: Particle, words: tuple[str, ...]) -> None:
    ran = particle(*words)
    assert (ran.code, ran.out, ran.err) == (0, f"{__version__}\n", "")


def test_the_programs_help_lists_all_there_is_sorted(particle: Particle) -> None:
    ran = particle()
    assert ran.code == 0
    assert ran.err == ""
    lines = ran.out.splitlines()
    rows = lines[lines.index("Commands:") + 1 : lines.index("Global Options:") - 1]
    listed = [row.split()[0] for row in rows]
    assert listed == sorted(listed)
    hidden = {command.path for command in COMMANDS if command.hidden}
    assert set(listed) == {path.split()[0] for path in paths()} - hidden
    assert f"Version {__version__}" in lines


@pytest.mark.parametrize("category", [category.path for category in CATEGORIES if category.path])
def test_a_categorys_help_lists_its_commands(particle: Particle, category: str) -> None:
    ran = particle(category)
    assert ran.code == 0
    assert f"Usage: particle {category} <command>" in ran.out
    for path in paths():
        held = entry(path)
        hidden = isinstance(held, Command) and held.hidden
        if path.startswith(f"{category} ") and not hidden:
            word = path.removeprefix(f"{category} ").split()[0]
            assert f"  {word} " in ran.out


@pytest.mark.parametrize("command", [command.path for command in SHOWN])
def test_a_commands_help_shows_all_its_flags_and_examples(particle: Particle, command: str) -> None:
    ran = particle("help", *command.split())
    assert ran.code == 0
    assert ran.err == ""
    assert ran == particle(*command.split(), "--help")
    held = entry(command)
    assert isinstance(held, Command)
    lines = ran.out.splitlines()
    assert lines[0] == held.summary
    assert lines[1] == f"Usage: particle {command} [options] {held.parameters}".rstrip()
    for option in held.options:
        short = f"-{option.short}, " if option.short else ""
        assert any(line.startswith(f"  {short}--{option.name} ") for line in lines)
    for words, told in held.examples:
        assert any(line.startswith(f"  {words}  ") and line.endswith(told) for line in lines)


@pytest.mark.parametrize("command", SHOWN, ids=lambda command: str(command.path))
def test_examples_are_lines_that_the_grammar_takes(command: Command) -> None:
    import shlex

    from particle_cli.entrypoints.cli.parser import parse
    from particle_cli.entrypoints.cli.table.index import locate

    assert command.examples
    for line, _ in command.examples:
        words = shlex.split(line.removeprefix('eval "$(').removesuffix(')"').partition(" >")[0])
        place = locate(words[1:])
        assert words[0] == "particle"
        assert place.entry is command
        parse(command, place.words)


def test_help_is_a_document_too(particle: Particle) -> None:
    assert particle("help", "call", "--json").data == {"help": particle("help", "call").out}


def test_a_near_miss_is_guessed(particle: Particle) -> None:
    ran = particle("usb", "lst")
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.splitlines() == ["No such command 'usb lst'", "Did you mean 'particle usb list'?"]


def test_a_far_miss_says_where_to_look(particle: Particle) -> None:
    assert "Run particle help usb" in particle("usb", "xyzzy").err
    assert "particle help" in particle("xyzzy").err


def test_wrong_usage_reminds_of_the_right_one(particle: Particle) -> None:
    ran = particle("call", "red")
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.splitlines() == [
        "Parameter 'function' is required.",
        "Usage: particle call [options] <device> <function> [argument]",
    ]


def test_wrong_usage_is_a_document_too(particle: Particle) -> None:
    ran = particle("call", "red", "--json", "--bogus")
    assert ran.code == 2
    assert ran.err == ""
    assert ran.document == {
        "meta": {"version": "1.0.0"},
        "error": {"code": "usage", "message": "Unknown argument 'bogus'", "hint": None},
    }
