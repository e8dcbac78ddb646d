"""The access tokens of an account: which there are, and their end. `account.log_in` makes one."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from typing import Final

from attrs import field, frozen

from particle_cli.domain.cloud.account import LoginRefused, kept_secret, told_as
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import CloudRefused
from particle_cli.domain.cloud.requests import CloudRequest, Secret
from particle_cli.domain.cloud.tokens import moment_of

_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_LIST_REFUSED: Final = "There was an error listing your tokens!"


@frozen
class AccountToken:
    """An access token of an account.

    Attributes:
        token: the token, a secret.
        expires_at: when it expires, ISO 8601; None for never.
        client: the program that it was given to, or None where the cloud does not say.
    """

    token: str = field(repr=False)
    expires_at: str | None
    client: str | None

    @property
    def lives_until(self) -> datetime:
        """When it expires: never, too, where the expiry cannot be read."""
        return moment_of(self.expires_at) or _NEVER


@frozen
class _Row:
    token: str = field(repr=False)
    expires_at: str | None = None
    client: str | None = None
    client_id: str | None = None


async def list_tokens(
    client: CloudClient, *, username: str, password: str, code: str | None = None
) -> tuple[AccountToken, ...]:
    """Return the tokens of an account: those that never expire first, then the one that lives longest.

    Args:
        client: the cloud; its token, if it has one, is not sent.
        username: e-mail address of the account.
        password: its password.
        code: the login code, for an account with a second factor.

    Raises: LoginRefused, MfaRequired, CloudError.
    """
    credentials = b64encode(f"{username}:{password}".encode(errors="replace")).decode()  # RFC 7617
    request = CloudRequest(
        "GET",
        ("v1", "access_tokens"),
        query=(("otp", Secret(code)),) if code else (),
        with_token=False,
        headers=(("Authorization", f"Basic {credentials}"),),
        secret=True,
    )
    next_step = "Check the e-mail address, the password and the login code, then try again."
    with told_as(LoginRefused, _LIST_REFUSED, next_step), kept_secret(password, code or "", credentials):
        rows = (await client.send(request)).into(tuple[_Row, ...])
    found = (AccountToken(row.token, row.expires_at, row.client or row.client_id) for row in rows)
    return tuple(sorted(found, key=lambda one: one.lives_until, reverse=True))


async def revoke_token(client: CloudClient, token: str) -> None:
    """End a token, whosever it is; one that is unknown, or ended before, is none the worse.

    Raises: CloudError.
    """
    path = ("v1", "access_tokens", Secret(token))
    with kept_secret(token):
        try:
            await client.send(CloudRequest("DELETE", path, with_token=False))
        except CloudRefused as error:
            error.next_step = "See with `particle token list` which tokens there are."
            raise
