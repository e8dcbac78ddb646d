"""`particle list`: the devices of the account, and what they offer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from particle_cli.domain.cloud.device_list import list_in_detail
from particle_cli.entrypoints.cli.commands.cloud_session import cloud_session, prefixed
from particle_cli.entrypoints.cli.result import Plain, Result

if TYPE_CHECKING:
    from particle_cli.domain.cloud.devices import CloudDevice
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires


class DeviceList(Result):
    """Devices, and what of them is to be shown."""

    def __init__(
        self, devices: Sequence[CloudDevice], *, variables: bool = True, functions: bool = True
    ) -> None:
        """Keep the devices in the order in which they are shown."""
        self._devices = devices
        self._variables = variables
        self._functions = functions

    def text(self, width: int) -> str:
        """Return a line for each device, and indented ones for what it offers."""
        lines = [line for device in self._devices for line in self._lines(device)]
        return "\n".join(lines) or "No devices found."

    def _lines(self, device: CloudDevice) -> Iterator[str]:
        state = "online" if device.is_online else "offline"
        yield f"{device.shown_name or '<no name>'} [{device.id}] ({device.kind}) is {state}"
        if not device.is_online:
            return  # what it offered when it was last heard can't be had now
        if self._variables and device.variables:
            yield "  Variables:"
            yield from (f"    {name} ({kind})" for name, kind in device.variables.items())
        if self._functions and device.functions:
            yield "  Functions:"
            yield from (f"    int {name} (String args) " for name in device.functions)

    def data(self) -> Plain:
        """Return what is known of each device."""
        return [
            {
                "id": device.id,
                "name": device.shown_name,
                "platformId": device.platform_id,
                "productId": device.product_id,
                "online": device.is_online,
                "status": device.status,
                "systemFirmwareVersion": device.system_firmware_version,
                "serialNumber": device.serial_number,
                "lastHeard": device.last_heard,
                "functions": list(device.functions or ()),
                "variables": dict(device.variables or {}),
            }
            for device in self._devices
        ]


async def run(given: Given, wires: Wires) -> Result:
    """List the devices that pass the filter."""
    with prefixed("Failed to list device: "):
        async with cloud_session(wires) as client:
            found = await list_in_detail(client, wires.clock, wanted=given.optional("filter"))
    return DeviceList(found)
