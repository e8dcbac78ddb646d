"""Logging in to the simulated cloud with a login code besides the password."""

from __future__ import annotations

import asyncio

import pytest
from attrs import evolve
from tests.simulators.cloud.asking import Asker

from particle_cli.simulators.cloud.login_codes import code_at, is_shown_at
from particle_cli.simulators.cloud.rows import User
from particle_cli.simulators.cloud.state import CAREFUL_USER, FIRST_USER, LOGIN_CODE, CloudState

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B
WRONG_CODE = {"error": "invalid_grant", "error_description": "Invalid one-time password"}
CODE_GRANT = "urn:custom:mfa-otp"


async def half_way(asker: Asker, **fields: str) -> str:
    """Give the right password, and return what the second step needs."""
    status, answer = await asker.log_in(username=CAREFUL_USER, **fields)
    assert status == 403
    assert (answer["error"], answer["error_description"]) == (
        "mfa_required",
        "Multifactor authentication required",
    )
    return str(answer["mfa_token"])


async def give_code(asker: Asker, mfa_token: str, code: str, **fields: str) -> tuple[int, dict[str, object]]:
    return await asker.log_in(grant_type=CODE_GRANT, mfa_token=mfa_token, otp=code, **fields)


async def test_the_right_code_completes_a_login_once(asker: Asker) -> None:
    mfa_token = await half_way(asker, expires_in="3600")
    assert await give_code(asker, mfa_token, "654321") == (403, WRONG_CODE)
    status, answer = await give_code(asker, mfa_token, LOGIN_CODE)
    assert (status, answer["expires_in"]) == (200, 3600)
    assert await give_code(asker, mfa_token, LOGIN_CODE) == (403, WRONG_CODE)
    asker.token = str(answer["access_token"])
    status, user = await asker.ask("GET", "/v1/user")
    assert isinstance(user, dict)
    assert (user["username"], user["mfa"]) == (CAREFUL_USER, {"enabled": True})


async def test_a_wrong_password_is_told_before_any_code_is_asked_for(asker: Asker) -> None:
    status, answer = await asker.log_in(username=CAREFUL_USER, password="wrong")
    assert (status, answer["error"]) == (400, "invalid_grant")
    assert "mfa_token" not in answer


async def test_a_half_login_belongs_to_one_client_and_five_minutes(asker: Asker) -> None:
    mfa_token = await half_way(asker)
    other = {"client_id": "particle", "client_secret": "particle"}
    assert await give_code(asker, mfa_token, LOGIN_CODE, **other) == (403, WRONG_CODE)
    assert await give_code(asker, "0" * 64, LOGIN_CODE) == (403, WRONG_CODE)
    await asyncio.sleep(300)  # noqa: TID251 - the test's own time
    assert await give_code(asker, mfa_token, LOGIN_CODE) == (403, WRONG_CODE)


async def test_a_half_login_is_kept_with_the_state_until_it_is_over(asker: Asker) -> None:
    mfa_token = await half_way(asker)
    dumped = asker.cloud.dump_state()
    asker.cloud.load_state(dumped)
    await asyncio.sleep(299)  # noqa: TID251 - the test's own time
    assert (await give_code(asker, mfa_token, LOGIN_CODE))[0] == 200
    asker.cloud.load_state(dumped)
    await asyncio.sleep(2)  # noqa: TID251 - the test's own time
    assert mfa_token.encode() not in asker.cloud.dump_state()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert code_at(SECRET, seconds) == code
    assert is_shown_at(code, SECRET, seconds + 30)
    assert not is_shown_at(code, SECRET, seconds + 90)


async def test_a_code_of_an_authenticator_app_completes_a_login(asker: Asker) -> None:
    state = CloudState.load(asker.cloud.dump_state())
    user = state.user_named(CAREFUL_USER)
    assert isinstance(user, User)
    state.users.put(evolve(user, login_code=None, login_secret=SECRET))
    asker.cloud.load_state(state.dump())
    mfa_token = await half_way(asker)
    assert (await give_code(asker, mfa_token, LOGIN_CODE))[0] == 403
    now = 1715597702.52  # the asker's noon
    assert (await give_code(asker, mfa_token, code_at(SECRET, now)))[0] == 200


def test_no_secret_of_an_account_is_shown(asker: Asker) -> None:
    user = User("1", FIRST_USER, "password", login_code="975310", login_secret=SECRET)
    assert not any(secret in repr(user) for secret in ("'password'", "975310", SECRET))


async def test_the_end_of_a_token_may_be_given_as_a_time(asker: Asker) -> None:
    _, answer = await asker.log_in(expires_at="2024-05-13T10:56:03Z")
    assert answer["expires_in"] == 60
    for wrong in ("2024-05-13T10:55:00Z", "2024-05-13", "soon"):
        assert (await asker.log_in(expires_at=wrong))[0] == 400
