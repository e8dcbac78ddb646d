"""What a program registers with `Particle.function` and its like, and all else that it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from particle_cli.simulators.cloud.compiler.declarations import Declarations
from particle_cli.simulators.cloud.compiler.lexer import Kind, Token
from particle_cli.simulators.cloud.compiler.literals import Literal
from particle_cli.simulators.cloud.compiler.serial_output import read_handler, read_steps
from particle_cli.simulators.cloud.compiler.structure import Structure
from particle_cli.simulators.firmware.application import (
    ApplicationManifest,
    Function,
    Subscription,
    Value,
    Variable,
)

_RETURNED: Final = 1  # by a function whose source doesn't say
_LONGEST_NAME: Final = 64
_NAMED_TYPES: Final = {"INT": "int", "DOUBLE": "double", "STRING": "string", "BOOLEAN": "bool"}
_BLANKS: Final[dict[str, Value]] = {"int": 0, "double": 0.0, "string": "", "bool": False}


def read_manifest(structures: Sequence[Structure], declarations: Declarations) -> ApplicationManifest:
    """Return what a program does; a name registered twice keeps its first place, as on a device.

    Args:
        structures: of the sources that are compiled.
        declarations: of all sources.
    """
    functions: dict[str, Function] = {}
    variables: dict[str, Variable] = {}
    subscriptions: list[Subscription] = []
    for what, arguments in _calls(structures):
        name = declarations.value(arguments[0])
        if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME or len(arguments) < 2:
            continue
        if what == "function" and name not in functions:
            functions[name] = Function(name, _result(arguments[1], declarations))
        elif what == "subscribe":
            steps = read_handler(_last_word(arguments[1]), declarations)
            subscriptions.append(Subscription(name, steps))
        elif what == "variable" and name not in variables:
            kind, value = _variable(arguments[1:], declarations)
            variables[name] = Variable(name, kind, value)
    return ApplicationManifest(
        tuple(functions.values()),
        tuple(variables.values()),
        *read_steps(declarations),
        subscriptions=tuple(subscriptions),
    )


def _calls(structures: Sequence[Structure]) -> Iterator[tuple[str, list[Sequence[Token]]]]:
    """Yield (`function`, `variable` or `subscribe`, arguments) of each registration, in source order."""
    for structure in structures:
        tokens = structure.tokens
        for at in range(len(tokens) - 3):
            if tokens[at].text not in ("Particle", "Spark") or not tokens[at + 1].is_mark("."):
                continue
            what = tokens[at + 2].text
            if what in ("function", "variable", "subscribe") and at + 3 in structure.partner:
                arguments = structure.arguments(at + 3)
                if arguments:
                    yield what, arguments


def _result(handler: Sequence[Token], declarations: Declarations) -> int:
    """Return what a function returns: the literal in its source, else 1."""
    body = _lambda_body(handler)
    known = declarations.returned_by(_last_word(handler)) if body is None else None
    value = known if body is None else declarations.returned(body)
    return _int32(int(value)) if isinstance(value, int) else _RETURNED


def _variable(arguments: Sequence[Sequence[Token]], declarations: Declarations) -> tuple[str, Value]:
    """Return type and first value of a variable, or of the function that computes it."""
    source = arguments[0]
    named = _NAMED_TYPES.get(arguments[1][0].text) if len(arguments) > 1 and arguments[1] else None
    name = _last_word(source)
    body = _lambda_body(source)
    words: tuple[str, ...] = ()
    value: Literal | None
    if body is not None:
        value = declarations.returned(body)
    elif name in declarations.variables:
        declared = declarations.variables[name]
        words, value = declared.type, declarations.value(declared.initialiser)
    elif name in declarations.functions:
        words, value = declarations.functions[name].type, declarations.returned_by(name)
    else:
        value = declarations.value(source)
    kind = named or _type_of(words, value)
    return kind, _converted(value, kind)


def _type_of(words: Sequence[str], value: Literal | None) -> str:
    """Return the cloud type of a C++ type; where that says nothing, of the value."""
    if "String" in words or ("char" in words and ("*" in words or "[" in words or isinstance(value, str))):
        return "string"
    if "bool" in words:
        return "bool"
    if "double" in words or "float" in words:
        return "double"
    if words and "auto" not in words:
        return "int"
    kinds = {bool: "bool", float: "double", str: "string"}
    return kinds.get(type(value), "int")


def _converted(value: Literal | None, kind: str) -> Value:
    """Return the value as the type holds it; its blank where it can't."""
    if kind == "string":
        return value if isinstance(value, str) else ""
    if value is None or isinstance(value, str):
        return _BLANKS[kind]
    if kind == "bool":
        return bool(value)
    if kind == "double":
        return float(value) if abs(value) < 1e308 else 0.0
    return _int32(int(value)) if abs(value) < 2**64 else 0


def _int32(value: int) -> int:
    return (value + 2**31) % 2**32 - 2**31


def _last_word(tokens: Sequence[Token]) -> str:
    """Return the name in `name`, `&name`, `&Class::name` or `object.name`."""
    words = [token.text for token in tokens if token.kind is Kind.WORD]
    return words[-1] if words else ""


def _lambda_body(tokens: Sequence[Token]) -> Sequence[Token] | None:
    """Return the body of a lambda expression, or None for anything else."""
    if not tokens or not tokens[0].is_mark("["):
        return None
    opening = next((at for at, token in enumerate(tokens) if token.is_mark("{")), None)
    return None if opening is None else tokens[opening + 1 : -1]
