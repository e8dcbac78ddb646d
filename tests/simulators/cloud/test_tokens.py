"""Tokens of the simulated cloud: the ways to one, what it is good for, and how it ends."""

from __future__ import annotations

import base64
import json

import pytest
from attrs import evolve
from tests.simulators.cloud.asking import Asker
from tests.simulators.cloud.far_end import FarEnd

from particle_cli.adapters.clock import LoopClock
from particle_cli.ports.http import HttpRequest
from particle_cli.simulators.cloud.cloud import ORIGIN
from particle_cli.simulators.cloud.product_rows import Product
from particle_cli.simulators.cloud.replies import EventStream
from particle_cli.simulators.cloud.rows import Token
from particle_cli.simulators.cloud.state import CAREFUL_USER, FIRST_TOKEN, FIRST_USER, LOGIN_CODE

CLOCK = LoopClock()
WRONG_CLIENT = {"error": "invalid_client", "error_description": "Client credentials are invalid"}
NO_REFRESH = {"error": "invalid_grant", "error_description": "Invalid refresh token"}
DAY_S = 24 * 3600


def with_product(asker: Asker) -> None:
    state = asker.read()
    owner = state.user_named(FIRST_USER)
    assert owner
    state.products.put(Product("12", "lamps", "Lamps", 13, owner.id))
    asker.write(state)


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


async def listed(asker: Asker, name: str, password: str, query: str = "") -> tuple[int, object]:
    token, asker.token = asker.token, None
    answer = await asker.send("GET", f"/v1/access_tokens{query}", Authorization=basic(name, password))
    asker.token = token
    return answer.status, json.loads(answer.body)


# The ways to a token


async def test_a_token_is_asked_for_with_a_form_only(asker: Asker) -> None:
    text = "Method must be POST with application/x-www-form-urlencoded encoding"
    refusal = (400, {"error": "invalid_request", "error_description": text})
    document = {"grant_type": "password", "username": FIRST_USER, "password": "password"}
    assert await asker.ask("POST", "/oauth/token", document) == refusal
    assert await asker.ask("POST", "/oauth/token") == refusal


async def test_nobody_keeps_a_copy_of_a_token(asker: Asker) -> None:
    body = b"username=you@example.com&password=password&grant_type=password"
    body += b"&client_id=particle&client_secret=particle"
    answer = await asker.send(
        "POST", "/oauth/token", body, kind="application/x-www-form-urlencoded; charset=UTF-8"
    )
    assert (answer.status, answer.header("cache-control"), answer.header("pragma")) == (
        200,
        "no-store",
        "no-cache",
    )


async def test_the_client_of_somebody_gets_his_token(asker: Asker) -> None:
    made = (await asker.told("POST", "/v1/clients", {"name": "My app", "type": "installed"}))["client"]
    form = {"grant_type": "client_credentials", "client_id": made["id"], "client_secret": made["secret"]}
    status, answer = await asker.form("/oauth/token", **form)
    assert (status, answer["token_type"], answer["expires_in"]) == (200, "bearer", 7776000)
    asker.token = answer["access_token"]
    assert (await asker.told("GET", "/v1/user"))["username"] == FIRST_USER
    assert (await asker.told("GET", "/v1/access_tokens/current"))["client"] == made["id"]
    refused = await asker.form("/oauth/token", **form, scope="customer=jane@example.com")
    assert refused == (400, WRONG_CLIENT)


async def test_the_clients_of_everybody_have_no_owner_to_get_a_token_for(asker: Asker) -> None:
    form = {"grant_type": "client_credentials", "client_id": "particle-cli", "client_secret": "particle-cli"}
    assert await asker.form("/oauth/token", **form) == (400, WRONG_CLIENT)


