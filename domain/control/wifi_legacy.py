"""Wi-Fi of Gen 2 (Photon, P1) before Device OS 2.0: its antenna, the networks around and the stored ones.

Every function may raise what `ControlChannel.request` does; RequestFailed with NOT_SUPPORTED from any other
device. The functions of `wifi` are for devices of Gen 3 and later.
"""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.exchange import exchange, member
from particle_cli.domain.control.messages import wifi_pb2 as wifi
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S


class Antenna(Enum):
    """Which antenna is used; the names are those of the messages."""

    ANTENNA_NONE = 0
    INTERNAL = 1
    EXTERNAL = 2
    AUTO = 3


class LegacySecurity(Enum):
    """How a network is secured; the names are those of the messages."""

    UNSEC = 0
    WEP = 1
    WPA = 2
    WPA2 = 3
    WPA_ENTERPRISE = 4
    WPA2_ENTERPRISE = 5
    UNKNOWN = 255


class Cipher(Enum):
    """How its traffic is encrypted; the names are those of the messages."""

    CIPHER_NONE = 0
    AES = 1
    TKIP = 2
    AES_TKIP = 3


class Eap(Enum):
    """How one logs in to an enterprise network; the names are those of the messages."""

    EAP_TYPE_NONE = 0
    TLS = 13
    PEAP = 25


@frozen
class LegacyNetwork:
    """An access point around, or a network that is stored; what does not apply is empty.

    Attributes:
        ssid: its name.
        bssid: the access point's address, six bytes, or none.
        security: how it is secured.
        cipher: how its traffic is encrypted; a device that is told WPA or WPA2 without it looks for the
            network to find out.
        channel: its radio channel, 0 where it is not told.
        max_data_rate: its fastest rate, in units of the radio's own.
        rssi: how loud it is, in dBm.
        password: its password.
        eap: how one logs in, in enterprise networks.
        inner_identity, outer_identity: user names inside and outside of the tunnel.
        private_key, client_certificate, ca_certificate: for EAP-TLS, as DER or PEM.
    """

    ssid: str
    bssid: bytes = b""
    security: LegacySecurity = LegacySecurity.UNSEC
    cipher: Cipher = Cipher.CIPHER_NONE
    channel: int = 0
    max_data_rate: int = 0
    rssi: int = 0
    password: str = field(default="", repr=False)
    eap: Eap = Eap.EAP_TYPE_NONE
    inner_identity: str = field(default="", repr=False)
    outer_identity: str = field(default="", repr=False)
    private_key: bytes = field(default=b"", repr=False)
    client_certificate: bytes = field(default=b"", repr=False)
    ca_certificate: bytes = field(default=b"", repr=False)


async def antenna(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> Antenna | None:
    """Return the antenna that is used, or None for one that this program does not know."""
    reply = await exchange(
        channel, RequestType.WIFI_GET_ANTENNA, wifi.WiFiGetAntennaReply, timeout_s=timeout_s
    )
    return member(Antenna, reply.antenna)


async def set_antenna(
    channel: ControlChannel, chosen: Antenna, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> None:
    """Use another antenna."""
    request = wifi.WiFiSetAntennaRequest(antenna=chosen.name)
    await channel.request(RequestType.WIFI_SET_ANTENNA, request.SerializeToString(), timeout_s=timeout_s)


async def scan(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> tuple[LegacyNetwork, ...]:
    """Return the access points around."""
    reply = await exchange(channel, RequestType.WIFI_SCAN, wifi.WiFiScanReply, timeout_s=timeout_s)
    return tuple(map(_network, reply.list.aps))


async def credentials(
    channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> tuple[LegacyNetwork, ...]:
    """Return the networks that the device has stored, as far as it tells of them."""
    reply = await exchange(
        channel,
        RequestType.WIFI_GET_CREDENTIALS,
        wifi.WiFiGetCredentialsReply,
        timeout_s=timeout_s,
        secret=True,
    )
    return tuple(map(_network, reply.list.aps))


async def set_credentials(
    channel: ControlChannel, network: LegacyNetwork, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> None:
    """Store a network on the device."""
    request = wifi.WiFiSetCredentialsRequest(
        ap=wifi.WiFiAccessPoint(
            ssid=network.ssid,
            bssid=network.bssid,
            security=network.security.name,
            cipher=network.cipher.name,
            channel=network.channel,
            max_data_rate=network.max_data_rate,
            rssi=network.rssi,
            password=network.password,
            eap_type=network.eap.name,
            inner_identity=network.inner_identity,
            outer_identity=network.outer_identity,
            private_key=network.private_key,
            client_certificate=network.client_certificate,
            ca_certificate=network.ca_certificate,
        )
    )
    await channel.request(
        RequestType.WIFI_SET_CREDENTIALS, request.SerializeToString(), timeout_s=timeout_s, secret=True
    )


async def clear_credentials(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Have the device forget all networks."""
    await channel.request(RequestType.WIFI_CLEAR_CREDENTIALS, timeout_s=timeout_s)


def _network(told: wifi.WiFiAccessPoint) -> LegacyNetwork:
    return LegacyNetwork(
        ssid=told.ssid,
        bssid=told.bssid,
        security=member(LegacySecurity, told.security) or LegacySecurity.UNKNOWN,
        cipher=member(Cipher, told.cipher) or Cipher.CIPHER_NONE,
        channel=told.channel,
        max_data_rate=told.max_data_rate,
        rssi=told.rssi,
        password=told.password,
        eap=member(Eap, told.eap_type) or Eap.EAP_TYPE_NONE,
        inner_identity=told.inner_identity,
        outer_identity=told.outer_identity,
        private_key=told.private_key,
        client_certificate=told.client_certificate,
        ca_certificate=told.ca_certificate,
    )
