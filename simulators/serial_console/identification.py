"""Who the device is, as its console tells it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from particle_cli.simulators.system.system import System
from particle_cli.simulators.system.system_version import system_version

_LONGEST_VALUE: Final = 31
_WITH_RADIO_VERSION: Final = 2100  # 2.1.0


def identification(system: System) -> str:
    """Return the answer to `i`: the id alone, or with everything else that is known of the device."""
    device_id = system.hardware.device_id
    lines = [f"{label}: {value[:_LONGEST_VALUE]}\r\n" for label, value in _properties(system)]
    if lines:
        return "".join((f"Device ID: {device_id}\r\n", *lines))
    kind = "core" if system.hardware.platform.family == "core" else "device"
    return f"Your {kind} id is {device_id}\r\n"


def _properties(system: System) -> Iterator[tuple[str, str]]:
    """Yield label and value of what is known; what the factory programs is known of Gen 3 and later."""
    hardware = system.hardware
    if hardware.platform.family not in ("core", "gen2"):
        yield "Device Secret", hardware.mobile_secret
        yield "Serial Number", hardware.serial_number
    modem = system.network.modem
    if modem is not None:
        yield "IMEI", modem.imei
        yield "ICCID", modem.iccid
        if system_version(system) >= _WITH_RADIO_VERSION:
            yield "Cell Radio Version", modem.firmware


def mac_address(system: System) -> str:
    """Return the answer to `m`: the address of the Wi-Fi station, or of the wire that is in use."""
    return f"Your device MAC address is\r\n{system.network.mac.hex(':').upper()}\r\n"
