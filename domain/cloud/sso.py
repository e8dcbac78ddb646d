"""Logging in by single sign-on: somebody confirms on a web page, and the program asks until they have.

The device authorization grant (RFC 8628) with Particle's identity provider, whose token carries an access
token of the cloud.
"""

from __future__ import annotations

from typing import Final

from attrs import field, frozen

from particle_cli.domain.cloud.account import LoginRefused, Session
from particle_cli.domain.cloud.addresses import may_carry_secrets
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import (
    CloudAddressRefused,
    CloudBusy,
    CloudError,
    CloudFailed,
    CloudUnreachable,
)
from particle_cli.domain.cloud.requests import CloudRequest, FormBody
from particle_cli.domain.cloud.signed_claims import KeySet, verified_claims
from particle_cli.ports.clock import Clock

_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
_PAUSE_S: Final = 5.0  # RFC 8628, 3.5: also by how much it grows when the server says `slow_down`
_LIFETIME_S: Final = 600.0
_SAYS_NOT_YET: Final = frozenset({400, 401, 403})
_AGAIN: Final = "Run `particle login --sso` again."


@frozen
class Provider:
    """An identity provider.

    Attributes:
        url: address that its paths are joined to.
        client_id: what this program is called there.
    """

    url: str
    client_id: str

    @property
    def issuer(self) -> str:
        """What its tokens call their issuer."""
        return self.url.removesuffix("/v1")


PRODUCTION: Final = Provider("https://id.particle.io/oauth2/default/v1", "0oa19uiy26XIs3XW55d7")
STAGING: Final = Provider("https://id.staging.particle.io/oauth2/default/v1", "0oa19umyki69O4Kvb5d7")
_PRODUCTION_API: Final = "https://api.particle.io"


def provider_for(api_url: str) -> Provider:
    """Return the identity provider of a cloud, by the address of its API."""
    return PRODUCTION if api_url == _PRODUCTION_API else STAGING


@frozen
class Invitation:
    """A login that awaits somebody's confirmation.

    Attributes:
        page: address of the web page on which it is confirmed.
        device_code: by which the program asks for the outcome, a secret.
        expires_in: seconds for which it can be confirmed.
        interval: seconds between two questions for the outcome.
    """

    page: str
    device_code: str = field(repr=False)
    expires_in: float
    interval: float


@frozen
class _Authorization:
    device_code: str = field(repr=False)
    verification_uri_complete: str
    expires_in: float = _LIFETIME_S
    interval: float = _PAUSE_S


@frozen
class _Outcome:
    access_token: str = field(default="", repr=False)
    error: str = ""
    error_description: str = ""


async def begin(client: CloudClient, provider: Provider) -> Invitation:
    """Begin a login.

    Args:
        client: leads to the provider, in nobody's name.
        provider: the provider.

    Raises: CloudAddressRefused for a page that is none to be sent to, CloudError.
    """
    form = (("client_id", provider.client_id), ("scope", "openid profile"))
    answer = await client.send(
        CloudRequest("POST", ("device", "authorize"), FormBody(form), with_token=False, secret=True)
    )
    told = answer.into(_Authorization)
    page = told.verification_uri_complete
    if not may_carry_secrets(page):
        raise CloudAddressRefused(
            f"The login is to be confirmed at {page}, where others could read it.",
            next_step="Log in with a password or a token, and tell Particle's support of it.",
        )
    return Invitation(page, told.device_code, told.expires_in, max(told.interval, _PAUSE_S))


async def complete(client: CloudClient, clock: Clock, provider: Provider, invitation: Invitation) -> Session:
    """Wait until somebody has confirmed a login, and return what it gives; its expiry is not known.

    Trouble on the way to the provider is waited out.

    Args:
        client: leads to the provider, in nobody's name.
        clock: the time that passes.
        provider: the provider.
        invitation: what the login began with.

    Raises: LoginRefused when they say no, or nothing in time; ClaimsRefused; CloudError.
    """
    deadline = clock.monotonic() + invitation.expires_in
    pause_s = invitation.interval
    trouble: CloudError | None = None
    while clock.monotonic() + pause_s < deadline:
        await clock.sleep(pause_s)
        try:
            outcome = await _asked(client, provider, invitation)
        except (CloudBusy, CloudFailed, CloudUnreachable) as fault:
            trouble = fault
            continue
        trouble = None
        if outcome.access_token:
            return await _session(client, clock, provider, outcome.access_token)
        if outcome.error == "slow_down":
            pause_s += _PAUSE_S
        elif outcome.error != "authorization_pending":
            raise _refused(outcome)
    if trouble is not None:
        raise trouble
    raise LoginRefused("The login was not confirmed in time.", next_step=_AGAIN)


async def _asked(client: CloudClient, provider: Provider, invitation: Invitation) -> _Outcome:
    form = (
        ("device_code", invitation.device_code),
        ("grant_type", _GRANT),
        ("client_id", provider.client_id),
    )
    answer = await client.send(
        CloudRequest(
            "POST",
            ("token",),
            FormBody(form),
            with_token=False,
            secret=True,
            understood=_SAYS_NOT_YET,
        )
    )
    return answer.into(_Outcome)


def _refused(outcome: _Outcome) -> LoginRefused:
    if outcome.error == "expired_token":
        return LoginRefused("The login was not confirmed in time.", next_step=_AGAIN)
    if outcome.error == "access_denied":
        return LoginRefused("The login was turned down on its web page.", next_step=_AGAIN)
    said = outcome.error_description or outcome.error or "it did not say why"
    return LoginRefused(f"The identity provider refused the login: {said[:1000]}", next_step=_AGAIN)


async def _session(client: CloudClient, clock: Clock, provider: Provider, token: str) -> Session:
    answer = await client.send(CloudRequest("GET", ("keys",), with_token=False))
    claims = verified_claims(token, answer.into(KeySet), issuer=provider.issuer, now=clock.now())
    return Session(claims.sub, claims.particle_profile, None)
