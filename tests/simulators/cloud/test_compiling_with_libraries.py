"""Libraries that a project names are compiled with it, as if they lay in its folder `lib`."""

from __future__ import annotations

import json

import pytest
from tests.simulators.cloud.asking import Asker
from tests.simulators.cloud.compiling import FRAME

from particle_cli.ports.http import Part
from particle_cli.simulators.cloud.compiler.libraries import with_libraries
from particle_cli.simulators.cloud.compiler.sources import CompilerErrors, Source
from particle_cli.simulators.cloud.library_seeds import seeded

SHELF = {
    ("Lamp", "1.0.0"): {
        "library.properties": b"name=Lamp\nversion=1.0.0\ndependencies.wire=2.0.0\n",
        "src/Lamp.h": b'#include "wire.h"\nint lamp();\n',
        "src/Lamp.cpp": b'#include "Lamp.h"\nint lamp() { return 1; }\n',
        "examples/e/e.ino": b"void broken( {",
    },
    ("wire", "2.0.0"): {"src/wire.h": b"int wire();\n"},
    ("lost", "latest"): {"library.properties": b"dependencies.gone=3.0.0\n"},
}


def resolved(*sources: tuple[str, str]) -> list[str]:
    given = [Source(path, content.encode()) for path, content in sources]
    made = with_libraries(given, lambda name, version: SHELF.get((name, version)))
    return [source.path for source in made][len(given) :]


def test_a_library_comes_with_what_it_depends_on() -> None:
    assert resolved(("project.properties", "name=x\ndependencies.Lamp=1.0.0\n")) == [
        "lib/Lamp/library.properties",
        "lib/Lamp/src/Lamp.h",
        "lib/Lamp/src/Lamp.cpp",
        "lib/wire/src/wire.h",
    ]


def test_a_library_that_was_copied_stays_as_it_is() -> None:
    properties = ("project.properties", "dependencies.Lamp=9.9.9\n")
    assert resolved(properties, ("lib/lamp/src/Lamp.h", "")) == []


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ("name=x\ndependencies.Lamp=2.0.0\n", "project.properties:2:1: error: library Lamp 2.0.0 not found"),
        ("dependencies.lost=*\n", "lib/lost/library.properties:1:1: error: library gone 3.0.0 not found"),
    ],
)
def test_one_that_is_not_there_is_the_compiler_s_complaint(properties: str, words: str) -> None:
    with pytest.raises(CompilerErrors) as caught:
        resolved(("project.properties", properties))
    assert caught.value.text == f"{words}\n"


async def compiled(asker: Asker, properties: str, text: str) -> tuple[int, dict[str, object]]:
    body = (
        Part("file", properties.encode(), "project.properties", "application/octet-stream"),
        Part("file2", text.encode(), "src/app.ino", "application/octet-stream"),
        Part("platform_id", b"13"),
    )
    answer = await asker.send("POST", "/v1/binaries", body)
    return answer.status, json.loads(answer.body)


@pytest.mark.parametrize("name", sorted({one.name for one in seeded()}))
async def test_every_library_of_the_cloud_can_be_compiled_with(asker: Asker, name: str) -> None:
    text = f'#include "{name}.h"\n{FRAME}'
    status, said = await compiled(asker, f"name=x\ndependencies.{name}=latest\n", text)
    assert status == 200, said
    status, said = await compiled(asker, "name=x\n", text)
    assert status == 406
    assert said["errors"] == [f"src/app.ino:1:10: error: {name}.h: No such file or directory\n"]


async def test_a_library_that_the_cloud_does_not_have(asker: Asker) -> None:
    status, said = await compiled(asker, "name=x\ndependencies.nosuch=1.0.0\n", FRAME)
    assert (status, said["errors"]) == (
        406,
        ["project.properties:2:1: error: library nosuch 1.0.0 not found\n"],
    )
