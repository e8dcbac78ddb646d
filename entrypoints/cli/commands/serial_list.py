"""`particle serial list`: the serial ports that lead to devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.platforms.names import platform_name
from particle_cli.entrypoints.cli.commands.port_choice import ports_there
from particle_cli.entrypoints.cli.result import Plain, Result
from particle_cli.ports.serial import SerialError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from particle_cli.domain.serial_console.discovery import DevicePort
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires


class SerialPortList(Result):
    """The ports, in the order in which `--port` counts them."""

    def __init__(self, ports: Sequence[DevicePort]) -> None:
        """Keep the ports."""
        self._ports = ports

    def text(self, width: int) -> str:
        """Return a line a port, under a heading."""
        count = len(self._ports)
        if not count:
            return "No devices available via serial"
        heading = f"Found {count} {'device' if count == 1 else 'devices'} connected via serial:"
        return "\n".join((heading, *(port.label for port in self._ports)))

    def data(self) -> Plain:
        """Return an entry a port."""
        return [
            {
                "port": port.path,
                "type": port.kind or None,
                "id": port.device_id,
                "platform": None if port.platform_id is None else platform_name(port.platform_id),
                "platformId": port.platform_id,
            }
            for port in self._ports
        ]


async def run(given: Given, wires: Wires) -> Result:
    """List the ports."""
    try:
        return SerialPortList(await ports_there(wires))
    except SerialError as error:
        raise SerialError(
            f"Error listing serial ports: {error.message}", next_step=error.next_step
        ) from error
