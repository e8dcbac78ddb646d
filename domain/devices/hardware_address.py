"""The MAC address that a device shows to networks."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from particle_cli.domain.control.errors import RequestFailed
from particle_cli.domain.control.network import InterfaceKind, interface, interfaces
from particle_cli.domain.control.result_codes import ResultCode
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.opening import control_channel
from particle_cli.domain.serial_console.console import console
from particle_cli.domain.serial_console.discovery import DevicePort
from particle_cli.ports.clock import Clock
from particle_cli.ports.serial import Serial
from particle_cli.ports.usb import Usb

_ANSWER_S: Final = 5.0
_WITH_ADDRESS: Final = (InterfaceKind.WIFI, InterfaceKind.ETHERNET)


@frozen
class HardwareAddress:
    """A MAC address, `aa:bb:…`, and the kind of interface that has it."""

    mac: str
    kind: InterfaceKind


async def hardware_address(
    usb: Usb, serial: Serial, clock: Clock, device: FoundDevice, port: DevicePort | None
) -> HardwareAddress | None:
    """Return the address of the first Wi-Fi or Ethernet interface, or None.

    Devices of Gen 2 tell it on the console of listening mode only.

    Raises: as `ControlChannel.request`; as `Console.mac_address`.
    """
    async with control_channel(usb, clock, device) as channel:
        try:
            for one in await interfaces(channel, timeout_s=_ANSWER_S):
                if one.kind in _WITH_ADDRESS:
                    details = await interface(channel, one.index, timeout_s=_ANSWER_S)
                    return HardwareAddress(details.mac, one.kind) if details.mac else None
        except RequestFailed as refused:
            if refused.result != ResultCode.NOT_SUPPORTED or port is None:
                raise
        else:
            return None
    async with console(serial, clock, port.path) as opened:
        told = await opened.mac_address()
    return HardwareAddress(told, InterfaceKind.WIFI) if told else None
