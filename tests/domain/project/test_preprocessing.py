"""Sketches turned into C++. What must come out was printed by wiring-preprocessor 2.3.0."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from particle_cli.domain.project.preprocessing import BANNER, preprocess

HEADER = '#include "Particle.h"\n'


def rest(text: str, name: str = "app.ino") -> str:
    made = preprocess(text, name)
    assert made.startswith(BANNER)
    return made.removeprefix(BANNER)


def prototypes(text: str) -> list[str]:
    """What is inserted into a sketch without includes."""
    lines = rest(text).splitlines()
    assert lines[:2] == ['#include "Particle.h"', '#line 1 "app.ino"']
    return lines[2 : lines.index('#line 1 "app.ino"', 2)]


def test_the_banner_is_the_well_known_one() -> None:
    assert BANNER == (
        "/******************************************************/\n"
        "//       THIS IS A GENERATED FILE - DO NOT EDIT       //\n"
        "/******************************************************/\n\n"
    )


def test_functions_can_be_used_before_they_are_defined() -> None:
    text = "void setup() { foo(1); }\nvoid loop() {}\nint foo(int x) { return x; }\n"
    assert rest(text) == (
        f'{HEADER}#line 1 "app.ino"\nvoid setup();\nvoid loop();\nint foo(int x);\n#line 1 "app.ino"\n{text}'
    )


@pytest.mark.parametrize("which", ["SPARK", "PARTICLE"])
@pytest.mark.parametrize("blanks", ["", "  ", "\t"])
def test_it_can_be_switched_off(which: str, blanks: str) -> None:
    text = f"int a;\r\n{blanks}#pragma {which}_NO_PREPROCESSOR\r\nvoid f() {{}}\r\n"
    assert preprocess(text, "app.ino") == text.replace(f"{blanks}#pragma", f"// {blanks}#pragma")


def test_what_only_looks_like_switching_off_does_not() -> None:
    for text in ("//#pragma SPARK_NO_PREPROCESSOR\n", "int a; #pragma SPARK_NO_PREPROCESSOR\n"):
        assert preprocess(text, "a").startswith(BANNER)


@pytest.mark.parametrize("name", ["Particle.h", "application.h", "Arduino.h"])
def test_a_sketch_that_includes_it_gets_no_second_one(name: str) -> None:
    text = f"#include <{name}>\nvoid f() {{}}\n"
    assert (
        rest(text) == f'#line 1 "app.ino"\n#include <{name}>\nvoid f();\n#line 2 "app.ino"\nvoid f() {{}}\n'
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("/* a\n b */\n\n#include <x>\n\n\nvoid a() {}\n", 7),
        ("// a\n#include <x> // b\nint q;\nvoid a() {}\n", 3),
        ('int x;\n#include "application.h" // c\nvoid a() {}\n', 3),
        ("#define Q\n#include <x>\nvoid a() {}\n", 1),
        ("void a() {}", 1),
    ],
)
def test_prototypes_stand_behind_the_leading_includes(text: str, line: int) -> None:
    made = rest(text)
    before = "".join(text.splitlines(keepends=True)[: line - 1])
    head = "" if "application.h" in text else HEADER
    assert (
        made == f'{head}#line 1 "app.ino"\n{before}void a();\n#line {line} "app.ino"\n{text[len(before) :]}'
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("class X { void m() {} };\n", ["void m();"]),
        ("namespace a { int q(int b) { return 1; } }\n", ["int q(int b);"]),
        ("template<typename T> T q(T t) { return t; }\n", ["T q(T t);"]),
        ("int d(int a = 1) { return a; }\n", []),
        ("void f(int &a, ...) {}\n", []),
        ("vector<int> f(vector<int> a) {}\n", []),
        ("void Foo::bar(int a) {}\n", []),
        ("void f();\nvoid f() {}\n", []),
        ("void f(int a) ;\nvoid f(int a)\n{\n}\n", ["void f(int a);"]),
        ("int m() { if (a) {} else if (b) {} }\n", ["int m();"]),
        ("enum E { a };\nE f(E e) { return e; }\n", []),
        ("enum class E { a };\nE f(E e) { return e; }\n", []),
        ("typedef struct { int a; } S;\nS f(S *s) {}\n", []),
        ("typedef struct T_ { int a; } S;\nS f(S *s) {}\nvoid g(T_ t) {}\n", ["S f(S *s);"]),
        ("struct A;\nvoid f(A *a) {}\n", []),
        ("#define X(a) void a() { \\\n  }\nvoid q() {}\n", ["void q();"]),
        ("char *s = \"void z() {}\"; char c = '{'; void y() {}\n", ["void y();"]),
        ("void y() {} // void z() {}\n/* void w() {} */\n", ["void y();"]),
        ("int   foo  (int a)   {}\n", ["int   foo  (int a);"]),
        ("static inline void f(void) {}\n", ["static inline void f(void);"]),
        ("void f() const {}\n", []),
    ],
)
def test_what_passes_for_a_function(text: str, found: list[str]) -> None:
    assert prototypes(text) == found


def test_line_ends_become_plain_and_the_name_stays_as_it_is() -> None:
    assert rest("void b() {}\r\n", 'my "own".ino') == (
        f'{HEADER}#line 1 "my "own".ino"\nvoid b();\n#line 1 "my "own".ino"\nvoid b() {{}}\n'
    )


@given(st.text(alphabet="ab (){};*\n\"'/#", max_size=200))
def test_any_text_is_kept_whole(text: str) -> None:
    made = rest(text)
    head, mark, tail = made.removeprefix(f'{HEADER}#line 1 "app.ino"\n').rpartition("#line ")
    assert mark
    kept = tail.partition("\n")[2]
    assert text.endswith(kept)
    assert head.startswith(text[: len(text) - len(kept)])
