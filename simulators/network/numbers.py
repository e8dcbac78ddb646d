"""The numbers of a device and its radios that its maker, and so the cloud, knows it by."""

from __future__ import annotations

from attrs import field, frozen

from particle_cli.simulators.hardware.hardware import Hardware
from particle_cli.simulators.network.network import Network


@frozen
class Numbers:
    """What stands on a device and its parts.

    Attributes:
        serial_number: 15 characters.
        mobile_secret: 15 characters that prove who has the device; None before Gen 3.
        mac_wifi: address of the Wi-Fi radio, `94:94:4A:12:34:56`, or None without one.
        imei: number of the modem, or None without one.
        iccid: number of the SIM in use, or None without one.
    """

    serial_number: str
    mobile_secret: str | None = field(default=None, repr=False)
    mac_wifi: str | None = None
    imei: str | None = None
    iccid: str | None = None


def numbers_of(hardware: Hardware, network: Network) -> Numbers:
    """Return the numbers of a device."""
    wifi, modem = network.wifi, network.modem
    return Numbers(
        hardware.serial_number,
        hardware.mobile_secret if (hardware.platform.generation or 0) > 2 else None,
        wifi.mac.hex(":").upper() if wifi else None,
        modem.imei if modem else None,
        (modem.iccid or None) if modem else None,
    )
