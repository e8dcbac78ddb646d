"""What the simulated compiler finds a program to register: names, literals, types and first values."""

from __future__ import annotations

import pytest
from tests.simulators.cloud.compiling import built, manifest

from particle_cli.domain.firmware.module import parse_module
from particle_cli.simulators.firmware.application import (
    ApplicationManifest,
    Function,
    Variable,
    decode_manifest,
)


def register(*lines: str) -> str:
    calls = "\n".join(lines)
    return f'#include "Particle.h"\nvoid setup() {{\n{calls}\n}}\nvoid loop() {{}}\n'


@pytest.mark.parametrize(
    ("body", "returns"),
    [
        ("return 5;", 5),
        ("return -1;", -1),
        ("return 0x10;", 16),
        ("return true;", 1),
        ("return (7);", 7),
        ("return LED;", 13),
        ("return limit;", 99),
        ("return x;", 1),
        ("return compute(3);", 1),
        ("", 1),
        ('if (a == "on") { return 3; } return 4;', 4),
        ('if (a == "on") return 3; return 4;', 4),
        ('if (a == "on") { return 3; } else { return 3; }', 3),
        ('if (a == "on") { return 3; } else { return 5; }', 1),
        ("return 4294967295;", -1),
    ],
)
def test_a_function_returns_the_literal_of_its_source(body: str, returns: int) -> None:
    text = "#define LED 13\nconst int limit = 99;\nint led(String a);\n"
    text += register('Particle.function("led", led);')
    assert manifest(f"{text}int led(String a) {{ {body} }}\n").functions == (Function("led", returns),)


@pytest.mark.parametrize(
    "call",
    [
        'Particle.function("led", led);',
        'Particle.function("led", &led);',
        'Particle.function("led", &Lamp::led, &lamp);',
        'Particle.function("led", &Lamp::led, this);',
        'Particle.function("led", [](String a) { return 8; });',
        'Particle.function("led", [this](String a) -> int { return 8; });',
        'Spark.function("led", led);',
        "Particle.function(NAME, led);",
        "Particle.function(name, led);",
        'Particle . function ( "l" "ed" , led ) ;',
        'Particle.function(F("led"), led);',
        'bool ok = Particle.function("led", led);',
        'if (!Particle.function("led", led)) { return; }',
        '// Particle.function("no", led);\n Particle.function("led", led);',
    ],
)
def test_registrations_in_every_style(call: str) -> None:
    text = '#define NAME "led"\nconst char *name = "led";\n' + register(call)
    assert manifest(f"{text}int led(String a) {{ return 8; }}\n").functions == (Function("led", 8),)


def test_a_method_s_literal_is_found() -> None:
    text = "class Lamp { public: int led(String a) { return 3; } int other(String a); } lamp;\n"
    text += "int Lamp::other(String a) { return 4; }\n"
    text += register(
        'Particle.function("a", &Lamp::led, &lamp);', 'Particle.function("b", &Lamp::other, &lamp);'
    )
    assert manifest(text).functions == (Function("a", 3), Function("b", 4))


@pytest.mark.parametrize(
    ("declaration", "kind", "value"),
    [
        ("int v = 5;", "int", 5),
        ("int v;", "int", 0),
        ("volatile int v = -3;", "int", -3),
        ("static const uint8_t v = 0xff;", "int", 255),
        ("unsigned long v(7);", "int", 7),
        ("int v{9};", "int", 9),
        ("int u = 1, v = 2;", "int", 2),
        ("int v = 4294967295;", "int", -1),
        ("double v = 21.5;", "double", 21.5),
        ("double v = 3;", "double", 3.0),
        ("float v = -.5f;", "double", -0.5),
        ("double v;", "double", 0.0),
        ("bool v = true;", "bool", True),
        ("bool v;", "bool", False),
        ('String v = "hej";', "string", "hej"),
        ('String v("hej");', "string", "hej"),
        ('String v = String("hej");', "string", "hej"),
        ("String v;", "string", ""),
        ('const char *v = "a\\n\\u00e9";', "string", "a\n\u00e9"),
        ('char v[32] = "buffer";', "string", "buffer"),
        ("char v[32];", "string", ""),
        ("#define START 42\nint v = START;", "int", 42),
        ("const int base = 8;\nint v = base;", "int", 8),
        ("int v = compute();", "int", 0),
        ("int v() { return 6; }", "int", 6),
        ("double v() { return 6.5; }", "double", 6.5),
        ("bool v() { return x > 3; }", "bool", False),
        ('String v() { return "now"; }', "string", "now"),
        ("std::atomic<int> v;", "int", 0),
        ("auto v = 2.5;", "double", 2.5),
    ],
)
def test_a_variable_has_its_type_and_its_first_value(declaration: str, kind: str, value: object) -> None:
    text = declaration + "\n" + register('Particle.variable("v", v);')
    (found,) = manifest(text).variables
    assert (found.name, found.type, found.value, type(found.value)) == ("v", kind, value, type(value))


@pytest.mark.parametrize(
    ("call", "kind", "value"),
    [
        ('Particle.variable("v", &number, INT);', "int", 5),
        ('Particle.variable("v", &number, DOUBLE);', "double", 5.0),
        ('Particle.variable("v", text, STRING);', "string", "abc"),
        ('Particle.variable("v", flag, BOOLEAN);', "bool", True),
        ('Particle.variable("v", []() { return 2.5; });', "double", 2.5),
        ('Particle.variable("v", thing.number);', "int", 5),
        ('Particle.variable("v", nowhere);', "int", 0),
    ],
)
def test_variables_in_every_style(call: str, kind: str, value: object) -> None:
    text = 'int number = 5;\nchar text[] = "abc";\nbool flag = true;\n' + register(call)
    (found,) = manifest(text).variables
    assert (found.type, found.value) == (kind, value)


def test_registrations_count_wherever_they_stand_and_keep_their_order() -> None:
    files = {
        "project.properties": "",
        "src/app.ino": """
            #include "net.h"
            void setup() { start(); Particle.function("b", b); }
            void loop() {}
            int b(String) { return 2; }
        """,
        "src/net.h": "void start();\nextern int count;\n",
        "src/net.cpp": """
            #include "net.h"
            int count = 3;
            int a(String) { return 1; }
            void start() { Particle.function("a", a); Particle.variable("count", count); }
        """,
        "examples/x/x.ino": 'void f() { Particle.function("no", b); }',
    }
    found = decode_manifest(parse_module(built(files).binary, name="x").payload)
    assert found == ApplicationManifest((Function("b", 2), Function("a", 1)), (Variable("count", "int", 3),))


def test_what_is_left_out_by_conditions_is_not_offered() -> None:
    text = register(
        "#if PLATFORM_ID == PLATFORM_BORON",
        'Particle.function("boron", f);',
        "#else",
        'Particle.function("other", f);',
        "#endif",
    )
    assert [one.name for one in manifest(text).functions] == ["boron"]
    assert [one.name for one in manifest(text, 12).functions] == ["other"]
