"""The values of C++ literals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from particle_cli.simulators.cloud.compiler.lexer import Kind, Token

Literal = bool | int | float | str

_SIMPLE_ESCAPES: Final = {
    "n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b",
}  # fmt: skip
_ESCAPE: Final = re.compile(
    r"\\(?:x([0-9a-fA-F]+)|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|(.))", re.DOTALL
)
_RAW: Final = re.compile(r'(?:u8|[uUL])?R"([^(]*)\((.*)\)\1"', re.DOTALL)
_INTEGER: Final = re.compile(r"(0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)[uUlLzZ]{0,3}")
_FLOAT: Final = re.compile(r"((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[fFlL]?")


def literal_of(tokens: Sequence[Token]) -> Literal | None:
    """Return the value of an expression that is a literal, with a sign or in parentheses at most.

    Neighbouring strings are joined. None for anything else.
    """
    while len(tokens) > 2 and tokens[0].is_mark("(") and tokens[-1].is_mark(")"):
        tokens = tokens[1:-1]
    if tokens and all(token.kind is Kind.STRING for token in tokens):
        return "".join(string_value(token.text) for token in tokens)
    if len(tokens) == 2 and tokens[0].kind is Kind.MARK and tokens[0].text in "+-":
        value = literal_of(tokens[1:])
        if isinstance(value, int | float) and not isinstance(value, bool):
            return -value if tokens[0].text == "-" else value
        return None
    if len(tokens) != 1:
        return None
    token = tokens[0]
    if token.kind is Kind.NUMBER:
        return number_value(token.text)
    if token.kind is Kind.CHAR:
        characters = _unescaped(token.text.partition("'")[2][:-1])
        return ord(characters) if len(characters) == 1 else None
    return {"true": True, "false": False, "HIGH": 1, "LOW": 0}.get(token.text)


def number_value(text: str) -> int | float | None:
    """Return the value of a number as written in C++, or None for one that is none."""
    text = text.replace("'", "")
    found = _INTEGER.fullmatch(text)
    if found:
        digits = found[1]
        if len(digits) > 40:
            return None
        octal = len(digits) > 1 and digits[0] == "0" and digits.isdigit()
        try:
            return int(digits, 8) if octal else int(digits, 0)
        except ValueError:
            return None
    found = _FLOAT.fullmatch(text)
    return float(found[1]) if found else None


def string_value(text: str) -> str:
    """Return what a string literal stands for."""
    raw = _RAW.fullmatch(text)
    return raw[2] if raw else _unescaped(text.partition('"')[2][:-1])


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    hexadecimal = found[1] or found[2] or found[3]
    if hexadecimal or found[4]:
        code = int(hexadecimal, 16) if hexadecimal else int(found[4], 8)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    return "" if found[5] == "\n" else _SIMPLE_ESCAPES.get(found[5], found[5])
