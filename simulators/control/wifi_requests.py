"""Wi-Fi networks, on Gen 3 and later (Device OS system/src/control/wifi_new.cpp).

A network is only remembered if the device gets through to it. Why it does not, the device cannot tell: an
unknown name, a wrong password and a network out of reach all end with NOT_FOUND.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from attrs import evolve

from particle_cli.domain.control.messages import wifi_new_pb2 as pb
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import NEVER, Entry, Versions, decoded, reply, since
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.network.air import AccessPoint
from particle_cli.simulators.network.known_network import KnownNetwork
from particle_cli.simulators.network.security import Security
from particle_cli.simulators.network.wifi import JOIN_FAILED_MS, JOIN_MS, SCAN_MS, JoinFailed, WifiRadio
from particle_cli.simulators.system.system import System

_ALWAYS: Final[Versions] = since(400)
_STORES_UNTRIED: Final[Versions] = since(5802, until=6000) + since(6200)
_BSSID_SIZE: Final = 6

_SECURITY: Final = {
    pb.NO_SECURITY: Security.NO_SECURITY,
    pb.WEP: Security.WEP,
    pb.WPA_PSK: Security.WPA_PSK,
    pb.WPA2_PSK: Security.WPA2_PSK,
    pb.WPA_WPA2_PSK: Security.WPA_WPA2_PSK,
    pb.WPA3_PSK: Security.WPA3_PSK,
    pb.WPA2_WPA3_PSK: Security.WPA2_WPA3_PSK,
}
_NUMBERS: Final = {security: number for number, security in _SECURITY.items()}


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group; none without a radio for Wi-Fi."""
    radio = system.network.wifi
    if radio is None:
        return {}

    def gen3(handle: Callable[[System, WifiRadio, bytes], Outcome], versions: Versions = _ALWAYS) -> Entry:
        return Entry(partial(handle, system, radio), gen3=versions, gen2=NEVER)

    return {
        RequestType.WIFI_JOIN_NEW_NETWORK: gen3(_join_new),
        RequestType.WIFI_JOIN_KNOWN_NETWORK: gen3(_join_known),
        RequestType.WIFI_GET_KNOWN_NETWORKS: gen3(_known_networks),
        RequestType.WIFI_REMOVE_KNOWN_NETWORK: gen3(_remove_known),
        RequestType.WIFI_CLEAR_KNOWN_NETWORKS: gen3(_clear_known),
        RequestType.WIFI_GET_CURRENT_NETWORK: gen3(_current_network),
        RequestType.WIFI_SCAN_NETWORKS: gen3(_scan),
        RequestType.WIFI_SET_NETWORK_CREDENTIALS: gen3(_set_credentials, _STORES_UNTRIED),
    }


# Joining


def _join_new(system: System, radio: WifiRadio, payload: bytes) -> Outcome:
    network = _told(decoded(pb.JoinNewNetworkRequest, payload))
    takes_ms = 0.0
    if _asks_the_air(system, network):
        takes_ms += SCAN_MS
        found = radio.find(network.ssid)
        network = evolve(network, security=found.security) if found else network
    outcome = _joining(system, lambda: radio.join(network), takes_ms)
    if not outcome.result:
        radio.store(network)
        radio.prefer(network.ssid)
    return outcome


def _join_known(system: System, radio: WifiRadio, payload: bytes) -> Outcome:
    ssid = decoded(pb.JoinKnownNetworkRequest, payload).ssid
    if ssid and radio.known_network(ssid) is None:
        radio.leave()
        system.connection.interrupt(0)
        raise RequestFailed(system_error.NOT_FOUND)
    return _joining(system, lambda: radio.join_known(ssid))


def _joining(system: System, join: Callable[[], AccessPoint], scanned_ms: float = 0.0) -> Outcome:
    """Leave the network and the cloud, join another network, and set out for the cloud again."""
    try:
        join()
        result, takes_ms = 0, scanned_ms + JOIN_MS
    except JoinFailed:
        result, takes_ms = system_error.NOT_FOUND, scanned_ms + JOIN_FAILED_MS
    system.connection.interrupt(takes_ms)
    return Outcome(result, takes_ms=takes_ms)


def _asks_the_air(system: System, network: KnownNetwork) -> bool:
    """Tell whether the firmware looks for itself what the network asks for, whatever the host said."""
    if system.hardware.platform.family == "rtl872x":
        return not network.hidden
    return bool(network.password) and network.security is Security.NO_SECURITY


def _told(request: pb.JoinNewNetworkRequest | pb.SetNetworkCredentialsRequest) -> KnownNetwork:
    """Return what a host tells of a network. Raises: RequestFailed."""
    if len(request.bssid) > _BSSID_SIZE:
        raise RequestFailed(system_error.BAD_DATA)
    if request.credentials.type not in (pb.NO_CREDENTIALS, pb.PASSWORD):
        raise RequestFailed(system_error.NOT_SUPPORTED)
    security = _SECURITY.get(request.security)
    if not request.ssid or security is None:
        raise RequestFailed(system_error.INVALID_ARGUMENT)
    password = request.credentials.password if request.credentials.type == pb.PASSWORD else ""
    return KnownNetwork(request.ssid, security, password, hidden=request.hidden)


# Known networks


def _set_credentials(system: System, radio: WifiRadio, payload: bytes) -> Outcome:
    radio.store(_told(decoded(pb.SetNetworkCredentialsRequest, payload)))
    return Outcome()


def _known_networks(system: System, radio: WifiRadio, payload: bytes) -> Outcome:
    networks = [
        pb.GetKnownNetworksReply.Network(
            ssid=one.ssid,
            security=_NUMBERS.get(one.security, pb.NO_SECURITY),
            credentials_type=pb.PASSWORD if one.password else pb.NO_CREDENTIALS,
        )
        for one in radio.known
    ]
    return reply(pb.GetKnownNetworksReply(networks=networks))


def _remove_known(system: System, radio: WifiRadio, payload: bytes) -> Outcome:
    radio.remove(decoded(pb.RemoveKnownNetworkRequest, payload).ssid)
    return Outcome()


def _clear_known(system: System, radio: WifiRadio, payload: bytes) -> Outcome:
    radio.clear()
    return Outcome()


# What is in the air


def _current_network(system: System, radio: WifiRadio, payload: bytes) -> Outcome:
    joined = radio.current
    if joined is None:
        raise RequestFailed(system_error.INVALID_STATE)
    return reply(
        pb.GetCurrentNetworkReply(
            ssid=joined.ssid, bssid=joined.bssid, channel=joined.channel, rssi=joined.rssi
        )
    )


def _scan(system: System, radio: WifiRadio, payload: bytes) -> Outcome:
    networks = [
        pb.ScanNetworksReply.Network(
            ssid="" if one.hidden else one.ssid,
            bssid=one.bssid,
            security=_NUMBERS[one.security],
            channel=one.channel,
            rssi=one.rssi,
        )
        for one in radio.scan()
        if one.security in _NUMBERS
    ]
    return reply(pb.ScanNetworksReply(networks=networks), takes_ms=SCAN_MS)
