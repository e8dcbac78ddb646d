"""Wi-Fi networks and antennas, on Photon and P1 before Device OS 2.0 (system/src/control/wifi.cpp)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from attrs import evolve

from particle_cli.domain.control.messages import wifi_pb2 as pb
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.simulators.control.channel import Outcome
from particle_cli.simulators.control.entry import NEVER, Entry, Versions, decoded, reply, since
from particle_cli.simulators.firmware import system_error
from particle_cli.simulators.firmware.system_error import RequestFailed
from particle_cli.simulators.network.known_network import Enterprise, KnownNetwork
from particle_cli.simulators.network.security import Cipher, Eap, Security
from particle_cli.simulators.network.wifi import SCAN_MS, Antenna, WifiRadio
from particle_cli.simulators.system.system import System

BEFORE_2_0: Final[Versions] = since(300, until=2000)
_BSSID_SIZE: Final = 6
_LONGEST_SSID: Final = 32

_SECURITY: Final = {
    pb.UNSEC: Security.NO_SECURITY,
    pb.WEP: Security.WEP,
    pb.WPA: Security.WPA_PSK,
    pb.WPA2: Security.WPA2_PSK,
    pb.WPA_ENTERPRISE: Security.WPA_ENTERPRISE,
    pb.WPA2_ENTERPRISE: Security.WPA2_ENTERPRISE,
}
_SECURITY_NUMBERS: Final = {
    **{security: number for number, security in _SECURITY.items()},
    Security.WPA_WPA2_PSK: pb.WPA2,
    Security.WPA2_WPA3_PSK: pb.WPA2,
}
_CIPHERS: Final = {pb.AES: Cipher.AES, pb.TKIP: Cipher.TKIP, pb.AES_TKIP: Cipher.AES_TKIP}
_CIPHER_NUMBERS: Final = {cipher: number for number, cipher in _CIPHERS.items()}
_ANTENNAS: Final = {
    pb.INTERNAL: Antenna.INTERNAL,
    pb.EXTERNAL: Antenna.EXTERNAL,
    pb.AUTO: Antenna.AUTO,
}
_ANTENNA_NUMBERS: Final = {antenna: number for number, antenna in _ANTENNAS.items()}
_EAP: Final = {pb.PEAP: Eap.PEAP, pb.TLS: Eap.TLS}


def entries(system: System) -> Mapping[int, Entry]:
    """Return the requests of this group; none without a radio for Wi-Fi."""
    radio = system.network.wifi
    if radio is None:
        return {}

    def gen2(handle: Callable[[WifiRadio, bytes], Outcome]) -> Entry:
        return Entry(partial(handle, radio), gen3=NEVER, gen2=BEFORE_2_0)

    return {
        RequestType.WIFI_SET_ANTENNA: gen2(_set_antenna),
        RequestType.WIFI_GET_ANTENNA: gen2(_antenna),
        RequestType.WIFI_SCAN: gen2(_scan),
        RequestType.WIFI_SET_CREDENTIALS: gen2(_set_credentials),
        RequestType.WIFI_GET_CREDENTIALS: gen2(_credentials),
        RequestType.WIFI_CLEAR_CREDENTIALS: gen2(_clear_credentials),
    }


def _set_antenna(radio: WifiRadio, payload: bytes) -> Outcome:
    antenna = _ANTENNAS.get(decoded(pb.WiFiSetAntennaRequest, payload).antenna)
    if antenna is None:
        raise RequestFailed(system_error.INVALID_ARGUMENT)
    radio.antenna = antenna
    return Outcome()


def _antenna(radio: WifiRadio, payload: bytes) -> Outcome:
    return reply(pb.WiFiGetAntennaReply(antenna=_ANTENNA_NUMBERS[radio.antenna]))


def _scan(radio: WifiRadio, payload: bytes) -> Outcome:
    seen = [
        pb.WiFiAccessPoint(
            ssid="" if one.hidden else one.ssid,
            bssid=one.bssid,
            security=_SECURITY_NUMBERS.get(one.security, pb.UNKNOWN),
            cipher=_cipher_number(one.security, one.cipher),
            channel=one.channel,
            rssi=one.rssi,
        )
        for one in radio.scan()
    ]
    return reply(pb.WiFiScanReply(list=pb.WiFiAccessPointList(aps=seen)), takes_ms=SCAN_MS)


def _credentials(radio: WifiRadio, payload: bytes) -> Outcome:
    """Tell the known networks, without what opens them. A fixed-size field is sent also when it is zero."""
    known = [
        pb.WiFiAccessPoint(
            ssid=one.ssid,
            bssid=bytes(_BSSID_SIZE),
            security=_SECURITY_NUMBERS.get(one.security, pb.UNKNOWN),
            cipher=_cipher_number(one.security, one.cipher),
        )
        for one in radio.known
    ]
    return reply(pb.WiFiGetCredentialsReply(list=pb.WiFiAccessPointList(aps=known)))


def _clear_credentials(radio: WifiRadio, payload: bytes) -> Outcome:
    radio.clear()
    return Outcome()


def _set_credentials(radio: WifiRadio, payload: bytes) -> Outcome:
    """Remember a network, untried; what the host leaves open of its security, a scan has to find out."""
    told = decoded(pb.WiFiSetCredentialsRequest, payload).ap
    if len(told.ssid.encode()) > _LONGEST_SSID or len(told.bssid) not in (0, _BSSID_SIZE):
        raise RequestFailed(system_error.BAD_DATA)
    network = KnownNetwork(
        told.ssid,
        _SECURITY.get(told.security, Security.NO_SECURITY),
        told.password,
        cipher=_CIPHERS.get(told.cipher, Cipher.UNSET),
        enterprise=_enterprise(told),
    )
    takes_ms = 0.0
    if _is_open_question(told):
        takes_ms = SCAN_MS
        seen = radio.find(told.ssid)
        if seen is None:
            return Outcome(system_error.UNKNOWN, takes_ms=takes_ms)
        network = evolve(network, security=seen.security, cipher=seen.cipher)
    if not network.ssid or (network.security.is_enterprise and network.enterprise is None):
        return Outcome(system_error.UNKNOWN, takes_ms=takes_ms)
    radio.store(network)
    return Outcome(takes_ms=takes_ms)


def _is_open_question(told: pb.WiFiAccessPoint) -> bool:
    if told.security not in _SECURITY:
        return True
    return told.security in (pb.WPA, pb.WPA2) and told.cipher not in _CIPHERS


def _enterprise(told: pb.WiFiAccessPoint) -> Enterprise | None:
    eap = _EAP.get(told.eap_type)
    if eap is None:
        return None
    return Enterprise(
        eap,
        told.inner_identity,
        told.outer_identity,
        told.client_certificate,
        told.private_key,
        told.ca_certificate,
    )


def _cipher_number(security: Security, cipher: Cipher) -> pb.WiFiSecurityCipher:
    if security in (Security.NO_SECURITY, Security.WEP):
        return pb.CIPHER_NONE
    return _CIPHER_NUMBERS.get(cipher, pb.CIPHER_NONE)
