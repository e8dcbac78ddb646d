"""Which IP address a Gen 2 device uses; what came later leaves that to the network."""

from __future__ import annotations

from attrs import frozen


@frozen
class IpSettings:
    """What the firmware has been told. All addresses are IPv4, 4 bytes each.

    Attributes:
        static: whether to use the address below, in place of one that the network gives.
        address: of the device.
        netmask: ones where an address names the network.
        gateway: to other networks.
        name_servers: at most two.
        hostname: what the device calls itself when it asks for an address; empty: the usual.
    """

    static: bool = False
    address: bytes = bytes(4)
    netmask: bytes = bytes(4)
    gateway: bytes = bytes(4)
    name_servers: tuple[bytes, ...] = ()
    hostname: str = ""
