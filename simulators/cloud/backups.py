"""What a device was given in the factory, to set it up anew from; there is none of these here."""

from __future__ import annotations

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.replies import refused


async def download(call: Call) -> HttpResponse:
    """Hand out the backup of a device: none has one."""
    call.device()
    raise refused(404, "No backup found for this device")
