"""What a program declares: functions with what they return, variables with their types and first values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import frozen

from particle_cli.simulators.cloud.compiler.lexer import Kind, Lexer, Token
from particle_cli.simulators.cloud.compiler.literals import Literal, literal_of
from particle_cli.simulators.cloud.compiler.structure import Structure

_NO_TYPE: Final = frozenset(
    {
        "case",
        "co_return",
        "delete",
        "do",
        "else",
        "for",
        "goto",
        "if",
        "namespace",
        "new",
        "operator",
        "return",
    }
    | {"sizeof", "switch", "throw", "typedef", "using", "while"}
)
_NO_VALUES: Final = frozenset({"class", "enum", "struct", "template", "union"})
_AFTER_PARAMETERS: Final = frozenset({"const", "final", "noexcept", "override", "volatile"})
_AFTER_NAMES: Final = frozenset({"=", ";", "(", "{", "[", ","})
_BEFORE_STATEMENTS: Final = frozenset({";", "{", "}", ")", ":"})
_TYPE_MARKS: Final = frozenset({"*", "&", ">", "::", "<"})


@frozen
class Function:
    """A function that is defined: the words of its return type, and its body."""

    type: tuple[str, ...]
    body: Sequence[Token]


@frozen
class Variable:
    """A variable that is declared: the words of its type, and what it starts with (empty: nothing)."""

    type: tuple[str, ...]
    initialiser: Sequence[Token]


class Declarations:
    """Looks up names in the sources of a program."""

    def __init__(self, structures: Sequence[Structure], macros: Mapping[str, str]) -> None:
        """Read all declarations; of several of one name the first counts.

        Args:
            structures: of all sources.
            macros: those without arguments.
        """
        self._macros = macros
        self.functions: dict[str, Function] = {}
        self.variables: dict[str, Variable] = {}
        self._returned: dict[str, Literal | None] = {}
        for structure in structures:
            self._read(structure)

    def _read(self, structure: Structure) -> None:
        """Read the declarations of one file, in one pass from statement to statement."""
        tokens, at = structure.tokens, 0
        while at < len(tokens):
            if at == 0 or tokens[at - 1].text in _BEFORE_STATEMENTS:
                at = max(at + 1, self._statement(structure, at))
            else:
                at += 1

    def _statement(self, structure: Structure, start: int) -> int:
        """Take what a statement declares; return where to go on."""
        tokens = structure.tokens
        at = start
        while at < len(tokens) and _is_of_type(tokens[at]):
            at += 1
        if at == len(tokens) or at - start < 2 or tokens[at - 1].kind is not Kind.WORD:
            return at
        words, name = _type_words(tokens[start : at - 1]), tokens[at - 1].text
        if not words or words[0] in _NO_VALUES:
            return at
        body = _body_behind(structure, at) if tokens[at].is_mark("(") else None
        if body is not None:
            self.functions.setdefault(name, Function(words, tokens[body + 1 : structure.partner[body]]))
            return body + 1
        return self._declarators(structure, at, words)

    def _declarators(self, structure: Structure, at: int, words: tuple[str, ...]) -> int:
        """Take the variables of `int a = 1, b;`; the index is behind the first name."""
        tokens = structure.tokens
        following: int | None = at
        while following is not None and following < len(tokens) and tokens[following].text in _AFTER_NAMES:
            name = tokens[following - 1].text
            array = ("[",) if tokens[following].is_mark("[") else ()
            initialiser, at = _initialiser(structure, following)
            known = self.variables.get(name)
            if known is None or "extern" in known.type:
                self.variables[name] = Variable(words + array, initialiser)
            following = _next_name(tokens, at)
        return at

    def value(self, tokens: Sequence[Token], depth: int = 8) -> Literal | None:
        """Return the value of an expression: a literal, or a macro, constant or `String(…)` of one."""
        found = literal_of(tokens)
        if found is not None or depth == 0 or not tokens:
            return found
        first = tokens[0]
        if len(tokens) == 1 and first.kind is Kind.WORD:
            text = self._macros.get(first.text)
            if text:
                return self.value(tuple(Lexer(text, "")), depth - 1)
            variable = self.variables.get(first.text)
            return self.value(variable.initialiser, depth - 1) if variable else None
        if first.kind is Kind.MARK and first.text == "-":
            inner = self.value(tokens[1:], depth - 1)
            is_number = isinstance(inner, int | float) and not isinstance(inner, bool)
            return -inner if is_number and isinstance(inner, int | float) else None
        if first.text in ("String", "F", "PSTR") and len(tokens) > 3 and tokens[1].is_mark("("):
            return self.value(tokens[2:-1], depth - 1) if tokens[-1].is_mark(")") else None
        return None

    def returned_by(self, name: str) -> Literal | None:
        """Return the literal that a function returns, or None where that, or the function, isn't known."""
        if name not in self._returned:
            function = self.functions.get(name)
            self._returned[name] = self.returned(function.body) if function else None
        return self._returned[name]

    def returned(self, body: Sequence[Token]) -> Literal | None:
        """Return the literal that a function returns, or None when that can't be told.

        A `return` that nothing in the body can get round decides; else all of them if they agree.
        """
        found = list(_returns(body))
        outermost = [value for depth, value in found if depth == 0]
        if outermost:
            return self.value(outermost[-1])
        values = {self.value(value) for _, value in found}
        return values.pop() if len(values) == 1 else None


