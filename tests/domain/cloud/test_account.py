"""Logging in and out, word for word, and with the simulated cloud at the other end."""

from __future__ import annotations

import asyncio
import traceback
from urllib.parse import parse_qsl

import pytest
from tests.domain.cloud.scripted import BASE, NOON, TOKEN, Answer, ScriptedHttp, answered, client_over, texts

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.cloud.account import (
    LoginCodeRefused,
    LoginRefused,
    Session,
    complete_login,
    log_in,
    log_in_with_token,
    log_out,
    user,
)
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import (
    CloudAddressRefused,
    CloudAnswerUnreadable,
    CloudBusy,
    CloudError,
    CloudFailed,
    CloudNotFound,
    CloudTokenInvalid,
    CloudUnreachable,
    MfaRequired,
    NotLoggedIn,
)
from particle_cli.domain.cloud.tokens import NEVER, token_expiry
from particle_cli.ports.http import HttpNoRoute
from particle_cli.simulators.cloud.cloud import SimulatedCloud
from particle_cli.simulators.cloud.state import CAREFUL_USER, FIRST_PASSWORD, FIRST_USER, LOGIN_CODE

JOE, PASSWORD, MFA_TOKEN = "joe@example.com", "p&ss w=rd é", "half-way-there"
GRANT = {"token_type": "bearer", "access_token": TOKEN, "expires_in": 7776000, "refresh_token": "r" * 40}
CODE_WANTED = answered(
    {"error": "mfa_required", "error_description": "Multifactor…", "mfa_token": MFA_TOKEN}, status=403
)
EXPIRED = answered(
    {"error": "invalid_token", "error_description": "The access token provided has expired."}, status=401
)


async def logged_in(*answers: Answer, token: str | None = None) -> tuple[Session, ScriptedHttp]:
    client, http = client_over(*answers, token=token)
    return await log_in(client, LoopClock(epoch=NOON), username=JOE, password=PASSWORD), http


async def completed(*answers: Answer) -> tuple[Session, ScriptedHttp]:
    client, http = client_over(*answers, token=None)
    clock = LoopClock(epoch=NOON)
    return await complete_login(client, clock, username=JOE, mfa_token=MFA_TOKEN, code="123456"), http


def form(http: ScriptedHttp) -> list[tuple[str, str]]:
    body = http.requests[-1].body
    assert isinstance(body, bytes)
    assert http.headers()["Content-Type"] == "application/x-www-form-urlencoded"
    return parse_qsl(body.decode(), keep_blank_values=True)


# what is said


async def test_a_password_is_sent_as_the_api_wants_it() -> None:
    session, http = await logged_in(answered(GRANT), token="old" * 10)
    assert session == Session(JOE, TOKEN, "2024-08-11T12:00:00.000Z")
    assert http.asked == [f"POST {BASE}/oauth/token"]
    assert form(http) == [
        ("username", JOE),
        ("password", PASSWORD),
        ("grant_type", "password"),
        ("client_id", "particle-cli"),
        ("client_secret", "particle-cli"),
        ("expires_in", "7776000"),
    ]
    assert "Authorization" not in http.headers()
    assert http.requests[-1].secret


async def test_a_login_code_is_sent_as_the_api_wants_it() -> None:
    session, http = await completed(answered(GRANT))
    assert (session.username, session.token) == (JOE, TOKEN)
    assert form(http) == [
        ("grant_type", "urn:custom:mfa-otp"),
        ("mfa_token", MFA_TOKEN),
        ("otp", "123456"),
        ("client_id", "particle-cli"),
        ("client_secret", "particle-cli"),
    ]
    assert http.requests[-1].secret


async def test_a_token_is_asked_whose_and_until_when() -> None:
    client, http = client_over(
        answered({"username": JOE}), answered({"expires_at": "2030-01-01T00:00:00.000Z"})
    )
    assert await log_in_with_token(client, TOKEN) == Session(JOE, TOKEN, "2030-01-01T00:00:00.000Z")
    assert http.asked == [f"GET {BASE}/v1/user", f"GET {BASE}/v1/access_tokens/current"]
    assert http.headers(0)["Authorization"] == http.headers(1)["Authorization"] == f"Bearer {TOKEN}"


