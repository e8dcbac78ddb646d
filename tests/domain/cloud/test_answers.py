"""Answers: read into values, or told to be no such thing."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.cloud.scripted import BASE, Answer, answered, client_over

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.compiling import SourceFile, compile_sources
from particle_cli.domain.cloud.device_list import list_in_detail
from particle_cli.domain.cloud.devices import call_function, get_device, get_variable, list_devices
from particle_cli.domain.cloud.errors import (
    CloudAnswerUnreadable,
    CloudNotFound,
    CloudRefused,
)
from particle_cli.domain.cloud.firmware import DeviceOsModule, get_device_os, list_device_os
from particle_cli.domain.cloud.requests import CloudRequest
from particle_cli.ports.errors import ParticleError
from particle_cli.simulators.virtual_time import run_virtual

# Answers


async def test_unknown_keys_are_passed_over_and_absent_ones_tolerated() -> None:
    client, _ = client_over(
        answered(
            [
                {"id": "d1", "new_thing": {"a": [1]}, "name": None, "functions": None},
                {"id": "d2", "online": True},
            ]
        )
    )
    first, second = await list_devices(client)
    assert (first.id, first.name, first.functions, first.is_online) == ("d1", None, None, False)
    assert second.is_online


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"{",
        b"null",
        b"[1]",
        b'{"a": 1}',
        b'[{"name": "x"}]',
        b'[{"id": 5}]',
        b'[{"id": "d", "functions": "abc"}]',
        b'[{"id": "d", "variables": ["a"]}]',
        b'[{"id": "d", "online": "yes"}]',
        b'[{"id": "d", "platform_id": 1.5}]',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
async def test_a_list_that_is_none_is_an_error_with_the_address(body: bytes) -> None:
    client, _ = client_over(answered(body))
    with pytest.raises(CloudAnswerUnreadable, match=f"{BASE}/v1/devices"):
        await list_devices(client)


async def test_an_empty_204_is_an_empty_object() -> None:
    client, _ = client_over(answered(b"", 204))
    assert (await client.send(CloudRequest("DELETE", ("v1", "x")))).json() == {}


@pytest.mark.parametrize("value", [0, -5, 21.5, True, False, "", "text", None])
async def test_a_variable_has_the_value_that_came(value: object) -> None:
    client, _ = client_over(answered({"result": value, "coreInfo": {"deviceID": "d1"}}))
    reading = await get_variable(client, "bench", "v")
    assert (reading.value, type(reading.value), reading.device_id) == (value, type(value), "d1")


async def test_a_call_that_came_back_without_a_value_says_why() -> None:
    client, _ = client_over(answered({"ok": False, "error": "Nothing there"}))
    with pytest.raises(CloudRefused, match="Nothing there"):
        await call_function(client, "bench", "led")
    client, _ = client_over(answered({"id": "d"}))
    with pytest.raises(CloudAnswerUnreadable):
        await call_function(client, "bench", "led")


async def test_the_list_asks_once_and_then_for_those_online() -> None:
    listed = [
        {"id": "a" * 24, "name": "A", "connected": False},
        {"id": "b" * 24, "name": "B", "connected": True},
    ]
    client, http = client_over(answered(listed), answered({"id": "b" * 24, "functions": ["led"]}))
    found = await list_in_detail(client, LoopClock())
    assert http.asked == [f"GET {BASE}/v1/devices", f"GET {BASE}/v1/devices/{'b' * 24}"]
    assert [(one.name, one.functions) for one in found] == [("A", None), ("B", ("led",))]


async def test_device_os_releases_are_read() -> None:
    release = {
        "version": "6.3.0",
        "internal_version": 6300,
        "release_state": "preview",
        "base_url": "https://x/y",
    }
    client, http = client_over(answered({"versions": [release], "meta": {"total": 1}}))
    (found,) = await list_device_os(client, platform_id=13)
    assert (found.version, found.is_preview, found.internal_version) == ("6.3.0", True, 6300)
    assert http.asked == [f"GET {BASE}/v1/device-os/versions?platform_id=13&per_page=100"]
    module = {
        "filename": "b.bin",
        "crc": {"ok": True, "storedCrc": "da140931"},
        "prefixInfo": {"moduleFunction": "system_part", "moduleIndex": 1},
    }
    client, _ = client_over(answered({**release, "modules": [module]}))
    found = await get_device_os(client, "latest", platform_id=13)
    assert found.modules == (DeviceOsModule("b.bin", "da140931", "system_part", 1),)
    client, _ = client_over(answered({}, 404))
    with pytest.raises(CloudNotFound, match="Device OS version not found"):
        await get_device_os(client, "9.9.9", platform_id=13)


# Anything at all

KEYS = (
    "binary_id binary_url error error_description errors functions id info message modules name ok output "
    "result return_value status variable version versions"
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=4)
    ),
    max_leaves=12,
)
answers = st.builds(
    answered,
    json_values | st.binary(max_size=40),
    st.sampled_from([200, 204, 201, 302, 400, 401, 403, 404, 406, 408, 429, 500, 503]),
)


@given(st.lists(answers, min_size=1, max_size=3), st.integers(0, 6))
def test_whatever_comes_ends_in_a_value_or_in_an_error_of_ours(
    given_answers: list[Answer], which: int
) -> None:
    async def ask(client: CloudClient) -> object:
        match which:
            case 0:
                return await list_devices(client)
            case 1:
                return await get_device(client, "d")
            case 2:
                return await call_function(client, "d", "f", "x")
            case 3:
                return await get_variable(client, "d", "v")
            case 4:
                return await compile_sources(client, [SourceFile("a.ino", b"")], platform_id=13)
            case 5:
                return await list_device_os(client, platform_id=13)
            case _:
                return await get_device_os(client, "latest", platform_id=13)

    async def run() -> None:
        client, _ = client_over(*given_answers)
        with suppress(ParticleError):
            await ask(client)

    run_virtual(run())
