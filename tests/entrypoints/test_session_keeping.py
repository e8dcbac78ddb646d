"""Where tokens come from, where they are kept (file, key ring), and over which lines they go."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from tests.entrypoints.conftest import Particle

from particle_cli.adapters.http import AiohttpClient
from particle_cli.ports.http import HttpRequest, HttpResponse
from particle_cli.simulators.cloud.state import FIRST_USER

STORED, HANDED, MADE = "0123456789" * 4, "f00dface" * 5, "abad1dea" * 5
EXPIRED = "The access token provided has expired."
INVALID = "The access token provided is invalid."

Held = Callable[[], dict[str, object]]


class Cloud:
    """A cloud that knows some tokens, in place of the one that is far away."""

    def __init__(self) -> None:
        self.good = {STORED, HANDED, MADE}
        self.refusal = INVALID
        self.expires_at: str | None = "2099-01-01T00:00:00.000Z"
        self.requests: list[HttpRequest] = []

    async def exchange(self, wire: AiohttpClient, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        token = dict(request.headers).get("Authorization", "").removeprefix("Bearer ")
        status, body = self._answer(request, token)
        return HttpResponse(status, (), json.dumps(body).encode())

    def _answer(self, request: HttpRequest, token: str) -> tuple[int, object]:
        if request.url.endswith("/oauth/token"):
            return 200, {"access_token": MADE, "expires_in": 7776000}
        if request.method == "DELETE" and not token:
            return 200, {"ok": True}
        if token not in self.good:
            return 401, {"error": "invalid_token", "error_description": self.refusal}
        if request.url.endswith("/current"):
            return 200, {"expires_at": self.expires_at, "ok": True}
        return 200, [] if request.url.endswith("/devices") else {"username": "joe@example.com"}

    @property
    def tokens(self) -> list[str]:
        return [dict(one.headers).get("Authorization", "").removeprefix("Bearer ") for one in self.requests]


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    monkeypatch.delenv("PARTICLE_ACCESS_TOKEN", raising=False)
    far = Cloud()

    async def exchange(wire: AiohttpClient, request: HttpRequest) -> HttpResponse:
        return await far.exchange(wire, request)

    monkeypatch.setattr(AiohttpClient, "exchange", exchange)
    return far


@pytest.fixture
def held(home: Path) -> Held:
    """What the file of the profile holds."""

    def read() -> dict[str, object]:
        found = json.loads((home / ".particle" / "particle.config.json").read_text())
        assert isinstance(found, dict)
        return found

    return read


# a token that is refused


@pytest.mark.parametrize(
    ("said", "code"), [(INVALID, "token_invalid"), (EXPIRED, "token_expired")], ids=["unknown", "expired"]
)
def test_a_kept_token_that_is_refused_is_forgotten_and_said_so_once(
    particle: Particle, cloud: Cloud, held: Held, said: str, code: str
) -> None:
    particle("config", "set", "access_token", STORED)
    cloud.good.clear()
    cloud.refusal = said
    ran = particle("whoami", "--json")
    assert ran.code == 1
    assert ran.document["error"] == {
        "code": code,
        "message": f"{said} It was forgotten: you're not logged in any more.",
        "hint": "Run `particle login` to log in again.",
    }
    assert held() == {"access_token": None, "access_token_expires_at": None}
    assert particle("whoami", "--json").document["error"]["code"] == "not_logged_in"
    assert STORED not in ran.out + ran.err


def test_a_token_that_does_not_last_is_forgotten_before_the_work_begins(
    particle: Particle, cloud: Cloud, held: Held
) -> None:
    Path("app.ino").write_text("void setup() {}\nvoid loop() {}\n")
    particle("config", "set", "access_token", STORED)
    cloud.expires_at = "2001-01-01T00:00:00.000Z"
    ran = particle("compile", "boron")
    assert ran.code == 1
    assert "Your access token expired (2001-01-01T00:00:00.000Z). It was forgotten" in ran.err
    assert len(cloud.requests) == 1
    assert held()["access_token"] is None


# in the environment


def test_a_token_in_the_environment_is_used_and_not_kept(
    particle: Particle, cloud: Cloud, held: Held, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    particle("config", "set", "access_token", STORED)
    before = held()
    monkeypatch.setenv("PARTICLE_ACCESS_TOKEN", f" {HANDED}\n")
    assert particle("whoami").out == "> joe@example.com\n"
    assert particle("list").code == 0
    assert set(cloud.tokens) == {HANDED}
    assert held() == before
    ran = particle("config")
    assert "Access token: the one in PARTICLE_ACCESS_TOKEN" in ran.out
    assert particle("config", "--json").data["accessTokenFrom"] == "PARTICLE_ACCESS_TOKEN"
    assert not any(HANDED in path.read_text() for path in (home / ".particle").iterdir())


def test_its_expiry_is_asked_for_and_not_kept(
    particle: Particle, cloud: Cloud, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("app.ino").write_text("void setup() {}\nvoid loop() {}\n")
    monkeypatch.setenv("PARTICLE_ACCESS_TOKEN", HANDED)
    particle("compile", "boron")
    assert cloud.requests[0].url.endswith("/v1/access_tokens/current")
    assert not (home / ".particle" / "particle.config.json").exists()


def test_when_it_is_refused_the_kept_one_stays(
    particle: Particle, cloud: Cloud, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    particle("config", "set", "access_token", STORED)
    monkeypatch.setenv("PARTICLE_ACCESS_TOKEN", HANDED)
    cloud.good.remove(HANDED)
    ran = particle("whoami", "--json")
    assert (ran.code, ran.document["error"]["message"]) == (1, INVALID)
    assert "PARTICLE_ACCESS_TOKEN" in ran.document["error"]["hint"]
    assert HANDED not in ran.out + ran.err
    assert held()["access_token"] == STORED
    monkeypatch.delenv("PARTICLE_ACCESS_TOKEN")
    assert particle("whoami").code == 0


def test_logging_in_and_out_is_about_the_kept_one(
    particle: Particle, cloud: Cloud, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTICLE_ACCESS_TOKEN", HANDED)
    ran = particle("login", "-u", "joe@example.com", "-p", "secret")
    assert ran.code == 0
    assert "PARTICLE_ACCESS_TOKEN" in ran.err
    assert held()["access_token"] == MADE
    ran = particle("logout")
    assert ran.out == "> You have been logged out from joe@example.com\n"
    assert "PARTICLE_ACCESS_TOKEN" in ran.err
    assert cloud.tokens[-1] == MADE
    assert held()["access_token"] is None
    assert particle("whoami").code == 0


def test_the_own_token_is_either_of_them(
    particle: Particle, cloud: Cloud, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    particle("config", "set", "access_token", STORED)
    monkeypatch.setenv("PARTICLE_ACCESS_TOKEN", HANDED)
    for token in (STORED, HANDED):
        assert particle("token", "revoke", token, "--json").document["error"]["code"] == "own_token"
    assert particle("token", "revoke", HANDED, "--force").code == 0
    assert held()["access_token"] == STORED
    assert particle("token", "revoke", STORED, "--force").code == 0
    assert held()["access_token"] is None


def test_what_can_be_no_token_is_wrong_usage(
    particle: Particle, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTICLE_ACCESS_TOKEN", f"{HANDED}\r\nX-Evil: 1")
    ran = particle("whoami")
    assert ran.code == 2
    assert "PARTICLE_ACCESS_TOKEN" in ran.err
    assert HANDED not in ran.err
    assert cloud.requests == []
    monkeypatch.setenv("PARTICLE_ACCESS_TOKEN", "  ")
    assert particle("whoami", "--json").document["error"]["code"] == "not_logged_in"


def test_the_embedded_cloud_has_no_use_for_it(sim: Particle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTICLE_ACCESS_TOKEN", HANDED)
    assert sim("whoami").out == f"> {FIRST_USER}\n"
    assert sim("logout").err == ""


# in the key ring


class Ring(ModuleType):
    """Stands in for the package `keyring`."""

    def __init__(self) -> None:
        super().__init__("keyring")
        self.held: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, name: str) -> str | None:
        if self.locked:
            raise RuntimeError(f"cannot tell {self.held}")
        return self.held.get((service, name))

    def set_password(self, service: str, name: str, secret: str) -> None:
        if self.locked:
            raise RuntimeError(f"cannot keep {secret}")
        self.held[service, name] = secret

    def delete_password(self, service: str, name: str) -> None:
        del self.held[service, name]


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    made = Ring()
    monkeypatch.setitem(sys.modules, "keyring", made)
    return made


KEPT_AS = ("particle-cli", "particle")


def test_a_token_in_the_key_ring_is_not_in_the_file(
    particle: Particle, cloud: Cloud, held: Held, ring: Ring
) -> None:
    assert particle("config", "set", "tokenStore", "keyring").code == 0
    assert particle("login", "-u", "joe@example.com", "-p", "secret").code == 0
    assert ring.held == {KEPT_AS: MADE}
    assert held()["access_token"] is None
    assert (held()["username"], held()["tokenStore"]) == ("joe@example.com", "keyring")
    assert particle("whoami").code == 0
    assert cloud.tokens[-1] == MADE
    assert f"Access token: {MADE}" in particle("config").out
    assert particle("config", "--json").data["accessTokenFrom"] == "keyring"
    assert particle("logout").code == 0
    assert (ring.held, held()["username"]) == ({}, None)


def test_a_refused_token_leaves_the_key_ring(
    particle: Particle, cloud: Cloud, held: Held, ring: Ring
) -> None:
    particle("config", "set", "tokenStore", "keyring")
    particle("config", "set", "access_token", STORED)
    assert (ring.held, held()["access_token"]) == ({KEPT_AS: STORED}, None)
    cloud.good.clear()
    assert particle("whoami", "--json").document["error"]["code"] == "token_invalid"
    assert ring.held == {}


def test_the_token_moves_when_another_place_is_chosen(
    particle: Particle, cloud: Cloud, held: Held, ring: Ring
) -> None:
    particle("config", "set", "access_token", STORED)
    particle("config", "set", "tokenstore", "keyring")
    assert (ring.held, held()["access_token"]) == ({KEPT_AS: STORED}, None)
    particle("config", "set", "tokenStore", "keyring")
    assert ring.held == {KEPT_AS: STORED}
    particle("config", "tokenStore", "file")
    assert (ring.held, held()["access_token"]) == ({}, STORED)
    assert particle("config", "other", "tokenStore", "keyring").code == 0
    assert ring.held == {}
    ran = particle("config", "set", "tokenStore", "pocket")
    assert ran.code == 2
    assert "Choose one of: file, keyring." in ran.err


def test_without_the_package_it_is_said_how_to_install_it(
    particle: Particle, cloud: Cloud, held: Held, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    particle("config", "set", "tokenStore", "keyring")
    monkeypatch.setitem(sys.modules, "keyring", None)
    for words in (("whoami",), ("login", "-u", "joe@example.com", "-p", "secret")):
        ran = particle(*words, "--json")
        assert ran.code == 1
        assert ran.document["error"]["code"] == "key_ring_missing"
        assert "pip install 'particle-cli[keyring]'" in ran.document["error"]["hint"]
    assert held()["access_token"] is None
    assert particle("config", "set", "tokenStore", "file").code == 0
    assert particle("whoami", "--json").document["error"]["code"] == "not_logged_in"
    assert particle("config", "set", "tokenStore", "keyring").code == 1
    assert held()["tokenStore"] == "file"


def test_a_key_ring_that_fails_tells_no_secret(particle: Particle, cloud: Cloud, ring: Ring) -> None:
    particle("config", "set", "tokenStore", "keyring")
    particle("config", "set", "access_token", STORED)
    ring.locked = True
    ran = particle("whoami", "--json")
    assert (ran.code, ran.document["error"]["code"]) == (1, "key_ring_failed")
    assert STORED not in ran.out + ran.err
    ran = particle("login", "-u", "joe@example.com", "-p", "secret")
    assert (ran.code, MADE in ran.out + ran.err) == (1, False)


def test_the_embedded_cloud_has_no_use_for_a_key_ring(sim: Particle, ring: Ring) -> None:
    sim("config", "set", "tokenStore", "keyring")
    ring.locked = True
    assert sim("whoami").code == 0
    assert sim("login", "-u", FIRST_USER, "-p", "password").code == 0
    assert ring.held == {}


# in the file


def test_the_file_is_for_its_owner_alone(particle: Particle, cloud: Cloud, home: Path) -> None:
    path = home / ".particle" / "particle.config.json"
    particle("login", "-u", "joe@example.com", "-p", "secret")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    particle("login", "-t", STORED)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


# over plain http


def test_plain_http_to_another_machine_has_to_be_insisted_on(particle: Particle, cloud: Cloud) -> None:
    particle("config", "set", "apiUrl", "http://cloud.example")
    particle("config", "set", "access_token", STORED)
    for words in (("whoami",), ("login", "-u", "joe@example.com", "-p", "secret")):
        ran = particle(*words, "--json")
        assert (ran.code, ran.document["error"]["code"]) == (1, "cloud_address")
        assert "--insecure" in ran.document["error"]["hint"]
    assert cloud.requests == []
    ran = particle("login", "-u", "joe@example.com", "-p", "secret", "--insecure")
    assert ran.code == 0
    assert ran.err.count("Warning: http://cloud.example is reached over plain HTTP") == 1
    assert cloud.requests


def test_nothing_is_insecure_over_tls_or_within_the_machine(particle: Particle, cloud: Cloud) -> None:
    particle("config", "set", "access_token", STORED)
    assert particle("whoami", "--insecure").err == ""
    particle("config", "set", "apiUrl", "http://127.0.0.1:9")
    assert particle("whoami", "--insecure").err == ""
