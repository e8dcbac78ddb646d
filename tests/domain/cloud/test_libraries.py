"""Libraries: what is asked of the cloud, and what is made of its answers."""

from __future__ import annotations

import pytest
from tests.domain.cloud.scripted import NOON, TOKEN, answered, client_over

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import (
    CloudAddressRefused,
    CloudAnswerUnreadable,
    CloudNotFound,
    CloudRefused,
)
from particle_cli.domain.cloud.libraries import (
    MOST_ARCHIVE,
    Library,
    Wish,
    delete_library,
    download_library,
    get_library,
    get_versions,
    list_libraries,
    publish_library,
    upload_library,
)
from particle_cli.ports.http import Part
from particle_cli.simulators.cloud.cloud import SimulatedCloud
from particle_cli.simulators.cloud.libraries import DELETE_TOKEN
from particle_cli.simulators.cloud.library_archives import pack, unpack
from particle_cli.simulators.cloud.state import FIRST_TOKEN

NEOPIXEL = {
    "type": "libraries",
    "id": "neopixel",
    "links": {"download": "https://elsewhere.test/neopixel.tar.gz?signed=1"},
    "attributes": {
        "name": "neopixel",
        "version": "0.0.10",
        "installs": 9,
        "license": "MIT",
        "author": "A",
        "sentence": "S",
        "paragraph": None,
        "dependencies": None,
        "architectures": [],
        "visibility": "public",
        "official": False,
        "mine": True,
        "verified": True,
        "later": 1,
    },
}


async def test_libraries_are_searched() -> None:
    client, http = client_over(answered({"data": [NEOPIXEL]}))
    (found,) = await list_libraries(client, Wish(name="neo"))
    assert http.asked == ["GET https://api.test/v1/libraries?filter=neo"]
    assert http.requests[0].body is None
    assert found == Library(
        "neopixel",
        "0.0.10",
        author="A",
        license="MIT",
        sentence="S",
        installs=9,
        visibility="public",
        verified=True,
        mine=True,
        download_url="https://elsewhere.test/neopixel.tar.gz?signed=1",
    )


@pytest.mark.parametrize(
    ("wish", "query"),
    [
        (Wish(), ""),
        (Wish(page=1, sort=("name",), scope="mine"), "?page=1&sort=name&scope=mine"),
        (
            Wish(page=1, sort=("official", "verified"), scope="all", exclude_scopes=("mine",)),
            "?page=1&sort=official%2Cverified&scope=all&excludeScopes=mine",
        ),
        (
            Wish(
                page=1,
                name="one wire",
                limit=10,
                sort=("popularity",),
                architectures=("particle-photon", "particle-argon"),
                category="Sensors",
                scope="all",
                exclude_scopes=("private", "mine"),
            ),
            "?page=1&filter=one%20wire&limit=10&sort=popularity&architectures=particle-photon%2Cparticle-argon"
            "&category=Sensors&scope=all&excludeScopes=private%2Cmine",
        ),
    ],
)
async def test_wishes_are_put_as_the_node_tool_puts_them(wish: Wish, query: str) -> None:
    client, http = client_over(answered({"data": []}))
    assert await list_libraries(client, wish) == ()
    assert http.asked == [f"GET https://api.test/v1/libraries{query}"]


async def test_one_library_and_its_versions() -> None:
    client, http = client_over(answered({"data": NEOPIXEL}), answered({"data": [NEOPIXEL]}))
    assert (await get_library(client, "neopixel", "latest")).version == "0.0.10"
    assert [one.version for one in await get_versions(client, "neopixel", page=1, limit=5)] == ["0.0.10"]
    assert http.asked == [
        "GET https://api.test/v1/libraries/neopixel?version=latest",
        "GET https://api.test/v1/libraries/neopixel/versions?page=1&limit=5",
    ]


async def test_what_is_missing_is_told_in_the_clouds_words() -> None:
    client, _ = client_over(answered({"errors": [{"message": "Library x not found"}]}, 404))
    with pytest.raises(CloudNotFound, match="Library x not found") as caught:
        await get_library(client, "x")
    assert caught.value.next_step


async def test_an_archive_is_fetched_without_a_token() -> None:
    client, http = client_over(answered({"data": NEOPIXEL}), answered(b"\x1f\x8barchive"))
    library = await get_library(client, "neopixel")
    assert await download_library(client, library) == b"\x1f\x8barchive"
    assert http.asked[1] == "GET https://elsewhere.test/neopixel.tar.gz?signed=1"
    assert "Authorization" not in http.headers()
    assert TOKEN not in repr(http.requests[1])


async def test_archives_that_are_not_to_be_trusted_are_refused() -> None:
    client, http = client_over(answered(bytes(MOST_ARCHIVE + 1)))
    with pytest.raises(CloudAnswerUnreadable, match="that is no library"):
        await download_library(client, Library("x", "1.0.0", download_url="https://elsewhere.test/x"))
    with pytest.raises(CloudAddressRefused):
        await download_library(client, Library("x", "1.0.0", download_url="http://elsewhere.test/x"))
    with pytest.raises(CloudAnswerUnreadable, match="does not say where"):
        await download_library(client, Library("x", "1.0.0"))
    assert len(http.requests) == 1


async def test_a_library_is_uploaded_as_the_node_tool_uploads_it() -> None:
    client, http = client_over(answered({"data": NEOPIXEL}, 201))
    assert (await upload_library(client, b"archive")).name == "neopixel"
    assert http.asked == ["POST https://api.test/v1/libraries"]
    assert http.requests[0].body == (Part("file", b"archive", "archive.tar.gz", "application/gzip"),)
    text = "This version is not valid. Version must be greater than or equal to 1.0.2"
    client, _ = client_over(answered({"errors": [{"message": text}]}, 400))
    with pytest.raises(CloudRefused, match=text):
        await upload_library(client, b"archive")


async def test_a_library_is_published_and_deleted() -> None:
    client, http = client_over(answered({"data": NEOPIXEL}), answered(b"", 204))
    await publish_library(client, "testlib")
    assert (http.requests[0].method, http.requests[0].url) == (
        "PATCH",
        "https://api.test/v1/libraries/testlib",
    )
    assert http.requests[0].body == b'{"visibility":"public"}'
    await delete_library(client, "testlib", force="secret")
    assert http.asked[1] == "DELETE https://api.test/v1/libraries/testlib"
    assert (http.requests[1].body, http.requests[1].secret) == (b'{"force":"secret"}', True)


async def test_with_the_simulated_cloud() -> None:
    clock = LoopClock(epoch=NOON)
    cloud = SimulatedCloud(clock)
    client = CloudClient(cloud, clock, api_url=cloud.origin, token=FIRST_TOKEN)
    (found,) = await list_libraries(client, Wish(name="thermo"))
    assert found.dependencies == {"rolling-mean": "1.0.0"}
    assert "src/thermo-probe.h" in unpack(await download_library(client, found))
    properties = b"name=mylib\nversion=1.0.0\nauthor=me\nsentence=Mine\n"
    made = await upload_library(client, pack({"library.properties": properties, "src/mylib.h": b""}))
    assert (made.visibility, made.mine, made.sentence) == ("private", True, "Mine")
    assert (await publish_library(client, "mylib")).visibility == "public"
    assert [one.version for one in await get_versions(client, "mylib")] == ["1.0.0"]
    with pytest.raises(CloudRefused, match="The force token is not valid"):
        await delete_library(client, "mylib", force="guess")
    await delete_library(client, "mylib", force=DELETE_TOKEN)
    with pytest.raises(CloudNotFound, match="Library mylib not found"):
        await get_library(client, "mylib")
