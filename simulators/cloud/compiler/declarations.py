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
_CONTROL: Final = frozenset(
    {"alignof", "catch", "decltype", "for", "if", "return", "sizeof", "switch", "while"}
)
_AFTER_PARAMETERS: Final = frozenset({"const", "final", "noexcept", "override", "volatile"})
_TYPE_MARKS: Final = frozenset({"*", "&", ">", "::", "<", "]", "["})


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
        for structure in structures:
            for at, token in enumerate(structure.tokens):
                if token.kind is Kind.WORD and token.text not in _CONTROL:
                    self._consider(structure, at)

    def _consider(self, structure: Structure, at: int) -> None:
        """Take a word for a declared name if a type stands before it and the right thing behind."""
        tokens, name = structure.tokens, structure.tokens[at].text
        following = tokens[at + 1].text if at + 1 < len(tokens) else ""
        if following not in ("=", ";", "(", "{", "[", ","):
            return
        type_words = _type_before(tokens, at) or _type_of_list(structure, at)
        if not type_words:
            return
        if following == "(":
            body = _body_behind(structure, at + 1)
            if body is not None:
                self.functions.setdefault(name, Function(type_words, body))
                return
        known = self.variables.get(name)
        if known is None or "extern" in known.type:
            array = ("[",) if following == "[" else ()
            self.variables[name] = Variable(type_words + array, _initialiser(structure, at + 1))

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


def _type_before(tokens: Sequence[Token], at: int) -> tuple[str, ...]:
    """Collect the words of the type that stands before a name, up to the statement's begin."""
    words: list[str] = []
    position = at - 1
    while position >= 0:
        token = tokens[position]
        is_word = token.kind is Kind.WORD and token.text not in _NO_TYPE
        if not is_word and not (token.kind is Kind.MARK and token.text in _TYPE_MARKS):
            break
        words.append(token.text)
        position -= 1
    if position >= 0 and tokens[position].kind is Kind.WORD:
        return ()  # `return x;` and the like
    if words and words[0] in ("::", "<", "["):
        # a qualified name: its type stands before the qualification
        words = words[2:] if len(words) > 2 and words[0] == "::" else []
    names = [word for word in reversed(words) if word not in ("::", "<", ">")]
    return tuple(names) if any(name.isidentifier() for name in names) else ()


def _type_of_list(structure: Structure, at: int) -> tuple[str, ...]:
    """Return the type of a name behind a comma, `int a = 1, b = 2;`: that of the first."""
    tokens, position = structure.tokens, at - 1
    if position < 0 or not tokens[position].is_mark(","):
        return ()
    first = at
    while position >= 0 and tokens[position].text not in (";", "{", "}", "(", "["):
        position = structure.partner[position] - 1 if position in structure.partner else position - 1
        if tokens[position + 1].kind is Kind.WORD and tokens[position + 2].text in ("=", ",", "[", "(", "{"):
            first = position + 1
    inside_brackets = position >= 0 and tokens[position].text in ("(", "[")
    return () if inside_brackets else _type_before(tokens, first)


def _body_behind(structure: Structure, opening: int) -> Sequence[Token] | None:
    """Return the body that follows a parameter list, or None where there is none."""
    tokens = structure.tokens
    at = structure.partner.get(opening, len(tokens)) + 1
    while at < len(tokens) and tokens[at].text in _AFTER_PARAMETERS:
        at += 1
    if at < len(tokens) and tokens[at].is_mark("{") and at in structure.partner:
        return tokens[at + 1 : structure.partner[at]]
    return None


def _initialiser(structure: Structure, at: int) -> Sequence[Token]:
    """Return what a variable starts with: `= x`, `(x)` or `{x}`; array bounds are passed over."""
    tokens = structure.tokens
    while at < len(tokens) and tokens[at].is_mark("["):
        at = structure.partner.get(at, len(tokens)) + 1
    if at >= len(tokens):
        return ()
    if tokens[at].text in ("(", "{"):
        return tokens[at + 1 : structure.partner.get(at, at)]
    if not tokens[at].is_mark("="):
        return ()
    start = at = at + 1
    while at < len(tokens) and not (tokens[at].kind is Kind.MARK and tokens[at].text in ",;)}"):
        at = structure.partner.get(at, at) + 1
    return _unbraced(tokens[start:at])


def _unbraced(tokens: Sequence[Token]) -> Sequence[Token]:
    if len(tokens) > 1 and tokens[0].is_mark("{") and tokens[-1].is_mark("}"):
        return tokens[1:-1]
    return tokens


def _returns(body: Sequence[Token]) -> Iterator[tuple[int, Sequence[Token]]]:
    """Yield (depth of braces, expression) of each `return`.

    One that an `if` or `else` without braces governs counts as one deeper.
    """
    depth = 0
    statement_start = 0
    for at, token in enumerate(body):
        if token.kind is Kind.MARK and token.text in "{}":
            depth += 1 if token.text == "{" else -1
            statement_start = at + 1
        elif token.is_mark(";"):
            statement_start = at + 1
        elif token.kind is Kind.WORD and token.text == "return":
            end = next((i for i in range(at, len(body)) if body[i].is_mark(";")), len(body))
            yield depth + (at != statement_start), body[at + 1 : end]
