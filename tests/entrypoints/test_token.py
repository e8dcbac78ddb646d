"""Access tokens of one's own: made, listed and revoked against the embedded cloud."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.entrypoints.conftest import Particle

from particle_cli.ports.http import HttpRequest, HttpResponse
from particle_cli.simulators.cloud.cloud import SimulatedCloud
from particle_cli.simulators.cloud.state import (
    CAREFUL_USER,
    FIRST_PASSWORD,
    FIRST_TOKEN,
    FIRST_USER,
    LOGIN_CODE,
)

PASSWORD = ("--password", FIRST_PASSWORD)
CAREFUL = ("--username", CAREFUL_USER, *PASSWORD)


def created(sim: Particle, *words: str) -> str:
    token = sim("token", "create", *PASSWORD, *words, "--json").data["token"]
    assert isinstance(token, str)
    return token


def works(sim: Particle, token: str) -> bool:
    return sim("login", "--token", token).code == 0


# create


def test_a_new_token_is_shown_with_its_expiry_and_the_login_stays(sim: Particle, home: Path) -> None:
    ran = sim("token", "create", *PASSWORD)
    assert (ran.code, ran.err) == (0, "")
    found = re.fullmatch(r"New access token expires on (.*) \(.*\)\n    ([0-9a-f]{40})\n", ran.out)
    assert found
    moment = datetime.strptime(found[1], "%a %b %d %Y %H:%M:%S GMT%z")
    assert abs(moment - datetime.now(UTC) - timedelta(days=90)) < timedelta(minutes=1)
    assert not (home / ".particle" / "sim.config.json").exists()
    assert works(sim, found[2])


def test_a_token_may_live_shorter_or_for_ever(sim: Particle) -> None:
    data = sim("token", "create", *PASSWORD, "--expires-in", "3600", "--json").data
    assert data["username"] == FIRST_USER
    left = datetime.fromisoformat(data["expiresAt"]) - datetime.now(UTC)
    assert timedelta(minutes=59) < left <= timedelta(hours=1)
    ran = sim("token", "create", *PASSWORD, "--never-expires")
    assert re.fullmatch(r"New access token never expires\n    [0-9a-f]{40}\n", ran.out)
    assert sim("token", "create", *PASSWORD, "--never-expires", "--json").data["expiresAt"] is None


def test_only_the_password_of_the_account_is_asked_for(sim: Particle) -> None:
    ran = sim("token", "create", "--interactive", typed=f"wrong\n{FIRST_PASSWORD}\n")
    assert ran.code == 0
    assert ran.err.count(f"Using account {FIRST_USER}\n") == 1
    assert ran.err.count("Please enter your password") == 2
    assert "email" not in ran.err
    sim("logout")
    ran = sim("token", "create", "--interactive", typed=f"{FIRST_USER}\n{FIRST_PASSWORD}\n")
    assert ran.code == 0
    assert "Please enter your email address" in ran.err


def test_the_password_may_come_on_standard_input_and_the_code_as_a_flag(sim: Particle) -> None:
    assert sim("token", "create", "--password", "-", typed=f"{FIRST_PASSWORD}\n").code == 0
    assert sim("token", "create", *CAREFUL, "--otp", LOGIN_CODE).code == 0
    ran = sim("token", "create", *CAREFUL)
    assert (ran.code, ran.out) == (2, "")
    assert "--otp" in ran.err
    assert sim("token", "create", "-u", FIRST_USER, "-p", "wrong", "--json").document["error"]["code"] == (
        "login_refused"
    )
    assert "--password" in sim("token", "create").err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--expires-in", "0"), "can't expire in 0 seconds"),
        (("--expires-in", "1.5"), "can't expire in 1.5 seconds"),
        (("--expires-in", "-5"), "--expires-in"),
        (("--expires-in", "60", "--never-expires"), "Pass one of the two"),
    ],
)
def test_a_lifetime_that_makes_no_sense(sim: Particle, words: tuple[str, ...], said: str) -> None:
    ran = sim("token", "create", *PASSWORD, *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


# list


def test_tokens_are_listed_with_their_expiry_and_the_own_one_marked(sim: Particle) -> None:
    short, ever = created(sim, "--expires-in", "60"), created(sim, "--never-expires")
    ran = sim("token", "list", *PASSWORD)
    assert (ran.code, ran.err) == (0, "Checking with the cloud...\n")
    blocks = ran.out.split("\n\n")
    assert blocks[-1] == ""
    assert f"particle-cli (active)\n Token:      {FIRST_TOKEN}\n Expires at: null" in blocks[:2]
    assert f"particle-cli\n Token:      {ever}\n Expires at: null" in blocks[:2]
    assert re.fullmatch(rf"particle-cli\n Token:      {short}\n Expires at: \S+Z", blocks[2])
    rows = sim("token", "list", *PASSWORD, "--json").data
    assert {row["token"] for row in rows if row["active"]} == {FIRST_TOKEN}
    assert rows[2]["expiresAt"] > "2024"
    assert not any(row["expired"] for row in rows)


def test_one_that_has_expired_is_marked(sim: Particle, monkeypatch: pytest.MonkeyPatch) -> None:
    async def old(cloud: SimulatedCloud, request: HttpRequest) -> HttpResponse:
        rows = [{"token": "a" * 40, "expires_at": "2001-01-01T00:00:00.000Z", "client_id": "old"}]
        return HttpResponse(200, (), json.dumps(rows).encode())

    monkeypatch.setattr(SimulatedCloud, "exchange", old)
    assert sim("token", "list", *PASSWORD).out.startswith("old (expired)\n")


def test_a_list_asks_for_the_password_and_perhaps_for_a_login_code(sim: Particle) -> None:
    ran = sim("token", "list", "--interactive", typed=f"{FIRST_PASSWORD}\n\n")
    assert ran.code == 0
    assert f"Using account {FIRST_USER}" in ran.err
    assert "Please enter a login code [optional]" in ran.err
    sim("token", "create", *CAREFUL, "--otp", LOGIN_CODE)
    assert sim("token", "list", *CAREFUL, "--otp", LOGIN_CODE).code == 0
    assert sim("token", "list", *CAREFUL, "--interactive", typed=f"{LOGIN_CODE}\n").code == 0
    ran = sim("token", "list", *CAREFUL)
    assert (ran.code, "--otp" in ran.err) == (2, True)
    for words in (
        (*CAREFUL, "--otp", "000000"),
        ("-u", FIRST_USER, "-p", "wrong"),
        ("-u", "x@y.z", *PASSWORD),
    ):
        assert sim("token", "list", *words, "--json").document["error"]["code"] == "login_refused"


# revoke


def test_a_revoked_token_opens_nothing(sim: Particle) -> None:
    first, second = created(sim), created(sim)
    ran = sim("token", "revoke", first, second, first)
    assert (ran.code, ran.out, ran.err) == (
        0,
        f"successfully deleted {first}\nsuccessfully deleted {second}\n",
        "",
    )
    assert not works(sim, first)
    assert sim("whoami").code == 0
    third = created(sim)
    ran = sim("token", "revoke", "-", "--json", typed=f"{third}\n")
    assert ran.data == [{"token": f"{third[:4]}…", "revoked": True, "error": None}]
    assert not works(sim, third)


def test_the_own_token_is_spared_unless_it_is_insisted_on(sim: Particle, home: Path) -> None:
    other = created(sim)
    ran = sim("token", "revoke", FIRST_TOKEN, other)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"WARNING: {FIRST_TOKEN[:4]}… is this CLI's access token\nuse --force to delete it\n"
    assert works(sim, other)
    sim("login", "--token", FIRST_TOKEN)
    ran = sim("token", "revoke", FIRST_TOKEN, "--json")
    assert (ran.code, ran.document["error"]["code"]) == (1, "own_token")
    assert FIRST_TOKEN not in ran.out + ran.err

    ran = sim("token", "revoke", FIRST_TOKEN, other, "--force")
    assert (ran.code, ran.err) == (0, "**forcing**\n")
    assert ran.out.splitlines()[0] == f"successfully deleted {FIRST_TOKEN}"
    held = json.loads((home / ".particle" / "sim.config.json").read_text())
    assert (held["access_token"], held["username"]) == (None, FIRST_USER)
    assert "not logged in" in sim("whoami").err


def test_each_failure_has_its_own_reason(sim: Particle, monkeypatch: pytest.MonkeyPatch) -> None:
    exchange = SimulatedCloud.exchange

    async def some(cloud: SimulatedCloud, request: HttpRequest) -> HttpResponse:
        for start, status in (("aaaa", 500), ("cccc", 403)):
            if f"/{start}" in request.url:
                return HttpResponse(status, (), b'{"ok":false,"error":"trouble with %s"}' % start.encode())
        return await exchange(cloud, request)

    monkeypatch.setattr(SimulatedCloud, "exchange", some)
    tokens = ("a" * 40, "b" * 40, "c" * 40)
    ran = sim("token", "revoke", *tokens)
    assert (ran.code, ran.out) == (1, f"successfully deleted {tokens[1]}\n")
    assert ran.err.splitlines()[:3] == [
        "Failed to revoke the following access tokens:",
        f"  token: {tokens[0][:4]}…; reason: trouble with aaaa",
        f"  token: {tokens[2][:4]}…; reason: trouble with cccc",
    ]
    ran = sim("token", "revoke", *tokens, "--json")
    assert ran.code == 1
    assert [row["revoked"] for row in ran.document["data"]] == [False, True, False]
    assert ran.document["data"][2]["error"]["message"] == "trouble with cccc"
    assert not any(token in ran.out + ran.err for token in tokens)


def test_words_that_are_no_tokens(sim: Particle) -> None:
    assert "must have at least one item" in sim("token", "revoke").err
    for word in ("", "two words", "tökenöfsecrecy"):
        ran = sim("token", "revoke", word)
        assert (ran.code, ran.out) == (2, "")
        assert "can't be one" in ran.err
    assert "ended before a token came" in sim("token", "revoke", "-").err
