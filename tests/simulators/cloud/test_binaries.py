"""Binaries and releases of Device OS in the simulated cloud."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.simulators.cloud.asking import Asker, parts

from particle_cli.domain.firmware.module import parse_module
from particle_cli.simulators.cloud.cloud import ORIGIN
from particle_cli.simulators.cloud.state import FIRST_TOKEN


async def test_a_binary_is_built_kept_for_a_day_and_given_to_its_owner_only(asker: Asker) -> None:
    sent = parts(("platform_id", "13"), ("build_target_version", "6.2.0"))
    answer = await asker.send("POST", "/v1/binaries", sent)
    told = json.loads(answer.body)
    assert (answer.status, told["ok"], told["build_target_version"]) == (200, True, "6.2.0")
    path = told["binary_url"]
    assert path == f"/v1/binaries/{told['binary_id']}"
    binary = await asker.send("GET", path)
    assert (binary.header("content-type"), binary.header("content-disposition")) == (
        "application/binary",
        "attachment; filename=firmware.bin",
    )
    assert parse_module(binary.body, name="firmware.bin").crc_ok
    asker.token = None
    assert (await asker.send("GET", path)).status == 400
    asker.token = FIRST_TOKEN
    await asyncio.sleep(24 * 3600)  # noqa: TID251 - the test's own time
    assert await asker.ask("GET", path) == (404, {"ok": False, "error": "Binary not found"})


async def test_what_does_not_compile_is_told_in_the_compiler_s_words(asker: Asker) -> None:
    sent = parts(("platform_id", "13"), ("latest", "true"), path="main.cpp", content=b"broken")
    answer = await asker.send("POST", "/v1/binaries", sent)
    assert answer.status == 406
    assert json.loads(answer.body) == {
        "ok": False,
        "code": 200,
        "output": "Compiler timed out or encountered an error",
        "stdout": "",
        "errors": ["main.cpp:1:1: error: 'broken' does not name a type\n"],
    }


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ([], 400),
        ([("platform_id", "boron")], 400),
        ([("platform_id", "99")], 400),
        ([("platform_id", "13"), ("build_target_version", "1.2.3.4")], 400),
    ],
)
async def test_a_request_that_is_none_is_refused(
    asker: Asker, fields: list[tuple[str, str]], status: int
) -> None:
    answer = await asker.send("POST", "/v1/binaries", parts(*fields))
    assert (answer.status, json.loads(answer.body)["ok"]) == (status, False)


# Device OS


async def test_releases_are_listed_newest_first_by_pages(asker: Asker) -> None:
    status, page = await asker.ask("GET", "/v1/device-os/versions?platform_id=13&per_page=2&page=2")
    assert status == 200
    assert isinstance(page, dict)
    assert [one["version"] for one in page["versions"]] == ["6.1.1", "6.1.0"]
    first = page["versions"][0]
    assert (first["internal_version"], first["release_state"]) == (6101, "ga")
    assert page["meta"]["total"] > 100
    _, found = await asker.ask("GET", "/v1/device-os/versions?platform_id=13&internal_version=5500")
    assert isinstance(found, dict)
    assert [(one["version"], one["release_state"]) for one in found["versions"]] == [
        ("5.5.0-rc.1", "preview")
    ]


async def test_a_release_names_modules_that_can_be_fetched_without_a_token(asker: Asker) -> None:
    shown = [
        await asker.ask("GET", f"/v1/device-os/versions/{v}?platform_id=13")
        for v in ("latest", "6.2.0", "6200")
    ]
    assert shown[0] == shown[1] == shown[2]
    status, release = shown[0]
    assert status == 200
    assert isinstance(release, dict)
    asker.token = None
    for module in release["modules"]:
        path = f"{release['base_url']}/{module['filename'].replace('@', '%40')}".removeprefix(ORIGIN)
        file = await asker.send("GET", path)
        assert file.status == 200
        assert file.body[-4:].hex() == module["crc"]["storedCrc"] == module["crc"]["actualCrc"]
    functions = [module["prefixInfo"]["moduleFunction"] for module in release["modules"]]
    assert {"bootloader", "system_part", "radio_stack"} <= set(functions)


async def test_what_there_is_not_is_an_empty_404(asker: Asker) -> None:
    for version, platform_id in (("9.9.9", 13), ("6.2.0", 6), ("6.2.0", 999)):
        path = f"/v1/device-os/versions/{version}?platform_id={platform_id}"
        assert await asker.ask("GET", path) == (404, {})
