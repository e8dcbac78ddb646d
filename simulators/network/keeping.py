"""What a device's radios and the air keep, as JSON text. It holds passwords."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from attrs import field, frozen
from cattrs import Converter
from cattrs.errors import BaseValidationError

from particle_cli.simulators.network.air import AccessPoint, Air
from particle_cli.simulators.network.ip_settings import IpSettings
from particle_cli.simulators.network.known_network import KnownNetwork
from particle_cli.simulators.network.modem import PacketNetwork, Sim
from particle_cli.simulators.network.network import Network
from particle_cli.simulators.network.wifi import Antenna
from particle_cli.simulators.world_errors import WorldDamaged

T = TypeVar("T")


@frozen
class _Wifi:
    known: tuple[KnownNetwork, ...] = field(repr=False)
    joined: bytes | None
    antenna: Antenna = Antenna.INTERNAL


@frozen
class _Modem:
    powered: bool
    attached: bool
    inserted: tuple[Sim, ...]
    active_sim: Sim
    sim_in_use: Sim
    access_points: Mapping[Sim, PacketNetwork] = field(repr=False)


@frozen
class _Ethernet:
    fitted: bool
    found: bool
    plugged: bool
    up: bool


@frozen
class _Radios:
    up: bool
    wifi: _Wifi | None = None
    modem: _Modem | None = None
    ethernet: _Ethernet | None = None
    ip_settings: IpSettings = field(factory=IpSettings)


@frozen
class _Air:
    access_points: tuple[AccessPoint, ...] = field(repr=False)
    cellular: bool


def air_as_text(air: Air) -> str:
    """Write down what there is in the air."""
    return _text(_Air(air.access_points, air.cellular))


def air_from_text(text: str | bytes) -> Air:
    """Return the air that was written down. Raises: WorldDamaged."""
    kept = _value(text, _Air)
    return Air(kept.access_points, cellular=kept.cellular)


def radios_as_text(network: Network) -> str:
    """Write down what a device's radios keep, and what they are connected with."""
    wifi, modem, ethernet = network.wifi, network.modem, network.ethernet
    joined = wifi.current.bssid if wifi and wifi.current else None
    return _text(
        _Radios(
            network.up,
            _Wifi(wifi.known, joined, wifi.antenna) if wifi else None,
            _Modem(
                modem.powered,
                modem.attached,
                tuple(sorted(modem.inserted, key=lambda sim: sim.value)),
                modem.active_sim,
                modem.sim_in_use,
                modem.access_points,
            )
            if modem
            else None,
            _Ethernet(ethernet.fitted, ethernet.found, ethernet.plugged, ethernet.up) if ethernet else None,
            network.ip_settings,
        )
    )


def restore_radios(network: Network, air: Air, text: str) -> None:
    """Bring new radios into the state that was written down.

    Args:
        network: the radios.
        air: what is around them now; what has gone from it since, they are no longer connected with.
        text: what `radios_as_text` gave.

    Raises: WorldDamaged.
    """
    kept = _value(text, _Radios)
    network.up, network.ip_settings = kept.up, kept.ip_settings
    if network.wifi and kept.wifi:
        network.wifi.known = kept.wifi.known
        network.wifi.antenna = kept.wifi.antenna
        network.wifi.current = air.access_point(kept.wifi.joined) if kept.wifi.joined else None
    if network.modem and kept.modem:
        network.modem.powered, network.modem.attached = kept.modem.powered, kept.modem.attached
        network.modem.inserted = frozenset(kept.modem.inserted)
        network.modem.active_sim, network.modem.sim_in_use = kept.modem.active_sim, kept.modem.sim_in_use
        network.modem.access_points = dict(kept.modem.access_points)
    if network.ethernet and kept.ethernet:
        network.ethernet.fitted, network.ethernet.found = kept.ethernet.fitted, kept.ethernet.found
        network.ethernet.plugged, network.ethernet.up = kept.ethernet.plugged, kept.ethernet.up
    network.air_changed()


@cache
def _converter() -> Converter:
    converter = Converter()
    converter.register_unstructure_hook(bytes, bytes.hex)
    converter.register_structure_hook(bytes, lambda value, kind: bytes.fromhex(value))
    return converter


def _text(value: object) -> str:
    plain: Any = _converter().unstructure(value)
    return json.dumps(plain, separators=(",", ":"))


def _value(text: str | bytes, kind: type[T]) -> T:
    try:
        return _converter().structure(json.loads(text), kind)
    except (ValueError, TypeError, BaseValidationError) as error:
        raise WorldDamaged(
            "The simulated world cannot be read: what it says of networks is wrong."
        ) from error