async def test_a_refresh_token_is_good_for_a_new_token_once_and_for_fourteen_days(asker: Asker) -> None:
    with_product(asker)
    made = (await asker.told("POST", "/v1/products/lamps/clients", {"name": "x", "type": "installed"}))[
        "client"
    ]
    client = {"client_id": made["id"], "client_secret": made["secret"]}
    _, first = await asker.log_in(**client, expires_in="60")
    grant = {"grant_type": "refresh_token", **client}
    await CLOCK.sleep(14 * DAY_S - 1)
    status, second = await asker.form("/oauth/token", **grant, refresh_token=str(first["refresh_token"]))
    assert (status, second["expires_in"]) == (200, 60)
    asker.token = second["access_token"]
    assert (await asker.ask("GET", "/v1/user"))[0] == 200
    again = await asker.form("/oauth/token", **grant, refresh_token=str(first["refresh_token"]))
    assert again == (400, NO_REFRESH)
    await CLOCK.sleep(14 * DAY_S)
    late = await asker.form("/oauth/token", **grant, refresh_token=second["refresh_token"])
    assert late == (400, NO_REFRESH)


async def test_only_tokens_of_products_can_be_refreshed(asker: Asker) -> None:
    _, answer = await asker.log_in()
    form = {"client_id": "particle-cli", "client_secret": "particle-cli", "grant_type": "refresh_token"}
    assert await asker.form("/oauth/token", **form, refresh_token=str(answer["refresh_token"])) == (
        400,
        NO_REFRESH,
    )


async def test_a_refresh_token_is_of_use_to_its_own_client_only(asker: Asker) -> None:
    with_product(asker)
    one, two = [
        (await asker.told("POST", "/v1/products/12/clients", {"name": name, "type": "installed"}))["client"]
        for name in ("one", "two")
    ]
    _, answer = await asker.log_in(client_id=one["id"], client_secret=one["secret"])
    form = {"grant_type": "refresh_token", "refresh_token": str(answer["refresh_token"])}
    wrong = await asker.form("/oauth/token", **form, client_id=two["id"], client_secret=two["secret"])
    assert wrong == (400, NO_REFRESH)


async def test_a_product_has_customers_of_its_own(asker: Asker) -> None:
    with_product(asker)
    made = (await asker.told("POST", "/v1/products/12/clients", {"name": "x", "type": "installed"}))["client"]
    client = {"client_id": made["id"], "client_secret": made["secret"]}
    asker.token = None
    form = {"email": FIRST_USER, "password": "hers", "grant_type": "client_credentials", **client}
    status, answer = await asker.form("/v1/products/lamps/customers", **form)
    assert (status, answer["token_type"]) == (200, "bearer")
    assert (await asker.form("/v1/products/lamps/customers", **form))[0] == 409
    everybodys = {"client_id": "particle", "client_secret": "particle"}
    refused = await asker.form("/v1/products/lamps/customers", **{**form, **everybodys, "email": "a@b.c"})
    assert refused == (403, {"ok": False, "error": "Permission denied"})
    assert (await asker.log_in(**client, password="hers"))[0] == 200
    assert (await asker.log_in(password="hers"))[0] == 400
    status, _ = await asker.form(
        "/oauth/token", **client, grant_type="client_credentials", scope=f"customer={FIRST_USER}"
    )
    assert status == 200


# What a token is good for


async def test_a_token_with_scopes_opens_nothing_else(asker: Asker) -> None:
    asker.cloud.adopt(FarEnd(1, values={"v": 1}), name="bench")
    state = asker.read()
    owner = state.user_named(FIRST_USER)
    assert owner
    scopes = ("devices:list", "devices.variable:get")
    state.tokens.put(Token("a" * 40, owner.id, "particle", None, scopes))
    asker.write(state)
    asker.cloud.attach(FarEnd(1, values={"v": 1}))
    asker.token = "a" * 40
    refusal = {
        "error": "unauthorized",
        "error_description": "API users are not allowed to call this endpoint",
    }
    assert (await asker.ask("GET", "/v1/devices"))[0] == 200
    assert (await asker.ask("GET", "/v1/devices/bench/v"))[0] == 200
    for method, path in (
        ("GET", "/v1/devices/bench"),
        ("PUT", "/v1/devices/bench"),
        ("POST", "/v1/devices/bench/f"),
        ("GET", "/v1/user"),
        ("DELETE", "/v1/access_tokens"),
        ("GET", "/v1/devices/events"),
    ):
        assert await asker.ask(method, path) == (403, refusal)
    assert (await asker.told("GET", "/v1/access_tokens/current"))["scopes"] == list(scopes)


