"""The expressions of `#if`, evaluated as the preprocessor does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from particle_cli.simulators.cloud.compiler.lexer import Kind, Lexer, Token
from particle_cli.simulators.cloud.compiler.literals import literal_of

_PRECEDENCE: Final[Mapping[str, int]] = {
    "||": 1, "&&": 2, "|": 3, "^": 4, "&": 5, "==": 6, "!=": 6, "<": 7, ">": 7, "<=": 7, ">=": 7,
    "+": 9, "-": 9, "*": 10, "/": 10, "%": 10,
}  # fmt: skip
_OPERATIONS: Final[Mapping[str, Callable[[int, int], int]]] = {
    "||": lambda a, b: int(bool(a or b)),
    "&&": lambda a, b: int(bool(a and b)),
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "&": lambda a, b: a & b,
    "==": lambda a, b: int(a == b),
    "!=": lambda a, b: int(a != b),
    "<": lambda a, b: int(a < b),
    ">": lambda a, b: int(a > b),
    "<=": lambda a, b: int(a <= b),
    ">=": lambda a, b: int(a >= b),
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: int(a / b) if abs(a) < 2**52 else a // b,
    "%": lambda a, b: a % b,
}
_DEEPEST: Final = 60
_MOST_EXPANSIONS: Final = 10_000  # macros that double at each step would never end


class NotAnExpression(ValueError):
    """The text is no expression that the preprocessor could evaluate."""


def holds(expression: str, macros: Mapping[str, str]) -> bool:
    """Tell whether the condition of an `#if` is met.

    What is beyond this evaluator (macros with arguments, shifts, `?:`) counts as met: the author surely
    had a reason to write the group.
    """
    try:
        return bool(_Reader(tuple(Lexer(expression, "")), macros).whole())
    except (NotAnExpression, ZeroDivisionError, OverflowError):
        return True


class _Reader:
    """Evaluates by precedence climbing; `depth` bounds nesting, of parentheses and of macros."""

    def __init__(
        self,
        tokens: tuple[Token, ...],
        macros: Mapping[str, str],
        depth: int = 0,
        expansions: Iterator[int] | None = None,
    ) -> None:
        self._tokens = tokens
        self._macros = macros
        self._at = 0
        self._depth = depth
        self._expansions = expansions or iter(range(_MOST_EXPANSIONS))

    def whole(self) -> int:
        value = self._binary(1)
        if self._at != len(self._tokens):
            raise NotAnExpression
        return value

    def _binary(self, least: int) -> int:
        left = self._operand()
        while True:
            operator = self._peek()
            strength = _PRECEDENCE.get(operator, 0)
            if strength < least:
                return left
            self._at += 1
            left = _OPERATIONS[operator](left, self._binary(strength + 1))
            if abs(left) >= 2**64:
                raise OverflowError

    def _operand(self) -> int:
        token = self._next()
        if token.text in ("!", "-", "+", "~"):
            value = self._nested(self._operand)
            return {"!": int(not value), "-": -value, "+": value, "~": ~value}[token.text]
        if token.text == "(":
            value = self._nested(lambda: self._binary(1))
            self._expect(")")
            return value
        if token.text == "defined":
            return self._defined()
        if token.kind is Kind.WORD:
            return self._macro(token.text)
        literal = literal_of((token,))
        if not isinstance(literal, int) or abs(literal) >= 2**64:
            raise NotAnExpression
        return int(literal)

    def _defined(self) -> int:
        token = self._next()
        if token.text == "(":
            token = self._next()
            self._expect(")")
        return int(token.text in self._macros)

    def _macro(self, name: str) -> int:
        if self._peek() == "(":
            raise NotAnExpression  # a macro with arguments
        if name == "true":
            return 1
        text = self._macros.get(name)
        if text is None:
            return 0
        tokens = tuple(Lexer(text, ""))
        if not tokens or self._depth >= _DEEPEST or next(self._expansions, None) is None:
            raise NotAnExpression
        return _Reader(tokens, self._macros, self._depth + 1, self._expansions).whole()

    def _nested(self, read: Callable[[], int]) -> int:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotAnExpression
        value = read()
        self._depth -= 1
        return value

    def _peek(self) -> str:
        return self._tokens[self._at].text if self._at < len(self._tokens) else ""

    def _next(self) -> Token:
        if self._at >= len(self._tokens):
            raise NotAnExpression
        self._at += 1
        return self._tokens[self._at - 1]

    def _expect(self, text: str) -> None:
        if self._next().text != text:
            raise NotAnExpression
