"""`particle wifi …`: the Wi-Fi networks that a device of Gen 3 or later knows, and the one it is on."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from particle_cli.domain.control import wifi_setup
from particle_cli.domain.control.modes import RunningMode
from particle_cli.domain.control.wifi import checked_ssid
from particle_cli.domain.devices.found import label
from particle_cli.entrypoints.cli.commands.wifi_device import WifiDevice, wifi_device
from particle_cli.entrypoints.cli.commands.wifi_questions import network_given, network_wanted
from particle_cli.entrypoints.cli.result import Plain, Result, Told
from particle_cli.ports.errors import UsageError

if TYPE_CHECKING:
    from particle_cli.domain.control.wifi import CurrentNetwork, Security
    from particle_cli.domain.devices.wifi_network import WifiNetwork
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

_CHECK = (
    "Check the name and the password of the network, and that it is in reach of the device. Add --hidden "
    "when it does not tell its name."
)
_CHECK_KNOWN = (
    "See with particle wifi list whether the device knows the network; if not, use particle wifi add. "
    "Otherwise check that it is in reach of the device."
)


async def add(given: Given, wires: Wires) -> Result:
    """Have the device store a network without joining it."""
    network, device = await _network_for(given, wires)
    ssid = network.ssid
    if given.flag("dry-run"):
        return _planned(device, f"add the Wi-Fi network '{ssid}'")
    await device.ask(
        f"add the Wi-Fi network '{ssid}'",
        lambda channel: wifi_setup.add(
            channel, ssid, security=network.security, password=network.password, hidden=network.hidden
        ),
    )
    lines = (
        f"Wi-Fi network '{ssid}' added successfully.",
        f"To join this network, run particle wifi join --ssid {shlex.quote(ssid)}",
        "",
    )
    return Told("\n".join(lines), _network_data(device, network))


async def join(given: Given, wires: Wires) -> Result:
    """Have the device join a network: a new one, or with nothing but `--ssid` one that it knows."""
    ssid = given.text("ssid")
    if ssid is not None and not _describes_a_network(given):
        return await _join_known(given, wires, checked_ssid(ssid))
    network, device = await _network_for(given, wires)
    if given.flag("dry-run"):
        return _planned(device, f"join the Wi-Fi network '{network.ssid}'")
    before = await device.ask(
        f"join the Wi-Fi network '{network.ssid}'",
        lambda channel: wifi_setup.join(
            channel,
            network.ssid,
            security=network.security,
            password=network.password,
            hidden=network.hidden,
        ),
        hint=_CHECK,
    )
    return _joined(device, network.ssid, before, "Attempting")


async def _join_known(given: Given, wires: Wires, ssid: str) -> Result:
    device = await wifi_device(given, wires)
    if given.flag("dry-run"):
        return _planned(device, f"join the Wi-Fi network '{ssid}', which it has to know")
    before = await device.ask(
        f"join the Wi-Fi network '{ssid}'",
        lambda channel: wifi_setup.join_known(channel, ssid),
        hint=_CHECK_KNOWN,
    )
    return _joined(
        device, ssid, before, "Attemping"
    )  # as the Node CLI spells it here, which scripts look for


def _joined(device: WifiDevice, ssid: str, before: RunningMode | None, attempting: str) -> Result:
    listening = before is RunningMode.LISTENING
    lines = (
        *(("Exiting listening mode...",) if listening else ()),
        f"Wi-Fi network '{ssid}' configured successfully. {attempting} to join...",
        "Use particle wifi current to check the current network.",
    )
    return Told("\n".join(lines), {"id": device.device.id, "ssid": ssid, "leftListeningMode": listening})


async def list_known(given: Given, wires: Wires) -> Result:
    """Show the networks that the device has stored."""
    device = await wifi_device(given, wires)
    known = await device.ask("list Wi-Fi networks", wifi_setup.known)
    current = await device.ask("list Wi-Fi networks", wifi_setup.current) if known else None
    on = current.ssid if current else None
    rows = [
        f"- {one.ssid} ({_word(one.security)}){' - current network' if one.ssid == on else ''}"
        for one in known
    ]
    data: list[Plain] = [
        {
            "ssid": one.ssid,
            "security": _word(one.security),
            "hasPassword": one.has_password,
            "current": one.ssid == on,
        }
        for one in known
    ]
    if not rows:
        return Told("No Wi-Fi networks found.", data)
    return Told("\n".join(("List of Wi-Fi networks on the device:", "", *rows)), data)


async def remove(given: Given, wires: Wires) -> Result:
    """Have the device forget a network."""
    word = given.text("ssid")
    if not word:
        raise UsageError("Please provide a network name to remove using the --ssid flag.")
    ssid = checked_ssid(word)
    device = await wifi_device(given, wires)
    if given.flag("dry-run"):
        return _planned(device, f"remove the Wi-Fi network '{ssid}'")
    await device.ask(f"remove the Wi-Fi network '{ssid}'", lambda channel: wifi_setup.remove(channel, ssid))
    lines = (
        f"Wi-Fi network {ssid} removed from device's list successfully.",
        "To disconnect from the network, run particle usb reset.",
        "",
    )
    return Told("\n".join(lines), {"id": device.device.id, "ssid": ssid})


async def clear(given: Given, wires: Wires) -> Result:
    """Have the device forget all networks."""
    device = await wifi_device(given, wires)
    if given.flag("dry-run"):
        return _planned(device, "remove all Wi-Fi networks")
    await device.ask("clear Wi-Fi networks", wifi_setup.clear)
    return Told("Wi-Fi networks cleared successfully.", {"id": device.device.id})


async def current(given: Given, wires: Wires) -> Result:
    """Show the network that the device is on."""
    device = await wifi_device(given, wires)
    found = await device.ask("retrieve the current Wi-Fi network", wifi_setup.current)
    if found is None:
        return Told("No Wi-Fi network connected", None)
    return Told("\n".join(_current_lines(found)), _current_data(found))


def _current_lines(found: CurrentNetwork) -> tuple[str, ...]:
    return (
        "Current Wi-Fi network:",
        "",
        f"- SSID: {found.ssid}",
        f"  BSSID: {found.bssid.hex(':')}",
        f"  Channel: {found.channel}",
        f"  RSSI: {found.rssi}",
        "",
    )


def _current_data(found: CurrentNetwork) -> dict[str, Plain]:
    return {
        "ssid": found.ssid,
        "bssid": found.bssid.hex(":"),
        "channel": found.channel,
        "rssi": found.rssi,
    }


def _describes_a_network(given: Given) -> bool:
    """Tell whether the flags say more of a network than its name."""
    return given.flag("hidden") or any(
        given.text(flag) is not None for flag in ("file", "security", "password")
    )


async def _network_for(given: Given, wires: Wires) -> tuple[WifiNetwork, WifiDevice]:
    """Return the network that is described, and the device, which helps where nothing describes one."""
    network = network_given(given, wires)  # before anything else, so that nobody waits for a typing error
    device = await wifi_device(given, wires)
    return await network_wanted(network, device), device


def _planned(device: WifiDevice, what: str) -> Result:
    return Told(
        f"Would {what} on {label(device.device)}.",
        {"id": device.device.id, "dryRun": True, "would": what},
    )


def _network_data(device: WifiDevice, network: WifiNetwork) -> dict[str, Plain]:
    return {
        "id": device.device.id,
        "ssid": network.ssid,
        "security": network.security.name if network.security else None,
        "hidden": network.hidden,
    }


def _word(security: Security | None) -> str:
    return security.name if security else "UNKNOWN"
