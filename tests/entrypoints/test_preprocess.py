"""`particle preprocess`."""

from __future__ import annotations

from pathlib import Path

from tests.entrypoints.conftest import Particle

SKETCH = "void setup() { foo(1); }\nvoid loop() {}\nint foo(int x) { return x; }\n"


def test_the_result_is_written_beside_the_sketch(particle: Particle) -> None:
    Path("src").mkdir()
    Path("src/app.ino").write_text(SKETCH)
    done = particle("preprocess", "src/app.ino")
    assert (done.code, done.out, done.err) == (0, "", "")
    made = Path("src/app.cpp").read_text()
    assert '#line 1 "src/app.ino"\nvoid setup();\nvoid loop();\nint foo(int x);\n' in made
    assert made.endswith(SKETCH)


def test_name_and_place_can_be_given(particle: Particle) -> None:
    Path("app.ino").write_text(SKETCH)
    data = particle("preprocess", "app.ino", "--name", "x.ino", "--saveTo", "y.cpp", "--json").data
    assert data == {"file": "app.ino", "savedTo": "y.cpp"}
    assert '#line 1 "x.ino"' in Path("y.cpp").read_text()
    done = particle("preprocess", "app.ino", "--saveTo", "-")
    assert done.out == Path("y.cpp").read_text().replace("x.ino", "app.ino")


def test_standard_input_goes_to_standard_output(particle: Particle) -> None:
    done = particle("preprocess", "-", typed=SKETCH)
    assert done.code == 0
    assert '#line 1 "stdin"' in done.out
    assert done.out.endswith(SKETCH)


def test_what_is_no_text_is_refused(particle: Particle) -> None:
    Path("app.ino").write_bytes(b"void \xff\xfe")
    done = particle("preprocess", "app.ino")
    assert done.code == 1
    assert "app.ino is no text in UTF-8 (byte 5)" in done.err
    assert particle("preprocess", "missing.ino").code == 1
