"""`particle function list` and `particle variable list`: what devices that are online offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.cloud.device_list import list_in_detail
from particle_cli.entrypoints.cli.commands.cloud_session import cloud_session
from particle_cli.entrypoints.cli.commands.list import DeviceList

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.cli.result import Result
    from particle_cli.entrypoints.wires import Wires


async def functions(given: Given, wires: Wires) -> Result:
    """List devices by name, with their functions."""
    return await _list(given, wires, "functions")


async def variables(given: Given, wires: Wires) -> Result:
    """List devices by name, with their variables."""
    return await _list(given, wires, "variables")


async def _list(given: Given, wires: Wires, what: str) -> Result:
    wires.person.note(f"polling server to see what devices are online, and what {what} are available")
    async with cloud_session(wires) as client:
        found = await list_in_detail(client, wires.clock, product=given.text("product"))
    by_name = sorted(found, key=lambda one: (one.shown_name is None, (one.shown_name or "").casefold()))
    return DeviceList(by_name, variables=what == "variables", functions=what == "functions")
