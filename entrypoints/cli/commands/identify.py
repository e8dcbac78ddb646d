"""`particle identify` and `particle serial mac`: who a device is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from particle_cli.domain.devices.errors import DeviceNotAttached
from particle_cli.domain.devices.finding import find_device
from particle_cli.domain.devices.hardware_address import hardware_address
from particle_cli.domain.devices.identification import DeviceIdentity, identify, identify_on_console
from particle_cli.domain.errors import DeviceProtected
from particle_cli.entrypoints.cli.commands.cloud_session import prefixed
from particle_cli.entrypoints.cli.commands.despite_protection import despite_protection
from particle_cli.entrypoints.cli.commands.port_choice import device_and_port, port_with_device
from particle_cli.entrypoints.cli.result import Plain, Result, Told, error_data
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.usb import UsbAccessDenied, UsbUnavailable

if TYPE_CHECKING:
    from particle_cli.domain.devices.found import FoundDevice
    from particle_cli.domain.serial_console.discovery import DevicePort
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

_WRAPPED = "Could not identify device: "


class ModemUnknown(ParticleError):
    """A cellular device is there, but its modem did not tell who it is."""

    code = "modem_unknown"


class Identified(Result):
    """Who a device is."""

    def __init__(self, identity: DeviceIdentity) -> None:
        """Keep what is known; what the modem should have told and did not is an error."""
        self._identity = identity
        if fault := identity.fault:
            message = f"{_WRAPPED}Could not get device info: {fault.message}"
            self.errors = (ModemUnknown(message, next_step=fault.next_step),)

    def text(self, width: int) -> str:
        """Return a line for each thing that is known."""
        told = self._identity
        lines = (
            ("device id", told.device_id),
            ("IMEI", told.imei),
            ("ICCID", told.iccid),
            ("system firmware version", told.version),
        )
        return "\n".join(f"Your {what} is {value}" for what, value in lines if value)

    def data(self) -> Plain:
        """Return everything, null for what is not known."""
        told = self._identity
        data: dict[str, Plain] = {
            "id": told.device_id,
            "imei": told.imei,
            "iccid": told.iccid,
            "version": told.version,
        }
        for error in self.errors:
            data["error"] = error_data(error)
        return data


async def run(given: Given, wires: Wires) -> Result:
    """Identify the device named, or the one on the port chosen."""
    word = given.optional("deviceID")
    with prefixed(_WRAPPED):
        if word or given.texts("device"):
            device, port = await device_and_port(given, wires, word)
            return Identified(await _identity(wires, device, port))
        return Identified(await _identify_on_port(given, wires))


async def _identity(wires: Wires, device: FoundDevice, port: DevicePort | None) -> DeviceIdentity:
    """Ask a device who it is; a protected one tells of its modem in service mode, if it can be put there."""
    found = DeviceIdentity(device.id)

    async def ask(there: FoundDevice) -> DeviceIdentity:
        nonlocal found
        found = await identify(wires.usb, wires.serial, wires.clock, there, port)
        if isinstance(found.fault, DeviceProtected):
            raise found.fault
        return found

    try:
        return await despite_protection(wires, device, ask)
    except DeviceProtected as refused:
        return evolve(found, fault=refused)


async def _identify_on_port(given: Given, wires: Wires) -> DeviceIdentity:
    """Ask over USB; where that may not be used, ask the console, which answers in listening mode."""
    port, number = await port_with_device(wires, given.text("port"))
    try:
        device = await find_device(wires.usb, number)
        return await _identity(wires, device, port)
    except (DeviceNotAttached, UsbAccessDenied, UsbUnavailable) as fault:
        try:
            return await identify_on_console(wires.serial, wires.clock, port)
        except ParticleError:
            raise fault from None


async def mac(given: Given, wires: Wires) -> Result:
    """Tell the MAC address of a device."""
    with prefixed(_WRAPPED):
        device, port = await device_and_port(given, wires)
        with prefixed("Could not get MAC address: "):
            found = await despite_protection(
                wires,
                device,
                lambda there: hardware_address(wires.usb, wires.serial, wires.clock, there, port),
            )
    if found is None:
        nothing: dict[str, Plain] = {"id": device.id, "mac": None, "interface": None}
        return Told("Your device does not have a MAC address", nothing)
    kind = found.kind.name.capitalize()
    return Told(
        f"Your device MAC address is {found.mac}\nInterface is {kind}",
        {"id": device.id, "mac": found.mac, "interface": kind.lower()},
    )
