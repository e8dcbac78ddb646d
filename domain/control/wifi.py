"""Wi-Fi of Gen 3 and later: the networks around, those that the device knows, and the one it is on.

Every function may raise what `ControlChannel.request` does; RequestFailed with NOT_SUPPORTED on devices
without Wi-Fi of their own.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, TypeVar

from attrs import frozen

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.errors import RequestInvalid
from particle_cli.domain.control.exchange import exchange, member
from particle_cli.domain.control.messages import wifi_new_pb2 as wifi
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.policy import DEFAULT_TIMEOUT_S

Told = TypeVar("Told", wifi.JoinNewNetworkRequest, wifi.SetNetworkCredentialsRequest)

LONGEST_SSID: Final = 32
"""Bytes of a network's name (IEEE 802.11)."""


class Security(Enum):
    """How a network is secured; the values are the numbers that devices use."""

    NO_SECURITY = 0
    WEP = 1
    WPA_PSK = 2
    WPA2_PSK = 3
    WPA_WPA2_PSK = 4
    WPA3_PSK = 5
    WPA2_WPA3_PSK = 6


@frozen
class AccessPoint:
    """An access point that the device hears.

    Attributes:
        ssid: the name of its network; None where it is hidden.
        bssid: its own address, six bytes.
        security: how it is secured; None for a way that only newer firmware knows.
        channel: its radio channel.
        rssi: how loud it is, in dBm.
    """

    ssid: str | None
    bssid: bytes
    security: Security | None
    channel: int
    rssi: int


@frozen
class KnownNetwork:
    """A network that the device has stored.

    Attributes:
        ssid: its name.
        security: how it is secured; None for a way that only newer firmware knows.
        has_password: whether a password is stored with it, which the device never tells.
    """

    ssid: str
    security: Security | None
    has_password: bool


@frozen
class CurrentNetwork:
    """The network that the device is on, by the access point that it uses; as for AccessPoint."""

    ssid: str
    bssid: bytes
    channel: int
    rssi: int


async def join_new(
    channel: ControlChannel,
    ssid: str,
    *,
    security: Security | None = None,
    password: str | None = None,
    hidden: bool = False,
    timeout_s: float = DEFAULT_TIMEOUT_S,
) -> None:
    """Have the device try a network, and store it if it can be joined; takes tens of seconds.

    Args:
        channel: the device.
        ssid: the network's name, 1 to 32 bytes of UTF-8.
        security: how it is secured; None to let the device find out, which it cannot for a hidden network.
        password: its password; None for an open network.
        hidden: whether it does not tell its name.
        timeout_s: bound on the whole of it.

    Raises: RequestInvalid before anything is sent.
    """
    request = _network(wifi.JoinNewNetworkRequest, ssid, security, password, hidden)
    await channel.request(
        RequestType.WIFI_JOIN_NEW_NETWORK, request.SerializeToString(), timeout_s=timeout_s, secret=True
    )


async def set_credentials(
    channel: ControlChannel,
    ssid: str,
    *,
    security: Security | None = None,
    password: str | None = None,
    hidden: bool = False,
    timeout_s: float = DEFAULT_TIMEOUT_S,
) -> None:
    """Have the device store a network without trying it (Device OS 6.2); as `join_new` otherwise.

    A device keeps ten networks; one of the same name is replaced, an eleventh replaces the last.
    """
    request = _network(wifi.SetNetworkCredentialsRequest, ssid, security, password, hidden)
    await channel.request(
        RequestType.WIFI_SET_NETWORK_CREDENTIALS,
        request.SerializeToString(),
        timeout_s=timeout_s,
        secret=True,
    )


async def join_known(channel: ControlChannel, ssid: str, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Have the device join a network that it has stored; RequestFailed with NOT_FOUND for any other."""
    request = wifi.JoinKnownNetworkRequest(ssid=checked_ssid(ssid))
    await channel.request(
        RequestType.WIFI_JOIN_KNOWN_NETWORK, request.SerializeToString(), timeout_s=timeout_s
    )


async def known_networks(
    channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S
) -> tuple[KnownNetwork, ...]:
    """Return the networks that the device has stored, in its order."""
    reply = await exchange(
        channel, RequestType.WIFI_GET_KNOWN_NETWORKS, wifi.GetKnownNetworksReply, timeout_s=timeout_s
    )
    return tuple(
        KnownNetwork(one.ssid, member(Security, one.security), one.credentials_type != wifi.NO_CREDENTIALS)
        for one in reply.networks
    )


async def remove_known(channel: ControlChannel, ssid: str, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Have the device forget a network; no error where it never knew it."""
    request = wifi.RemoveKnownNetworkRequest(ssid=checked_ssid(ssid))
    await channel.request(
        RequestType.WIFI_REMOVE_KNOWN_NETWORK, request.SerializeToString(), timeout_s=timeout_s
    )


async def clear_known(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
    """Have the device forget all networks."""
    await channel.request(RequestType.WIFI_CLEAR_KNOWN_NETWORKS, timeout_s=timeout_s)


async def current_network(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> CurrentNetwork:
    """Return the network that the device is on.

    Raises: RequestFailed with INVALID_STATE when it is on none.
    """
    reply = await exchange(
        channel, RequestType.WIFI_GET_CURRENT_NETWORK, wifi.GetCurrentNetworkReply, timeout_s=timeout_s
    )
    return CurrentNetwork(reply.ssid, reply.bssid, reply.channel, reply.rssi)


async def scan(channel: ControlChannel, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> tuple[AccessPoint, ...]:
    """Return the access points around, as the device lists them: several to a network, hidden ones too."""
    reply = await exchange(
        channel, RequestType.WIFI_SCAN_NETWORKS, wifi.ScanNetworksReply, timeout_s=timeout_s
    )
    return tuple(
        AccessPoint(one.ssid or None, one.bssid, member(Security, one.security), one.channel, one.rssi)
        for one in reply.networks
    )


def checked_ssid(ssid: str) -> str:
    """Return a network's name if it can be one. Raises: RequestInvalid."""
    try:
        size = len(ssid.encode())
    except UnicodeEncodeError:
        size = 0
    if not 1 <= size <= LONGEST_SSID:
        raise RequestInvalid(
            f"{ssid!r} is no name of a Wi-Fi network: that has 1 to {LONGEST_SSID} bytes of UTF-8."
        )
    return ssid


def _network(
    kind: type[Told], ssid: str, security: Security | None, password: str | None, hidden: bool
) -> Told:
    """Write a network into a request. Raises: RequestInvalid."""
    if security not in (None, Security.NO_SECURITY) and not password:
        raise RequestInvalid(
            f"The Wi-Fi network “{ssid}” is secured, and no password is given.",
            next_step="Give its password.",
        )
    return kind(
        ssid=checked_ssid(ssid),
        security=security.name if security else None,
        credentials=wifi.Credentials(type=wifi.PASSWORD, password=password) if password else None,
        hidden=hidden,
    )
