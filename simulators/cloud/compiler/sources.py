"""What the compiler is given, and what it has to say."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import field, frozen


@frozen
class Source:
    """A file of the project: its path, with `/`, and its bytes."""

    path: str
    content: bytes = field(repr=False)


@frozen
class Diagnostic:
    """An error in a source.

    Attributes:
        file: path of the source.
        line: from 1.
        column: in characters, from 1.
        text: what is wrong.
        note: a second place that explains it, as (line, column, text), or None.
    """

    file: str
    line: int
    column: int
    text: str
    note: tuple[int, int, str] | None = None

    def __str__(self) -> str:
        """Write it as gcc does."""
        lines = [f"{self.file}:{self.line}:{self.column}: error: {self.text}"]
        if self.note:
            line, column, text = self.note
            lines.append(f"{self.file}:{line}:{column}: note: {text}")
        return "\n".join(lines)


class CompilerErrors(Exception):
    """The sources don't compile."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Keep what is wrong, in the order in which a compiler finds it."""
        super().__init__(f"{len(diagnostics)} errors")
        self.diagnostics = tuple(diagnostics)

    @property
    def text(self) -> str:
        """What the compiler prints."""
        return "\n".join(map(str, self.diagnostics)) + "\n"


class CompileRefused(Exception):
    """The request is not one that a compiler is started for; the message says why."""

    def __init__(self, reason: str, *, status: int = 400) -> None:
        """Keep the reason, and the HTTP status that goes with it."""
        super().__init__(reason)
        self.status = status
