"""`particle publish`: an event in the account's name, or in that of a product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.cloud.events import publish
from particle_cli.entrypoints.cli.commands.cloud_session import cloud_session
from particle_cli.entrypoints.cli.result import Plain, Result, Told

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires


async def run(given: Given, wires: Wires) -> Result:
    """Publish the event."""
    event, data, product = given.word("event"), given.optional("data"), given.text("product")
    async with cloud_session(wires) as client:
        await publish(client, event, data, product=product)
    told: dict[str, Plain] = {"event": event, "data": data, "product": product}
    where = f" to product: {product}" if product else ""
    return Told(f"Published private event: {event}{where}\n", told)
