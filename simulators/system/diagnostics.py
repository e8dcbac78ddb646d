"""What a device measures of itself, as JSON (Device OS diagnostics).

A source that has nothing to tell is an object with an error in the place of a number. Fractions are counted
in 256ths. Counters of things that never happen here are 0; the sizes of memories are like real ones.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.network.interfaces import Interface, InterfaceKind
from particle_cli.simulators.network.network import Network
from particle_cli.simulators.system.bootloader_side import BootloaderSide
from particle_cli.simulators.system.system import System
from particle_cli.simulators.system.system_version import system_version

Value = int | Mapping[str, int]

_MEMORY: Final = {"gen2": (131072, 52000), "nrf52840": (163840, 81234), "rtl872x": (3145728, 2400000)}
"""Bytes of RAM that programs can have, and how much of that is free."""
_WITH_PROTECTION: Final = 6000
_LOOPS_PER_S: Final = 1000
_TURNED_OFF, _DISCONNECTED, _CONNECTED = 0, 2, 4
_CLOUD_CONNECTED: Final = 2
_WIFI, _LTE = 1, 6
"""Technologies by which a device gets to the network."""
_CELLULAR_DBM: Final = -75
_WEAKEST_DBM: Final = -100
_CHARGED, _FROM_USB_HOST = 4, 2
_CELL: Final = {"mcc": 310, "mnc": 410, "lac": 10001, "ci": 201234567}


def diagnostics(system: System) -> str:
    """Return all sources and what they tell."""
    sources = _of_system(system) | _of_network(system) | _of_signal(system.network) | _of_cloud(system)
    return json.dumps(sources, separators=(",", ":"))


def _failed(result: int) -> Value:
    return {"err": result}


def _fixed(value: float) -> int:
    return round(value * 256)


def _of_system(system: System) -> dict[str, Value]:
    total, free = _MEMORY[system.hardware.platform.family or ""]
    uptime = int(system.uptime_s)
    sources: dict[str, Value] = {"sys:reset": system.session.reset_reason, "mem:free": free}
    if system.network.modem:
        sources |= {"batt:soc": _fixed(100), "batt:state": _CHARGED, "pwr:src": _FROM_USB_HOST}
    loops = uptime * _LOOPS_PER_S
    sources |= {"sys:loops": loops, "app:loops": loops if system.application_runs else 0}
    sources |= {"sys:uptime": uptime, "sys:tram": total, "sys:uram": total - free}
    if system_version(system) >= _WITH_PROTECTION:
        sources["sys:protected"] = int(BootloaderSide(system).protected)
    return sources


def _of_network(system: System) -> dict[str, Value]:
    network, linked = system.network, _linked(system.network)
    status = _CONNECTED if network.linked else _DISCONNECTED if network.up else _TURNED_OFF
    offline = _failed(system_error.INVALID_STATE)
    address, gateway = offline, offline
    if linked and linked.addresses:
        number = int.from_bytes(linked.addresses[0].value[:4], signed=True)
        address, gateway = number, (number & ~0xFF) + 1
    sources: dict[str, Value] = {
        "net:stat": status,
        "net:err": 0,
        "net:dconn": 0,
        "net:connatt": int(network.linked),
        "net:dconnrsn": 0,
        "net:ip:addr": address,
        "net:ip:gw": gateway,
        "net:flags": int(linked.flags) if linked else 0,
    }
    if network.wifi:
        sources["net:cntry"] = 0
    return sources


def _of_signal(network: Network) -> dict[str, Value]:
    """Tell of the radio that is connected. There is never a second one at the same time."""
    nothing = _failed(system_error.INVALID_STATE)
    names = ("net:rssi", "net:sigstr", "net:sigstrv", "net:sigqual", "net:sigqualv", "net:at")
    sources: dict[str, Value] = dict.fromkeys(names, nothing)
    wifi, modem = network.wifi, network.modem
    found = None
    if wifi and wifi.current:
        found = wifi.current.rssi, _WIFI
    elif modem and modem.attached:
        found = _CELLULAR_DBM, _LTE
    if found:
        dbm, technology = found
        share = _fixed(max(0, min(100, 2 * (dbm - _WEAKEST_DBM))))
        sources = dict(
            zip(names, (_fixed(dbm), share, _fixed(dbm), share, _fixed(dbm), technology), strict=True)
        )
    if modem:
        cell = {f"net:cell:cgi:{name}": number for name, number in _CELL.items()}
        sources |= cell if modem.attached else dict.fromkeys(cell, nothing)
    other = ("sigstr", "sigstrv", "sigqual", "sigqualv", "at")
    return sources | {f"net:alt:{name}": nothing for name in other}


def _of_cloud(system: System) -> dict[str, Value]:
    connection, linked = system.connection, _linked(system.network)
    online = connection.online
    return {
        "cloud:stat": _CLOUD_CONNECTED if online else int(connection.connecting),
        "cloud:err": 0,
        "cloud:dconn": 0,
        "cloud:connatt": int(online or connection.connecting),
        "cloud:dconnrsn": 0,
        "cloud:connif": linked.index if online and linked else 0,
        "coap:transmit": 0,
        "coap:retransmit": 0,
        "coap:unack": 0,
        "coap:roundtrip": 0,
        "pub:limit": 0,
    }


def _linked(network: Network) -> Interface | None:
    """Return the interface by which the device is connected; Gen 2 has none that can be named."""
    linked = (one for one in network.interfaces if one.linked and one.kind is not InterfaceKind.LOOPBACK)
    return next(linked, None)
