"""Where everything a command leaves behind is printed: its result, or the error it ended in."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from particle_cli.adapters.terminal.facts import terminal_facts
from particle_cli.adapters.terminal.person import Terminal
from particle_cli.entrypoints.cli.result import error_data

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from particle_cli.entrypoints.cli.result import Plain, Result
    from particle_cli.ports.errors import ParticleError

_META: Mapping[str, Plain] = {"version": "1.0.0"}


class Output:
    """The two ways to print: text for people, one JSON document for programs.

    Attributes:
        person: the person at the terminal, for the command to talk with.
        verbosity: 1 as a rule, less with -q, more with -v.
    """

    def __init__(self, words: Sequence[str]) -> None:
        """Look at the global flags among the words.

        The words themselves are asked, as an error may have to be printed before, or because, they cannot be
        parsed.
        """
        flags = words[: words.index("--")] if "--" in words else words
        self._json = "--json" in flags
        self.verbosity = 1 + _count(flags, "verbose") - _count(flags, "quiet")
        interactive = True if "--interactive" in flags else None
        if "--non-interactive" in flags or self._json:
            interactive = False
        facts = terminal_facts(
            sys.stdin,
            sys.stdout,
            sys.stderr,
            os.environ,
            interactive=interactive,
            colour="--no-color" not in flags,
        )
        self.person = Terminal(
            facts,
            sys.stdin,
            sys.stdout,
            sys.stderr,
            results_shown=not self._json,
            quiet=self.verbosity < 1,
        )

    def result(self, result: Result) -> None:
        """Print a result on stdout, and on stderr what went wrong with parts of it. Raises: OutputError."""
        if self._json:
            if not result.streamed:
                self._document({"meta": {**_META, **result.meta}, "data": result.data()})
            return
        if text := result.text(self.person.facts.width):
            self.person.say(text)
        for error in result.errors:
            self.error(error)

    def error(self, error: ParticleError, *, reminder: str | None = None) -> None:
        """Print an error with its next step: on stderr, or as the JSON document on a stdout that works.

        Args:
            error: what ended the command.
            reminder: how the command is used, shown to people only.
        """
        if self._json and not self.person.reader_gone:
            self._document({"meta": _META, "error": error_data(error)})
            return
        for text in (error.message, reminder, error.next_step):
            if text:
                self.person.fail(text)

    def _document(self, document: Mapping[str, Plain]) -> None:
        import json

        indent = None if self.person.poured else 4  # a stream is one document a line, to its end
        self.person.document(json.dumps(document, indent=indent, ensure_ascii=False))


def _count(flags: Sequence[str], name: str) -> int:
    """Return how often a counted flag stands among the words, also as in `-vv` and `-qv`."""
    letter = name[0]
    return flags.count(f"--{name}") + sum(
        flag.count(letter) for flag in flags if flag.startswith("-") and not flag.strip("-vq")
    )
