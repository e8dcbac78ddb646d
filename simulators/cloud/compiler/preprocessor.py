"""The preprocessor: includes followed, conditional groups left out, what remains as tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from attrs import Factory, define

from particle_cli.simulators.cloud.compiler.conditions import holds
from particle_cli.simulators.cloud.compiler.headers import Headers
from particle_cli.simulators.cloud.compiler.lexer import Kind, Lexer, Token
from particle_cli.simulators.cloud.compiler.sources import Diagnostic

_DIRECTIVE: Final = re.compile(r"#\s*(\w*)\s*(.*)", re.DOTALL)
_INCLUDE: Final = re.compile(r'"([^"]*)"|<([^>]*)>')
_DEFINE: Final = re.compile(r"([^\W\d]\w*)(\(?)(.*)", re.DOTALL)
_MOST_NESTED: Final = 100


@define
class _Group:
    """A conditional group that is open: where it began, and what has been decided."""

    directive: Token
    outer_taken: bool
    any_taken: bool
    taken: bool


@define
class Preprocessed:
    """What a project's sources come to.

    Attributes:
        tokens: by path, the tokens of each file that is compiled or included.
        macros: every macro without arguments that any file defines, with its text.
        faults: what is wrong.
    """

    tokens: dict[str, list[Token]] = Factory(dict)
    macros: dict[str, str] = Factory(dict)
    faults: list[Diagnostic] = Factory(list)


class Preprocessor:
    """Takes the sources of a project one by one; a header is read where it is included first."""

    def __init__(self, texts: Mapping[str, str], headers: Headers, macros: Mapping[str, str]) -> None:
        """Start with the macros that the compiler is called with.

        Args:
            texts: all files that may be compiled or included, by path.
            headers: finds what includes mean.
            macros: predefined ones and their texts.
        """
        self._texts = texts
        self._headers = headers
        self._predefined = macros
        self._macros: dict[str, str] = {}
        self._given_by: dict[str, Mapping[str, str]] = {}
        self.result = Preprocessed()

    def take(self, path: str) -> None:
        """Preprocess one source file, beginning with nothing but the predefined macros."""
        self._macros = dict(self._predefined)
        self._read(path, depth=0)

    def _read(self, path: str, depth: int) -> None:
        """Read a file, the first time; after that its macros are all that an include brings."""
        if path in self._given_by:
            self._macros.update(self._given_by[path])
            return
        self._given_by[path] = {}
        before = dict(self._macros)
        kept = self.result.tokens.setdefault(path, [])
        lexer = Lexer(self._texts[path], path)
        groups: list[_Group] = []
        for token in lexer:
            if token.kind is Kind.DIRECTIVE:
                self._obey(token, groups, depth)
                lexer.skipping = bool(groups) and not groups[-1].taken
            else:
                kept.append(token)
        self.result.faults += lexer.faults
        self.result.faults += [
            _fault(group.directive, f"unterminated {_word(group.directive)}") for group in groups
        ]
        self._given_by[path] = {name: text for name, text in self._macros.items() if before.get(name) != text}
        self.result.macros.update(self._given_by[path])

    def _obey(self, token: Token, groups: list[_Group], depth: int) -> None:
        """Act on a directive; in a group that is left out only those that may end it count."""
        found = _DIRECTIVE.match(token.text)
        if found is None:
            return
        name, rest = found[1], found[2].strip()
        if name in ("if", "ifdef", "ifndef"):
            taken = not groups or groups[-1].taken
            met = taken and self._is_met(name, rest)
            groups.append(_Group(token, taken, met, met))
        elif name in ("elif", "else", "endif"):
            self._continue(token, name, rest, groups)
        elif groups and not groups[-1].taken:
            return
        elif name == "include":
            self._include(token, rest, depth)
        elif name == "define":
            self._define(rest)
        elif name == "undef":
            self._macros.pop(rest, None)
        elif name == "error":
            self.result.faults.append(_fault(token, f"#error {rest}".strip()))

    def _is_met(self, name: str, rest: str) -> bool:
        if name == "if":
            return holds(rest, self._macros)
        defined = (rest.split() or [""])[0] in self._macros
        return defined == (name == "ifdef")

    def _continue(self, token: Token, name: str, rest: str, groups: list[_Group]) -> None:
        if not groups:
            self.result.faults.append(_fault(token, f"#{name} without #if"))
        elif name == "endif":
            groups.pop()
        else:
            group = groups[-1]
            open_still = group.outer_taken and not group.any_taken
            group.taken = open_still and (name == "else" or holds(rest, self._macros))
            group.any_taken = group.any_taken or group.taken

    def _include(self, token: Token, rest: str, depth: int) -> None:
        found = _INCLUDE.match(rest)
        if found is None:
            return  # a macro that names the header: beyond this preprocessor
        name = found[1] if found[1] is not None else found[2]
        path = self._headers.find(name, token.file)
        column = token.column + max(token.text.find(rest), 0)
        if path is None:
            if found[1] is not None and not self._headers.is_known(name):
                where = (token.file, token.line, column)
                self.result.faults.append(Diagnostic(*where, f"{name}: No such file or directory"))
        elif depth >= _MOST_NESTED:
            self.result.faults.append(_fault(token, "#include nested too deeply"))
        elif path in self._texts:
            self._read(path, depth + 1)

    def _define(self, rest: str) -> None:
        found = _DEFINE.match(rest)
        if found:
            name, bracket, text = found.groups()
            # One with arguments is known to be defined; its text would be no value.
            self._macros[name] = "" if bracket else text.strip()


def _fault(token: Token, text: str) -> Diagnostic:
    return Diagnostic(token.file, token.line, token.column, text)


def _word(directive: Token) -> str:
    found = _DIRECTIVE.match(directive.text)
    return f"#{found[1]}" if found else directive.text
