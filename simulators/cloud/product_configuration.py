"""The configuration of a product's devices: documents that are kept, and the schema that they are to fit.

The schema is one for all products here, which any object fits.
"""

from __future__ import annotations

from typing import Final

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.documents import keep, kept
from particle_cli.simulators.cloud.replies import Plain, Refusal, reply

_SCHEMA_TYPE: Final = "application/schema+json"
_SCHEMA: Final[dict[str, Plain]] = {
    "$schema": "https://particle.io/draft-07/schema#",
    "type": "object",
    "title": "Configuration",
    "properties": {},
}


async def show(call: Call) -> HttpResponse:
    """Show the configuration of a product or of one device, or the schema where that is asked for."""
    place = _place(call)
    if _SCHEMA_TYPE in call.accept:
        return reply(_SCHEMA)
    document = kept(call.world, *place)
    if document is None:
        raise Refusal(404, {})
    return reply({"configuration": document.value})


async def change(call: Call) -> HttpResponse:
    """Replace the configuration of a product or of one device."""
    value = {name: item for name, item in call.fields.items() if name != "access_token"}
    return reply({"configuration": keep(call, value, *_place(call)).value})


def _place(call: Call) -> tuple[str, ...]:
    """Return the parts of the document's key. Raises: Refusal."""
    product = call.product()
    if "device" not in call.places:
        return "configuration", product.key
    return "configuration", product.key, call.device().id
