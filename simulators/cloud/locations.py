"""The places of a product's devices: no device here knows where it is, so there never are any."""

from __future__ import annotations

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.pages import page_of
from particle_cli.simulators.cloud.replies import refused, reply
from particle_cli.simulators.cloud.rows import DeviceRecord


async def list_all(call: Call) -> HttpResponse:
    """List the places of a product's devices."""
    call.product()
    nothing: tuple[DeviceRecord, ...] = ()
    page = page_of(call, nothing, per_page=20)
    return reply({"locations": [], "meta": {**page.meta, "devices_found": 0}})


async def show(call: Call) -> HttpResponse:
    """Show where one device was."""
    call.device()
    raise refused(404, "No location data found for this device")
