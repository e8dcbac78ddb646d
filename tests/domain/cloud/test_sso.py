"""Single sign-on: what is said to the identity provider, and what of its answers is believed."""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import parse_qsl

import pytest
from tests.domain.cloud.scripted import NOON, TOKEN, Answer, ScriptedHttp, answered, client_over, texts
from tests.domain.cloud.signing import HEAD, encoded, key, published, signed

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.cloud.account import LoginRefused, Session
from particle_cli.domain.cloud.errors import CloudAddressRefused, CloudAnswerUnreadable, CloudFailed
from particle_cli.domain.cloud.reading import structure
from particle_cli.domain.cloud.signed_claims import ClaimsRefused, KeySet, SigningKey, verified_claims
from particle_cli.domain.cloud.sso import PRODUCTION, STAGING, Invitation, begin, complete, provider_for
from particle_cli.ports.http import HttpNoRoute

JOE, DEVICE_CODE = "joe@example.com", "opaque-device-code"
PAGE = "https://id.particle.io/activate?user_code=ABCDEFGH"
INVITED = answered({"device_code": DEVICE_CODE, "verification_uri_complete": PAGE, "expires_in": 600})
PENDING = answered({"error": "authorization_pending", "error_description": "…"}, 400)
SLOWER = answered({"error": "slow_down"}, 400)
CLAIMS = {
    "iss": "https://id.particle.io/oauth2/default",
    "exp": NOON.timestamp() + 3600,
    "sub": JOE,
    "particle_profile": TOKEN,
    "scp": ["openid", "profile"],
}
INVITATION = Invitation(PAGE, DEVICE_CODE, 600, 5)


def granted(token: str | None = None) -> Answer:
    return answered({"token_type": "Bearer", "access_token": token or signed(CLAIMS, key())})


def keys() -> Answer:
    return answered({"keys": [{"kty": "EC", "kid": "first"}, published(key(1), kid="old"), published(key())]})


async def completed(*answers: Answer, expires_in: float = 600) -> tuple[Session, ScriptedHttp, float]:
    client, http = client_over(*answers, token=None, api_url=PRODUCTION.url)
    clock = LoopClock(epoch=NOON)
    began = clock.monotonic()
    session = await complete(client, clock, PRODUCTION, Invitation(PAGE, DEVICE_CODE, expires_in, 5))
    return session, http, clock.monotonic() - began


def form(http: ScriptedHttp, number: int) -> list[tuple[str, str]]:
    body = http.requests[number].body
    assert isinstance(body, bytes)
    return parse_qsl(body.decode())


# what is said


def test_the_provider_goes_with_the_cloud() -> None:
    assert provider_for("https://api.particle.io") is PRODUCTION
    for other in ("https://api.staging.particle.io", "http://127.0.0.1:8080", "https://api.particle.io.evil"):
        assert provider_for(other) is STAGING
    assert STAGING.issuer == "https://id.staging.particle.io/oauth2/default"


async def test_a_login_begins_with_a_page_to_confirm_it_on() -> None:
    client, http = client_over(INVITED, token=None, api_url=PRODUCTION.url)
    assert await begin(client, PRODUCTION) == INVITATION
    assert http.asked == ["POST https://id.particle.io/oauth2/default/v1/device/authorize"]
    assert form(http, 0) == [("client_id", "0oa19uiy26XIs3XW55d7"), ("scope", "openid profile")]
    assert http.requests[0].secret
    assert DEVICE_CODE not in repr(INVITATION)


@pytest.mark.parametrize("page", ["http://id.example/activate", "file:///etc/passwd", "--help", "", 5])
async def test_no_other_page_is_opened(page: object) -> None:
    told = answered({"device_code": DEVICE_CODE, "verification_uri_complete": page})
    client, _ = client_over(told, token=None, api_url=PRODUCTION.url)
    with pytest.raises((CloudAddressRefused, CloudAnswerUnreadable)):
        await begin(client, PRODUCTION)


async def test_it_is_asked_every_five_seconds_until_it_is_confirmed() -> None:
    session, http, seconds = await completed(PENDING, PENDING, granted(), keys())
    assert session == Session(JOE, TOKEN, None)
    base = "https://id.particle.io/oauth2/default/v1"
    assert http.asked == [f"POST {base}/token"] * 3 + [f"GET {base}/keys"]
    assert form(http, 2) == [
        ("device_code", DEVICE_CODE),
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("client_id", "0oa19uiy26XIs3XW55d7"),
    ]
    assert all(request.secret for request in http.requests[:3])
    assert seconds == pytest.approx(15)


async def test_a_provider_may_ask_for_more_patience() -> None:
    _, _, seconds = await completed(PENDING, SLOWER, PENDING, granted(), keys())
    assert seconds == pytest.approx(5 + 5 + 10 + 10)


