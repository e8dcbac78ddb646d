"""Which serial port a command is for: `--port`, the only one, or the one that the person chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.devices.finding import device_id, find_device
from particle_cli.domain.serial_console.discovery import DevicePort, device_ports, port_named, port_of
from particle_cli.domain.serial_console.errors import NoSerialPort
from particle_cli.entrypoints.cli.commands.device_choice import one_device
from particle_cli.entrypoints.cli.commands.device_names import names_for
from particle_cli.ports.errors import UsageError
from particle_cli.ports.person import NobodyThere

if TYPE_CHECKING:
    from collections.abc import Sequence

    from particle_cli.domain.devices.found import FoundDevice
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

_CONNECT = "Connect a device to USB. particle serial list shows the ports that there are."


async def ports_there(wires: Wires) -> tuple[DevicePort, ...]:
    """Return the ports of devices there are now. Raises: SerialError."""
    return device_ports(await wires.serial.ports())


async def chosen_port(wires: Wires, word: str | None) -> DevicePort:
    """Return the port that a word names, or else the only one, or the one that the person chooses.

    Args:
        wires: where to look, and whom to ask.
        word: a place in the list or a path, or None.

    Returns: the port; one of which nothing but the path is known, where no device is known to be there.

    Raises: NoSerialPort; NobodyThere where there are several and nobody to choose, UsageError for a place
        that the list has not got; SerialError.
    """
    found = await ports_there(wires)
    if word is not None:
        named = port_named(word, found)
        if named:
            return named
        if found and not wires.person.present:
            raise UsageError(f"There is no port number {word}.", next_step=f"There are: {_listed(found)}")
    if not found:
        raise NoSerialPort("No serial port identified", next_step=_CONNECT)
    if len(found) == 1 and word is None:
        return found[0]
    if not wires.person.present:
        raise NobodyThere(
            "Several devices are connected via serial.", next_step=f"Name one with --port: {_listed(found)}"
        )
    chosen = await wires.person.choose(
        "Which device did you mean?", [port.label for port in found], flag="--port"
    )
    return found[chosen]


async def device_number(wires: Wires, word: str) -> str:
    """Return the id of the device that a word names, be it attached or not.

    Raises: DeviceUnknown; NotLoggedIn, CloudError for a name that cannot be looked up.
    """
    return device_id(word, await names_for(wires, (word,)))


async def port_of_device(wires: Wires, number: str) -> DevicePort:
    """Return the port of the device with that id. Raises: NoSerialPort, SerialError."""
    port = port_of(number, await ports_there(wires))
    if port is None:
        raise NoSerialPort(f"No serial port leads to device {number}.", next_step=_CONNECT)
    return port


async def port_with_device(wires: Wires, word: str | None) -> tuple[DevicePort, str]:
    """Return a port as `chosen_port` does, and the id of the device behind it.

    Raises: NoSerialPort also where the id is not known; as `chosen_port`.
    """
    port = await chosen_port(wires, word)
    if port.device_id is None:
        raise NoSerialPort("No serial port identified", next_step=f"No device is known to be on {port.path}.")
    return port, port.device_id


async def device_and_port(
    given: Given, wires: Wires, word: str | None = None
) -> tuple[FoundDevice, DevicePort | None]:
    """Return the device for a serial command, and its port where it has one.

    Args:
        given: holds `--port`, and `--device`.
        wires: where to look.
        word: the id or name of the device, where the command takes it as a parameter.

    Raises: as `one_device` where a device is named; else as `port_with_device` and `find_device`.
    """
    words = (word, *given.texts("device")) if word else given.texts("device")
    if len(words) > 1:
        raise UsageError(f"Only one device can be given here, not {len(words)}: {' '.join(words)}")
    if words:
        device = await one_device(wires, words[0])
        return device, port_of(device.id, await ports_there(wires))
    port, number = await port_with_device(wires, given.text("port"))
    return await find_device(wires.usb, number), port


def _listed(found: Sequence[DevicePort]) -> str:
    return "; ".join(f"{number} ({port.label})" for number, port in enumerate(found, 1))
