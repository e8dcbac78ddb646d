"""The account: logging in and out, and whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from typing import Final, TypeVar
from urllib.parse import quote_plus

from attrs import evolve, field, frozen

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import (
    CloudAnswerUnreadable,
    CloudBusy,
    CloudError,
    CloudRefused,
    CloudTokenInvalid,
    MfaRequired,
)
from particle_cli.domain.cloud.requests import CloudRequest, FormBody
from particle_cli.domain.cloud.tokens import token_expiry
from particle_cli.ports.clock import Clock

LIFETIME_S: Final = 90 * 24 * 3600
"""How long the token of a login is asked to live."""

RECOVERY: Final = "https://login.particle.io/account-info"
"""Where somebody recovers an account whose login codes are out of reach."""

_LOGIN_FAILED: Final = "There was an error logging you in!"
_CLIENT: Final = (("client_id", "particle-cli"), ("client_secret", "particle-cli"))
_SAYS_NO: Final = (400, 401, 403)  # the statuses by which OAuth 2.0 turns down what was given to log in with

Refused = TypeVar("Refused", bound=CloudRefused)


class LoginRefused(CloudRefused):
    """The user name and password, or the token, open no account."""

    code = "login_refused"


class LoginCodeRefused(CloudRefused):
    """The login code is wrong, or came too late."""

    code = "login_code_refused"


@frozen
class Session:
    """What a login gives.

    Attributes:
        username: e-mail address of the account.
        token: access token, a secret.
        expires_at: when the token expires, ISO 8601, UTC; None where that isn't known, or never.
    """

    username: str
    token: str = field(repr=False)
    expires_at: str | None


@frozen
class User:
    """The account that a token belongs to."""

    username: str


@frozen
class _Grant:
    access_token: str = field(repr=False)
    expires_in: float | None = None


async def log_in(
    client: CloudClient, clock: Clock, *, username: str, password: str, lifetime_s: int = LIFETIME_S
) -> Session:
    """Log in with a password.

    Args:
        client: the cloud; its token, if it has one, is not sent.
        clock: tells from when the token lives.
        username: e-mail address.
        password: sent to the client's `api_url`, and shown nowhere.
        lifetime_s: how long the token is asked to live; 0 for ever.

    Raises: LoginRefused, CloudError; MfaRequired, whose `mfa_token` goes to `complete_login`.
    """
    form = (("username", username), ("password", password), ("grant_type", "password"), *_CLIENT)
    next_step = "Check the e-mail address and the password, then log in again."
    with told_as(LoginRefused, _LOGIN_FAILED, next_step), kept_secret(password):
        return await _granted(client, clock, (*form, ("expires_in", str(lifetime_s))), username)


async def complete_login(
    client: CloudClient, clock: Clock, *, username: str, mfa_token: str, code: str
) -> Session:
    """Complete a login that raised MfaRequired.

    Args:
        client: the cloud.
        clock: tells from when the token lives.
        username: e-mail address that the login began with.
        mfa_token: from the error; good for several attempts within some minutes.
        code: the six digits that an authenticator app shows.

    Raises: LoginCodeRefused, CloudError.
    """
    form = (("grant_type", "urn:custom:mfa-otp"), ("mfa_token", mfa_token), ("otp", code), *_CLIENT)
    next_step = f"Take the code that your authenticator app shows now, or recover your account at {RECOVERY}"
    with (
        told_as(LoginCodeRefused, "This login code didn't work.", next_step),
        kept_secret(mfa_token, code),
    ):
        return await _granted(client, clock, form, username)


async def log_in_with_token(client: CloudClient, token: str) -> Session:
    """Find out whose a token is, and until when it is good if the cloud tells.

    Args:
        client: the cloud, in the name of whoever the token belongs to.
        token: what the client was made with.

    Raises: LoginRefused, CloudError.
    """
    next_step = "Give a token that is in force, or log in with your password."
    with told_as(LoginRefused, _LOGIN_FAILED, next_step):
        owner = await user(client)
    return await with_expiry(client, Session(owner.username, token, None))


async def with_expiry(client: CloudClient, session: Session) -> Session:
    """Return a session with what the cloud says of its expiry, if it says anything.

    Args:
        client: the cloud, in the name of whoever the token belongs to.
        session: what a login gave.
    """
    try:
        return evolve(session, expires_at=await token_expiry(client))
    except CloudError:
        return session  # a token that opens the account is worth keeping all the same


async def log_out(client: CloudClient) -> None:
    """Revoke the token that the client sends; one that is worth nothing any more is as good as revoked.

    Raises: NotLoggedIn, CloudError.
    """
    try:
        await client.send(CloudRequest("DELETE", ("v1", "access_tokens", "current")))
    except CloudTokenInvalid:
        return


async def user(client: CloudClient) -> User:
    """Return the account that the client's token belongs to.

    Raises: NotLoggedIn, CloudTokenInvalid, CloudError.
    """
    answer = await client.send(CloudRequest("GET", ("v1", "user")))
    return answer.into(User)


async def _granted(
    client: CloudClient, clock: Clock, form: tuple[tuple[str, str], ...], username: str
) -> Session:
    """Ask for a token (OAuth 2.0, 4.3.2 and 5.1)."""
    began = clock.now()
    answer = await client.send(
        CloudRequest("POST", ("oauth", "token"), FormBody(form), with_token=False, secret=True)
    )
    grant = answer.into(_Grant)
    if not grant.access_token:
        raise CloudAnswerUnreadable(
            f"The answer from {answer.url} holds no access token.",
            next_step="See whether `apiUrl` is the address of a Particle cloud, then try again.",
            status=answer.status,
        )
    try:
        expires = began + timedelta(seconds=grant.expires_in) if grant.expires_in else None
    except (OverflowError, ValueError):
        expires = None  # later than any calendar goes
    text = expires.astimezone(UTC).isoformat(timespec="milliseconds") if expires else None
    return Session(username, grant.access_token, text and text.replace("+00:00", "Z"))


@contextmanager
def told_as(kind: type[Refused], failed: str, next_step: str) -> Iterator[None]:
    """Turn the cloud's no to what was given to log in with into an error of that kind."""
    try:
        yield
    except (MfaRequired, CloudBusy):
        raise
    except CloudRefused as refused:
        if refused.status not in _SAYS_NO:
            raise
        raise kind(f"{failed} {refused.message}", next_step=next_step, status=refused.status) from refused


@contextmanager
def kept_secret(*secrets: str) -> Iterator[None]:
    """Take the words from a server that repeats a secret, before they are passed on."""
    try:
        yield
    except CloudError as error:
        spelt = [
            form for secret in secrets if secret for form in (secret, quote_plus(secret, errors="replace"))
        ]
        if error.status is not None and any(form in error.message for form in spelt):
            error.message = f"The cloud refused (HTTP {error.status})."
            error.args = (error.message,)
        raise
