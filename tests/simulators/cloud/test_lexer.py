"""C++ cut into tokens: comments, strings and directives where they are, and no text that it chokes on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.simulators.cloud.compiler.conditions import holds
from particle_cli.simulators.cloud.compiler.lexer import Kind, Lexer
from particle_cli.simulators.cloud.compiler.literals import literal_of, number_value, string_value


def words(text: str) -> list[str]:
    return [token.text for token in Lexer(text, "a.cpp")]


def fault(text: str) -> str:
    lexer = Lexer(text, "a.cpp")
    list(lexer)
    return "\n".join(map(str, lexer.faults))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("int x = 5;", ["int", "x", "=", "5", ";"]),
        ("a->b::c ... != d", ["a", "->", "b", "::", "c", "...", "!=", "d"]),
        ("a // b \\\n still c\nd", ["a", "d"]),
        ("a /* } \n ' \" */ b", ["a", "b"]),
        ("a /***/ b /* * / **/ c", ["a", "b", "c"]),
        ("\"}//\" '}' '\\'' \"\\\"\"", ['"}//"', "'}'", "'\\''", '"\\""']),
        ('u8"x" L\'y\' U"z"', ['u8"x"', "L'y'", 'U"z"']),
        ('R"(})" R"x()")x"', ['R"(})"', 'R"x()")x"']),
        ("1'000 0x1F 1e-5 .5f 3.", ["1'000", "0x1F", "1e-5", ".5f", "3."]),
        ('"a\\\nb"', ['"a\\\nb"']),
        ('#define A "//" // note\nx', ['#define A "//"', "x"]),
        ("#define B 1 \\\n  + 2\nx", ["#define B 1    + 2", "x"]),
        ("  /* c */ # if 1\nx", ["# if 1", "x"]),
        ("x # y", ["x", "#", "y"]),
        ("å é_1 $", ["å", "é_1", "$"]),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert words(text) == tokens


def test_places_count_from_one_through_comments_and_joined_lines() -> None:
    tokens = list(Lexer("/* a\n b */ x\n  \\\n y", "a.cpp"))
    assert [(token.text, token.line, token.column) for token in tokens] == [("x", 2, 7), ("y", 4, 2)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('x = "abc;\ny', 'a.cpp:1:5: error: missing terminating " character'),
        ("x = 'a;\ny", "a.cpp:1:5: error: missing terminating ' character"),
        ("x /* y", "a.cpp:1:3: error: unterminated comment"),
        ('\n R"(x', "a.cpp:2:2: error: unterminated raw string"),
        ("x = 'a'; // don't", ""),
        ("/* don't \" */", ""),
    ],
)
def test_what_is_begun_and_not_ended_is_told_where_it_begins(text: str, said: str) -> None:
    assert fault(text) == said


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("0x1F", 31),
        ("0b101", 5),
        ("017", 15),
        ("1'000UL", 1000),
        ("1.5f", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("09", None),
        ("0x", None),
        ("1a", None),
        ("1.2.3", None),
        ("9" * 50, None),
    ],
)
def test_numbers(text: str, value: float | None) -> None:
    assert number_value(text) == value


def test_strings() -> None:
    assert string_value(r'"a\n\t\"\x41\u00e9\101\\"') == 'a\n\t"A\u00e9A\\'
    assert string_value('"one\\\ntwo"') == "onetwo"
    assert string_value('R"x(a\\n)x"') == "a\\n"
    assert literal_of(tuple(Lexer('("a" "b")', ""))) == "ab"
    assert literal_of(tuple(Lexer("-5", ""))) == -5
    assert literal_of(tuple(Lexer("'A'", ""))) == 65
    assert literal_of(tuple(Lexer("f(1)", ""))) is None


@pytest.mark.parametrize(
    ("expression", "met"),
    [
        ("1", True),
        ("0", False),
        ("PLATFORM_ID == PLATFORM_BORON", True),
        ("PLATFORM_ID == PLATFORM_ARGON || 0", False),
        ("defined(PLATFORM_ID) && !defined(NOPE)", True),
        ("defined NOPE", False),
        ("NOPE", False),
        ("2 + 3 * 4 == 14 && (2 + 3) * 4 == 20", True),
        ("-1 < 0 && ~0 == -1", True),
        ("SYSTEM_VERSION >= 0x03000000", True),
        ("7 / 2 == 3 && 7 % 4 == 3", True),
        ("MACRO(1)", True),
        ("1 / 0", True),
        ("", True),
        ("(((", True),
        ("LOOP", True),
        ("'A' == 65", True),
    ],
)
def test_conditions(expression: str, met: bool) -> None:
    macros = {
        "PLATFORM_ID": "13",
        "PLATFORM_BORON": "13",
        "PLATFORM_ARGON": "12",
        "SYSTEM_VERSION": "0x06020000",
    }
    assert holds(expression, macros | {"LOOP": "LOOP"}) is met


source_text = st.text(alphabet="ab1 \n\t\\\"'/*#(){}[];.,RuL-+=<>!&|~_é\ufeff\0", max_size=80) | st.text(
    max_size=40
)


@given(source_text)
def test_no_text_stops_the_lexer_and_every_token_is_where_it_says(text: str) -> None:
    lines = text.split("\n")
    for token in Lexer(text, "a.cpp"):
        assert token.text
        if token.kind is not Kind.DIRECTIVE:
            first = token.text.split("\n")[0]
            assert lines[token.line - 1][token.column - 1 :].startswith(first)


@given(source_text)
def test_no_expression_stops_the_preprocessor(text: str) -> None:
    assert holds(text, {"a": "b", "b": "a+1"}) in (True, False)


def test_long_texts_take_no_long_time() -> None:
    for text in (
        "/*" * 50_000,
        '"' * 100_001,
        "#" + "/*" * 50_000,
        "#" + '"\\' * 50_000,
        "(" * 100_000,
        "-" * 5000,
    ):
        list(Lexer(text, "a.cpp"))
        holds(text, {})
