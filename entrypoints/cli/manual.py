"""The manual pages, one a command: `python -m particle_cli.entrypoints.cli.manual docs/man [--check]`.

A tool for developers; argparse-manpage is not needed to run the program. The date on the pages is that of
SOURCE_DATE_EPOCH, so that they change only when the commands do.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from argparse_manpage.manpage import Manpage

from particle_cli import __version__
from particle_cli.entrypoints.cli.parser import manual_parser
from particle_cli.entrypoints.cli.table.entry import Command
from particle_cli.entrypoints.cli.table.index import COMMANDS

_ABOUT = {"project_name": "particle-cli", "version": __version__, "manual_title": "Particle command line"}
_SHOWN = tuple(command for command in COMMANDS if not command.hidden)


def pages() -> Mapping[str, str]:
    """Return all pages, by file name."""
    return {"particle.1": _program_page()} | {
        f"particle-{command.path.replace(' ', '-')}.1": _command_page(command) for command in _SHOWN
    }


def _program_page() -> str:
    page = Manpage(manual_parser(None), dict(_ABOUT))
    page.description = page.parser.description
    page.add_section("synopsis", "=", _synopsis("particle", "<command> [options] [parameters]"))
    rows = (_row(f"particle {command.path}", command.summary) for command in _SHOWN)
    page.add_section("commands", "=", "\n".join(rows))
    page.add_section("files", "=", "\n".join(_row(*file) for file in _FILES))
    page.add_section("environment", "=", "\n".join(_row(*variable) for variable in _VARIABLES))
    page.add_section("exit status", "=", "\n".join(_row(*code) for code in _EXIT_CODES))
    return str(page)


def _command_page(command: Command) -> str:
    page = Manpage(manual_parser(command), dict(_ABOUT))
    page.description = command.summary
    words = f"particle {command.path}"
    page.add_section("synopsis", "=", _synopsis(words, f"[options] {command.parameters}".rstrip()))
    if command.details or command.aliases:
        also = [f"Also known as: {', '.join(f'particle {alias}' for alias in command.aliases)}."]
        paragraphs = (*command.details, *(also if command.aliases else ()))
        page.add_section("notes", "=", "\n.PP\n".join(map(_roff, paragraphs)))
    page.add_section("examples", "=", "\n".join(_row(line, told) for line, told in command.examples))
    page.add_section("see also", "=", ".BR particle (1)")
    return str(page)


_FILES = (
    ("~/.particle/profile.json", "The name of the current profile"),
    ("~/.particle/<profile>.config.json", "The settings of a profile"),
    ("~/.particle/<profile>.world/", "The embedded world of a profile"),
)
_VARIABLES = (
    ("NO_COLOR", "Where set, nothing is coloured"),
    ("PARTICLE_NON_INTERACTIVE", "Where set, no question is asked"),
    ("PARTICLE_SIM_SPEED", "How many times faster than real time the embedded world runs; unset: at once"),
)
_EXIT_CODES = (
    ("0", "Done"),
    ("1", "The operation failed"),
    ("2", "Wrong usage"),
    ("130", "Interrupted"),
)


def _synopsis(words: str, rest: str) -> str:
    return f".B {_roff(words)}\n{_roff(rest)}"


def _row(left: str, right: str) -> str:
    return f".TP\n.B {_roff(left)}\n{_roff(right)}"


def _roff(text: str) -> str:
    """Return a text with what roff would take for its own escaped."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


def _write(folder: Path, wanted: Mapping[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")
    for stale in _files(folder) - set(wanted):
        (folder / stale).unlink()


def _outdated(folder: Path, wanted: Mapping[str, str]) -> list[str]:
    """Return the names of pages that are missing, stale or different."""
    there = _files(folder)
    different = (
        name for name, text in wanted.items() if name in there and (folder / name).read_text("utf-8") != text
    )
    return sorted({*different, *(there ^ set(wanted))})


def _files(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.1")}


def main(words: Iterable[str]) -> int:
    """Write the pages into a folder, or (`--check`) tell which of them are not as they should be."""
    folder, *flags = words
    if "--check" not in flags:
        _write(Path(folder), pages())
        return 0
    outdated = _outdated(Path(folder), pages())
    if outdated:
        sys.stderr.write(f"Run make man; these pages are out of date: {', '.join(outdated)}\n")
    return 1 if outdated else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
