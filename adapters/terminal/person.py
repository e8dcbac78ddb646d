"""The person at the terminal, or nobody: results to stdout, everything else to stderr."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, TextIO

from particle_cli.adapters.terminal.bars import Bars
from particle_cli.adapters.terminal.facts import TerminalFacts
from particle_cli.adapters.terminal.output import Output, escaped
from particle_cli.adapters.terminal.typed import interruptible, line_typed, secret_typed
from particle_cli.ports.person import NobodyThere, Progress

_YES: Final = ("y", "yes")
_NO: Final = ("n", "no")


class Terminal:
    """The person port over three text streams.

    Args:
        facts: what is known about the streams.
        stdin, stdout, stderr: the streams; None for one that was closed before the program started.
        results_shown: False drops what is given to `say`, for JSON, where the one document is the result.
        quiet: True drops notes, warnings and progress.

    Attributes:
        poured: whether the result is a stream, of which a piece was given.
    """

    def __init__(
        self,
        facts: TerminalFacts,
        stdin: TextIO | None,
        stdout: TextIO | None,
        stderr: TextIO | None,
        *,
        results_shown: bool = True,
        quiet: bool = False,
    ) -> None:
        """Keep the streams; nothing is read or written yet."""
        self.facts = facts
        self.poured = False
        self._stdin = stdin
        self._stderr = stderr
        self._results = Output(stdout, terminal=facts.stdout)
        self._told = Output(stderr, terminal=facts.stderr)
        self._results_shown = results_shown
        self._quiet = quiet
        self._bars: Bars | None = None
        if stderr is not None and facts.stderr and facts.movable and not quiet:
            self._bars = Bars(stderr, width=facts.width, colour=facts.colour)

    @property
    def present(self) -> bool:
        """Whether questions can be asked."""
        return self.facts.questions

    @property
    def reader_gone(self) -> bool:
        """Whether nobody reads the results any more: a stream of them may end, and has ended well."""
        return self._results.reader_gone

    # -- telling ---------------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Give a line of the result, as soon as it is known."""
        if self._results_shown:
            self._line(self._results, text)

    def pour(self, text: str, *, raw: bool = False) -> bool:
        """Give a piece of a stream, in whatever form; False once nobody reads any more."""
        self.poured = True
        self._results.pour(text, raw=raw)
        return not self._results.reader_gone

    def document(self, text: str) -> None:
        """Give a whole result that is rendered already (a table, a JSON document), as it stands."""
        if text:
            self._results.write(text if text.endswith("\n") else text + "\n")

    def note(self, text: str) -> None:
        """Tell what is going on; no part of the result."""
        if not self._quiet:
            self._line(self._told, text)

    def warn(self, text: str) -> None:
        """Tell what may be wrong without ending the work."""
        if not self._quiet:
            self._line(self._told, f"Warning: {text}")

    def fail(self, text: str) -> None:
        """Tell what went wrong; never held back."""
        self._line(self._told, text)

    def _line(self, output: Output, text: str) -> None:
        if self._bars is not None and self._bars.up and output.terminal:
            self._bars.print_above(text)
        else:
            output.line(text)

    # -- asking ----------------------------------------------------------------------------------------

    async def ask(self, question: str, *, flag: str, default: str | None = None) -> str:
        """Return a line typed; an empty one means the default. NobodyThere."""
        with self._asking(question, flag):
            typed = self._typed(question if default is None else f"{question} [{default}]")
        return typed or default or ""

    async def ask_secret(self, question: str, *, flag: str) -> str:
        """Return a line typed without echo. NobodyThere."""
        with self._asking(question, flag):
            prompt = escaped(question) + " "
            if not self.facts.stdin:
                self._told.write(prompt)
            return secret_typed(prompt, self._stdin, self._stderr, terminal=self.facts.stdin)

    async def choose(self, question: str, choices: Sequence[str], *, flag: str) -> int:
        """Return the index of the choice taken, from a numbered list. NobodyThere."""
        with self._asking(question, flag):
            self._told.line(question)
            for number, choice in enumerate(choices, 1):
                self._told.line(f"  {number}) {choice}")
            while True:
                typed = self._typed(f"Enter a number from 1 to {len(choices)}:").strip()
                if typed.isdecimal() and 1 <= int(typed) <= len(choices):
                    return int(typed) - 1

    async def confirm(self, question: str, *, flag: str, default: bool) -> bool:
        """Return whether the answer is yes; an empty line is the default. NobodyThere."""
        with self._asking(question, flag):
            while True:
                typed = self._typed(f"{question} [{'Y/n' if default else 'y/N'}]").strip().lower()
                if typed in _YES or typed in _NO or not typed:
                    return typed in _YES if typed else default

    def _typed(self, prompt: str) -> str:
        self._told.write(escaped(prompt) + " ")
        return line_typed(self._stdin)

    @contextmanager
    def _asking(self, question: str, flag: str) -> Iterator[None]:
        """Clear the way for a question; NobodyThere where there is nobody, or the input ends."""
        next_step = f"Give the answer with {flag}."
        if not self.present:
            raise NobodyThere(f'Cannot ask "{question}" here.', next_step=next_step)
        if self._bars is not None:
            self._bars.hide()
        try:
            with interruptible():  # before the question is seen, so that no Ctrl-C is lost
                yield
        except EOFError as ended:
            self._told.write("\n")
            raise NobodyThere(
                f'"{question}" was not answered: the input has ended.', next_step=next_step
            ) from ended
        except KeyboardInterrupt:
            self._told.write("\n")  # whatever is said next stands on a line of its own
            raise
        finally:
            if self._bars is not None:
                self._bars.show()

    # -- progress --------------------------------------------------------------------------------------

    @contextmanager
    def progress(self, label: str, total: float) -> Iterator[Progress]:
        """Show a bar on a terminal; elsewhere a line for each label."""
        if self._bars is None:
            yield _Lines(self, label)
            return
        bar = self._bars.add(label, total)
        try:
            yield bar
        finally:
            self._bars.take_down(bar)


class _Lines:
    """Progress where nothing can be drawn: a line each time something else is being done."""

    def __init__(self, terminal: Terminal, label: str) -> None:
        self._terminal = terminal
        self._told: str | None = None
        self.label(label)

    def label(self, text: str) -> None:
        if text != self._told:
            self._told = text
            self._terminal.note(text)

    def advance(self, amount: float) -> None:
        """Nothing moves here."""
