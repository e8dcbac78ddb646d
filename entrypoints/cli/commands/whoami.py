"""`particle whoami`: the account of the profile's token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.cloud.account import user
from particle_cli.entrypoints.cli.commands.cloud_session import cloud_session
from particle_cli.entrypoints.cli.result import Result, Told

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires


async def run(given: Given, wires: Wires) -> Result:
    """Ask the cloud; what the profile remembers may be out of date."""
    async with cloud_session(wires) as client:
        owner = await user(client)
    return Told(f"> {owner.username}", {"username": owner.username})
