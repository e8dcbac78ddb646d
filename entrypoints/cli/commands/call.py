"""`particle call`: a function of a device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.cloud.devices import call_function
from particle_cli.entrypoints.cli.commands.cloud_session import check_product_device, cloud_session
from particle_cli.entrypoints.cli.result import Plain, Result, Told

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires


async def run(given: Given, wires: Wires) -> Result:
    """Call the function and tell what it returned."""
    device, function = given.word("device"), given.word("function")
    argument, product = given.optional("argument") or "", given.text("product")
    check_product_device(device, product)
    async with cloud_session(wires) as client:
        returned = await call_function(client, device, function, argument, product=product)
    told: dict[str, Plain] = {
        "device": device,
        "function": function,
        "argument": argument,
        "returnValue": returned,
    }
    return Told(str(returned), told)
