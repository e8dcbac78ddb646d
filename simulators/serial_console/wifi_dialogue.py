"""The dialogue by which a person tells the device about a Wi-Fi network (Device OS system_setup.cpp).

Nothing is tried out: that the credentials were stored is all that its good end means.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.network.air import AccessPoint
from particle_cli.simulators.network.known_network import KnownNetwork
from particle_cli.simulators.network.security import Cipher, Security
from particle_cli.simulators.network.wifi import SCAN_MS
from particle_cli.simulators.serial_console.enterprise import EnterpriseDialogue
from particle_cli.simulators.serial_console.terminal import Program, Terminal
from particle_cli.simulators.system.system import System
from particle_cli.simulators.system.system_version import system_version

_LONGEST_SSID: Final = 32
_LONGEST_PASSWORD: Final = 64
_WITH_WPA3: Final = 5500
_ENTERPRISE_PLATFORMS: Final = ("photon", "p1")

_SECURITY: Final = "Security 0=unsecured, 1=WEP, 2=WPA, 3=WPA2"
_ENTERPRISE_SECURITY: Final = f"{_SECURITY}, 4=WPA Enterprise, 5=WPA2 Enterprise: "
_SECURITIES: Final[Mapping[int, Security]] = {
    0: Security.NO_SECURITY,
    1: Security.WEP,
    2: Security.WPA_PSK,
    3: Security.WPA2_PSK,
    4: Security.WPA_ENTERPRISE,
    5: Security.WPA2_ENTERPRISE,
    6: Security.WPA3_PSK,
}
"""The console's numbers; those of control requests are others."""
_CIPHERS: Final[Mapping[int, Cipher]] = {1: Cipher.AES, 2: Cipher.TKIP, 3: Cipher.AES_TKIP}
_WITHOUT_CIPHER: Final = (Security.NO_SECURITY, Security.WEP)

_SAVING: Final = "Thanks! Wait while I save those credentials...\r\n\r\n"
_SAVED: Final = (
    "Awesome. Now we'll connect!\r\n\r\n"
    "If you see a pulsing cyan light, your device \r\n"
    "has connected to the Cloud and is ready to go!\r\n\r\n"
    "If your LED flashes red or you encounter any other problems,\r\n"
    "visit https://www.particle.io/support to debug.\r\n\r\n"
    "    Particle <3 you!\r\n\r\n"
)
_NOT_SAVED: Final = "Derp. Sorry, we couldn't save the credentials.\r\n\r\n"


def wifi_dialogue(system: System, terminal: Terminal) -> Program[None]:
    """Answer `w`, which devices without Wi-Fi do not know; a good end ends listening mode, too."""
    wifi = system.network.wifi
    if wifi is None:
        return
    ssid = ""
    while not ssid:
        ssid = yield from terminal.text("SSID: ", _LONGEST_SSID)
    yield SCAN_MS
    network = yield from _network(system, terminal, ssid, wifi.find(ssid))
    terminal.print(_SAVING)
    try:
        wifi.store(network)
    except RequestFailed:
        terminal.print(_NOT_SAVED)
        return
    terminal.print(_SAVED)
    system.listen(False)


def _network(
    system: System, terminal: Terminal, ssid: str, seen: AccessPoint | None
) -> Program[KnownNetwork]:
    """Ask for all that the scan has not told."""
    security = seen.security if seen else (yield from _ask_security(system, terminal))
    cipher = seen.cipher if seen and seen.security not in _WITHOUT_CIPHER else None
    if cipher is None:
        chosen = yield from terminal.choice("Security Cipher 1=AES, 2=TKIP, 3=AES+TKIP: ", "123")
        cipher = _CIPHERS[chosen]
    if security.is_enterprise:
        return (yield from EnterpriseDialogue(terminal).network(ssid, security, cipher))
    password = ""
    if security is not Security.NO_SECURITY:
        password = yield from terminal.text("Password: ", _LONGEST_PASSWORD)
    return KnownNetwork(ssid, security, password, cipher=cipher)


def _ask_security(system: System, terminal: Terminal) -> Program[Security]:
    if system.hardware.platform.name in _ENTERPRISE_PLATFORMS:
        prompt, allowed = _ENTERPRISE_SECURITY, "012345"
    else:
        prompt, allowed = f"{_SECURITY}: ", "0123"
        if system_version(system) >= _WITH_WPA3:
            allowed += "6"  # not shown
    return _SECURITIES[(yield from terminal.choice(prompt, allowed))]
