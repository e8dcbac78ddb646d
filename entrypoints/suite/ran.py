"""What came of a command line."""

from __future__ import annotations

import json
import shlex
from typing import Any

from attrs import field, frozen


class CommandFailed(AssertionError):
    """A command line ended otherwise than the test relies on; the message has all that it printed."""


@frozen(repr=False)
class Ran:
    """A command line that has ended.

    Attributes:
        words: what stood after `particle`.
        exit_code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
        out: what it printed on stdout: the result.
        err: what it printed on stderr: notes, warnings, errors.
    """

    words: tuple[str, ...]
    exit_code: int
    out: str = field(eq=False)
    err: str = field(eq=False)

    @property
    def ok(self) -> bool:
        """Whether it ended well."""
        return self.exit_code == 0

    def check(self) -> Ran:
        """Return this, if it ended well. Raises: CommandFailed."""
        __tracebackhide__ = True
        if not self.ok:
            raise CommandFailed(str(self))
        return self

    @property
    def documents(self) -> list[Any]:  # JSON can be anything
        """The JSON documents on stdout, of a command that was run with `--json`; streams print several.

        Raises: CommandFailed where there is something else.
        """
        __tracebackhide__ = True
        decoder, found, at = json.JSONDecoder(), [], 0
        text = self.out.strip()
        try:
            while at < len(text):
                document, end = decoder.raw_decode(text, at)
                found.append(document)
                at = end + len(text[end:]) - len(text[end:].lstrip())
        except ValueError:
            raise CommandFailed(f"{self}\nIt printed no JSON. Was it run with --json?") from None
        return found

    @property
    def json(self) -> Any:
        """The one JSON document on stdout: `{"meta": …, "data": …}`, or with an `error`.

        Raises: CommandFailed where there is something else.
        """
        __tracebackhide__ = True
        documents = self.documents
        if not documents:
            raise CommandFailed(f"{self}\nIt printed no JSON. Was it run with --json?")
        if len(documents) > 1:
            raise CommandFailed(f"{self}\nIt printed {len(documents)} JSON documents, not one.")
        return documents[0]

    @property
    def data(self) -> Any:
        """The result in the JSON document of a command that ended well. Raises: CommandFailed."""
        __tracebackhide__ = True
        return self.check().json["data"]

    def __str__(self) -> str:
        """Return all of it, as one would see it on a terminal."""
        parts = [f"$ particle {shlex.join(self.words)}", self.out.rstrip("\n"), self.err.rstrip("\n")]
        return "\n".join([*filter(None, parts), f"(exit code {self.exit_code})"])

    def __repr__(self) -> str:
        """Return it on one line: pytest shows this of a comparison that fails."""
        told = f"particle {shlex.join(self.words)}: exit code {self.exit_code}"
        said = self._first_said
        return f"<{told}, {said}>" if said else f"<{told}>"

    @property
    def _first_said(self) -> str:
        """What it said first: of an error in JSON the message."""
        try:
            return str(json.loads(self.out)["error"]["message"])
        except (ValueError, LookupError, TypeError):
            return (self.err or self.out).strip().partition("\n")[0]
