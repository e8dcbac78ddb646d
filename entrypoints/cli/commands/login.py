"""`particle login`: by password, with a login code where the account wants one, or by token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.cloud.account import Session, log_in_with_token
from particle_cli.entrypoints.cli.commands.account_questions import Account
from particle_cli.entrypoints.cli.commands.cloud_session import cloud_client
from particle_cli.entrypoints.cli.result import Result, Told
from particle_cli.entrypoints.wires import STDIN
from particle_cli.ports.errors import UsageError

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

_FLAGS = "--username and --password, or --token"


async def run(given: Given, wires: Wires) -> Result:
    """Log in, and keep the token in the profile."""
    session = await _session(given, wires)
    wires.session.remember(session)
    if variable := wires.session.in_use.variable:
        wires.person.warn(f"While {variable} is set, its token is used instead of the one of this login.")
    return Told(
        "> Successfully completed login!",
        {
            "profile": wires.profile.name,
            "username": session.username,
            "accessTokenExpiresAt": session.expires_at,
        },
    )


async def _session(given: Given, wires: Wires) -> Session:
    token = given.text("token")
    if token is None:
        return await Account(given, wires, flags=_FLAGS).log_in()
    if any(given.text(flag) is not None for flag in ("username", "password", "otp")):
        raise UsageError("--token stands alone: it needs no --username, --password or --otp.")
    token = token_in(wires.read_secret("token") if token == STDIN else token)
    return await log_in_with_token(cloud_client(wires, token), token)


def token_in(text: str) -> str:
    """Return the token in a word or line. Raises: UsageError for what can be none, without showing it."""
    token = text.strip()
    if not token or " " in token or not (token.isascii() and token.isprintable()):
        raise UsageError("What was given as a token can't be one: a token is one word of plain characters.")
    return token
