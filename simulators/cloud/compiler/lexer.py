"""C++ text cut into tokens, comments left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Final, NamedTuple

from particle_cli.simulators.cloud.compiler.sources import Diagnostic


class Kind(Enum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    STRING = "string"
    CHAR = "char"
    MARK = "mark"
    DIRECTIVE = "directive"


class Token(NamedTuple):
    """A token; `text` is as written, a directive's with comments and line joins taken out."""

    kind: Kind
    text: str
    file: str
    line: int
    column: int

    def is_mark(self, text: str) -> bool:
        """Tell whether it is that operator or bracket."""
        return self.kind is Kind.MARK and self.text == text


_JOIN: Final = r"\\\r?\n"
_COMMENT: Final = rf"//(?:{_JOIN}|[^\n])*|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/"
_STRING: Final = rf'(?:u8|[uUL])?"(?:[^"\\\n]|{_JOIN}|\\.)*"'

_TOKENS: Final = re.compile(
    rf"""
      (?P<newline>\n)
    | (?P<blank>(?:[ \t\r\f\v\ufeff]|{_JOIN})+)
    | (?P<comment>{_COMMENT})
    | (?P<raw>(?:u8|[uUL])?R"(?P<fence>[^()\\\s"]{{0,16}})\()
    | (?P<string>{_STRING})
    | (?P<char>(?:u8|[uUL])?'(?:[^'\\\n]|\\.)+')
    | (?P<number>\.?[0-9](?:[eEpP][+-]|'?[\w.])*)
    | (?P<word>[^\W\d]\w*|\$)
    | (?P<mark>::|->|\.\.\.|&&|\|\||[=!<>]=|.)
    """,
    re.VERBOSE,
)
# What is open at its end is taken as a whole: no text makes the expression try its rest over and over.
_DIRECTIVE: Final = re.compile(rf'\#(?:{_COMMENT}|/\*[\s\S]*|{_STRING}|"[^\n]*|{_JOIN}|[^\n])*')
_IN_DIRECTIVE: Final = re.compile(rf'({_STRING}|"[^\n]*)|({_COMMENT}|/\*[\s\S]*)|{_JOIN}')
_KINDS: Final = {
    "string": Kind.STRING,
    "char": Kind.CHAR,
    "number": Kind.NUMBER,
    "word": Kind.WORD,
    "mark": Kind.MARK,
}


class Lexer:
    """Cuts one source into tokens.

    Attributes:
        skipping: set it while the tokens belong to a group that conditional compilation leaves out: only
            directives come then, and open quotes are no fault.
        faults: what was found wrong so far.
    """

    def __init__(self, text: str, file: str) -> None:
        """Start at the beginning of the text."""
        self.skipping = False
        self.faults: list[Diagnostic] = []
        self._text = text
        self._file = file
        self._at = 0
        self._line = 1
        self._line_start = 0

    def __iter__(self) -> Iterator[Token]:
        """Yield the tokens in order."""
        fresh = True  # nothing but blanks and comments so far on this line
        while self._at < len(self._text):
            if fresh and self._text[self._at] == "#":
                yield self._directive()
                continue
            found = _TOKENS.match(self._text, self._at)
            if found is None:  # nothing is left that the last alternative doesn't take
                return
            name = found.lastgroup or "mark"
            if name == "newline":
                fresh = True
                self._pass(found.end())
            elif name in ("blank", "comment"):
                self._pass(found.end())
            else:
                fresh = False
                token = self._token(name, found)
                if token is not None and not self.skipping:
                    yield token

    def _token(self, name: str, found: re.Match[str]) -> Token | None:
        """Take the token that was matched; None for a fault, which is passed over."""
        text, end = found.group(), found.end()
        open_end = self._open_end(name, found)
        if open_end is not None:
            self._pass(open_end)
            return None
        if name == "raw":
            end = self._text.index(f'){found["fence"]}"', end) + len(found["fence"]) + 2
            name, text = "string", self._text[self._at : end]
        token = Token(_KINDS[name], text, self._file, self._line, self._column)
        self._pass(end)
        return token

    def _open_end(self, name: str, found: re.Match[str]) -> int | None:
        """Return where to go on when something is begun here and never ended, which is a fault; else None."""
        if name == "mark" and found.group() in ('"', "'"):
            what, end = f"missing terminating {found.group()} character", self._line_end()
        elif name == "mark" and self._text.startswith("/*", self._at):
            what, end = "unterminated comment", len(self._text)
        elif name == "raw" and self._text.find(f'){found["fence"]}"', found.end()) < 0:
            what, end = "unterminated raw string", len(self._text)
        else:
            return None
        if not self.skipping:
            self.faults.append(Diagnostic(self._file, self._line, self._column, what))
        return end

    def _directive(self) -> Token:
        """Take a whole preprocessing directive, with the lines that it is continued on."""
        found = _DIRECTIVE.match(self._text, self._at)
        end = found.end() if found else self._line_end()
        raw = self._text[self._at : end]
        text = _IN_DIRECTIVE.sub(lambda part: part.group(1) or " ", raw).strip()
        token = Token(Kind.DIRECTIVE, text, self._file, self._line, self._column)
        self._pass(end)
        return token

    @property
    def _column(self) -> int:
        return self._at - self._line_start + 1

    def _line_end(self) -> int:
        end = self._text.find("\n", self._at)
        return len(self._text) if end < 0 else end

    def _pass(self, end: int) -> None:
        """Go on behind what was taken, counting its lines."""
        lines = self._text.count("\n", self._at, end)
        if lines:
            self._line += lines
            self._line_start = self._text.rindex("\n", self._at, end) + 1
        self._at = end
