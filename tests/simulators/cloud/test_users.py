"""Accounts of the simulated cloud, made, changed and deleted by their owners."""

from __future__ import annotations

import pytest
from attrs import evolve
from tests.simulators.cloud.asking import NOON, Asker
from tests.simulators.cloud.far_end import FarEnd

from particle_cli.adapters.clock import LoopClock
from particle_cli.simulators.cloud.login_codes import code_at
from particle_cli.simulators.cloud.product_rows import Product
from particle_cli.simulators.cloud.state import CAREFUL_USER, FIRST_USER

CLOCK = LoopClock()
BAD_PASSWORD = (400, {"ok": False, "error": "Bad password"})
WRONG_CODE = (403, {"error": "invalid_grant", "error_description": "Invalid one-time password"})
NEW = {
    "username": "joe@example.com",
    "password": "pw",
    "account_info": {"first_name": "Joe", "company_name": "Joe & Co", "business_account": True},
}


async def test_an_account_is_made_and_used(asker: Asker) -> None:
    asker.token = None
    assert await asker.ask("POST", "/v1/users", {**NEW, "utm": {"source": "x"}}) == (200, {"ok": True})
    status, answer = await asker.log_in(username="JOE@example.com", password="pw")
    assert status == 200
    asker.token = str(answer["access_token"])
    user = await asker.told("GET", "/v1/user")
    assert user["username"] == "joe@example.com"
    assert user["account_info"] == {
        "first_name": "Joe",
        "last_name": "",
        "company_name": "Joe & Co",
        "business_account": True,
    }


@pytest.mark.parametrize(
    ("fields", "status", "text"),
    [
        ({"username": "joe"}, 400, "username must be an email address"),
        ({"username": ""}, 400, "username must be an email address"),
        ({"username": "You@Example.com"}, 409, "username is taken"),
        ({"password": ""}, 400, "password is required"),
        ({"account_info": "Joe"}, 400, "account_info must be an object"),
    ],
)
async def test_not_everything_is_an_account(
    asker: Asker, fields: dict[str, object], status: int, text: str
) -> None:
    refusal = (status, {"ok": False, "error": text})
    assert await asker.ask("POST", "/v1/users", {**NEW, **fields}) == refusal


async def test_names_are_changed_without_a_password(asker: Asker) -> None:
    answer = await asker.told("PUT", "/v1/user", {"account_info": {"first_name": "J"}})
    assert answer["ok"] is True
    info = (await asker.told("GET", "/v1/user"))["account_info"]
    assert (info["first_name"], info["last_name"]) == ("J", "Example")
    assert (await asker.ask("PUT", "/v1/user", {}))[0] == 400


async def test_an_address_is_changed_with_the_password(asker: Asker) -> None:
    wanted = {"username": "new@example.com", "current_password": "wrong"}
    assert await asker.ask("PUT", "/v1/user", wanted) == BAD_PASSWORD
    assert (await asker.ask("PUT", "/v1/user", {**wanted, "current_password": "password"}))[0] == 200
    assert (await asker.log_in(username="new@example.com"))[0] == 200
    assert (await asker.log_in())[0] == 400


async def test_a_password_is_changed_and_tokens_stay_unless_told_otherwise(asker: Asker) -> None:
    done = (200, {"ok": True, "message": "User's password updated."})
    change = {"password": "new", "current_password": "password"}
    assert await asker.ask("PUT", "/v1/user", {**change, "current_password": ""}) == BAD_PASSWORD
    assert await asker.ask("PUT", "/v1/user", change) == done
    assert (await asker.log_in())[0] == 400
    assert (await asker.log_in(password="new"))[0] == 200
    again = {"password": "newer", "current_password": "new", "invalidate_tokens": True}
    assert await asker.ask("PUT", "/v1/user", again) == done
    unknown = {"error": "invalid_token", "error_description": "The access token provided is invalid."}
    assert await asker.ask("GET", "/v1/user") == (401, unknown)


async def test_an_account_is_deleted_with_all_that_hangs_on_it(asker: Asker) -> None:
    device, other = FarEnd(1), "other@example.com"
    asker.cloud.open_account(other, "password")
    asker.cloud.adopt(device, name="red", owner=other)
    _, answer = await asker.log_in(username=other)
    asker.token = str(answer["access_token"])
    await asker.told("POST", "/v1/clients", {"name": "app", "type": "installed"})
    assert await asker.ask("DELETE", "/v1/user", {"password": "wrong"}) == BAD_PASSWORD
    done = (200, {"ok": True, "message": "User's account has been deleted."})
    assert await asker.ask("DELETE", "/v1/user", {"password": "password"}) == done
    assert (await asker.ask("GET", "/v1/user"))[0] == 401
    assert (await asker.log_in(username=other))[0] == 400
    assert not device.ownership.claimed
    assert list(asker.read().clients) == []
    assert (await asker.ask("POST", "/v1/users", {**NEW, "username": other}))[0] == 200


