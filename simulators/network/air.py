"""The air around devices: which Wi-Fi networks there are, and whether there is a cellular one.

All devices of a world share it. Distances are not modelled: what is in the air, every device receives, as
strong as every other, unless its own radio cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from attrs import field, frozen

from particle_cli.simulators.network.security import Cipher, Security

LAST_2_4_GHZ_CHANNEL: Final = 14
_LONGEST_SSID: Final = 32
_BSSID_SIZE: Final = 6


@frozen
class AccessPoint:
    """A Wi-Fi access point.

    Attributes:
        ssid: name of its network, at most 32 bytes of UTF-8.
        bssid: its address, 6 bytes.
        security: what it asks for.
        channel: 1 to 14 in the 2.4 GHz band, above in the 5 GHz band.
        rssi: how strong devices receive it, dBm.
        password: what it lets in with; with enterprise security that of `username`.
        username: whom it lets in, with enterprise security.
        cipher: with which encryption.
        hidden: whether it keeps its name to itself.
    """

    ssid: str
    bssid: bytes = field()
    security: Security = Security.NO_SECURITY
    channel: int = 6
    rssi: int = -50
    password: str = field(default="", repr=False)
    username: str = ""
    cipher: Cipher = Cipher.AES
    hidden: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse what no access point can be. Raises: ValueError."""
        if not 0 < len(self.ssid.encode()) <= _LONGEST_SSID:
            raise ValueError(f"the name of a Wi-Fi network has 1 to 32 bytes, unlike '{self.ssid}'")
        if len(self.bssid) != _BSSID_SIZE:
            raise ValueError(f"an access point's address has 6 bytes, unlike '{self.bssid.hex(':')}'")

    @property
    def is_5_ghz(self) -> bool:
        """Whether only radios for both bands receive it."""
        return self.channel > LAST_2_4_GHZ_CHANNEL


BENCH: Final = AccessPoint(
    "Bench", bytes.fromhex("02504152540a"), Security.WPA2_PSK, channel=6, rssi=-47, password="simulated"
)
"""The network that devices know when they are new, so that they are online without any set-up."""

USUAL_ACCESS_POINTS: Final = (
    BENCH,
    AccessPoint("Bench Guests", bytes.fromhex("02504152540b"), Security.NO_SECURITY, channel=11, rssi=-58),
    AccessPoint(
        "Bench 5G",
        bytes.fromhex("02504152540c"),
        Security.WPA2_WPA3_PSK,
        channel=36,
        rssi=-61,
        password="simulated",
    ),
)


class Air:
    """What can be received.

    Attributes:
        on_change: called after every change.
    """

    def __init__(
        self, access_points: Iterable[AccessPoint] = USUAL_ACCESS_POINTS, *, cellular: bool = True
    ) -> None:
        """Begin with these access points, and with or without a cellular network."""
        self._access_points = {one.bssid: one for one in access_points}
        self._cellular = cellular
        self.on_change: Callable[[], None] = lambda: None

    @property
    def access_points(self) -> tuple[AccessPoint, ...]:
        """All access points, in the order in which they appeared."""
        return tuple(self._access_points.values())

    @access_points.setter
    def access_points(self, all_of_them: Iterable[AccessPoint]) -> None:
        self._access_points = {one.bssid: one for one in all_of_them}
        self.on_change()

    def access_point(self, bssid: bytes) -> AccessPoint | None:
        """Return the access point of that address, or None."""
        return self._access_points.get(bssid)

    def become_usual(self) -> None:
        """Have in the air what was there in the beginning."""
        self._cellular = True
        self.access_points = USUAL_ACCESS_POINTS

    def add(self, access_point: AccessPoint) -> None:
        """Switch an access point on, in the place of the one with its address if there is one."""
        self._access_points[access_point.bssid] = access_point
        self.on_change()

    def remove(self, ssid: str) -> None:
        """Switch off all access points of a network; there may be none."""
        self.access_points = [one for one in self.access_points if one.ssid != ssid]

    @property
    def cellular(self) -> bool:
        """Whether modems find a network."""
        return self._cellular

    @cellular.setter
    def cellular(self, there: bool) -> None:
        self._cellular = there
        self.on_change()