# Lists, and ends


async def test_tokens_are_listed_for_a_name_and_a_password(asker: Asker) -> None:
    _, answer = await asker.log_in(expires_in="60", client_id="particle", client_secret="particle")
    found = [
        {"token": FIRST_TOKEN, "expires_at": None, "client": "particle-cli"},
        {"token": answer["access_token"], "expires_at": "2024-05-13T10:56:02.520Z", "client": "particle"},
    ]
    assert await listed(asker, "YOU@example.com", "password") == (200, found)
    await CLOCK.sleep(60)
    assert await listed(asker, FIRST_USER, "password") == (200, found[:1])


async def test_a_list_of_tokens_is_not_for_everybody(asker: Asker) -> None:
    unknown = (400, {"ok": False, "errors": ["Unknown user"]})
    assert await listed(asker, "nobody@example.com", "password") == unknown
    assert await asker.ask("GET", "/v1/access_tokens") == unknown
    wrong = (401, {"ok": False, "errors": ["Bad password"]})
    assert await listed(asker, FIRST_USER, "wrong") == wrong
    assert await listed(asker, CAREFUL_USER, "wrong", f"?otp={LOGIN_CODE}") == wrong


async def test_a_list_of_tokens_asks_for_the_login_code_too(asker: Asker) -> None:
    status, answer = await listed(asker, CAREFUL_USER, "password")
    assert isinstance(answer, dict)
    assert (status, answer["error"]) == (403, "mfa_required")
    wrong = (403, {"error": "invalid_grant", "error_description": "Invalid one-time password"})
    assert await listed(asker, CAREFUL_USER, "password", "?otp=654321") == wrong
    assert await listed(asker, CAREFUL_USER, "password", f"?otp={LOGIN_CODE}") == (200, [])


async def test_all_tokens_end_at_once_and_nobody_elses(asker: Asker) -> None:
    asker.cloud.open_account("other@example.com", "password")
    _, other = await asker.log_in(username="other@example.com")
    _, mine = await asker.log_in()
    assert await asker.ask("DELETE", "/v1/access_tokens") == (200, {"ok": True})
    for token, status in ((FIRST_TOKEN, 401), (mine["access_token"], 401), (other["access_token"], 200)):
        asker.token = str(token)
        assert (await asker.ask("GET", "/v1/user"))[0] == status


@pytest.mark.parametrize(
    "path", ["/v1/access_tokens", "/v1/access_tokens/current", f"/v1/access_tokens/{FIRST_TOKEN}"]
)
async def test_a_stream_ends_with_its_token(asker: Asker, path: str) -> None:
    headers = (("authorization", f"Bearer {FIRST_TOKEN}"),)
    stream = await asker.cloud.handle(HttpRequest("GET", f"{ORIGIN}/v1/devices/events", headers))
    assert isinstance(stream, EventStream)
    assert await anext(stream.frames) == b":ok\n\n"
    assert await asker.ask("DELETE", path) == (200, {"ok": True})
    assert [frame async for frame in stream.frames] in ([], [b"\n"])
    await stream.close()


async def test_a_token_of_somebody_who_is_gone_is_unknown(asker: Asker) -> None:
    state = asker.read()
    owner = state.user_named(FIRST_USER)
    assert owner
    state.users.remove(owner.id)
    state.users.put(evolve(owner, id="0" * 24))
    asker.write(state)
    assert (await asker.ask("GET", "/v1/user"))[0] == 401
