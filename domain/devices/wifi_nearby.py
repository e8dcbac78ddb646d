"""The Wi-Fi networks that a device sees, in the words of its serial console."""

from __future__ import annotations

from typing import Final

from particle_cli.domain.control import wifi_legacy, wifi_setup
from particle_cli.domain.control.wifi_legacy import LegacyNetwork, LegacySecurity
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.opening import control_channel
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.serial_console.wifi_asking import NetworkNearby
from particle_cli.domain.serial_console.wifi_security import (
    CipherDigit,
    SecurityDigit,
    WifiSecurity,
    security_named,
)
from particle_cli.ports.clock import Clock
from particle_cli.ports.usb import Usb

_SCAN_S: Final = 20.0
_HAS_OLD_REQUESTS: Final = 2


async def wifi_nearby(usb: Usb, clock: Clock, device: FoundDevice) -> tuple[NetworkNearby, ...]:
    """Have a device look around.

    Raises: RequestFailed with NOT_SUPPORTED from Device OS 2.0 and later on Gen 2; as `control_channel` and
    `ControlChannel.request`.
    """
    async with control_channel(usb, clock, device) as channel:
        if (platform(device.platform_id).generation or 0) > _HAS_OLD_REQUESTS:
            found = await wifi_setup.nearby(channel)
            return tuple(
                NetworkNearby(one.ssid, security_named(one.security.name) if one.security else None)
                for one in found
                if one.ssid
            )
        old = {one.ssid: one for one in await wifi_legacy.scan(channel, timeout_s=_SCAN_S) if one.ssid}
        return tuple(NetworkNearby(ssid, _security(one)) for ssid, one in old.items())


def _security(told: LegacyNetwork) -> WifiSecurity | None:
    """Return how a network is secured; the messages number security and ciphers as the console does."""
    if told.security is LegacySecurity.UNKNOWN:
        return None
    cipher = CipherDigit(told.cipher.value) if told.cipher.value else CipherDigit.AES
    return WifiSecurity(SecurityDigit(told.security.value), cipher)
