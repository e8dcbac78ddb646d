"""The simulated compiler: what it refuses, in whose words, and what it builds."""

from __future__ import annotations

from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.simulators.cloud.compiling import FRAME, built, errors, refused

from particle_cli.domain.firmware.module import parse_module
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.platforms.names import compile_targets
from particle_cli.simulators.cloud.compiler.compiler import LIMIT, compiled_paths
from particle_cli.simulators.cloud.compiler.sources import CompileRefused, CompilerErrors

# Errors


def test_an_open_brace_is_told_at_the_end_with_where_it_was_opened() -> None:
    assert errors("void setup() {}\nvoid loop() {\n  if (1) {\n}\n") == [
        "src/app.ino:4:2: error: expected '}' at end of input",
        "src/app.ino:2:13: note: to match this '{'",
    ]


def test_a_brace_too_many_is_told_where_it_is() -> None:
    assert errors("void setup() {}}\nvoid loop() {}\n") == [
        "src/app.ino:1:16: error: expected declaration before '}' token"
    ]


def test_brackets_that_cross_are_told() -> None:
    assert errors("void setup() { f(1; }\nvoid loop() {}\n") == [
        "src/app.ino:1:21: error: expected ')' before '}' token",
        "src/app.ino:1:17: note: to match this '('",
    ]


def test_an_open_string_is_told() -> None:
    assert errors('void setup() { f("x); }\nvoid loop() {}\n')[0] == (
        'src/app.ino:1:18: error: missing terminating " character'
    )


@pytest.mark.parametrize(
    "text", ["// }\n", "/* { ' \" */", 'const char *s = "}";\n', "char c = '{';\n", 'auto r = R"({"})";\n']
)
def test_braces_in_comments_and_strings_do_not_count(text: str) -> None:
    built(text + FRAME)


def test_a_header_that_was_not_sent_is_told() -> None:
    assert errors('#include "Particle.h"\n#include "missing.h"\n' + FRAME) == [
        "src/app.ino:2:10: error: missing.h: No such file or directory"
    ]


@pytest.mark.parametrize(
    ("including", "path", "name"),
    [
        ("src/app.ino", "src/pins.h", "pins.h"),
        ("src/app.ino", "src/sub/pins.h", "sub/pins.h"),
        ("src/sub/code.cpp", "src/sub/pins.h", "pins.h"),
        ("src/sub/code.cpp", "src/pins.h", "pins.h"),
        ("src/sub/code.cpp", "src/pins.h", "../pins.h"),
        ("src/app.ino", "lib/dht/src/dht.h", "dht.h"),
        ("lib/a/src/a.cpp", "lib/b/src/b.h", "b.h"),
        ("app.ino", "pins.h", "pins.h"),
        ("app.ino", "pins.h", "./pins.h"),
    ],
)
def test_a_header_that_was_sent_is_found(including: str, path: str, name: str) -> None:
    files = {including: f'#include "{name}"\n', path: "#pragma once\n"}
    main = "main.cpp" if including == "app.ino" else "src/main.cpp"
    built({"project.properties": "name=x\n", main: FRAME, **files})
    del files[path]
    assert name in errors({"project.properties": "name=x\n", main: FRAME, **files})[0]


@pytest.mark.parametrize(
    "name", ["Arduino.h", "application.h", "math.h", "string", "spark_wiring_string.h", "cellular_hal.h"]
)
def test_the_compiler_s_own_headers_are_known(name: str) -> None:
    built(f'#include "{name}"\n{FRAME}')


def test_the_header_of_a_declared_library_is_known_and_no_other() -> None:
    properties = "name=x\ndependencies.Adafruit_DHT=1.0.0\n"
    built({"project.properties": properties, "src/a.ino": f'#include "Adafruit_DHT.h"\n{FRAME}'})
    built({"project.properties": properties, "src/a.ino": f'#include "Adafruit_DHT/x.h"\n{FRAME}'})
    text = errors({"project.properties": properties, "src/a.ino": f'#include "other.h"\n{FRAME}'})
    assert text == ["src/a.ino:1:10: error: other.h: No such file or directory"]