async def test_who_owns_products_stays(asker: Asker) -> None:
    state = asker.read()
    owner = state.user_named(FIRST_USER)
    assert owner
    state.products.put(Product("12", "lamps", "Lamps", 13, owner.id))
    asker.write(state)
    assert (await asker.ask("DELETE", "/v1/user", {"password": "password"}))[0] == 400


@pytest.mark.parametrize("username", [FIRST_USER, "nobody@example.com"])
async def test_a_reset_of_a_password_tells_nobody_who_has_an_account(asker: Asker, username: str) -> None:
    asker.token = None
    sent = (200, {"ok": True, "message": "Password reset email sent."})
    assert await asker.ask("POST", "/v1/user/password-reset", {"username": username}) == sent
    assert (await asker.ask("POST", "/v1/user/password-reset", {}))[0] == 400


async def test_statistics_know_a_number(asker: Asker) -> None:
    tracked = await asker.told("GET", "/v1/user/identify?tracking=1")
    assert list(tracked) == ["id", "email"]
    assert tracked["email"] == FIRST_USER
    assert tracked.items() < (await asker.told("GET", "/v1/user/identify")).items()


# The second factor


def code(secret: str, after_s: float = 0) -> str:
    return code_at(secret, NOON.timestamp() + after_s)


async def test_a_second_factor_is_enrolled_asked_for_and_dropped(asker: Asker) -> None:
    offered = await asker.told("GET", "/v1/user/mfa-enable")
    assert list(offered) == ["mfa_token", "qr_url", "secret"]
    secret = offered["secret"]
    assert offered["qr_url"] == (
        f"otpauth://totp/Particle%3Ayou%40example.com?secret={secret}&issuer=Particle"
    )
    proof = {"mfa_token": offered["mfa_token"], "otp": code(secret)}
    assert await asker.ask("POST", "/v1/user/mfa-enable", {**proof, "otp": "000000"}) == WRONG_CODE
    assert (await asker.log_in())[0] == 200
    enrolled = (200, {"enrolled": True, "tokens": []})
    assert await asker.ask("POST", "/v1/user/mfa-enable", proof) == enrolled
    assert (await asker.told("GET", "/v1/user"))["mfa"] == {"enabled": True}
    assert (await asker.ask("GET", "/v1/user/mfa-enable"))[0] == 400
    status, answer = await asker.log_in()
    assert (status, answer["error"]) == (403, "mfa_required")
    await CLOCK.sleep(3600)
    _, answer = await asker.log_in()
    done = await asker.log_in(
        grant_type="urn:custom:mfa-otp", mfa_token=str(answer["mfa_token"]), otp=code(secret, 3600)
    )
    assert done[0] == 200
    assert await asker.ask("PUT", "/v1/user/mfa-disable", {"current_password": "wrong"}) == BAD_PASSWORD
    assert await asker.ask("PUT", "/v1/user/mfa-disable", {"current_password": "password"}) == (
        200,
        {"ok": True},
    )
    assert (await asker.log_in())[0] == 200


async def test_an_enrolment_is_one_persons_and_lasts_ten_minutes(asker: Asker) -> None:
    asker.cloud.open_account("other@example.com", "password")
    _, other = await asker.log_in(username="other@example.com")
    offered = await asker.told("GET", "/v1/user/mfa-enable")
    mine, asker.token = asker.token, str(other["access_token"])
    proof = {"mfa_token": offered["mfa_token"], "otp": code(offered["secret"])}
    assert await asker.ask("POST", "/v1/user/mfa-enable", proof) == WRONG_CODE
    asker.token = mine
    await CLOCK.sleep(600)
    assert (
        await asker.ask("POST", "/v1/user/mfa-enable", {**proof, "otp": code(offered["secret"], 600)})
        == WRONG_CODE
    )


async def test_tokens_may_end_with_the_enrolment(asker: Asker) -> None:
    offered = await asker.told("GET", "/v1/user/mfa-enable")
    proof = {"mfa_token": offered["mfa_token"], "otp": code(offered["secret"]), "invalidate_tokens": True}
    assert (await asker.ask("POST", "/v1/user/mfa-enable", proof))[0] == 200
    assert (await asker.ask("GET", "/v1/user"))[0] == 401


async def test_a_code_that_never_changes_is_dropped_too(asker: Asker) -> None:
    state = asker.read()
    careful = state.user_named(CAREFUL_USER)
    assert careful
    state.users.put(evolve(careful, username="x@example.com"))
    asker.write(state)
    _, answer = await asker.log_in(username="x@example.com")
    _, answer = await asker.log_in(
        grant_type="urn:custom:mfa-otp", mfa_token=str(answer["mfa_token"]), otp="123456"
    )
    asker.token = str(answer["access_token"])
    assert (await asker.ask("PUT", "/v1/user/mfa-disable", {"current_password": "password"}))[0] == 200
    assert (await asker.log_in(username="x@example.com"))[0] == 200
