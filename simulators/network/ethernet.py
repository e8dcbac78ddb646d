"""An Ethernet port: a W5500 on a FeatherWing or a base board, and the cable in it."""

from __future__ import annotations

from particle_cli.simulators.hardware.features import detect_ethernet, detects_ethernet
from particle_cli.simulators.hardware.hardware import Hardware
from particle_cli.simulators.network.made_up import ethernet_mac


class EthernetPort:
    """The port of one device.

    Attributes:
        mac: its address, 6 bytes.
        fitted: whether there is a W5500; most boards are sold without.
        plugged: whether a cable leads to a network.
        found: whether the firmware found the W5500 when it started.
        up: whether the firmware uses it.
    """

    def __init__(self, hardware: Hardware) -> None:
        """Begin without a W5500, except where there is no other way to a network."""
        ways = hardware.platform.interfaces
        self.mac = ethernet_mac(hardware.platform.family, hardware.device_id)
        self.fitted = self.plugged = not (ways.wifi or ways.cellular)
        self._dct = hardware.dct
        self.up = False
        self.found = self._is_found()

    @property
    def detected(self) -> bool:
        """Whether the firmware looks for a W5500 when it starts, its feature ETHERNET_DETECTION."""
        return self._dct is not None and detects_ethernet(self._dct)

    @detected.setter
    def detected(self, wanted: bool) -> None:
        if self._dct is not None:
            detect_ethernet(self._dct, wanted)

    def _is_found(self) -> bool:
        return self.fitted and self.detected

    @property
    def linked(self) -> bool:
        """Whether the device is connected by it."""
        return self.found and self.fitted and self.plugged and self.up

    def reset(self) -> None:
        """Be looked for by firmware that starts."""
        self.up, self.found = False, self._is_found()