def test_what_a_header_does_wrong_is_told_in_the_header() -> None:
    files = {"src/app.cpp": f'#include "a.h"\n{FRAME}', "src/a.h": '#include "b.h"\nstruct A {\n'}
    assert errors(files) == [
        "src/a.h:1:10: error: b.h: No such file or directory",
        "src/a.h:2:11: error: expected '}' at end of input",
        "src/a.h:2:10: note: to match this '{'",
    ]


def test_headers_that_include_one_another_end() -> None:
    built({"a.ino": f'#include "x.h"\n{FRAME}', "x.h": '#include "y.h"\n', "y.h": '#include "x.h"\n'})


def test_a_long_chain_of_headers_is_told() -> None:
    chain = {f"h{number}.h": f'#include "h{number + 1}.h"\n' for number in range(300)}
    assert "nested too deeply" in errors({"a.ino": f'#include "h0.h"\n{FRAME}', **chain, "h300.h": ""})[0]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("void setup() {}\n", ["loop"]),
        ("void loop() {}\n", ["setup"]),
        ("int x;\n", ["setup", "loop"]),
        ("void setup();\nvoid loop();\n", ["setup", "loop"]),
        ("class A { void setup() {} void loop() {} };\n", ["setup", "loop"]),
        ("// void setup() {} void loop() {}\n", ["setup", "loop"]),
        ("#if 0\nvoid setup() {}\n#endif\nvoid loop() {}\n", ["setup"]),
        ("", ["setup", "loop"]),
    ],
)
def test_without_setup_or_loop_it_does_not_link(text: str, missing: list[str]) -> None:
    assert errors({"a.cpp": text}) == [
        f"a.cpp:1:1: error: undefined reference to '{name}()'" for name in missing
    ]


@pytest.mark.parametrize(
    "files",
    [
        {"a.ino": "void setup()\n{\n}\n", "b.cpp": "void loop(void) {}"},
        {"a.cpp": 'extern "C" {\nvoid setup() {}\n}\nvoid loop() {}\n'},
        {"a.cpp": "void setup() noexcept {}\nvoid loop() {}\n"},
        {"project.properties": "", "src/a.ino": "void loop() {}\n", "lib/x/src/x.cpp": "void setup() {}\n"},
    ],
)
def test_setup_and_loop_may_stand_anywhere(files: dict[str, str]) -> None:
    built(files)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("broken", "a.cpp:1:1: error: 'broken' does not name a type"),
        (FRAME + "int x", "a.cpp:4:6: error: expected ';' at end of input"),
        (FRAME + "int f() { return 1 }", "a.cpp:4:19: error: expected ';' before '}' token"),
        (
            FRAME + 'void g() {\n Serial.println("x")\n delay(1);\n}',
            "a.cpp:5:21: error: expected ';' before 'delay'",
        ),
        (
            FRAME + "void g() {\n digitalWrite(D7, HIGH)\n delay(1);\n}",
            "a.cpp:5:24: error: expected ';' before 'delay'",
        ),
        (FRAME + "int x = 5\nint y;", "a.cpp:4:10: error: expected ';' before 'int'"),
        ("#error not today\n" + FRAME, "a.cpp:1:1: error: #error not today"),
        ("#if 1\n" + FRAME, "a.cpp:1:1: error: unterminated #if"),
        ("#endif\n" + FRAME, "a.cpp:1:1: error: #endif without #if"),
    ],
)
def test_other_errors(text: str, said: str) -> None:
    assert errors({"a.cpp": text})[0] == said


