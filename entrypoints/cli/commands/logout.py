"""`particle logout`: the token is revoked, then forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.cloud.account import log_out, user
from particle_cli.domain.cloud.errors import CloudError
from particle_cli.entrypoints.cli.commands.cloud_session import cloud_client, prefixed
from particle_cli.entrypoints.cli.result import Result, Told

if TYPE_CHECKING:
    from particle_cli.domain.cloud.client import CloudClient
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires


async def run(given: Given, wires: Wires) -> Result:
    """Log out; a token that the cloud could not be told to revoke is kept."""
    profile, kept = wires.profile, wires.session.kept.value
    if variable := wires.session.in_use.variable:
        wires.person.note(f"The token in {variable} is none of a login: it stays in force while that is set.")
    if kept is None:
        told = {"profile": profile.name, "username": None, "wasLoggedIn": False}
        return Told("You were already logged out.", told)
    client = cloud_client(wires, kept)
    username = profile.username or await _username(client)
    with prefixed("There was an error revoking the token: "):
        await log_out(client)
    wires.session.forget()
    return Told(
        f"> You have been logged out from {username or 'your account'}",
        {"profile": profile.name, "username": username, "wasLoggedIn": True},
    )


async def _username(client: CloudClient) -> str | None:
    """Ask whose token it is; that matters to nothing but the words of the result."""
    try:
        return (await user(client)).username
    except CloudError:
        return None
