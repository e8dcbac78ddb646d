"""What a program prints to its serial port and publishes, read from the statements of `setup()` and `loop()`.

Only statements count that nothing governs: what stands behind an `if` or in a `for` is left out. Values are
literals, constants and the first values of variables; what cannot be told is a `?`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import frozen

from particle_cli.simulators.cloud.compiler.declarations import Declarations
from particle_cli.simulators.cloud.compiler.lexer import Kind, Token
from particle_cli.simulators.cloud.compiler.literals import Literal
from particle_cli.simulators.cloud.compiler.structure import Structure, pair_brackets
from particle_cli.simulators.firmware.application import Action, Step

_UNKNOWN: Final = "?"
_GOVERNING: Final = frozenset({"if", "else", "for", "while", "do", "switch", "try", "catch"})
_LOG_ACTIONS: Final[Mapping[str, Action]] = {
    "trace": Action.TRACE,
    "info": Action.INFO,
    "warn": Action.WARN,
    "error": Action.ERROR,
}
_LEVELS: Final[Mapping[str, int]] = {
    "LOG_LEVEL_ALL": 1,
    "LOG_LEVEL_TRACE": 1,
    "LOG_LEVEL_INFO": 30,
    "LOG_LEVEL_WARN": 40,
    "LOG_LEVEL_ERROR": 50,
    "LOG_LEVEL_PANIC": 60,
    "LOG_LEVEL_NONE": 70,
}
_SILENT: Final = _LEVELS["LOG_LEVEL_NONE"]
_PRINTS: Final = ("print", "println", "printf", "printlnf", "write")
_CONNECTED: Final = ("Serial", ".", "isConnected")
_FLAGS: Final = frozenset({"PUBLIC", "PRIVATE", "NO_ACK", "WITH_ACK", "ALL_DEVICES", "MY_DEVICES", "|"})
_LONGEST_DELAY_MS: Final = 0xFFFF_FFFF

_CONVERSION: Final = re.compile(r"%([-+ 0#]*\d{0,3}(?:\.\d{0,3})?)(?:hh|h|ll|l|z)?([diuxXcsfeg%])")


def read_steps(declarations: Declarations) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Return what `setup()` and `loop()` do; nothing where neither serial port nor cloud would show it."""
    reader = _Reader(declarations, _log_level(declarations))
    setup, loop = (tuple(reader.steps(name)) for name in ("setup", "loop"))
    return setup if _shows(setup) else (), loop if _shows(loop) else ()


def read_handler(name: str, declarations: Declarations) -> tuple[Step, ...]:
    """Return what a handler of events does, in as far as it does not wait."""
    steps = _Reader(declarations, _log_level(declarations)).steps(name)
    return tuple(step for step in steps if step.action not in (Action.DELAY, Action.AWAIT_HOST))


def _shows(steps: Sequence[Step]) -> bool:
    return any(step.action not in (Action.DELAY, Action.AWAIT_HOST) for step in steps)


def _log_level(declarations: Declarations) -> int:
    """Return the lowest level at which messages of the application are printed by a SerialLogHandler."""
    handlers = (one for one in declarations.variables.values() if "SerialLogHandler" in one.type)
    handler = next(handlers, None)
    if handler is None:
        return _SILENT
    level, depth, for_application = _LEVELS["LOG_LEVEL_INFO"], 0, False
    for token in handler.initialiser:
        if token.kind is Kind.MARK and token.text in "{}":
            depth += 1 if token.text == "{" else -1
        elif token.kind is Kind.STRING:
            for_application = token.text == '"app"'
        elif token.text in _LEVELS and (depth == 0 or for_application):
            level = _LEVELS[token.text]
    return level