@pytest.mark.parametrize(
    "text",
    [
        "#define LOG(x) Serial.println(x);\nvoid g() { LOG(1)\n LOG(2)\n}",
        "enum E { A = 5,\n B };",
        "int f(int a) { if (a) return 1; else return 2; }",
        "std::vector<int> f() { return {1, 2}; }",
        "auto f = [](int x) { return x; };",
        "int f() { return\n 5; }",
        "bool f() { return a.b()\n and c; }",
        "template <typename T> T f(T x) { return x; }",
        "void A::g() const\n{\n}",
        "#ifdef NOPE\nvoid g() {\n#else\nvoid g() { {\n#endif\n}\n#ifndef NOPE\n}\n#endif",
        "#if 0\ndon't } \"\n#endif",
        "#if PLATFORM_ID == PLATFORM_ARGON\n}\n#elif PLATFORM_ID == PLATFORM_BORON\nint x;\n#else\n}\n#endif",
        "namespace a { namespace b { int x; } }",
        "SYSTEM_MODE(SEMI_AUTOMATIC)\n",
        "STARTUP(WiFi.selectAntenna(ANT_AUTO));",
        'const char page[] = R"html(<p onclick="f(\'x\')">}</p>)html";',
        '#pragma once\n#warning careful\n#line 5 "x"',
    ],
)
def test_what_is_fine_is_left_alone(text: str) -> None:
    built(f"{FRAME}{text}\n")


# Requests that are refused before a compiler runs


@pytest.mark.parametrize("path", ["../a.ino", "a/../../b.ino", "/a.ino", "", "C:/a.ino", "a\0.ino"])
def test_paths_stay_in_the_project(path: str) -> None:
    assert "Invalid path" in str(refused({path: FRAME}))


@pytest.mark.parametrize(
    "files", [{}, {"README.md": "x"}, {"a.h": ""}, {"project.properties": "", "src/a.h": ""}]
)
def test_a_project_has_a_source(files: dict[str, str]) -> None:
    assert "No source to compile" in str(refused(files))


def test_platforms_and_targets_are_known_ones() -> None:
    files = {"a.ino": FRAME}
    assert "Unknown platform: 99" in str(refused(files, platform_id=99))
    assert "nothing to compile for on Tachyon" in str(refused(files, platform_id=42))
    assert "Unknown build target 9.9.9 for Boron" in str(refused(files, target="9.9.9"))
    assert "Unknown build target 6.2.0 for Photon" in str(refused(files, platform_id=6, target="6.2.0"))


def test_a_project_has_at_most_ten_megabytes() -> None:
    assert refused({"a.ino": FRAME, "b.h": "x" * LIMIT}).status == 413


# What is compiled


def test_of_an_extended_project_src_and_the_libraries_sources_are_compiled() -> None:
    paths = (
        "project.properties src/b.ino src/a.cpp src/sub/c.c examples/e/e.ino lib/foo/src/foo.cpp "
        "lib/foo/test/t.cpp lib/foo/examples/x.ino node_modules/x/y.c top.cpp src/h.h"
    )
    assert compiled_paths(paths.split()) == ["src/b.ino", "src/a.cpp", "src/sub/c.c", "lib/foo/src/foo.cpp"]


def test_of_a_flat_one_what_lies_about() -> None:
    paths = (
        "project.properties a.ino b.cpp sub/c.c lib/foo/src/foo.cpp lib/foo/foo.cpp examples/e.ino test/t.cpp"
    )
    assert compiled_paths(paths.split()) == ["a.ino", "b.cpp", "sub/c.c", "lib/foo/src/foo.cpp"]


# What is built


@pytest.mark.parametrize("platform_id", compile_targets())
def test_every_platform_gets_a_valid_module_in_its_place(platform_id: int) -> None:
    result = built(FRAME, platform_id)
    module = parse_module(result.binary, name="app.bin")
    prefix = module.prefix
    place = platform(platform_id).module(prefix.function, prefix.index)
    assert place is not None
    assert module.crc_ok
    assert module.computed_sha256() == module.suffix.sha256
    assert not module.trailing
    assert prefix.platform_id == platform_id
    if place.grows_left:
        assert prefix.end_address + 4 == place.end
        assert prefix.start_address % 4096 == 0
    else:
        assert prefix.start_address == place.start
    assert module.size <= (place.max_size or 0)


