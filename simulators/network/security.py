"""How Wi-Fi networks are protected, in the terms of access points; each protocol has numbers of its own."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final


class Security(Enum):
    """What an access point asks for, or a device believes that it asks for."""

    NO_SECURITY = "none"
    WEP = "wep"
    WPA_PSK = "wpa"
    WPA2_PSK = "wpa2"
    WPA_WPA2_PSK = "wpa+wpa2"
    WPA3_PSK = "wpa3"
    WPA2_WPA3_PSK = "wpa2+wpa3"
    WPA_ENTERPRISE = "wpa enterprise"
    WPA2_ENTERPRISE = "wpa2 enterprise"

    @property
    def is_enterprise(self) -> bool:
        """Whether a person or a machine is let in, by name, in place of everybody with the password."""
        return self in (Security.WPA_ENTERPRISE, Security.WPA2_ENTERPRISE)

    def admits(self, believed: Security) -> bool:
        """Tell whether a device that believes the network to be of another kind gets through to it."""
        return believed is self or believed in _ALSO.get(self, ())


_ALSO: Final[Mapping[Security, tuple[Security, ...]]] = {
    Security.WPA_PSK: (Security.WPA_WPA2_PSK,),
    Security.WPA2_PSK: (Security.WPA_WPA2_PSK, Security.WPA2_WPA3_PSK),
    Security.WPA_WPA2_PSK: (Security.WPA_PSK, Security.WPA2_PSK, Security.WPA2_WPA3_PSK),
    Security.WPA3_PSK: (Security.WPA2_WPA3_PSK,),
    Security.WPA2_WPA3_PSK: (Security.WPA2_PSK, Security.WPA3_PSK, Security.WPA_WPA2_PSK),
}
"""Kinds that have a version of the protocol in common."""


class Cipher(Enum):
    """Which encryption goes with WPA; only Gen 2 devices keep it."""

    UNSET = "unset"
    AES = "aes"
    TKIP = "tkip"
    AES_TKIP = "aes+tkip"


class Eap(Enum):
    """How a device makes itself known to an enterprise network."""

    PEAP = "peap"
    TLS = "tls"