async def test_trouble_on_the_way_is_waited_out() -> None:
    broken = answered(b"<html>", 500)
    session, *_ = await completed(HttpNoRoute("no network"), broken, PENDING, granted(), keys())
    assert session.username == JOE


# what ends it


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ({"error": "access_denied"}, "was turned down on its web page"),
        ({"error": "expired_token"}, "was not confirmed in time"),
        ({"error": "invalid_client", "error_description": "No such client."}, "refused the login: No such"),
        ({}, "it did not say why"),
    ],
    ids=str,
)
async def test_a_no_ends_it(error: object, said: str) -> None:
    with pytest.raises(LoginRefused, match=said) as caught:
        await completed(PENDING, answered(error, 400))
    assert caught.value.next_step


async def test_it_ends_when_nobody_confirms() -> None:
    with pytest.raises(LoginRefused, match="was not confirmed in time"):
        await completed(PENDING)
    with pytest.raises(CloudFailed):
        await completed(answered(b"", 500), expires_in=60)


# what is believed


def claims_in(token: str, *more: dict[str, object]) -> object:
    held = structure({"keys": [published(key()), *more]}, KeySet)  # type: ignore[list-item]
    return verified_claims(token, held, issuer=PRODUCTION.issuer, now=NOON)


def with_secret(secret: bytes) -> str:
    """A token that is signed with what everybody knows, as if it were a secret."""
    head = {**HEAD, "alg": "HS256"}
    body = ".".join(encoded(json.dumps(part).encode()) for part in (head, CLAIMS))
    return f"{body}.{encoded(hmac.new(secret, body.encode(), hashlib.sha256).digest())}"


def forged(claims: dict[str, object]) -> str:
    """A good token with other claims put in its middle."""
    head, _, signature = signed(CLAIMS, key()).split(".")
    return f"{head}.{encoded(json.dumps(claims).encode())}.{signature}"


def test_a_good_token_is_believed_a_little_after_its_time_too() -> None:
    assert claims_in(signed(CLAIMS, key()))
    assert claims_in(signed({**CLAIMS, "exp": NOON.timestamp() - 30}, key()))


@pytest.mark.parametrize(
    ("token", "said"),
    [
        (lambda: forged({**CLAIMS, "sub": "eve@example.com"}), "signature is wrong"),
        (lambda: signed(CLAIMS, key(1)), "signature is wrong"),
        (lambda: signed(CLAIMS, key())[:-8] + "AAAAAAAA", "signature is wrong"),
        (lambda: signed(CLAIMS, key()).rpartition(".")[0] + ".", "signature is wrong"),
        (lambda: with_secret(b"anything"), "not with RS256"),
        (lambda: signed(CLAIMS, key(), {"alg": "none"}), "not with RS256"),
        (lambda: signed(CLAIMS, key(), {**HEAD, "kid": "other"}), "no key of the name"),
        (lambda: signed(CLAIMS, key(), {"alg": "RS256"}), "no key of the name"),
        (lambda: signed(CLAIMS, key(0, 1024), {**HEAD, "kid": "short"}), "too short"),
        (lambda: signed({**CLAIMS, "iss": "https://evil.example"}, key()), "issued by https://evil"),
        (lambda: signed({**CLAIMS, "exp": NOON.timestamp() - 61}, key()), "has expired"),
        (lambda: signed({**CLAIMS, "exp": "never"}, key()), "can't be understood"),
        (lambda: signed({**CLAIMS, "particle_profile": None}, key()), "can't be understood"),
        (lambda: signed({**CLAIMS, "particle_profile": ""}, key()), "names no account"),
        (lambda: "a.b.c", "can't be understood"),
        (lambda: "opaque", "no signed token"),
        (lambda: "ä.ö.ü", "can't be understood"),
    ],
)
def test_nothing_else_is_believed(token: object, said: str) -> None:
    assert callable(token)
    made = token()
    short = published(key(0, 1024), kid="short")
    with pytest.raises(ClaimsRefused, match=said) as caught:
        claims_in(made, short)
    assert TOKEN not in texts([caught.value])
    assert made not in texts([caught.value])
    assert caught.value.next_step


def test_a_key_that_is_for_something_else_signs_nothing() -> None:
    for more in ({"use": "enc"}, {"alg": "RS512"}, {"kty": "EC"}):
        assert not SigningKey(**{"kty": "RSA", **more}).signs


async def test_the_keys_are_asked_for_and_a_forgery_is_no_login() -> None:
    with pytest.raises(ClaimsRefused):
        await completed(granted(signed(CLAIMS, key(1))), keys())
    with pytest.raises(CloudAnswerUnreadable):
        await completed(granted(), answered({"keys": "none"}))
