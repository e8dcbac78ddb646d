"""A Wi-Fi radio and the networks that its firmware knows.

Sources: Device OS hal/network/ncp/wifi/wifi_network_manager.cpp (Gen 3 and later: ten networks, a new one
takes the last place of a full list, the one joined moves to the front), hal/src/photon/wlan_hal.cpp (five
networks, the oldest makes room).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Final

from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.hardware.hardware import Hardware
from particle_cli.simulators.network.air import BENCH, AccessPoint, Air
from particle_cli.simulators.network.known_network import KnownNetwork
from particle_cli.simulators.network.made_up import wifi_mac

SCAN_MS: Final = 2500.0
JOIN_MS: Final = 8000.0
"""From the request to an address of one's own."""
JOIN_FAILED_MS: Final = 15000.0
"""Two tries, and a scan for other access points of the network between them."""

FROM_THE_FACTORY: Final = KnownNetwork(BENCH.ssid, BENCH.security, BENCH.password)


class Antenna(Enum):
    """Which antenna a Gen 2 radio uses."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    AUTO = "auto"


class JoinFailed(Exception):
    """No access point of the network is in reach and lets the device in."""


class WifiRadio:
    """The radio of one device.

    Attributes:
        mac: address of the station, 6 bytes.
        current: the access point that it is connected with, or None.
        antenna: which antenna it uses.
        storage_worn: whether the memory for known networks takes nothing new.
    """

    def __init__(self, hardware: Hardware, air: Air, in_reach: Callable[[], bool]) -> None:
        """Begin unconnected, knowing the bench's network.

        Args:
            hardware: the board it sits on.
            air: what there is to receive.
            in_reach: whether it receives anything at all.
        """
        family = hardware.platform.family
        self.mac = wifi_mac(family, hardware.device_id)
        self.current: AccessPoint | None = None
        self.antenna = Antenna.INTERNAL
        self.storage_worn = False
        self._air = air
        self._in_reach = in_reach
        self._known: tuple[KnownNetwork, ...] = (FROM_THE_FACTORY,)
        self._is_gen2 = family in ("gen2", "core")
        self._both_bands = family == "rtl872x"
        self._is_esp32 = family == "nrf52840"

    # What it remembers

    @property
    def capacity(self) -> int:
        """How many networks it remembers."""
        return 5 if self._is_gen2 else 10

    @property
    def known(self) -> tuple[KnownNetwork, ...]:
        """The networks that it remembers, in the order in which it tries them."""
        return self._known

    @known.setter
    def known(self, networks: Iterable[KnownNetwork]) -> None:
        self._known = tuple(networks)

    def known_network(self, ssid: str) -> KnownNetwork | None:
        """Return what it remembers of a network, or None."""
        return next((one for one in self._known if one.ssid == ssid), None)

    def store(self, network: KnownNetwork) -> None:
        """Remember a network, in the place of one of that name; in a full list another one is forgotten.

        Raises: RequestFailed where the memory is worn.
        """
        if self.storage_worn:
            raise RequestFailed(system_error.FLASH_IO)
        if self.known_network(network.ssid):
            self._known = tuple(network if one.ssid == network.ssid else one for one in self._known)
        elif len(self._known) < self.capacity:
            self._known += (network,)
        elif self._is_gen2:
            self._known = (*self._known[1:], network)
        else:
            self._known = (*self._known[:-1], network)

    def prefer(self, ssid: str) -> None:
        """Try a network that it remembers before all others from now on; Gen 2 has no such preference."""
        network = self.known_network(ssid)
        if network and not self._is_gen2:
            self._known = (network, *(one for one in self._known if one.ssid != ssid))

    def remove(self, ssid: str) -> None:
        """Forget a network; it may be unknown. A connection with it goes on."""
        self._known = tuple(one for one in self._known if one.ssid != ssid)

    def clear(self) -> None:
        """Forget all networks. A connection goes on."""
        self._known = ()

    # What it receives

    def scan(self) -> tuple[AccessPoint, ...]:
        """Return the access points that it receives, the strongest first. It takes SCAN_MS."""
        if not self._in_reach():
            return ()
        received = [one for one in self._air.access_points if self._both_bands or not one.is_5_ghz]
        return tuple(sorted(received, key=lambda one: -one.rssi))

    def find(self, ssid: str) -> AccessPoint | None:
        """Return the strongest access point that shows that name, or None."""
        return next((one for one in self.scan() if one.ssid == ssid and not one.hidden), None)

    # Connections

    def join(self, network: KnownNetwork) -> AccessPoint:
        """Leave the network it is connected with, and connect with the strongest access point of another.

        Args:
            network: what it knows of it. It need not be remembered.

        Raises: JoinFailed.
        """
        self.current = None
        matters = not self._is_esp32
        for access_point in self.scan():
            if network.opens(access_point, security_matters=matters):
                self.current = access_point
                return access_point
        raise JoinFailed(network.ssid)

    def join_known(self, ssid: str = "") -> AccessPoint:
        """Connect with a network that it remembers, and try that one first from now on.

        Args:
            ssid: its name; empty: any network.

        Raises: JoinFailed.
        """
        self.current = None
        for network in self._to_try():
            if ssid in ("", network.ssid):
                try:
                    joined = self.join(network)
                except JoinFailed:
                    continue
                self.prefer(network.ssid)
                return joined
        raise JoinFailed(ssid)

    def _to_try(self) -> list[KnownNetwork]:
        """Return the known networks in the order of trying: an ESP32's firmware goes by strength alone."""
        if self._is_gen2:
            return list(self._known)
        strength = {one.ssid: one.rssi for one in reversed(self.scan())}
        first = () if self._is_esp32 else self._known[:1]
        rest = sorted(self._known[len(first) :], key=lambda one: -strength.get(one.ssid, -1000))
        return [*first, *rest]

    def associate(self) -> None:
        """Connect with any network that it remembers, if one is in reach and it is not connected."""
        if self.current is None:
            try:
                self.join_known()
            except JoinFailed:
                return

    def leave(self) -> None:
        """End the connection."""
        self.current = None

    def air_changed(self) -> None:
        """Notice that the access point has gone away, or is another now."""
        joined = self.current
        if joined and (not self._in_reach() or self._air.access_point(joined.bssid) != joined):
            self.current = None
