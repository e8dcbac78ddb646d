"""`particle usb cloud-status`: what a device itself says of its connection to the cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.control.cloud_connection import ConnectionStatus
from particle_cli.domain.devices.cloud_status import cloud_status, wait_for_cloud_status
from particle_cli.domain.devices.finding import NeededMode, device_id
from particle_cli.entrypoints.cli.commands.despite_protection import despite_protection
from particle_cli.entrypoints.cli.commands.device_choice import device_word, one_device
from particle_cli.entrypoints.cli.commands.device_names import names_for
from particle_cli.entrypoints.cli.commands.milliseconds import seconds_given
from particle_cli.entrypoints.cli.result import Result, Told

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires


async def run(given: Given, wires: Wires) -> Result:
    """Tell the status, or wait until it is the one wanted."""
    word, until, timeout_s = device_word(given), given.text("until"), seconds_given(given)
    if until is None:
        device = await one_device(wires, word, mode=NeededMode.RUNNING)
        status = await despite_protection(
            wires, device, lambda there: cloud_status(wires.usb, wires.clock, there, timeout_s=timeout_s)
        )
        return _told(device.id, status)
    if word is None:
        number = (await one_device(wires, None)).id
    else:  # it need not be attached yet
        number = device_id(word, await names_for(wires, (word,)))
    wanted = ConnectionStatus(until)
    await wait_for_cloud_status(wires.usb, wires.clock, number, wanted, timeout_s=timeout_s)
    return _told(number, wanted)


def _told(number: str, status: ConnectionStatus) -> Result:
    return Told(status.value, {"id": number, "status": status.value})
