"""From words to a `Given`, by argparse; and the whole grammar as one parser, for manuals and completion."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentError, ArgumentParser, HelpFormatter, _ActionsContainer
from collections.abc import Sequence
from typing import NoReturn

from particle_cli.entrypoints.cli.given import Given
from particle_cli.entrypoints.cli.table.entry import (
    GLOBAL_OPTIONS,
    Category,
    Command,
    Option,
    Parameter,
    global_options,
)
from particle_cli.entrypoints.cli.table.index import COMMANDS, entry
from particle_cli.ports.errors import UsageError

_ABOUT = "Work with Particle devices and the Particle Device Cloud"
_WIDTH = 100  # a fixed one: argparse would import shutil, bz2 and lzma to learn the terminal's


class _Formatter(HelpFormatter):
    """Help text of a fixed width."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_WIDTH)


class _Parser(ArgumentParser):
    """A parser that raises instead of leaving the program."""

    def __init__(self, prog: str, summary: str = "") -> None:
        super().__init__(
            prog=prog,
            description=summary,
            allow_abbrev=False,
            add_help=False,
            exit_on_error=False,
            formatter_class=_Formatter,
        )

    def error(self, message: str) -> NoReturn:
        """Refuse the words."""
        raise UsageError(message)


def parse(command: Command, words: Sequence[str]) -> Given:
    """Return what the words after a command's path mean.

    Flags may stand anywhere; `--` ends them. Words are never turned into numbers.

    Raises: UsageError, in the wording that scripts for the Node CLI know.
    """
    end = words.index("--") if "--" in words else len(words)
    parser = _Parser(command.path)
    _add_options(parser, command)
    try:
        flags, left = parser.parse_known_args(list(words[:end]))
    except ArgumentError as error:
        flag = (error.argument_name or "").split("/", maxsplit=1)[0]
        raise UsageError(f"Option '{flag}': {error.message}.") from error
    unknown = [word for word in left if _is_flag(word)]
    if unknown:
        from particle_cli.entrypoints.cli.guesses import unknown_arguments

        raise unknown_arguments(command, unknown)
    placed = _place(command.places, [*left, *words[end + 1 :]])
    return Given(
        command.path,
        placed,
        vars(flags),
        reads_only=command.reads_only,
        live=command.live,
        serves=command.serves,
    )


def _is_flag(word: str) -> bool:
    if not word.startswith("-") or word == "-" or " " in word:
        return False
    return not word[1:].replace(".", "", 1).isdigit()  # a negative number is a word


def _place(places: Sequence[Parameter], words: list[str]) -> dict[str, tuple[str, ...]]:
    """Give each parameter its words."""
    placed: dict[str, tuple[str, ...]] = {}
    for place in places:
        count = len(words) if place.rest else 1
        taken, words = tuple(words[:count]), words[count:]
        if place.required and not taken:
            raise UsageError(
                f"Parameter '{place.name}' must have at least one item."
                if place.rest
                else f"Parameter '{place.name}' is required."
            )
        placed[place.name] = taken
    if words:
        raise UsageError(f"Command parameters '{' '.join(words)}' are not expected here.")
    return placed


def _add_options(parser: ArgumentParser, command: Command) -> None:
    for option in (*command.options, *global_options(command)):
        _add_option(parser, option)


def _add_option(parser: _ActionsContainer, option: Option) -> None:
    flags = [f"--{name}" for name in option.spellings]
    if option.short:
        flags.insert(0, f"-{option.short}")
    if option.kind == "boolean":
        parser.add_argument(*flags, dest=option.name, help=option.summary, action="store_true")
        if not option.name.startswith("no"):
            off = [f"--no-{name}" for name in option.spellings]
            parser.add_argument(*off, dest=option.name, help=SUPPRESS, action="store_false", default=False)
    elif option.kind == "count":
        parser.add_argument(*flags, dest=option.name, help=option.summary, action="count", default=0)
    else:
        parser.add_argument(
            *flags,
            dest=option.name,
            help=option.summary,
            metavar=option.value or option.name.upper(),
            choices=option.choices or None,
            type=float if option.kind == "number" else str,
            nargs="+" if option.kind == "array" else None,
            action="append" if option.kind == "strings" else "store",
        )


_NUMBER_OF_WORDS = {(True, False): None, (False, False): "?", (True, True): "+", (False, True): "*"}


def whole_parser() -> ArgumentParser:
    """Return a parser of every command that is shown, with its parameters and flags."""
    top = _Parser("particle", _ABOUT)
    top.add_argument("--version", action="store_true", help="Print the version")
    for option in GLOBAL_OPTIONS:
        _add_option(top, option)
    branches = {"": top.add_subparsers(title="commands", metavar="COMMAND", parser_class=ArgumentParser)}
    for command in COMMANDS:
        if command.hidden:
            continue
        for path in (command.path, *command.aliases):
            parent, _, word = path.rpartition(" ")
            if parent not in branches:
                category = entry(parent)
                assert isinstance(category, Category)
                branch = branches[""].add_parser(
                    parent, help=category.summary, description=category.summary, add_help=False
                )
                branches[parent] = branch.add_subparsers(title="commands", metavar="COMMAND")
            parser = branches[parent].add_parser(
                word, help=command.summary, description=command.summary, add_help=False
            )
            parser.formatter_class = _Formatter
            _fill(parser, command)
    return top


def manual_parser(command: Command | None) -> ArgumentParser:
    """Return a parser with the flags of one command, or of none, in the groups that a manual has."""
    parser = _Parser(
        f"particle-{command.path.replace(' ', '-')}" if command else "particle",
        command.summary if command else _ABOUT,
    )
    for option in command.options if command else ():
        _add_option(parser, option)
    common = parser.add_argument_group("global options")
    for option in global_options(command) if command else GLOBAL_OPTIONS:
        _add_option(common, option)
    return parser


def _fill(parser: ArgumentParser, command: Command) -> None:
    for place in command.places:
        parser.add_argument(
            place.name, metavar=place.shown, nargs=_NUMBER_OF_WORDS[place.required, place.rest]
        )
    _add_options(parser, command)
