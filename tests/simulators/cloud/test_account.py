"""Accounts and tokens of the simulated cloud: who may ask what."""

from __future__ import annotations

import asyncio
import base64
from urllib.parse import urlencode

import pytest
from tests.simulators.cloud.asking import Asker
from tests.simulators.cloud.far_end import ARGON, FarEnd

from particle_cli.simulators.cloud.state import FIRST_TOKEN


async def test_no_token_an_unknown_one_and_an_expired_one_are_told_apart(asker: Asker) -> None:
    asker.token = None
    missing = {"error": "invalid_request", "error_description": "The access token was not found"}
    assert await asker.ask("GET", "/v1/devices") == (400, missing)
    asker.token = "0" * 40
    unknown = {"error": "invalid_token", "error_description": "The access token provided is invalid."}
    assert await asker.ask("GET", "/v1/devices") == (401, unknown)
    _, given_token = await asker.log_in(expires_in="60")
    asker.token = str(given_token["access_token"])
    assert (await asker.ask("GET", "/v1/devices"))[0] == 200
    await asyncio.sleep(61)  # noqa: TID251 - the test's own time
    expired = {"error": "invalid_token", "error_description": "The access token provided has expired."}
    assert await asker.ask("GET", "/v1/devices") == (401, expired)


async def test_a_token_may_come_in_the_header_the_query_or_the_form(asker: Asker) -> None:
    asker.token = None
    assert (await asker.ask("GET", f"/v1/devices?access_token={FIRST_TOKEN}"))[0] == 200
    form = urlencode({"access_token": FIRST_TOKEN, "name": "x"}).encode()
    answer = await asker.send("PUT", "/v1/devices/x", form, kind="application/x-www-form-urlencoded")
    assert answer.status == 403
    assert (await asker.send("GET", "/v1/devices", AUTHORIZATION=f"bearer {FIRST_TOKEN}")).status == 200


async def test_login_gives_a_token_that_works_until_it_is_revoked(asker: Asker) -> None:
    status, answer = await asker.log_in()
    assert (status, answer["token_type"], answer["expires_in"]) == (200, "bearer", 7_776_000)
    token = str(answer["access_token"])
    assert len(token) == 40
    asker.token = token
    assert await asker.ask("GET", "/v1/access_tokens/current") == (
        200,
        {
            "expires_at": "2024-08-11T10:55:02.520Z",
            "client": "particle-cli",
            "client_id": "particle-cli",
            "scopes": [],
            "orgs": [],
        },
    )
    assert await asker.ask("DELETE", "/v1/access_tokens/current") == (200, {"ok": True})
    assert (await asker.ask("GET", "/v1/user"))[0] == 401


async def test_a_token_can_be_revoked_by_whoever_knows_it_and_twice(asker: Asker) -> None:
    _, answer = await asker.log_in(expires_in="0")
    token = str(answer["access_token"])
    asker.token = None
    for _ in range(2):
        assert await asker.ask("DELETE", f"/v1/access_tokens/{token}") == (200, {"ok": True})
    asker.token = token
    assert (await asker.ask("GET", "/v1/user"))[0] == 401


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"password": "wrong"}, "invalid_grant"),
        ({"username": "nobody@example.com"}, "invalid_grant"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"grant_type": "magic"}, "unsupported_grant_type"),
        ({"expires_in": "soon"}, "invalid_request"),
    ],
)
async def test_a_login_that_is_wrong_is_refused(asker: Asker, fields: dict[str, str], error: str) -> None:
    status, answer = await asker.log_in(**fields)
    assert (status, answer["error"]) == (400, error)


async def test_the_client_may_come_as_basic_authentication(asker: Asker) -> None:
    asker.token = None
    basic = base64.b64encode(b"particle:particle").decode()
    form = urlencode(
        {"username": "YOU@example.com", "password": "password", "grant_type": "password"}
    ).encode()
    answer = await asker.send(
        "POST", "/oauth/token", form, kind="application/x-www-form-urlencoded", Authorization=f"Basic {basic}"
    )
    assert answer.status == 200


async def test_who_am_i(asker: Asker) -> None:
    asker.cloud.adopt(FarEnd(1))
    asker.cloud.adopt(FarEnd(2, ARGON))
    status, user = await asker.ask("GET", "/v1/user")
    assert status == 200
    assert isinstance(user, dict)
    assert user["username"] == "you@example.com"
    assert (user["wifi_device_count"], user["cellular_device_count"]) == (1, 1)
