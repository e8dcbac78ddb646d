"""`particle token create|list|revoke`: access tokens for programs of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.cloud.account import LIFETIME_S
from particle_cli.domain.cloud.account_tokens import AccountToken, list_tokens, revoke_token
from particle_cli.domain.cloud.errors import MfaRequired
from particle_cli.domain.cloud.tokens import moment_of
from particle_cli.entrypoints.cli.commands.account_questions import Account
from particle_cli.entrypoints.cli.commands.cloud_session import cloud_client
from particle_cli.entrypoints.cli.commands.login import token_in
from particle_cli.entrypoints.cli.result import Plain, Result, Told, error_data
from particle_cli.entrypoints.wires import STDIN
from particle_cli.ports.errors import ParticleError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from particle_cli.domain.cloud.account import Session
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

_FLAGS = "--username and --password"
_SHOWN_OF_TOKEN = 4


class OwnToken(ParticleError):
    """The token to be revoked is the one that this program is logged in with."""

    code = "own_token"


class RevokeFailed(ParticleError):
    """Some tokens are still good for what they were."""

    code = "revoke_failed"


async def create(given: Given, wires: Wires) -> Result:
    """Make a token beside the one that the profile keeps."""
    lifetime_s = _lifetime_s(given)
    session = await _account(given, wires).log_in(lifetime_s=lifetime_s)
    text = f"New access token {_expiry(session)}\n    {session.token}"
    data = {"token": session.token, "expiresAt": session.expires_at, "username": session.username}
    return Told(text, data)


def _lifetime_s(given: Given) -> int:
    """Return how long the token is to live, 0 for ever. Raises: UsageError."""
    seconds = given.number("expires-in")
    if given.flag("never-expires"):
        if seconds is not None:
            raise UsageError(
                "A token that never expires has no --expires-in.", next_step="Pass one of the two."
            )
        return 0
    if seconds is None:
        return LIFETIME_S
    if seconds < 1 or not seconds.is_integer():
        raise UsageError(
            f"A token can't expire in {seconds:g} seconds.",
            next_step="Give --expires-in a whole number of seconds, or pass --never-expires.",
        )
    return int(seconds)


def _expiry(session: Session) -> str:
    moment = moment_of(session.expires_at)
    if moment is None:
        return "never expires"
    return f"expires on {moment.astimezone():%a %b %d %Y %H:%M:%S GMT%z (%Z)}"


def _account(given: Given, wires: Wires) -> Account:
    """Return the account that is logged in, unless another is named."""
    return Account(given, wires, username=wires.profile.username, flags=_FLAGS)


class TokenList(Result):
    """The tokens of an account."""

    def __init__(self, tokens: Sequence[AccountToken], expired: Sequence[bool], own: str | None) -> None:
        """Keep the tokens, which of them have expired, and which this program uses."""
        self._rows = tuple(zip(tokens, expired, strict=True))
        self._own = own

    def text(self, width: int) -> str:
        """Return a block a token."""
        lines: list[str] = []
        for row, expired in self._rows:
            active = " (active)" if row.token == self._own else ""
            lines += [
                f"{row.client or '<unknown client>'}{active}{' (expired)' if expired else ''}",
                f" Token:      {row.token}",
                f" Expires at: {row.expires_at or 'null'}",
                "",
            ]
        return "\n".join(lines) if lines else "There are no access tokens."

    def data(self) -> Plain:
        """Return all that is known of each."""
        return [
            {
                "token": row.token,
                "client": row.client,
                "expiresAt": row.expires_at,
                "active": row.token == self._own,
                "expired": expired,
            }
            for row, expired in self._rows
        ]


async def show(given: Given, wires: Wires) -> Result:
    """List the tokens of the account."""
    account = _account(given, wires)
    client = cloud_client(wires, None)

    async def attempt(username: str, password: str) -> tuple[AccountToken, ...]:
        code = await account.optional_code()
        wires.person.note("Checking with the cloud...")
        try:
            return await list_tokens(client, username=username, password=password, code=code)
        except MfaRequired:
            if code is not None:
                raise
        return await account.with_code(
            lambda code: list_tokens(client, username=username, password=password, code=code)
        )

    tokens = await account.with_password(attempt)
    now = wires.clock.now()
    return TokenList(tokens, [one.lives_until <= now for one in tokens], wires.session.in_use.value)


class Revoked(Result):
    """What became of tokens that were to be revoked."""

    def __init__(self, outcomes: Sequence[tuple[str, ParticleError | None]]) -> None:
        """Keep each token, with the reason why it is still there."""
        self._outcomes = outcomes
        failed = [(token, error) for token, error in outcomes if error is not None]
        if failed:
            lines = [f"  token: {_begun(token)}; reason: {error.message}" for token, error in failed]
            message = "\n".join(("Failed to revoke the following access tokens:", *lines))
            self.errors = (RevokeFailed(message, next_step=failed[0][1].next_step),)

    def text(self, width: int) -> str:
        """Return a line for each that is gone."""
        return "\n".join(f"successfully deleted {token}" for token, error in self._outcomes if error is None)

    def data(self) -> Plain:
        """Return how it went with each, in the order in which they were given; none is told in full."""
        return [
            {
                "token": _begun(token),
                "revoked": error is None,
                "error": error_data(error) if error else None,
            }
            for token, error in self._outcomes
        ]


async def revoke(given: Given, wires: Wires) -> Result:
    """Revoke tokens; the program's own only where that is insisted on."""
    words = given.rest("tokens")
    tokens = tuple(
        dict.fromkeys(token_in(wires.read_secret("token") if word == STDIN else word) for word in words)
    )
    in_use, kept = wires.session.in_use.value, wires.session.kept.value
    own = next((token for token in tokens if token in (in_use, kept)), None)
    if own is not None:
        if not given.flag("force"):
            raise OwnToken(
                f"WARNING: {_begun(own)} is this CLI's access token", next_step="use --force to delete it"
            )
        wires.person.note("**forcing**")
    client = cloud_client(wires, None)
    outcomes = await wires.clock.together(*(revoke_token(client, token) for token in tokens))
    if kept in tokens and outcomes[tokens.index(kept)] is None:
        wires.session.forget_token(kept)
    return Revoked(tuple(zip(tokens, outcomes, strict=True)))


def _begun(token: str) -> str:
    """Return as much of a token as tells it from others."""
    return f"{token[:_SHOWN_OF_TOKEN]}…"
