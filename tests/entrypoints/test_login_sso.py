"""`login --sso` on the command line: the page is told, the login kept, no secret shown."""

from __future__ import annotations

import json
import sys
import time
import webbrowser
from pathlib import Path

import pytest
from tests.domain.cloud.signing import key, published, signed
from tests.entrypoints.conftest import Particle

from particle_cli.adapters.http import AiohttpClient
from particle_cli.domain.cloud import sso
from particle_cli.ports.http import HttpRequest, HttpResponse

TOKEN, DEVICE_CODE = "0123456789" * 4, "opaque-device-code"
PAGE = "https://id.particle.io/activate?user_code=ABCDEFGH"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of a provider at which somebody confirms, and of the cloud, in order."""
    urls: list[str] = []
    claims = {"iss": sso.PRODUCTION.issuer, "exp": time.time() + 60, "sub": "joe@example.com"}

    async def exchange(wire: AiohttpClient, request: HttpRequest) -> HttpResponse:
        urls.append(request.url)
        body: dict[str, object]
        status = 200
        match request.url.rpartition("/")[2]:
            case "authorize":
                body = {"device_code": DEVICE_CODE, "verification_uri_complete": PAGE, "interval": 0}
            case "token" if urls.count(request.url) == 1:
                status, body = 400, {"error": "authorization_pending"}
            case "token":
                body = {"access_token": signed({**claims, "particle_profile": TOKEN}, key())}
            case "keys":
                body = {"keys": [published(key())]}
            case _:
                body = {"expires_at": "2099-01-01T00:00:00.000Z"}
        return HttpResponse(status, (), json.dumps(body).encode())

    monkeypatch.setattr(AiohttpClient, "exchange", exchange)
    monkeypatch.setattr(sso, "_PAUSE_S", 0.0)
    return urls


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that a browser was sent to."""
    pages: list[str] = []

    def opens(url: str) -> bool:
        pages.append(url)
        return True

    monkeypatch.setattr(webbrowser, "open", opens)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("CI", raising=False)
    return pages


@pytest.mark.parametrize("face", [(), ("--json",), ("-vvv", "--json")], ids=" ".join)
def test_a_login_on_a_web_page_is_kept(
    particle: Particle, asked: list[str], opened: list[str], home: Path, face: tuple[str, ...]
) -> None:
    ran = particle("login", "--sso", *face)
    assert ran.code == 0
    assert PAGE in ran.err
    assert opened == []  # nobody is there
    held = json.loads((home / ".particle" / "particle.config.json").read_text())
    assert held == {
        "access_token": TOKEN,
        "access_token_expires_at": "2099-01-01T00:00:00.000Z",
        "username": "joe@example.com",
    }
    assert asked[-1] == "https://api.particle.io/v1/access_tokens/current"
    token = signed({"sub": "x"}, key()).partition(".")[0]
    assert not any(secret in ran.out + ran.err for secret in (TOKEN, DEVICE_CODE, token))


def test_a_browser_is_sent_there_where_somebody_is(
    particle: Particle, asked: list[str], opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = particle("login", "--sso", "--interactive")
    assert (ran.code, ran.out) == (0, "> Successfully completed login!\n")
    assert opened == [PAGE]
    assert "opened in your browser" in ran.err
    for name, value in (("CI", "true"), ("DISPLAY", "")):
        with monkeypatch.context() as changed:
            changed.setenv(name, value)
            assert particle("login", "--sso", "--interactive").code == 0
    assert opened == [PAGE]


def test_a_browser_that_fails_is_no_failure(
    particle: Particle, asked: list[str], opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(url: str) -> bool:
        raise webbrowser.Error("none")

    monkeypatch.setattr(webbrowser, "open", fails)
    ran = particle("login", "--sso", "--interactive")
    assert (ran.code, "opened in your browser" in ran.err) == (0, False)


def test_what_makes_no_sense_together(particle: Particle, sim: Particle) -> None:
    for words in (("-u", "joe@example.com"), ("-t", TOKEN), ("--otp", "1")):
        ran = particle("login", "--sso", *words)
        assert (ran.code, "--sso stands alone" in ran.err) == (2, True)
    ran = sim("login", "--sso")
    assert (ran.code, "no single sign-on" in ran.err) == (2, True)
