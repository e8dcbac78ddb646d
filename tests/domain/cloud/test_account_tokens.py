"""The tokens of an account, word for word."""

from __future__ import annotations

from base64 import b64decode

import pytest
from tests.domain.cloud.scripted import BASE, NOON, TOKEN, Answer, ScriptedHttp, answered, client_over, texts

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.cloud.account import LoginRefused, log_in
from particle_cli.domain.cloud.account_tokens import AccountToken, list_tokens, revoke_token
from particle_cli.domain.cloud.errors import (
    CloudAnswerUnreadable,
    CloudBusy,
    CloudError,
    CloudUnreachable,
    MfaRequired,
)
from particle_cli.ports.http import HttpNoRoute

JOE, PASSWORD, CODE = "joe@example.com", "p&ss w=rd é:x", "918273"
OTHER = "abad1dea" * 5
ROWS = [
    {"token": "a" * 40, "expires_at": "2024-05-13T11:00:00.000Z", "client": "old"},
    {"token": "b" * 40, "expires_at": None, "client_id": "for ever", "scopes": []},
    {"token": "c" * 40, "expires_at": "2030-01-01T00:00:00+01:00", "client": "late", "client_id": "x"},
    {"token": "d" * 40, "expires_at": "2030-01-01T00:00:00.000Z"},
]


async def listed(*answers: Answer, code: str | None = None) -> tuple[tuple[AccountToken, ...], ScriptedHttp]:
    client, http = client_over(*answers)
    return await list_tokens(client, username=JOE, password=PASSWORD, code=code), http


async def test_tokens_are_listed_with_the_password_and_not_in_a_tokens_name() -> None:
    rows, http = await listed(answered(ROWS))
    assert http.asked == [f"GET {BASE}/v1/access_tokens"]
    scheme, _, credentials = http.headers()["Authorization"].partition(" ")
    assert (scheme, b64decode(credentials).decode()) == ("Basic", f"{JOE}:{PASSWORD}")
    assert http.requests[-1].secret
    assert [row.client for row in rows] == ["for ever", None, "late", "old"]
    assert [row.lives_until.year for row in rows] == [9999, 2030, 2030, 2024]
    assert rows[2].token not in repr(rows)


async def test_a_login_code_goes_into_the_query_and_into_no_record() -> None:
    _, http = await listed(answered([]), code=CODE)
    assert http.asked == [f"GET {BASE}/v1/access_tokens?otp={CODE}"]
    assert http.requests[-1].shown_url == f"{BASE}/v1/access_tokens?otp=<redacted>"


@pytest.mark.parametrize(
    ("status", "said"), [(401, "Bad password"), (400, "Unknown user"), (403, "Invalid one-time password")]
)
async def test_what_opens_no_account_is_told(status: int, said: str) -> None:
    with pytest.raises(LoginRefused, match=f"error listing your tokens! {said}") as caught:
        await listed(answered({"ok": False, "errors": [said]}, status))
    assert caught.value.next_step


async def test_a_second_factor_is_asked_for() -> None:
    wanted = answered({"error": "mfa_required", "error_description": "…", "mfa_token": "half"}, 403)
    with pytest.raises(MfaRequired):
        await listed(wanted)


async def test_trouble_is_not_taken_for_a_wrong_password() -> None:
    for answer, kind in (
        (answered(b"", 429), CloudBusy),
        (HttpNoRoute("gone"), CloudUnreachable),
        (answered({"tokens": []}), CloudAnswerUnreadable),
        (answered([{"client": "x"}]), CloudAnswerUnreadable),
    ):
        with pytest.raises(kind):
            await listed(answer)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
async def test_a_server_that_repeats_secrets_is_not_repeated(status: int) -> None:
    client, http = client_over(answered([]))
    await list_tokens(client, username=JOE, password=PASSWORD)
    credentials = http.headers()["Authorization"].split()[1]
    for said in (PASSWORD, CODE, credentials):
        with pytest.raises(CloudError) as caught:
            await listed(answered({"error": f"you said {said}"}, status), code=CODE)
        assert said not in texts([caught.value])


async def test_a_token_is_revoked_in_nobodys_name() -> None:
    client, http = client_over(answered({"ok": True}))
    await revoke_token(client, OTHER)
    assert http.asked == [f"DELETE {BASE}/v1/access_tokens/{OTHER}"]
    assert "Authorization" not in http.headers()
    assert http.requests[-1].shown_url == f"{BASE}/v1/access_tokens/<redacted>"


@pytest.mark.parametrize(
    "answer",
    [answered({"error": f"no {OTHER}"}, 500), answered(b"", 404), HttpNoRoute("gone")],
    ids=["repeated", "no such page", "no route"],
)
async def test_a_token_that_could_not_be_revoked_is_not_shown(answer: Answer) -> None:
    client, _ = client_over(answer)
    with pytest.raises(CloudError) as caught:
        await revoke_token(client, OTHER)
    assert OTHER not in texts([caught.value])
    assert caught.value.next_step


@pytest.mark.parametrize(
    ("asked", "granted", "expires_at"), [(0, 0, None), (60, 60, "2024-05-13T12:01:00.000Z")]
)
async def test_a_token_lives_as_long_as_was_asked(asked: int, granted: int, expires_at: str | None) -> None:
    client, http = client_over(answered({"access_token": TOKEN, "expires_in": granted}))
    session = await log_in(client, LoopClock(epoch=NOON), username=JOE, password=PASSWORD, lifetime_s=asked)
    assert session.expires_at == expires_at
    body = http.requests[-1].body
    assert isinstance(body, bytes)
    assert body.endswith(f"&expires_in={asked}".encode())
