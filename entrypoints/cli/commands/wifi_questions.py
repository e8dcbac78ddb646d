"""Which Wi-Fi network is meant: by a file, by flags, or as the person chooses and types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from particle_cli.domain.control import wifi_setup
from particle_cli.domain.control.wifi import Security, checked_ssid
from particle_cli.domain.devices.wifi_network import WifiNetwork, read_network, security_named
from particle_cli.entrypoints.wires import STDIN
from particle_cli.ports.errors import UsageError

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.commands.wifi_device import WifiDevice
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires
    from particle_cli.ports.person import Person

_RESCAN = "[rescan networks]"
_WHICH = "--file or --ssid"
_PASSWORD = "--password, or with --password - and a line on standard input"
_OFFERED = (
    Security.NO_SECURITY,
    Security.WEP,
    Security.WPA_PSK,
    Security.WPA2_PSK,
    Security.WPA3_PSK,
)


def network_given(given: Given, wires: Wires) -> WifiNetwork | None:
    """Return the network that the flags describe, as far as they do; None where they say nothing of one.

    Raises: UsageError, CredentialsInvalid, RequestInvalid, FileError, NobodyThere.
    """
    path, ssid = given.text("file"), given.text("ssid")
    security, password = given.text("security"), given.text("password")
    if path is not None:
        if given.flag("hidden") or any(flag is not None for flag in (ssid, security, password)):
            raise UsageError("--file stands alone: it needs no --ssid, --security, --password or --hidden.")
        return read_network(wires.read(path), path=path)
    if ssid is None:
        if given.flag("hidden") or security is not None or password is not None:
            raise UsageError("--security, --password and --hidden need --ssid, the name of the network.")
        return None
    if password == STDIN:
        password = wires.read_secret("password")
    return WifiNetwork(
        checked_ssid(ssid),
        security_named(security) if security is not None else None,
        password or None,
        given.flag("hidden"),
    )


async def network_wanted(network: WifiNetwork | None, device: WifiDevice) -> WifiNetwork:
    """Return the network with all that a device needs; the person is asked for what is missing.

    Raises: NobodyThere, RequestInvalid, WifiFailed.
    """
    person = device.wires.person
    if network is None:
        scanned = await person.confirm(
            "Would you like to scan for Wi-Fi networks?", flag=_WHICH, default=True
        )
        network = await (_scanned(device, person) if scanned else _typed(person))
    if network.security is None and network.password is None:
        network = evolve(network, security=await _security(person))
    if network.security not in (None, Security.NO_SECURITY) and network.password is None:
        network = evolve(network, password=await person.ask_secret("Wi-Fi Password", flag=_PASSWORD))
    return network


async def _scanned(device: WifiDevice, person: Person) -> WifiNetwork:
    """Have the person choose among the networks that the device hears."""
    while True:
        points = await device.ask("scan for Wi-Fi networks", wifi_setup.nearby)
        if not points:
            person.note("No Wi-Fi networks found.")
        names = [point.ssid or "" for point in points]
        chosen = await person.choose("Select the Wi-Fi network:", [*names, _RESCAN], flag=_WHICH)
        if chosen < len(points):
            return WifiNetwork(names[chosen], points[chosen].security)


async def _typed(person: Person) -> WifiNetwork:
    ssid = checked_ssid(await person.ask("Enter the SSID of your Wi-Fi network:", flag=_WHICH))
    security = await _security(person)
    password = None
    if security is not Security.NO_SECURITY:
        password = await person.ask_secret("Wi-Fi Password", flag=_PASSWORD)
    hidden = await person.confirm("Is this a hidden network?", flag="--hidden", default=False)
    return WifiNetwork(ssid, security, password, hidden)


async def _security(person: Person) -> Security:
    words = [security.name for security in _OFFERED]
    question = "Select the security type for your Wi-Fi network:"
    return _OFFERED[await person.choose(question, words, flag="--security")]
