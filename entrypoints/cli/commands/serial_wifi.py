"""`particle serial wifi`: Wi-Fi credentials by way of the console of listening mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.devices.errors import DeviceNotAttached
from particle_cli.domain.devices.finding import find_device
from particle_cli.domain.devices.opening import control_channel
from particle_cli.domain.devices.support import release_numbers
from particle_cli.domain.devices.wifi_nearby import wifi_nearby
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.serial_console.console import console
from particle_cli.domain.serial_console.wifi_asking import ask_credentials, complete
from particle_cli.domain.serial_console.wifi_credentials import read_credentials
from particle_cli.domain.serial_console.wifi_dialogue import send_credentials
from particle_cli.entrypoints.cli.commands.cloud_session import prefixed
from particle_cli.entrypoints.cli.commands.port_choice import device_number, port_of_device, port_with_device
from particle_cli.entrypoints.cli.result import Result, Told
from particle_cli.ports.errors import ParticleError, UsageError
from particle_cli.ports.usb import UsbError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from particle_cli.domain.platforms.values import Platform
    from particle_cli.domain.serial_console.discovery import DevicePort
    from particle_cli.domain.serial_console.wifi_asking import NetworkNearby
    from particle_cli.domain.serial_console.wifi_credentials import WifiCredentials
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

_BETTER_SINCE = (6, 2, 0)
_BETTER = (
    "Device OS 6.2.0 and later takes Wi-Fi credentials over USB, without listening mode or serial port:",
    "with particle wifi join, which also tells at once whether the device could join the network.",
    "It is recommended over particle serial wifi.",
)


class NoWifi(ParticleError):
    """The device has no Wi-Fi that could be set up."""

    code = "no_wifi"


async def run(given: Given, wires: Wires) -> Result:
    """Give the device on a port the credentials of a file, or those that the person types."""
    port, number = await _port(given, wires)
    about = _platform(port)
    await _recommend(wires, number)
    credentials = await _credentials(given, wires, about, number)
    with prefixed("Something went wrong: "):
        now = await port_of_device(wires, number)  # anew: people take their time
        async with console(wires.serial, wires.clock, now.path) as opened:
            await send_credentials(opened, credentials)
    return Told(
        "Done! Your device should now restart.",
        {"id": number, "port": now.path, "network": credentials.network},
    )


async def _port(given: Given, wires: Wires) -> tuple[DevicePort, str]:
    devices = given.texts("device")
    if len(devices) > 1:
        raise UsageError("One device at a time gets credentials.", next_step="Pass --device once.")
    if not devices:
        return await port_with_device(wires, given.text("port"))
    number = await device_number(wires, devices[0])
    return await port_of_device(wires, number), number


def _platform(port: DevicePort) -> Platform:
    """Return what is known of a device's platform. Raises: NoWifi."""
    about = None if port.platform_id is None else platform(port.platform_id)
    if about is None or not about.interfaces.wifi or about.interfaces.wifi_scan_only:
        raise NoWifi("The device does not support Wi-Fi")
    return about


async def _recommend(wires: Wires, number: str) -> None:
    """Tell of the better way where there is one; that USB cannot be used is no matter here."""
    try:
        device = await find_device(wires.usb, number)
        async with control_channel(wires.usb, wires.clock, device) as channel:
            version = channel.system_version
    except (DeviceNotAttached, UsbError):
        return
    if (release_numbers(version) or (0, 0, 0)) >= _BETTER_SINCE:
        for line in _BETTER:
            wires.person.note(line)


async def _credentials(given: Given, wires: Wires, about: Platform, number: str) -> WifiCredentials:
    """Return everything that the device may ask for."""
    enterprise = (about.generation or 0) <= 2
    if path := given.text("file"):
        told = read_credentials(wires.read(path), path=path)
        return await complete(wires.person, told, enterprise=enterprise, read=wires.read)

    async def scan() -> Sequence[NetworkNearby]:
        try:
            return await wifi_nearby(wires.usb, wires.clock, await find_device(wires.usb, number))
        except ParticleError as error:
            wires.person.warn(f"The device does not tell which networks it sees: {error.message}")
            return ()

    return await ask_credentials(
        wires.person, scan=scan, enterprise=enterprise, hidden=enterprise, read=wires.read
    )
