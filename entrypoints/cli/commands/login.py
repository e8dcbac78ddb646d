"""`particle login`: by password, with a login code where the account wants one; by token; on a web page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.cloud.account import Session, log_in_with_token, with_expiry
from particle_cli.entrypoints.cli.commands.account_questions import Account
from particle_cli.entrypoints.cli.commands.cloud_session import cloud_client
from particle_cli.entrypoints.cli.result import Result, Told
from particle_cli.entrypoints.wires import SIM, STDIN
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
    if given.flag("sso"):
        if any(given.text(flag) is not None for flag in ("username", "password", "otp", "token")):
            raise UsageError("--sso stands alone: the web page asks who you are.")
        return await _by_sso(wires)
    if token is None:
        return await Account(given, wires, flags=_FLAGS).log_in()
    if any(given.text(flag) is not None for flag in ("username", "password", "otp")):
        raise UsageError("--token stands alone: it needs no --username, --password or --otp.")
    token = token_in(wires.read_secret("token") if token == STDIN else token)
    return await log_in_with_token(cloud_client(wires, token), token)


async def _by_sso(wires: Wires) -> Session:
    """Log in on a web page; the person opens it where no browser does."""
    from particle_cli.domain.cloud.sso import begin, complete, provider_for

    if wires.profile.api_url == SIM:
        raise UsageError(
            "The simulated cloud has no single sign-on.", next_step="Log in with --username and --password."
        )
    provider = provider_for(wires.profile.api_url)
    client = cloud_client(wires, None, api_url=provider.url)
    invitation = await begin(client, provider)
    wires.person.note(f"Confirm the login on this web page: {invitation.page}")
    if wires.show_page(invitation.page):
        wires.person.note("It has been opened in your browser.")
    session = await complete(client, wires.clock, provider, invitation)
    return await with_expiry(cloud_client(wires, session.token), session)


def token_in(text: str) -> str:
    """Return the token in a word or line. Raises: UsageError for what can be none, without showing it."""
    token = text.strip()
    if not token or " " in token or not (token.isascii() and token.isprintable()):
        raise UsageError("What was given as a token can't be one: a token is one word of plain characters.")
    return token