async def test_a_logout_revokes_the_token() -> None:
    client, http = client_over(answered({"ok": True}))
    await log_out(client)
    assert http.asked == [f"DELETE {BASE}/v1/access_tokens/current"]
    assert http.headers()["Authorization"] == f"Bearer {TOKEN}"


async def test_nothing_secret_goes_over_a_line_that_others_can_read() -> None:
    client, http = client_over(answered(GRANT), token=None, api_url="http://cloud.example")
    with pytest.raises(CloudAddressRefused):
        await log_in(client, LoopClock(epoch=NOON), username=JOE, password=PASSWORD)
    assert http.requests == []


async def test_a_password_does_not_follow_a_cloud_that_has_moved() -> None:
    client, http = client_over(
        answered(b"", status=307, location="https://elsewhere.test/oauth/token"), token=None
    )
    with pytest.raises(CloudAddressRefused):
        await log_in(client, LoopClock(epoch=NOON), username=JOE, password=PASSWORD)
    assert len(http.requests) == 1


# what is answered


@pytest.mark.parametrize("lifetime", [0, None, 1e300], ids=str)
async def test_a_token_without_an_end_has_no_expiry(lifetime: float | None) -> None:
    session, _ = await logged_in(answered({**GRANT, "expires_in": lifetime}))
    assert session.expires_at is None


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"access_token": ""},
        {"access_token": 5},
        [],
        b"<html>",
        {"access_token": "x", "expires_in": "soon"},
    ],
    ids=str,
)
async def test_an_answer_without_a_token_is_no_login(answer: object) -> None:
    with pytest.raises(CloudAnswerUnreadable):
        await logged_in(answered(answer))


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_what_opens_nothing_is_told(status: int) -> None:
    refused = answered(
        {"error": "invalid_grant", "error_description": "User credentials are invalid"}, status
    )
    with pytest.raises(LoginRefused, match="error logging you in! User credentials are invalid") as caught:
        await logged_in(refused)
    assert caught.value.status == status
    assert caught.value.next_step
    with pytest.raises(LoginCodeRefused, match=r"login code didn't work\.") as late:
        await completed(refused)
    assert "https://login.particle.io/account-info" in (late.value.next_step or "")


async def test_an_account_with_a_second_factor_says_so() -> None:
    with pytest.raises(MfaRequired) as caught:
        await logged_in(CODE_WANTED)
    assert caught.value.mfa_token == MFA_TOKEN
    assert MFA_TOKEN not in f"{caught.value!r} {caught.value} {caught.value.message}"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (answered({"error": "Not Found"}, status=404), CloudNotFound),
        (answered(b"", status=429), CloudBusy),
        (answered(b"<html>", status=502), CloudFailed),
        (HttpNoRoute("No route."), CloudUnreachable),
    ],
    ids=["no cloud", "too often", "trouble", "no route"],
)
async def test_trouble_is_not_taken_for_a_wrong_password(answer: Answer, kind: type[CloudError]) -> None:
    for attempt in (logged_in, completed):
        with pytest.raises(kind) as caught:
            await attempt(answer)
        assert not isinstance(caught.value, LoginRefused | LoginCodeRefused)


async def test_a_token_whose_expiry_is_not_to_be_had_is_kept_all_the_same() -> None:
    for trouble in (answered(b"", status=500), answered([]), HttpNoRoute("gone"), EXPIRED):
        client, _ = client_over(answered({"username": JOE}), trouble)
        assert await log_in_with_token(client, TOKEN) == Session(JOE, TOKEN, None)
    client, _ = client_over(answered({"username": JOE}), answered({"expires_at": None}))
    assert (await log_in_with_token(client, TOKEN)).expires_at == NEVER