@frozen
class _Reader:
    """Reads the steps of one function after another."""

    declarations: Declarations
    log_level: int

    def steps(self, name: str) -> Iterator[Step]:
        """Yield the steps of a function."""
        function = self.declarations.functions.get(name)
        if function is None:
            return
        structure, _ = pair_brackets(function.body)
        at = 0
        while at < len(structure.tokens):
            end = _statement_end(structure, at)
            step = self._step(structure, at, end)
            if step is not None:
                yield step
            at = end + 1

    def _step(self, structure: Structure, at: int, end: int) -> Step | None:
        """Return the step that a statement is, or None."""
        words = tuple(token.text for token in structure.tokens[at:end])
        if words[:6] == ("while", "(", "!", *_CONNECTED):
            return Step(Action.AWAIT_HOST, -1)
        call = 1 if words[1:2] == ("(",) else 3
        if words[call : call + 1] != ("(",) or structure.partner.get(at + call) != end - 1:
            return None
        arguments = structure.arguments(at + call)
        if words[0] == "delay" and call == 1:
            return self._delay(arguments)
        if words[0] in ("waitFor", "waitUntil") and call == 1:
            return self._await_host(arguments)
        if words[:2] == ("Serial", ".") and words[2] in _PRINTS:
            return Step(Action.PRINT, self._printed(words[2], arguments))
        if words[:2] in (("Particle", "."), ("Spark", ".")) and words[2] == "publish":
            return self._publish(arguments)
        if words[0] == "Log" and (call == 1 or words[1] == "."):
            return self._log("info" if call == 1 else words[2], arguments)
        return None

    def _delay(self, arguments: Sequence[Sequence[Token]]) -> Step | None:
        """Return the step for `delay(1000)`, also for `delay(1s)`."""
        tokens = arguments[0] if arguments else ()
        if len(tokens) == 1 and (found := re.fullmatch(r"(\d+)(ms|s|min|h)", tokens[0].text)):
            unit = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}[found[2]]
            return Step(Action.DELAY, min(int(found[1][:10]) * unit, _LONGEST_DELAY_MS))
        value = self.declarations.value(tokens)
        if not isinstance(value, int) or value <= 0:
            return None
        return Step(Action.DELAY, min(int(value), _LONGEST_DELAY_MS))

    def _await_host(self, arguments: Sequence[Sequence[Token]]) -> Step | None:
        """Return the step for `waitFor(Serial.isConnected, 10000)` or `waitUntil(Serial.isConnected)`."""
        if not arguments or tuple(token.text for token in arguments[0]) != _CONNECTED:
            return None
        limit = self._delay(arguments[1:])
        return Step(Action.AWAIT_HOST, limit.value if limit else -1)

    def _publish(self, arguments: Sequence[Sequence[Token]]) -> Step | None:
        """Return the step for `Particle.publish("name", "data", PRIVATE)`; data and flags may be missing."""
        values = [one for one in arguments if not _FLAGS.issuperset(token.text for token in one)]
        name = self.declarations.value(values[0]) if values else None
        if not isinstance(name, str) or not name:
            return None
        data = self._text(values[1]) if len(values) > 1 else None
        public = any(token.text == "PUBLIC" for one in arguments[1:] for token in one)
        return Step(Action.PUBLISH_PUBLICLY if public else Action.PUBLISH, name, data)

    def _text(self, tokens: Sequence[Token]) -> str:
        """Return a value as a `String` made of it holds it (Device OS spark_wiring_string.cpp)."""
        opening = 3 if [token.text for token in tokens[:3]] == ["String", "::", "format"] else None
        if opening is not None:
            structure, _ = pair_brackets(tokens)
            return self._formatted(structure.arguments(opening)) if opening in structure.partner else _UNKNOWN
        value = self.declarations.value(tokens)
        if isinstance(value, bool):
            return str(int(value))
        if isinstance(value, float):
            return f"{value:.6f}"
        return _UNKNOWN if value is None else str(value)

    def _log(self, name: str, arguments: Sequence[Sequence[Token]]) -> Step | None:
        action = _LOG_ACTIONS.get(name)
        if action is None or not arguments or _LEVELS[f"LOG_LEVEL_{action.name}"] < self.log_level:
            return None
        return Step(action, self._formatted(arguments))

    def _printed(self, how: str, arguments: Sequence[Sequence[Token]]) -> str:
        """Return what a call of `Serial.print` and its like sends."""
        if how in ("printf", "printlnf"):
            text = self._formatted(arguments)
        else:
            text = self._shown(arguments[0], arguments[1:]) if arguments else ""
        return text + "\r\n" if how in ("println", "printlnf") else text

    def _shown(self, tokens: Sequence[Token], options: Sequence[Sequence[Token]]) -> str:
        """Return a value as `Print::print` shows it (Device OS spark_wiring_print.cpp)."""
        value = self.declarations.value(tokens)
        option = options[0][0].text if options and options[0] else ""
        if isinstance(value, float):
            return f"{value:.{min(int(option), 20) if option.isdigit() else 2}f}"
        if isinstance(value, int):
            base = {"HEX": "X", "OCT": "o", "BIN": "b"}.get(option, "d")
            return format(int(value), base)
        return _UNKNOWN if value is None else value

    def _formatted(self, arguments: Sequence[Sequence[Token]]) -> str:
        """Return what a format with its arguments comes to, as `printf` (C17, 7.21.6.1) would have it."""
        template = self.declarations.value(arguments[0]) if arguments else ""
        if not isinstance(template, str):
            return _UNKNOWN
        values = iter(self.declarations.value(tokens) for tokens in arguments[1:])

        def fill(found: re.Match[str]) -> str:
            return "%" if found[2] == "%" else _converted(found[1], found[2], next(values, None))

        return _CONVERSION.sub(fill, template)


def _converted(form: str, letter: str, value: Literal | None) -> str:
    if value is None:
        return _UNKNOWN
    try:
        return f"%{form}{letter}" % value
    except (TypeError, ValueError, OverflowError):
        return _UNKNOWN


def _statement_end(structure: Structure, at: int) -> int:
    """Return the index of the last token of a statement with all that it governs, `;` or `}`."""
    tokens = structure.tokens
    while at < len(tokens) and tokens[at].text in _GOVERNING:
        at += 1
        if at < len(tokens) and tokens[at].is_mark("("):
            at = structure.partner[at] + 1
    if at < len(tokens) and tokens[at].is_mark("{"):
        return structure.partner[at]
    return structure.statement_end(at)
