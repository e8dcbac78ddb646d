"""How the tokens of a file hang together: brackets in pairs, statements that end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from attrs import frozen

from particle_cli.simulators.cloud.compiler.lexer import Kind, Token
from particle_cli.simulators.cloud.compiler.sources import Diagnostic

_CLOSING: Final[Mapping[str, str]] = {"(": ")", "[": "]", "{": "}"}
_OPERATOR_WORDS: Final = frozenset(
    {"and", "and_eq", "bitand", "bitor", "not_eq", "or", "or_eq", "xor", "xor_eq"}
)
_WIRING: Final = frozenset(
    {"analogRead", "analogWrite", "attachInterrupt", "delay", "delayMicroseconds", "detachInterrupt"}
    | {"digitalRead", "digitalWrite", "noInterrupts", "noTone", "pinMode", "pulseIn", "randomSeed", "tone"}
)


@frozen
class Structure:
    """The tokens of a file, and for each bracket where its partner is."""

    tokens: Sequence[Token]
    partner: Mapping[int, int]

    def statement_end(self, at: int) -> int:
        """Return the index of the `;` or `}` that ends what begins at an index, or of the end of the file."""
        while at < len(self.tokens):
            token = self.tokens[at]
            if token.is_mark(";") or token.is_mark("}"):
                return at
            at = self.partner.get(at, at) + 1 if token.text in _CLOSING else at + 1
        return at

    def arguments(self, opening: int) -> list[Sequence[Token]]:
        """Return what stands between a bracket and its partner, cut at the commas of that level."""
        end = self.partner[opening]
        found: list[Sequence[Token]] = []
        start = at = opening + 1
        while at < end:
            if self.tokens[at].is_mark(","):
                found.append(self.tokens[start:at])
                start = at + 1
            at = self.partner.get(at, at) + 1 if self.tokens[at].text in _CLOSING else at + 1
        if start < end or found:
            found.append(self.tokens[start:end])
        return found


def pair_brackets(tokens: Sequence[Token]) -> tuple[Structure, Diagnostic | None]:
    """Return the structure of a file, and the first bracket that has no partner, told as gcc would."""
    partner: dict[int, int] = {}
    open_ones: list[int] = []
    for at, token in enumerate(tokens):
        if token.kind is not Kind.MARK:
            continue
        if token.text in _CLOSING:
            open_ones.append(at)
        elif token.text in ")]}":
            if not open_ones or _CLOSING[tokens[open_ones[-1]].text] != token.text:
                return Structure(tokens, partner), _stray(tokens, open_ones, token)
            start = open_ones.pop()
            partner[start], partner[at] = at, start
    if open_ones:
        first, last = tokens[open_ones[-1]], tokens[-1]
        wanted = _CLOSING[first.text]
        return Structure(tokens, partner), Diagnostic(
            last.file,
            last.line,
            last.column + len(last.text.rpartition("\n")[2]),
            f"expected '{wanted}' at end of input",
            (first.line, first.column, f"to match this '{first.text}'"),
        )
    return Structure(tokens, partner), None


def _stray(tokens: Sequence[Token], open_ones: Sequence[int], token: Token) -> Diagnostic:
    where = (token.file, token.line, token.column)
    if not open_ones:
        return Diagnostic(*where, f"expected declaration before '{token.text}' token")
    opening = tokens[open_ones[-1]]
    return Diagnostic(
        *where,
        f"expected '{_CLOSING[opening.text]}' before '{token.text}' token",
        (opening.line, opening.column, f"to match this '{opening.text}'"),
    )


def missing_semicolon(structure: Structure) -> Diagnostic | None:
    """Return the first place where a `;` is certainly missing, or None.

    Macros can make nearly anything right, so that only what no common macro could mean counts: a `return`
    that runs into the end of its block; a number, a call of a member or of a Wiring function with a word on
    the next line.
    """
    tokens = structure.tokens
    looked_until = 0
    for at, token in enumerate(tokens[:-1]):
        following = tokens[at + 1]
        if token.kind is Kind.WORD and token.text == "return" and at >= looked_until:
            looked_until = structure.statement_end(at)
            is_statement = at == 0 or tokens[at - 1].text not in ("(", ",")  # else a macro's argument
            if is_statement and at + 1 < looked_until < len(tokens) and tokens[looked_until].is_mark("}"):
                return _expected_before(tokens[looked_until - 1], tokens[looked_until])
        elif _begins_anew(token, following) and _ends(structure, at):
            return _expected_before(token, following)
    return None


def _begins_anew(token: Token, following: Token) -> bool:
    """Tell whether a word, and no macro, begins the next line that can't continue an expression."""
    is_word = following.kind is Kind.WORD and following.text not in _OPERATOR_WORDS
    return is_word and following.line > token.line and not following.text.isupper()


def _ends(structure: Structure, at: int) -> bool:
    """Tell whether a value certainly ends with this token, within a block of statements."""
    tokens, token = structure.tokens, structure.tokens[at]
    if token.kind is Kind.NUMBER:
        return at > 0 and tokens[at - 1].is_mark("=")
    opening = structure.partner.get(at, 0) if token.is_mark(")") else 0
    if opening < 2 or tokens[opening - 1].kind is not Kind.WORD:
        return False
    return tokens[opening - 2].text in (".", "->") or (
        tokens[opening - 1].text in _WIRING and tokens[opening - 2].kind is Kind.MARK
    )


def _expected_before(last: Token, following: Token) -> Diagnostic:
    suffix = " token" if following.kind is Kind.MARK else ""
    where = (last.file, last.line, last.column + len(last.text))
    return Diagnostic(*where, f"expected ';' before '{following.text}'{suffix}")
