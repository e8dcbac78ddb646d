"""File patterns as `particle.include` and `particle.ignore` have them.

In a path's segment `*` stands for any characters, `?` for one, `[a-z]` and `[!a-z]` for one of a set, and
`{a,b}` for either; a segment `**` stands for any number of folders, a final one for all that lies below. No
wild-card takes a dot at the begin of a name. Case counts. A pattern that begins with `!` matches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

_MAGIC: Final = re.compile(r"[*?\[{]")
_VISIBLE: Final = r"(?!\.)"
_ANY_FOLDERS: Final = rf"(?:{_VISIBLE}[^/]+/)*"
_MOST_ALTERNATIVES: Final = 1000


def is_literal(pattern: str) -> bool:
    """Tell whether a pattern has no wild-cards, so names one path."""
    return not _MAGIC.search(pattern) and not pattern.startswith("!")


@cache
def matcher(pattern: str) -> Callable[[str], bool]:
    """Return a function that tells whether a path matches the pattern.

    Args:
        pattern: relative, with `/`.
    """
    if pattern.startswith("!"):
        return lambda path: False
    expressions = [re.compile(_path_expression(one)) for one in _alternatives(pattern)]
    return lambda path: any(expression.fullmatch(path) for expression in expressions)


def _alternatives(pattern: str) -> tuple[str, ...]:
    """Return the patterns that one with braces stands for, as many as anybody writes."""
    found: list[str] = []
    for one in _expanded(pattern):
        found.append(one)
        if len(found) == _MOST_ALTERNATIVES:
            break
    return tuple(found)


def _expanded(pattern: str) -> Iterator[str]:
    """Yield the patterns without the first pair of braces that holds a comma, and so on."""
    for start, letter in enumerate(pattern):
        if letter == "{":
            parts = _parts(pattern, start)
            if parts:
                end, choices = parts
                for choice in choices:
                    yield from _expanded(pattern[:start] + choice + pattern[end:])
                return
    yield pattern


def _parts(pattern: str, start: int) -> tuple[int, list[str]] | None:
    """Return where a pair of braces ends and what stands between its commas; None for plain braces."""
    depth, last, choices = 0, start + 1, []
    for at in range(start, len(pattern)):
        letter = pattern[at]
        if letter == "{":
            depth += 1
        elif letter == "," and depth == 1:
            choices.append(pattern[last:at])
            last = at + 1
        elif letter == "}":
            depth -= 1
            if depth == 0:
                choices.append(pattern[last:at])
                return (at + 1, choices) if len(choices) > 1 else None
    return None


def _path_expression(pattern: str) -> str:
    segments = [segment for segment in pattern.split("/") if segment not in ("", ".")]
    expression = ""
    for number, segment in enumerate(segments, 1):
        last = number == len(segments)
        if segment == "**":
            expression += _ANY_FOLDERS + (rf"{_VISIBLE}[^/]+" if last else "")
        else:
            expression += _segment_expression(segment) + ("" if last else "/")
    return expression


def _segment_expression(segment: str) -> str:
    """Return the regular expression for one name of a path."""
    parts = [] if segment.startswith((".", "\\.")) else [_VISIBLE]
    at = 0
    while at < len(segment):
        letter = segment[at]
        if letter == "*":
            while segment[at + 1 : at + 2] == "*":
                at += 1
            parts.append("[^/]*")
        elif letter == "?":
            parts.append("[^/]")
        elif letter == "[" and (close := segment.find("]", at + 2)) > 0:
            parts.append(_set_expression(segment[at + 1 : close]))
            at = close
        elif letter == "\\" and at + 1 < len(segment):
            at += 1
            parts.append(re.escape(segment[at]))
        else:
            parts.append(re.escape(letter))
        at += 1
    return "".join(parts)


def _set_expression(inside: str) -> str:
    """Return the expression for `[…]`; one with its ends the wrong way round matches nothing."""
    negated = inside.startswith(("!", "^"))
    characters = inside[1:] if negated else inside
    escaped = re.sub(r"([\\\[\]^&~|])", r"\\\1", characters)
    expression = f"[{'^/' if negated else ''}{escaped}]"
    try:
        re.compile(expression)
    except re.error:
        return "[^\\s\\S]"
    return expression
