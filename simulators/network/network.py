"""A device's ways to the network, together."""

from __future__ import annotations

from collections.abc import Callable

from particle_cli.simulators.hardware.hardware import Hardware
from particle_cli.simulators.network.air import Air
from particle_cli.simulators.network.ethernet import EthernetPort
from particle_cli.simulators.network.interfaces import (
    Interface,
    InterfaceKind,
    interfaces,
    lan_address,
    mobile_address,
)
from particle_cli.simulators.network.ip_settings import IpSettings
from particle_cli.simulators.network.made_up import host_number
from particle_cli.simulators.network.modem import Modem
from particle_cli.simulators.network.wifi import WifiRadio

_NO_MAC = bytes(6)


class Network:
    """What one device has to reach a network with, and whether it does.

    Attributes:
        wifi: its Wi-Fi radio; None too where that only serves to find the device's position.
        modem: its cellular modem, or None.
        ethernet: its Ethernet port, or None where the firmware has no driver for one.
        ip_settings: which address it uses, on Gen 2.
        up: whether its firmware wants to be connected.
    """

    def __init__(self, hardware: Hardware, air: Air, in_reach: Callable[[], bool]) -> None:
        """Begin with all of it down.

        Args:
            hardware: the device's board.
            air: what is around it.
            in_reach: whether its antennas receive anything at all.
        """
        ways = hardware.platform.interfaces
        has_wifi = ways.wifi and not ways.wifi_scan_only
        self.wifi = WifiRadio(hardware, air, in_reach) if has_wifi else None
        self.modem = Modem(hardware, air, in_reach) if ways.cellular else None
        self.ethernet = EthernetPort(hardware) if ways.ethernet else None
        self.ip_settings = IpSettings()
        self._platform = hardware.platform
        self._host_number = host_number(hardware.device_id)
        self.up = False

    @property
    def configured(self) -> bool:
        """Whether the firmware knows any way; where it knows none it starts listening mode."""
        wired = self.ethernet is not None and self.ethernet.found
        return wired or self.modem is not None or self.wifi is None or bool(self.wifi.known)

    @property
    def linked(self) -> bool:
        """Whether it is connected with any network."""
        return bool(
            (self.ethernet and self.ethernet.linked)
            or (self.wifi and self.wifi.current)
            or (self.modem and self.modem.attached)
        )

    @property
    def interfaces(self) -> tuple[Interface, ...]:
        """Its network interfaces; none on Gen 2, whose firmware does not number them."""
        return interfaces(
            self._platform,
            wifi=self.wifi,
            modem=self.modem,
            ethernet=self.ethernet,
            up=self.up,
            host_number=self._host_number,
        )

    @property
    def mac(self) -> bytes:
        """The address that the device gives as its own: Wi-Fi's, or that of the wire in use, or zeros."""
        if self.wifi:
            return self.wifi.mac
        wired = (one.mac for one in self.interfaces if one.kind is InterfaceKind.ETHERNET and one.linked)
        return next(wired, _NO_MAC)

    @property
    def addresses_in_use(self) -> IpSettings | None:
        """The addresses of a Gen 2 device and of what is around it, or None without a link."""
        if not self.linked:
            return None
        if self.ip_settings.static:
            return self.ip_settings
        if not self.wifi:
            return IpSettings(address=mobile_address(self._host_number))
        router = lan_address(1)
        return IpSettings(
            address=lan_address(self._host_number),
            netmask=bytes((255, 255, 255, 0)),
            gateway=router,
            name_servers=(router,),
            hostname=self.ip_settings.hostname,
        )

    def come_up(self) -> None:
        """Connect with whatever there is to connect with."""
        self.up = True
        if self.ethernet:
            self.ethernet.up = True
        if self.wifi:
            self.wifi.associate()
        if self.modem:
            self.modem.attach()

    def go_down(self) -> None:
        """End all connections, as listening mode does."""
        self.up = False
        if self.ethernet:
            self.ethernet.up = False
        if self.wifi:
            self.wifi.leave()
        if self.modem:
            self.modem.detach()

    def reset(self) -> None:
        """Lose what a reset loses."""
        self.go_down()
        if self.modem:
            self.modem.reset()
        if self.ethernet:
            self.ethernet.reset()

    def air_changed(self) -> None:
        """Notice what has come and gone: networks, SIMs, cables. `Connection.air_changed` calls it."""
        if self.wifi:
            self.wifi.air_changed()
        if self.modem:
            self.modem.air_changed()
        if self.up:
            self.come_up()
