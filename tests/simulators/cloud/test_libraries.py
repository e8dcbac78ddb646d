"""Libraries over REST."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.simulators.cloud.asking import Asker

from particle_cli.ports.http import HttpRequest, Part
from particle_cli.simulators.cloud.compiler.compiler import compile_project
from particle_cli.simulators.cloud.compiler.sources import Source
from particle_cli.simulators.cloud.libraries import DELETE_TOKEN
from particle_cli.simulators.cloud.library_archives import MOST_UNPACKED, ArchiveRefused, pack, unpack
from particle_cli.simulators.cloud.library_seeds import seeded
from particle_cli.simulators.cloud.library_shelf import library_files
from particle_cli.simulators.cloud.state import FIRST_PASSWORD

SOURCES = {"src/testlib.h": b"#pragma once\n", "src/testlib.cpp": b'#include "testlib.h"\n'}


def properties(**said: str | None) -> bytes:
    usual = {"name": "testlib", "version": "1.0.0", "author": "Me", "sentence": "A test"}
    values: Mapping[str, str | None] = {**usual, **said}
    return "".join(f"{key}={value}\n" for key, value in values.items() if value is not None).encode()


def archive(**said: str | None) -> bytes:
    return pack({**SOURCES, "library.properties": properties(**said)})


class Reader(Asker):
    """Asks for libraries."""

    async def names(self, query: str = "") -> list[str]:
        status, answer = await self.ask("GET", f"/v1/libraries{query}")
        assert (status, isinstance(answer, dict)) == (200, True), answer
        assert isinstance(answer, dict)
        return [one["id"] for one in answer["data"]]

    async def upload(self, content: bytes) -> tuple[int, dict[str, Any]]:
        part = Part("file", content, "archive.tar.gz", "application/gzip")
        answer = await self.send("POST", "/v1/libraries", (part,))
        return answer.status, json.loads(answer.body)

    async def as_somebody_else(self) -> None:
        self.cloud.open_account("she@example.com", FIRST_PASSWORD)
        _, logged_in = await self.log_in(username="she@example.com")
        self.token = str(logged_in["access_token"])


@pytest.fixture
def asker() -> Reader:
    return Reader()


def message(answer: object) -> str:
    assert isinstance(answer, dict)
    (error,) = answer["errors"]
    return str(error["message"])


# -- reading -----------------------------------------------------------------------------------------------


async def test_a_few_libraries_are_there(asker: Reader) -> None:
    assert await asker.names() == ["neopixel", "rolling-mean", "steady-button", "thermo-probe"]
    status, answer = await asker.ask("GET", "/v1/libraries?filter=NEO")
    assert isinstance(answer, dict)
    (one,) = answer["data"]
    assert (status, one["type"], one["id"]) == (200, "libraries", "neopixel")
    assert one["links"]["download"].startswith("https://cloud.particle.invalid/v1/library-archives/")
    attributes = one["attributes"]
    assert (attributes["name"], attributes["version"], attributes["installs"]) == (
        "neopixel",
        "1.0.4",
        48_000,
    )
    assert {name: attributes[name] for name in ("visibility", "official", "verified", "mine")} == {
        "visibility": "public",
        "official": False,
        "verified": True,
        "mine": False,
    }
    assert (attributes["paragraph"], attributes["dependencies"]) == (None, None)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?sort=-name", ["thermo-probe", "steady-button", "rolling-mean", "neopixel"]),
        ("?sort=installs", ["thermo-probe", "rolling-mean", "steady-button", "neopixel"]),
        ("?sort=-installs&limit=1", ["neopixel"]),
        ("?sort=popularity&limit=1", ["neopixel"]),
        (
            "?sort=official,verified,popularity,name",
            ["steady-button", "neopixel", "rolling-mean", "thermo-probe"],
        ),
        ("?sort=-date&limit=2", ["neopixel", "rolling-mean"]),
        ("?limit=3&page=2", ["thermo-probe"]),
        ("?page=9", []),
        ("?scope=official", ["steady-button"]),
        ("?scope=verified&excludeScopes=official", ["neopixel"]),
        ("?scope=public&excludeScopes=verified,official", ["rolling-mean", "thermo-probe"]),
        ("?scope=mine", []),
        ("?scope=private", []),
        ("?category=sensors", ["thermo-probe"]),
        ("?architectures=particle-photon&filter=neo", ["neopixel"]),
    ],
)
async def test_libraries_are_sorted_and_sifted(asker: Reader, query: str, names: list[str]) -> None:
    assert await asker.names(query) == names


@pytest.mark.parametrize("query", ["?sort=colour", "?scope=theirs", "?page=0", "?limit=x"])
async def test_what_makes_no_list_is_refused(asker: Reader, query: str) -> None:
    status, answer = await asker.ask("GET", f"/v1/libraries{query}")
    assert (status, bool(message(answer))) == (400, True)


async def test_one_library_has_versions(asker: Reader) -> None:
    for query, version in (("", "1.0.4"), ("?version=latest", "1.0.4"), ("?version=0.0.10", "0.0.10")):
        _, answer = await asker.ask("GET", f"/v1/libraries/NeoPixel{query}")
        assert isinstance(answer, dict)
        assert answer["data"]["attributes"]["version"] == version
    _, answer = await asker.ask("GET", "/v1/libraries/neopixel/versions?page=1&limit=2")
    assert isinstance(answer, dict)
    assert [one["attributes"]["version"] for one in answer["data"]] == ["0.0.10", "0.0.16"]
    _, answer = await asker.ask("GET", "/v1/libraries/thermo-probe")
    assert isinstance(answer, dict)
    assert answer["data"]["attributes"]["dependencies"] == {"rolling-mean": "1.0.0"}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("x", "x"),
        ("x/versions", "x"),
        ("neopixel?version=9.9.9", "neopixel@9.9.9"),
        ("neopixel?scope=mine", "neopixel"),
    ],
)
async def test_what_is_not_there_is_not_found(asker: Reader, path: str, name: str) -> None:
    status, answer = await asker.ask("GET", f"/v1/libraries/{path}")
    assert (status, answer) == (404, {"errors": [{"message": f"Library {name} not found"}]})


async def test_an_archive_is_for_everybody(asker: Reader) -> None:
    _, answer = await asker.ask("GET", "/v1/libraries/neopixel")
    assert isinstance(answer, dict)
    got = await asker.cloud.exchange(HttpRequest("GET", answer["data"]["links"]["download"]))
    assert got.status == 200
    assert sorted(unpack(got.body)) == [
        "LICENSE",
        "README.md",
        "examples/usage/usage.ino",
        "library.properties",
        "src/neopixel.cpp",
        "src/neopixel.h",
    ]
    asker.token = None
    assert (await asker.ask("GET", "/v1/library-archives/0/x.tar.gz"))[0] == 404
    assert (await asker.ask("GET", "/v1/libraries"))[0] == 400


@pytest.mark.parametrize(
    "library", [one for one in seeded() if one.version.endswith("0")], ids=lambda one: one.name
)
def test_what_is_there_compiles(library: Any) -> None:
    files = dict(unpack(library.archive))
    sources = [
        Source("project.properties", b"name=x\n"),
        Source("src/app.ino", files.pop("examples/usage/usage.ino")),
    ]
    shelf = [(library.name, files)]
    for name, version in library.dependencies:
        (needed,) = [one for one in seeded() if (one.name, one.version) == (name, version)]
        shelf.append((name, unpack(needed.archive)))
    for name, held in shelf:
        sources += [
            Source(f"lib/{name}/{path}", text) for path, text in held.items() if path.startswith("src/")
        ]
    assert compile_project(sources, 13, target=None).binary


# -- writing -----------------------------------------------------------------------------------------------


async def test_a_library_is_uploaded_published_and_deleted(asker: Reader) -> None:
    status, answer = await asker.upload(
        archive(license="MIT", architectures="particle-boron, particle-argon")
    )
    attributes = answer["data"]["attributes"]
    assert (status, attributes["visibility"], attributes["mine"]) == (201, "private", True)
    assert (attributes["license"], attributes["architectures"]) == (
        "MIT",
        ["particle-boron", "particle-argon"],
    )
    assert await asker.names("?scope=mine") == ["testlib"]
    assert await asker.names("?architectures=particle-photon&filter=test") == []
    mine = asker.token
    await asker.as_somebody_else()
    assert (await asker.ask("GET", "/v1/libraries/testlib"))[0] == 404
    asker.token = mine
    status, published = await asker.ask("PATCH", "/v1/libraries/TestLib", {"visibility": "public"})
    assert isinstance(published, dict)
    assert (status, published["data"]["attributes"]["visibility"]) == (200, "public")
    await asker.as_somebody_else()
    _, shown = await asker.ask("GET", "/v1/libraries/testlib")
    assert isinstance(shown, dict)
    assert shown["data"]["attributes"]["mine"] is False
    status, answer = await asker.ask("DELETE", "/v1/libraries/testlib", {"force": DELETE_TOKEN})  # type: ignore[assignment]
    assert (status, message(answer)) == (403, "Library testlib belongs to someone else")
    asker.token = mine
    status, answer = await asker.ask("DELETE", "/v1/libraries/testlib", {"force": "guess"})  # type: ignore[assignment]
    assert (status, message(answer)) == (403, "The force token is not valid")
    body = json.dumps({"force": DELETE_TOKEN}).encode()
    assert (await asker.send("DELETE", "/v1/libraries/testlib", body)).status == 204
    assert (await asker.ask("GET", "/v1/libraries/testlib"))[0] == 404


async def test_versions_only_go_up(asker: Reader) -> None:
    assert (await asker.upload(archive(version="1.0.2")))[0] == 201
    assert (await asker.upload(archive(version="1.0.2")))[0] == 201  # it is private still
    status, answer = await asker.upload(archive(version="1.0.1"))
    assert (status, message(answer)) == (
        400,
        "This version is not valid. Version must be greater than or equal to 1.0.2",
    )
    await asker.ask("PATCH", "/v1/libraries/testlib", {"visibility": "public"})
    assert (await asker.upload(archive(version="1.0.2")))[0] == 400
    assert (await asker.upload(archive(version="1.0.10")))[0] == 201
    _, answer = await asker.ask("GET", "/v1/libraries/testlib/versions")  # type: ignore[assignment]
    assert [one["attributes"]["version"] for one in answer["data"]] == ["1.0.2", "1.0.10"]
    status, _ = await asker.ask("PATCH", "/v1/libraries/testlib", {"visibility": "public"})
    assert status == 200
    status, _ = await asker.ask("PATCH", "/v1/libraries/testlib", {"visibility": "public"})
    assert status == 400


async def test_names_are_taken_once(asker: Reader) -> None:
    status, answer = await asker.upload(archive(name="NeoPixel", version="9.0.0"))
    assert (status, message(answer)) == (403, "Library NeoPixel belongs to someone else")
    assert (await asker.ask("PATCH", "/v1/libraries/neopixel", {"visibility": "public"}))[0] == 403
    assert (await asker.ask("PATCH", "/v1/libraries/nosuch", {"visibility": "public"}))[0] == 404
    await asker.upload(archive())
    assert (await asker.ask("PATCH", "/v1/libraries/testlib", {"visibility": "private"}))[0] == 400


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"name": None}, "name can't be blank"),
        ({"author": ""}, "author can't be blank"),
        ({"sentence": None}, "sentence can't be blank"),
        ({"name": "a b"}, "name must only contain letters, numbers, dashes and underscores"),
        ({"name": "../x"}, "name must only contain letters, numbers, dashes and underscores"),
        ({"version": "1.0"}, "version must be formatted like 1.0.0"),
        ({"version": "1.0.0-rc.1"}, "version must be formatted like 1.0.0"),
    ],
)
async def test_what_is_no_library_is_refused(asker: Reader, said: dict[str, str | None], text: str) -> None:
    status, answer = await asker.upload(archive(**said))
    assert (status, message(answer)) == (400, text)


async def test_an_upload_has_to_be_an_archive_of_a_library(asker: Reader) -> None:
    status, answer = await asker.upload(pack(SOURCES))
    assert (status, message(answer)) == (400, "library is missing library.properties")
    status, answer = await asker.upload(pack({"library.properties": properties()}))
    assert (status, message(answer)) == (400, "library has no sources in src")
    status, answer = await asker.upload(b"PK\x03\x04")
    assert (status, message(answer)) == (400, "The archive is not valid")
    assert (await asker.ask("POST", "/v1/libraries", {}))[0] == 400


async def test_uploads_survive_being_written_down(asker: Reader) -> None:
    await asker.upload(archive(**{"dependencies.neopixel": "1.0.4"}))
    asker.cloud.load_state(asker.cloud.dump_state())
    _, answer = await asker.ask("GET", "/v1/libraries/testlib")
    assert isinstance(answer, dict)
    assert answer["data"]["attributes"]["dependencies"] == {"neopixel": "1.0.4"}


async def test_compilers_find_files_of_libraries(asker: Reader) -> None:
    state = asker.cloud._state
    assert b"class RollingMean" in (library_files(state, "Rolling-Mean", "1.0.0") or {})["src/rolling-mean.h"]
    assert library_files(state, "rolling-mean", "7.0.0") is None
    await asker.upload(archive())
    user = state.user_named("you@example.com")
    assert user is not None
    assert library_files(state, "testlib", "latest") is None
    assert library_files(state, "testlib", "latest", reader=user.id) == {
        **SOURCES,
        "library.properties": properties(),
    }


# -- archives ----------------------------------------------------------------------------------------------


def tarred(fill: Callable[[tarfile.TarFile], None]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", format=tarfile.PAX_FORMAT) as made:
        fill(made)
    return packed.getvalue()


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return tarred(lambda made: made.addfile(info))


@pytest.mark.parametrize(
    "content",
    [
        entry("/etc/passwd"),
        entry("../outside"),
        entry("src/../../outside"),
        entry("..\\outside"),
        entry("C:\\outside"),
        entry("a\nb"),
        entry("src/link", tarfile.SYMTYPE, "/etc/passwd"),
        entry("src/link", tarfile.LNKTYPE, "src/other"),
        entry("src/pipe", tarfile.FIFOTYPE),
        entry("src/disk", tarfile.BLKTYPE),
        pack({"src/large": bytes(MOST_UNPACKED + 1)}),
        pack({f"src/{number}": b"" for number in range(5001)}),
        gzip.compress(bytes(64 << 20)),
        gzip.compress(b"no tar"),
        archive()[:-20],
        b"",
    ],
    ids=lambda _: "archive",  # their bytes hold the time at which they were made
)
def test_hostile_archives_are_refused(content: bytes) -> None:
    with pytest.raises(ArchiveRefused) as caught:
        unpack(content)
    assert str(caught.value)


def test_paths_may_begin_with_a_dot() -> None:
    assert unpack(entry("./src/./a.h")) == {"src/a.h": b""}


def test_an_entry_that_claims_more_than_there_is_is_refused() -> None:
    info = tarfile.TarInfo("src/a")
    info.size = 1 << 60
    with pytest.raises(ArchiveRefused):
        unpack(gzip.compress(info.tobuf() + bytes(10240)))


PATHS = st.lists(
    st.text("abc-_.09", min_size=1, max_size=8).filter(lambda one: one.strip(".")), min_size=1, max_size=3
)


@given(st.dictionaries(PATHS.map("/".join), st.binary(max_size=600), max_size=5))
def test_what_is_packed_comes_out_again(files: dict[str, bytes]) -> None:
    packed = pack(files)
    assert unpack(packed) == files
    assert pack(dict(reversed(files.items()))) == packed


@given(st.binary(max_size=300))
def test_whatever_comes_is_unpacked_or_refused(content: bytes) -> None:
    for tried in (content, gzip.compress(content), gzip.compress(content.ljust(1024, b"\0"))):
        try:
            unpack(tried)
        except ArchiveRefused:
            continue
