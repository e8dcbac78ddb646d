"""What the simulated compiler finds a program to print, and when."""

from __future__ import annotations

import pytest
from tests.simulators.cloud.compiling import manifest

from particle_cli.simulators.firmware.application import (
    Action,
    ApplicationManifest,
    Step,
    decode_manifest,
    encode_manifest,
)


def steps(setup: str = "", loop: str = "", head: str = "") -> list[tuple[str, str | int]]:
    """Return the steps of a program, those of setup() first."""
    found = manifest(
        f'#include "Particle.h"\n{head}\nvoid setup() {{\n{setup}\n}}\nvoid loop() {{\n{loop}\n}}\n'
    )
    return [(step.action.value, step.value) for step in (*found.setup, *found.loop)]


def printed(statement: str, head: str = "") -> list[str | int]:
    return [value for _, value in steps(statement, head=head)]


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ('Serial.print("a");', "a"),
        ('Serial.println("a");', "a\r\n"),
        ("Serial.println();", "\r\n"),
        ('Serial.print("a" "b");', "ab"),
        ('Serial.write("a");', "a"),
        ("Serial.print(42);", "42"),
        ("Serial.print(-1);", "-1"),
        ("Serial.print(255, HEX);", "FF"),
        ("Serial.print(8, OCT);", "10"),
        ("Serial.print(5, BIN);", "101"),
        ("Serial.print(255, DEC);", "255"),
        ("Serial.print(3.14159);", "3.14"),
        ("Serial.print(3.14159, 4);", "3.1416"),
        ("Serial.print(true);", "1"),
        ('Serial.print(F("flash"));', "flash"),
        ("Serial.print(NAME);", "macro"),
        ("Serial.print(count);", "7"),
        ("Serial.print(analogRead(A0));", "?"),
        ('Serial.printf("%d of %s", 3, "four");', "3 of four"),
        ('Serial.printlnf("%05.1f|%-4u|%X|%%", 2.25, 7, 255);', "002.2|7   |FF|%\r\n"),
        ('Serial.printf("%lu ms", millis());', "? ms"),
        ('Serial.printf("%d", "text");', "?"),
        ('Serial.printf("%d");', "?"),
        ('Serial . print ( "spaced" ) ;', "spaced"),
    ],
)
def test_what_a_statement_prints(statement: str, text: str) -> None:
    head = '#define NAME "macro"\nint count = 7;'
    assert printed(statement, head) == [text]


@pytest.mark.parametrize(
    "statement",
    [
        "Serial.begin(9600);",
        'Serial1.print("a");',
        'other.Serial.print("a");',
        'if (x) Serial.print("a");',
        'if (x) { Serial.print("a"); } else { Serial.print("b"); }',
        'if (x) for (;;) Serial.print("a"); else while (y) Serial.print("b");',
        'for (int i = 0; i < 3; i++) Serial.print("a");',
        'while (busy()) { Serial.print("a"); }',
        'do { Serial.print("a"); } while (x);',
        'switch (x) { case 1: Serial.print("a"); }',
        '// Serial.print("a");',
        '/* Serial.print("a"); */',
        'auto f = []() { Serial.print("a"); };',
        'Log.info("no handler");',
        "delay(1000);",
        "waitUntil(Serial.isConnected);",
        ";;",
        "{}",
    ],
)
def test_what_shows_nothing(statement: str) -> None:
    assert steps(statement, statement) == []


def test_what_stands_after_a_governed_statement_counts() -> None:
    assert printed(
        'if (x) Serial.print("a"); else { y(); } Serial.print("b"); do z(); while (x); Serial.print("c");'
    ) == [
        "b",
        "c",
    ]


def test_setup_once_and_loop_with_its_delays() -> None:
    setup = 'waitFor(Serial.isConnected, 10000); delay(500); Serial.println("ready");'
    loop = 'Serial.println("tick"); delay(1s); delay(PAUSE); delay(0);'
    assert steps(setup, loop, "const int PAUSE = 250;") == [
        ("await host", 10000),
        ("delay", 500),
        ("print", "ready\r\n"),
        ("print", "tick\r\n"),
        ("delay", 1000),
        ("delay", 250),
    ]


@pytest.mark.parametrize(
    ("text", "ms"),
    [("10ms", 10), ("2s", 2000), ("1min", 60_000), ("1h", 3_600_000), ("99999999999999h", 0xFFFFFFFF)],
)
def test_delays_with_units(text: str, ms: int) -> None:
    assert steps(f'Serial.print("a"); delay({text});')[1] == ("delay", ms)


@pytest.mark.parametrize(
    ("wait", "ms"),
    [
        ("waitUntil(Serial.isConnected);", -1),
        ("waitFor(Serial.isConnected, 5000);", 5000),
        ("while (!Serial.isConnected()) Particle.process();", -1),
        ("while (!Serial.isConnected()) { delay(10); }", -1),
    ],
)
def test_waiting_for_a_host(wait: str, ms: int) -> None:
    assert steps(f'{wait} Serial.print("a");') == [("await host", ms), ("print", "a")]


def test_waiting_for_something_else_is_no_waiting_for_a_host() -> None:
    assert steps('waitUntil(Particle.connected); Serial.print("a");') == [("print", "a")]


@pytest.mark.parametrize(
    ("handler", "logged"),
    [
        ("SerialLogHandler logHandler;", ["info", "warn", "error"]),
        ("SerialLogHandler logHandler(LOG_LEVEL_ALL);", ["trace", "info", "warn", "error"]),
        ("SerialLogHandler logHandler{LOG_LEVEL_WARN};", ["warn", "error"]),
        ("static SerialLogHandler logHandler(115200, LOG_LEVEL_ERROR);", ["error"]),
        ("SerialLogHandler logHandler(LOG_LEVEL_NONE);", []),
        (
            'SerialLogHandler logHandler(LOG_LEVEL_WARN, {{"app", LOG_LEVEL_ALL}, {"ncp", LOG_LEVEL_NONE}});',
            ["trace", "info", "warn", "error"],
        ),
        (
            'SerialLogHandler logHandler(LOG_LEVEL_INFO, { { "system", LOG_LEVEL_ALL } });',
            ["info", "warn", "error"],
        ),
        ("Serial1LogHandler logHandler;", []),
    ],
)
def test_which_messages_a_log_handler_shows(handler: str, logged: list[str]) -> None:
    setup = 'Log.trace("1"); Log.info("2"); Log.warn("3"); Log.error("4"); Log.other("5");'
    assert [action for action, _ in steps(setup, head=handler)] == logged


def test_messages_are_formatted_and_have_a_short_form() -> None:
    head = "SerialLogHandler logHandler;"
    assert steps('Log("plain"); Log.info("%d %s", 1, "two");', head=head) == [
        ("info", "plain"),
        ("info", "1 two"),
    ]


def test_a_deep_nest_of_conditions_is_passed_over() -> None:
    assert printed("if (a) " * 5000 + 'Serial.print("a"); Serial.print("b");') == ["b"]


def test_a_manifest_without_steps_is_what_it_was_before_there_were_any() -> None:
    assert b"setup" not in encode_manifest(ApplicationManifest())


def test_steps_travel_in_the_manifest() -> None:
    found = ApplicationManifest(
        setup=(Step(Action.AWAIT_HOST, -1), Step(Action.PRINT, "é\r\n")),
        loop=(Step(Action.ERROR, "no"), Step(Action.DELAY, 1000)),
    )
    assert decode_manifest(b"code" + encode_manifest(found) + b"more") == found