def _is_of_type(token: Token) -> bool:
    if token.kind is Kind.WORD:
        return token.text not in _NO_TYPE
    return token.kind is Kind.MARK and token.text in _TYPE_MARKS


def _type_words(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the words of a type; of `int Lamp::`, which stands before a method's name, `int`."""
    words = [token.text for token in tokens]
    while len(words) > 1 and words[-1] == "::":
        words = words[:-2]
    names = tuple(word for word in words if word not in ("::", "<", ">"))
    return names if any(name.isidentifier() for name in names) else ()


def _next_name(tokens: Sequence[Token], at: int) -> int | None:
    """Return the index behind the name that follows a comma, or None when there is no further one."""
    if at >= len(tokens) or not tokens[at].is_mark(","):
        return None
    at += 1
    while at < len(tokens) and tokens[at].text in ("*", "&"):
        at += 1
    return at + 1 if at < len(tokens) and tokens[at].kind is Kind.WORD else None


def _body_behind(structure: Structure, opening: int) -> int | None:
    """Return the index of the brace that follows a parameter list, or None where none does."""
    tokens = structure.tokens
    at = structure.partner[opening] + 1
    while at < len(tokens) and tokens[at].text in _AFTER_PARAMETERS:
        at += 1
    return at if at < len(tokens) and tokens[at].is_mark("{") else None


def _initialiser(structure: Structure, at: int) -> tuple[Sequence[Token], int]:
    """Return what a variable starts with (`= x`, `(x)` or `{x}`), and the index behind it.

    Array bounds are passed over.
    """
    tokens = structure.tokens
    while at < len(tokens) and tokens[at].is_mark("["):
        at = structure.partner[at] + 1
    if at < len(tokens) and tokens[at].text in ("(", "{"):
        end = structure.partner[at]
        return tokens[at + 1 : end], end + 1
    if at >= len(tokens) or not tokens[at].is_mark("="):
        return (), at
    start = at = at + 1
    while at < len(tokens) and not (tokens[at].kind is Kind.MARK and tokens[at].text in ",;)}"):
        at = structure.partner[at] + 1 if tokens[at].text in ("(", "[", "{") else at + 1
    return _unbraced(tokens[start:at]), at


def _unbraced(tokens: Sequence[Token]) -> Sequence[Token]:
    if len(tokens) > 1 and tokens[0].is_mark("{") and tokens[-1].is_mark("}"):
        return tokens[1:-1]
    return tokens


def _returns(body: Sequence[Token]) -> Iterator[tuple[int, Sequence[Token]]]:
    """Yield (depth of braces, expression) of each `return`.

    One that an `if` or `else` without braces governs counts as one deeper.
    """
    depth = statement_start = looked_until = 0
    for at, token in enumerate(body):
        if token.kind is Kind.MARK and token.text in "{}":
            depth += 1 if token.text == "{" else -1
            statement_start = at + 1
        elif token.is_mark(";"):
            statement_start = at + 1
        elif token.kind is Kind.WORD and token.text == "return" and at >= looked_until:
            looked_until = next((i for i in range(at, len(body)) if body[i].is_mark(";")), len(body))
            yield depth + (at != statement_start), body[at + 1 : looked_until]
