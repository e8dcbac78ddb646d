"""A device's link to a network; its radios are made when they are needed, as most devices are only listed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from particle_cli.simulators.hardware.hardware import Hardware

if TYPE_CHECKING:
    from particle_cli.simulators.network.air import Air
    from particle_cli.simulators.network.network import Network


class Link:
    """The link of one device.

    Attributes:
        air: gives the air around the device, for when it is needed; None: a usual one of its own.
    """

    def __init__(self, hardware: Hardware, in_reach: Callable[[], bool]) -> None:
        """Begin unconnected; `in_reach` tells whether the device's antennas receive anything at all."""
        self._hardware = hardware
        self._in_reach = in_reach
        self.air: Callable[[], Air] | None = None
        self._network: Network | None = None
        self._kept = ""
        self._was_up = False

    @property
    def network(self) -> Network:
        """The device's radios and its Ethernet port. Raises: WorldDamaged."""
        if self._network is None:
            from particle_cli.simulators.network.air import Air
            from particle_cli.simulators.network.network import Network

            air = self.air() if self.air else Air()
            self._network = Network(self._hardware, air, self._in_reach)
            if self._kept:
                from particle_cli.simulators.network.keeping import restore_radios

                restore_radios(self._network, air, self._kept)
            elif self._was_up:
                self._network.come_up()
        return self._network

    @property
    def up(self) -> bool:
        """Whether the device is connected with a network."""
        return self._was_up if self._network is None else self._network.linked

    def come_up(self) -> bool:
        """Connect with any network; return whether that succeeded."""
        if not self.up:
            self.network.come_up()
        return self.up

    def go_down(self) -> None:
        """End all connections."""
        if self._network is not None or self._kept:
            self.network.go_down()
        self._was_up = False

    def reset(self) -> None:
        """Lose what a reset loses."""
        if self._network is not None or self._kept:
            self.network.reset()
        self._was_up = False

    @property
    def kept(self) -> str:
        """What `restore` needs, as a text; it holds passwords."""
        if self._network is None:
            return self._kept
        from particle_cli.simulators.network.keeping import radios_as_text

        return radios_as_text(self._network)

    def restore(self, kept: str, *, up: bool) -> None:
        """Be as it was when `kept` was taken.

        Args:
            kept: the text; empty: as from the factory.
            up: whether it was up then.
        """
        self._network, self._kept, self._was_up = None, kept, up
