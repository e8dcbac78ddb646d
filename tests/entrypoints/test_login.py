"""Logging in and out against the embedded cloud: what is asked, kept and told, and what is never shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from tests.entrypoints.conftest import Particle, Ran

from particle_cli.adapters.http import AiohttpClient
from particle_cli.ports.http import HttpNoRoute, HttpRequest, HttpResponse
from particle_cli.simulators.cloud.cloud import SimulatedCloud
from particle_cli.simulators.cloud.state import (
    CAREFUL_USER,
    FIRST_PASSWORD,
    FIRST_TOKEN,
    FIRST_USER,
    LOGIN_CODE,
)

WRONG = "correct-horse-battery-staple"
BY_PASSWORD = ("login", "--username", FIRST_USER, "--password")
CAREFUL = ("login", "-u", CAREFUL_USER, "-p", FIRST_PASSWORD)
EMAIL_ASKED, PASSWORD_ASKED = "Please enter your email address", "Please enter your password"

Faces = pytest.mark.parametrize("face", [(), ("-v",), ("--json",), ("-vv", "--json")], ids=" ".join)


@pytest.fixture
def kept(home: Path) -> Callable[[], dict[str, object]]:
    """What the profile `sim` holds on disk."""

    def read() -> dict[str, object]:
        held = json.loads((home / ".particle" / "sim.config.json").read_text())
        assert isinstance(held, dict)
        return held

    return read


Kept = Callable[[], dict[str, object]]


def lines(*typed: str) -> str:
    return "".join(f"{line}\n" for line in typed)


# by password


def test_logging_out_and_in_again(sim: Particle, kept: Kept) -> None:
    assert sim("whoami").out == f"> {FIRST_USER}\n"
    assert sim("logout").out == f"> You have been logged out from {FIRST_USER}\n"
    assert kept() == {"access_token": None, "access_token_expires_at": None, "username": None}
    ran = sim("whoami")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("You're not logged in. Run `particle login` to authenticate.\n")

    ran = sim(*BY_PASSWORD, FIRST_PASSWORD)
    assert (ran.code, ran.out, ran.err) == (0, "> Successfully completed login!\n", "")
    held = kept()
    assert held["username"] == FIRST_USER
    assert len(str(held["access_token"])) == 40
    assert str(held["access_token_expires_at"]).endswith("Z")
    assert sim("cloud", "logout").code == 0
    assert sim("cloud", "login", "-u", FIRST_USER, "-p", FIRST_PASSWORD).code == 0
    assert sim("whoami", "--json").data == {"username": FIRST_USER}


def test_the_token_of_a_login_works_and_that_of_a_logout_does_not(sim: Particle, kept: Kept) -> None:
    sim("sim", "add", "boron", "--name", "red")
    sim("login", "-u", FIRST_USER, "-p", FIRST_PASSWORD)
    token = str(kept()["access_token"])
    assert sim("call", "red", "digitalWrite", "D7=HIGH").out == "1\n"
    sim("logout")
    sim("config", "set", "access_token", token)
    assert sim("whoami", "--json").document["error"]["code"] == "token_invalid"
    sim("config", "set", "access_token", FIRST_TOKEN)
    assert sim("whoami").code == 0  # another login of the same account stays


def test_a_login_that_fails_changes_nothing(sim: Particle, home: Path) -> None:
    ran = sim(*BY_PASSWORD, WRONG)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "There was an error logging you in! User credentials are invalid\n"
        "Check the e-mail address and the password, then log in again.\n"
    )
    assert sim(*BY_PASSWORD, WRONG, "--json").document["error"]["code"] == "login_refused"
    assert not (home / ".particle" / "sim.config.json").exists()
    assert sim("whoami").code == 0


def test_a_program_is_told_who_and_until_when(sim: Particle, kept: Kept) -> None:
    data = sim(*BY_PASSWORD, FIRST_PASSWORD, "--json").data
    assert data == {
        "profile": "sim",
        "username": FIRST_USER,
        "accessTokenExpiresAt": kept()["access_token_expires_at"],
    }


def test_each_profile_has_its_own_login(sim: Particle) -> None:
    sim("config", "bench", "apiUrl", "sim:")
    assert sim(*CAREFUL, "--otp", LOGIN_CODE, "--profile", "bench").code == 0
    assert sim("whoami", "--profile", "bench").out == f"> {CAREFUL_USER}\n"
    assert sim("whoami").out == f"> {FIRST_USER}\n"


# with questions


def test_what_is_missing_is_asked_for(sim: Particle) -> None:
    ran = sim("login", "--interactive", typed=lines(FIRST_USER, FIRST_PASSWORD))
    assert (ran.code, ran.out) == (0, "> Successfully completed login!\n")
    assert ran.err.index(EMAIL_ASKED) < ran.err.index(PASSWORD_ASKED)


def test_a_name_given_or_known_is_offered(sim: Particle) -> None:
    ran = sim("login", "-u", FIRST_USER, "--interactive", typed=lines("", FIRST_PASSWORD))
    assert ran.code == 0
    assert f"{EMAIL_ASKED} [{FIRST_USER}]" in ran.err
    sim("config", "set", "access_token", "f00d" * 10)
    assert sim("whoami").code == 1
    ran = sim("login", "--interactive", typed=lines("", FIRST_PASSWORD))
    assert ran.code == 0


def test_a_password_given_is_not_asked_for(sim: Particle) -> None:
    ran = sim("login", "-p", FIRST_PASSWORD, "--interactive", typed=lines(FIRST_USER))
    assert ran.code == 0
    assert PASSWORD_ASKED not in ran.err


def test_nothing_typed_is_asked_for_again(sim: Particle) -> None:
    sim("logout")
    ran = sim("login", "--interactive", typed=lines("", FIRST_USER, "", FIRST_PASSWORD))
    assert ran.code == 0
    assert "You need an email address to log in\n" in ran.err
    assert "You need a password to log in\n" in ran.err


def test_there_are_three_tries(sim: Particle) -> None:
    ran = sim("login", "--interactive", typed=lines("me@x.y", WRONG, FIRST_USER, WRONG, "", FIRST_PASSWORD))
    assert ran.code == 0
    assert ran.err.count("Let's try again.") == 2
    ran = sim("login", "--interactive", typed=lines(*(FIRST_USER, WRONG) * 4))
    assert ran.code == 1
    assert ran.err.count(PASSWORD_ASKED) == 3
    assert "It seems we're having trouble with logging in.\n" in ran.err
    assert WRONG not in ran.out + ran.err


@pytest.mark.parametrize(
    ("words", "flag"),
    [
        (("login",), "--username and --password, or --token"),
        (("login", "-u", FIRST_USER), "--password"),
        (("login", "-p", FIRST_PASSWORD), "--username"),
        (CAREFUL, "--otp"),
    ],
    ids=["nothing", "user", "password", "code"],
)
@pytest.mark.parametrize("face", [(), ("--json",), ("--json", "--interactive")], ids=" ".join)
def test_where_nobody_is_the_flag_is_named(
    sim: Particle, words: tuple[str, ...], flag: str, face: tuple[str, ...]
) -> None:
    ran = sim(*words, *face, typed=lines(FIRST_USER, FIRST_PASSWORD))
    assert ran.code == 2
    told = ran.document["error"]["hint"] if face else ran.err
    assert f"Give the answer with {flag}" in told


# from standard input


def test_the_password_may_come_on_standard_input(sim: Particle) -> None:
    assert sim(*BY_PASSWORD, "-", typed=lines(FIRST_PASSWORD, "more")).code == 0
    assert sim(*BY_PASSWORD, "-", typed=FIRST_PASSWORD).code == 0
    assert sim(*BY_PASSWORD, "-", "--json", typed=lines(FIRST_PASSWORD)).code == 0
    assert sim(*BY_PASSWORD, "-", typed=lines(f" {FIRST_PASSWORD}")).code == 1


def test_the_token_may_come_on_standard_input(sim: Particle, kept: Kept) -> None:
    assert sim("login", "-t", "-", typed=lines(FIRST_TOKEN)).code == 0
    assert kept()["access_token"] == FIRST_TOKEN


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        ((*BY_PASSWORD, "-"), "", "Standard input ended before a password came."),
        ((*BY_PASSWORD, "-"), "\n", "You need a password to log in"),
        ((*BY_PASSWORD, ""), "", "You need a password to log in"),
        (("login", "-u", "", "-p", WRONG), "", "You need an email address to log in"),
        (("login", "-t", "-"), "", "Standard input ended before a token came."),
        (("login", "-t", "-"), "\n", "can't be one"),
        (("login", "-t", f"{FIRST_TOKEN}\r\nX-Evil: 1"), "", "can't be one"),
        (("login", "-t", "tökenöfsecrecy"), "", "can't be one"),
        (("login", "-t", FIRST_TOKEN, "-u", FIRST_USER), "", "--token stands alone"),
        (("login", "-t", FIRST_TOKEN, "-p", "-"), "", "--token stands alone"),
        (("login", "-u", FIRST_USER, "-p", f"-{WRONG}"), "", "expected one argument"),
    ],
)
def test_words_that_make_no_login(sim: Particle, words: tuple[str, ...], typed: str, said: str) -> None:
    ran = sim(*words, typed=typed)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    for secret in (FIRST_TOKEN, WRONG, "tökenöfsecrecy"):
        assert secret not in ran.err


# login codes


def test_a_login_code_is_asked_for_where_the_account_wants_one(sim: Particle) -> None:
    ran = sim(*CAREFUL, "--interactive", typed=lines("000000", "", f" {LOGIN_CODE} "))
    assert (ran.code, ran.out) == (0, "> Successfully completed login!\n")
    assert ran.err.count("Please enter a login code") == 3
    assert "This login code didn't work. Invalid one-time password\nLet's try again.\n" in ran.err
    assert "https://login.particle.io/account-info" in ran.err
    assert sim("whoami").out == f"> {CAREFUL_USER}\n"


def test_a_login_code_has_three_tries(sim: Particle) -> None:
    ran = sim(*CAREFUL, "--interactive", typed=lines("1", "2", "3", LOGIN_CODE))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines()[-1].endswith("recover your account at https://login.particle.io/account-info")
    assert sim("whoami").out == f"> {FIRST_USER}\n"


def test_a_login_code_may_be_given_at_once(sim: Particle) -> None:
    assert sim(*CAREFUL, "--otp", LOGIN_CODE).err == ""
    ran = sim(*CAREFUL, "--otp", "000000", "--json")
    assert (ran.code, ran.document["error"]["code"]) == (1, "login_code_refused")
    assert sim(*BY_PASSWORD, FIRST_PASSWORD, "--otp", "000000").code == 0  # not asked for, so not looked at


# by token


def test_a_token_brings_its_name_and_expiry(sim: Particle, kept: Kept) -> None:
    sim(*CAREFUL, "--otp", LOGIN_CODE)
    careful = kept()
    assert sim("login", "--token", FIRST_TOKEN).out == "> Successfully completed login!\n"
    assert kept() == {
        "access_token": FIRST_TOKEN,
        "access_token_expires_at": "9999-12-31T23:59:59.999Z",
        "username": FIRST_USER,
    }
    assert sim("login", "--token", str(careful["access_token"]), "--json").data["username"] == CAREFUL_USER
    again, before = (
        datetime.fromisoformat(str(held["access_token_expires_at"])) for held in (kept(), careful)
    )
    assert abs((again - before).total_seconds()) < 0.01  # one is the cloud's, one was worked out here


def test_a_token_that_is_refused_leaves_the_login_as_it_was(sim: Particle) -> None:
    ran = sim("login", "--token", "f00d" * 10, "--json")
    assert (ran.code, ran.document["error"]["code"]) == (1, "login_refused")
    assert ran.document["error"]["message"] == (
        "There was an error logging you in! The access token provided is invalid."
    )
    assert sim("whoami").code == 0


# logging out


def test_logging_out_twice_is_no_error(sim: Particle) -> None:
    assert sim("logout", "--json").data == {"profile": "sim", "username": FIRST_USER, "wasLoggedIn": True}
    ran = sim("logout")
    assert (ran.code, ran.out, ran.err) == (0, "You were already logged out.\n", "")
    assert sim("logout", "--json").data == {"profile": "sim", "username": None, "wasLoggedIn": False}


def test_a_token_that_is_worth_nothing_is_forgotten_all_the_same(sim: Particle, kept: Kept) -> None:
    sim("config", "set", "access_token", "f00d" * 10)
    sim("config", "set", "username", "")
    assert sim("logout").out == "> You have been logged out from your account\n"
    assert kept()["access_token"] is None


def test_the_name_is_asked_for_where_the_profile_has_none(sim: Particle) -> None:
    sim("config", "set", "username", "")
    assert sim("logout").out == f"> You have been logged out from {FIRST_USER}\n"


def test_a_logout_that_does_not_reach_the_cloud_keeps_the_token(
    particle: Particle, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def exchange(wire: AiohttpClient, request: HttpRequest) -> HttpResponse:
        raise HttpNoRoute("No route to api.particle.io.")

    monkeypatch.setattr(AiohttpClient, "exchange", exchange)
    token = "0123456789" * 4
    particle("config", "set", "access_token", token)
    ran = particle("logout", "-v")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(
        "There was an error revoking the token: Network error from https://api.particle.io"
    )
    assert token not in ran.err
    assert token in (home / ".particle" / "particle.config.json").read_text()


def test_the_answers_that_were_kept_go_with_the_login(sim: Particle, home: Path) -> None:
    cache = home / ".particle" / "cli-cache"
    cache.mkdir()
    (cache / "getDevice_0.json").write_text("{}")
    sim("logout")
    assert not cache.exists()


# secrets


def hunted(ran: Ran, *secrets: str) -> None:
    for secret in secrets:
        assert secret not in ran.out + ran.err


@Faces
def test_no_secret_is_shown(sim: Particle, kept: Kept, face: tuple[str, ...]) -> None:
    hunted(sim("login", "-u", FIRST_USER, "-p", WRONG, *face), WRONG)
    hunted(sim(*BY_PASSWORD, "-", *face, typed=lines(WRONG)), WRONG)
    hunted(sim(*CAREFUL, "--otp", "918273", *face), "918273", f"'{FIRST_PASSWORD}'")
    hunted(sim("login", "-t", "f00d" * 10, *face), "f00d")
    ran = sim(*BY_PASSWORD, FIRST_PASSWORD, *face)
    hunted(ran, str(kept()["access_token"]), f"'{FIRST_PASSWORD}'")
    hunted(sim("logout", *face), str(kept()["access_token"]))


@Faces
def test_no_secret_is_shown_when_the_program_breaks_or_the_server_babbles(
    sim: Particle, monkeypatch: pytest.MonkeyPatch, face: tuple[str, ...]
) -> None:
    async def babble(cloud: SimulatedCloud, request: HttpRequest) -> HttpResponse:
        said = json.dumps({"error": "x", "error_description": f"no: {request.body!r} {request.headers}"})
        return HttpResponse(400, (), said.encode())

    monkeypatch.setattr(SimulatedCloud, "exchange", babble)
    for words in ((*BY_PASSWORD, WRONG), ("login", "-t", "f00d" * 10), ("logout",)):
        ran = sim(*words, *face)
        assert ran.code == 1
        hunted(ran, WRONG, "f00d", FIRST_TOKEN)

    async def broken(cloud: SimulatedCloud, request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(SimulatedCloud, "exchange", broken)
    for words in ((*BY_PASSWORD, WRONG), ("login", "-t", "f00d" * 10), ("logout",)):
        ran = sim(*words, *face)
        assert ran.code == 1
        hunted(ran, WRONG, "f00d", FIRST_TOKEN)