async def test_a_token_that_has_expired_is_no_login_but_as_good_as_revoked() -> None:
    client, _ = client_over(EXPIRED)
    with pytest.raises(LoginRefused, match=r"The access token provided has expired\."):
        await log_in_with_token(client, TOKEN)
    await log_out(client)
    with pytest.raises(CloudTokenInvalid):
        await user(client)


async def test_a_logout_that_fails_otherwise_is_told() -> None:
    for trouble in (answered(b"", status=500), answered({"error": "no"}, status=403), HttpNoRoute("gone")):
        client, _ = client_over(trouble)
        with pytest.raises(CloudError):
            await log_out(client)
    client, _ = client_over(answered({"ok": True}), token=None)
    with pytest.raises(NotLoggedIn):
        await log_out(client)


# secrets


@pytest.mark.parametrize("status", [200, 400, 403, 404, 429, 500])
@pytest.mark.parametrize("said", [PASSWORD, "p%26ss+w%3Drd+%C3%A9"], ids=["plain", "encoded"])
async def test_a_server_that_repeats_secrets_is_not_repeated(status: int, said: str) -> None:
    babble = answered({"error": f"you said {said}, {MFA_TOKEN} and 123456"}, status=status)
    for attempt in (logged_in, completed):
        with pytest.raises(CloudError) as caught:
            await attempt(babble)
        told = "".join(traceback.format_exception(caught.value)) + texts([caught.value])
        secrets = (said,) if attempt is logged_in else (MFA_TOKEN, "you said")
        assert not any(secret in told for secret in secrets)


def test_a_session_does_not_show_its_token() -> None:
    assert TOKEN not in repr(Session(JOE, TOKEN, None))


# with the simulated cloud


@pytest.fixture
def clock() -> LoopClock:
    return LoopClock(epoch=NOON)


@pytest.fixture
def cloud(clock: LoopClock) -> SimulatedCloud:
    return SimulatedCloud(clock)


def client_of(cloud: SimulatedCloud, clock: LoopClock, token: str | None = None) -> CloudClient:
    return CloudClient(cloud, clock, api_url=cloud.origin, token=token)


async def test_a_session_from_beginning_to_end(cloud: SimulatedCloud, clock: LoopClock) -> None:
    nobody = client_of(cloud, clock)
    with pytest.raises(LoginRefused):
        await log_in(nobody, clock, username=FIRST_USER, password="wrong")
    session = await log_in(nobody, clock, username=FIRST_USER, password=FIRST_PASSWORD)
    client = client_of(cloud, clock, session.token)
    assert (await user(client)).username == FIRST_USER
    assert await token_expiry(client) == session.expires_at == "2024-08-11T12:00:00.000Z"
    assert await log_in_with_token(client, session.token) == session
    await log_out(client)
    await log_out(client)
    with pytest.raises(CloudTokenInvalid):
        await user(client)


async def test_a_session_ends_by_itself(cloud: SimulatedCloud, clock: LoopClock) -> None:
    session = await log_in(client_of(cloud, clock), clock, username=FIRST_USER, password=FIRST_PASSWORD)
    await asyncio.sleep(90 * 24 * 3600 + 1)  # noqa: TID251 - the test's own time
    client = client_of(cloud, clock, session.token)
    with pytest.raises(LoginRefused, match="expired"):
        await log_in_with_token(client, session.token)
    await log_out(client)


async def test_a_login_code_may_be_tried_again(cloud: SimulatedCloud, clock: LoopClock) -> None:
    nobody = client_of(cloud, clock)
    with pytest.raises(MfaRequired) as required:
        await log_in(nobody, clock, username=CAREFUL_USER, password=FIRST_PASSWORD)
    mfa_token = required.value.mfa_token
    with pytest.raises(LoginCodeRefused):
        await complete_login(nobody, clock, username=CAREFUL_USER, mfa_token=mfa_token, code="000000")
    session = await complete_login(nobody, clock, username=CAREFUL_USER, mfa_token=mfa_token, code=LOGIN_CODE)
    assert (await user(client_of(cloud, clock, session.token))).username == CAREFUL_USER
