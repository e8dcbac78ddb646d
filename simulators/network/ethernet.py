"""An Ethernet port: a W5500 on a FeatherWing or a base board, and the cable in it."""

from __future__ import annotations

from particle_cli.simulators.hardware.hardware import Hardware
from particle_cli.simulators.network.made_up import ethernet_mac


class EthernetPort:
    """The port of one device.

    Attributes:
        mac: its address, 6 bytes.
        fitted: whether there is a W5500; most boards are sold without.
        detected: whether the firmware looks for one at boot (its feature ETHERNET_DETECTION).
        plugged: whether a cable leads to a network.
        up: whether the firmware uses it.
    """

    def __init__(self, hardware: Hardware) -> None:
        """Begin without a W5500, except where there is no other way to a network."""
        ways = hardware.platform.interfaces
        only_way = not (ways.wifi or ways.cellular)
        self.mac = ethernet_mac(hardware.platform.family, hardware.device_id)
        self.fitted = self.detected = self.plugged = only_way
        self.up = False

    @property
    def present(self) -> bool:
        """Whether the firmware has found it."""
        return self.fitted and self.detected

    @property
    def linked(self) -> bool:
        """Whether the device is connected by it."""
        return self.present and self.plugged and self.up
