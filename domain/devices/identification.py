"""Who a device is, its modem included: over USB, or on its console where firmware tells it only there."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from particle_cli.domain.control.cellular import sim_identity
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.opening import control_channel
from particle_cli.domain.devices.support import release_numbers
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.serial_console.console import console
from particle_cli.domain.serial_console.discovery import DevicePort
from particle_cli.domain.serial_console.errors import ConsoleGarbled, NoSerialPort
from particle_cli.ports.clock import Clock
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.serial import Serial
from particle_cli.ports.usb import Usb

_TELLS_OVER_USB: Final = (6, 0, 0)
_MODEM_S: Final = 20.0  # it may have to be switched on first


@frozen
class DeviceIdentity:
    """What is known of a device; None for what it has not got, or does not tell.

    Attributes:
        device_id: 24 hex digits.
        version: of Device OS.
        imei, iccid: of modem and SIM card.
        fault: why those of a cellular device are not known.
    """

    device_id: str
    version: str | None = None
    imei: str | None = None
    iccid: str | None = None
    fault: ParticleError | None = None


async def identify(
    usb: Usb, serial: Serial, clock: Clock, device: FoundDevice, port: DevicePort | None
) -> DeviceIdentity:
    """Ask an attached device who it is.

    The modem is asked for by a control request from Device OS 6.0 on, before that on the console of
    listening mode. A bootloader tells nothing but its id.

    Args:
        usb: the wire to it.
        serial: the wire to its console.
        clock: the time that passes.
        device: the device.
        port: its serial port, where it has one.

    Raises: UsbAccessDenied, UsbBusy, UsbGone when it cannot be opened.
    """
    if device.dfu:
        return DeviceIdentity(device.id)
    cellular = platform(device.platform_id).interfaces.cellular
    async with control_channel(usb, clock, device) as channel:
        version = channel.system_version
        if not cellular:
            return DeviceIdentity(device.id, version)
        if (release_numbers(version) or (0, 0, 0)) >= _TELLS_OVER_USB:
            try:
                sim = await sim_identity(channel, timeout_s=_MODEM_S)
            except ParticleError as fault:
                return DeviceIdentity(device.id, version, fault=fault)
            return DeviceIdentity(device.id, version, sim.imei or None, sim.iccid or None)
    try:
        told = await identify_on_console(serial, clock, port)
        if told.device_id != device.id:
            raise ConsoleGarbled(f"Behind the port of device {device.id} answers another: {told.device_id}.")
    except ParticleError as fault:
        return DeviceIdentity(device.id, version, fault=fault)
    return DeviceIdentity(device.id, version, told.imei, told.iccid)


async def identify_on_console(serial: Serial, clock: Clock, port: DevicePort | None) -> DeviceIdentity:
    """Ask a device in listening mode who it is, on its console alone.

    Raises: NoSerialPort; ConsoleSilent, ConsoleGarbled; SerialGone, SerialBusy, SerialAccessDenied.
    """
    if port is None:
        raise NoSerialPort("Its serial port was not found, so its modem cannot be asked.")
    async with console(serial, clock, port.path) as opened:
        told = await opened.identify()
        version = await opened.version()
    return DeviceIdentity(told.device_id, version, told.imei, told.iccid)
