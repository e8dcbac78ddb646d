"""The configuration of a product's devices: documents that are kept, and the schema that they are to fit.

The schema is one for all products here, which any object fits.
"""

from __future__ import annotations

from typing import Final

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.document_rows import new_document
from particle_cli.simulators.cloud.replies import Plain, Refusal, no_device_of_product, reply

_SCHEMA_TYPE: Final = "application/schema+json"
_SCHEMA: Final[dict[str, Plain]] = {
    "$schema": "https://particle.io/draft-07/schema#",
    "type": "object",
    "title": "Configuration",
    "properties": {},
}


async def show(call: Call) -> HttpResponse:
    """Show the configuration of a product or of one device, or the schema where that is asked for."""
    key = _key(call)
    if _SCHEMA_TYPE in call.accept:
        return reply(_SCHEMA)
    kept = call.world.state.configurations.get(key)
    if kept is None:
        raise Refusal(404, {})
    return reply({"configuration": kept.value})


async def change(call: Call) -> HttpResponse:
    """Replace the configuration of a product or of one device."""
    key, now, by = _key(call), call.world.now, call.user.username
    value = {name: item for name, item in call.fields.items() if name != "access_token"}
    call.world.state.configurations.put(new_document(key, value, now=now, by=by))
    return reply({"configuration": value})


def _key(call: Call) -> str:
    product = call.product()
    if "device" not in call.places:
        return product.key
    number = call.places["device"].lower()
    record = call.world.state.devices.get(number)
    if record is None or record.product_id != product.id:
        raise no_device_of_product()
    return f"{product.key}/{number}"