@pytest.mark.parametrize(
    ("platform_id", "target", "index", "needs"),
    [
        (13, "6.2.0", 2, (4, 1, 6200)),
        (13, "3.1.0", 2, (4, 1, 3103)),
        (13, "3.0.0", 1, (4, 1, 3005)),
        (13, "1.5.2", 1, (4, 1, 1512)),
        (14, None, 1, (4, 1, 1512)),
        (6, None, 1, (4, 2, 3302)),
        (10, "0.8.0-rc.1", 1, (4, 2, 300)),
        (32, "5.6.0", 1, (4, 1, 5600)),
    ],
)
def test_an_application_needs_the_system_part_of_its_target(
    platform_id: int, target: str | None, index: int, needs: tuple[int, int, int]
) -> None:
    module = parse_module(built(FRAME, platform_id, target).binary, name="app.bin")
    (dependency,) = module.dependencies
    assert (dependency.function, dependency.index, dependency.version) == needs
    assert (module.prefix.function, module.prefix.index) == (5, index)


def test_the_same_input_gives_the_same_bytes_and_another_one_others() -> None:
    assert built(FRAME) == built(FRAME)
    assert built(FRAME).binary != built(FRAME + " ").binary
    assert built(FRAME).binary != built(FRAME, 12).binary
    assert built({"b.h": "", "a.ino": FRAME}).binary == built({"a.ino": FRAME, "b.h": ""}).binary


def test_the_sizes_add_up() -> None:
    header, numbers = built(FRAME).size_info.splitlines()
    assert header.split() == ["text", "data", "bss", "dec", "hex", "filename"]
    text, data, bss, total, hexadecimal = numbers.split()
    assert int(text) + int(data) + int(bss) == int(total) == int(hexadecimal, 16)


def test_a_program_that_is_too_large_does_not_link() -> None:
    text = errors(FRAME + 'const char t[] = "' + "x" * 300_000 + '";\n')
    assert text[0].startswith("src/app.ino:1:1: error: region 'APP_FLASH' overflowed by ")


LONG = {
    "enumerators": "enum E {" + ",".join(f"A{number}" for number in range(20_000)) + "};",
    "declarators": "int " + ",".join(f"x{number}=1" for number in range(20_000)) + ";",
    "arguments": "void f() { g(" + ",".join(f"x{number}" for number in range(20_000)) + "); }",
    "nesting": "{" * 20_000 + "}" * 20_000,
    "returns": "int f(String) {" + "return " * 20_000 + "}",
    "registrations": "int f(String) {" + 'Particle.function("a", f);' * 10_000 + "}",
    "conditions": "#if 1\n" * 20_000 + "#endif\n" * 20_000,
    "constants": "".join(f"const int c{number} = c{number + 1};" for number in range(10_000)),
    "macros": "".join(f"#define M{number} M{number + 1}+M{number + 1}\n" for number in range(200))
    + "#if M0\n#endif",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_no_text_makes_the_compiler_work_for_ever(text: str) -> None:
    before = process_time()
    with suppress(CompilerErrors):
        built(FRAME + text)
    assert process_time() - before < 5  # a second at most; minutes when it grows with the square


WRITTEN = """
 void setup() { | void loop() { | } | { | ( | ) | " | ' | // | /* | */ | #if 1 | #endif
 | #include | "a.h" | Particle.function( | Particle.variable( | "led" | , | led | ); | int x = 5;
 | return | [ | ] | R"( | :: | \\ | = | < | > """
pieces = st.sampled_from(["\n", *(piece.strip(" \n") for piece in WRITTEN.split(" | "))])
program = st.lists(pieces, max_size=25).map(" ".join) | st.text(max_size=60)


@given(
    st.dictionaries(
        st.sampled_from(["a.ino", "src/b.cpp", "a.h", "project.properties", "lib/x/src/x.c"]),
        program,
        max_size=3,
    )
)
def test_whatever_is_sent_is_built_or_refused(files: dict[str, str]) -> None:
    with suppress(CompilerErrors, CompileRefused):
        built({path: text.encode("utf-8", "replace").decode() for path, text in files.items()})
