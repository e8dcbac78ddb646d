"""A device's way to the cloud: whether it wants to go there, can, and has arrived."""

from __future__ import annotations

from collections.abc import Callable

from particle_cli.simulators.system.link import Link
from particle_cli.simulators.usb.answer import Agenda

CONNECTED_AFTER_MS = 3000.0
"""From the moment at which nothing stands in the way to being connected."""

_ALARM = "cloud"
_LINK_ALARM = "network"


class Connection:
    """The connection of one device.

    Attributes:
        online: whether it is connected.
        took_leave: whether the last session ended with a goodbye to the cloud.
    """

    def __init__(
        self, agenda: Agenda, link: Link, *, may_connect: Callable[[], bool], set_up: Callable[[], None]
    ) -> None:
        """Begin offline.

        Args:
            agenda: the device's.
            link: its link to a network.
            may_connect: tells whether the device is in a mode that connects.
            set_up: called where the device would connect, but does not know with what.
        """
        self._agenda = agenda
        self._link = link
        self._may_connect = may_connect
        self._set_up = set_up
        self._network = True
        self._automatic = True
        self.online = False
        self.took_leave = True

    @property
    def network(self) -> bool:
        """Whether there is a network in reach; without one the device's radios receive nothing."""
        return self._network

    @network.setter
    def network(self, there: bool) -> None:
        self._network = there
        self.air_changed()

    @property
    def automatic(self) -> bool:
        """Whether the device wants to connect."""
        return self._automatic

    @automatic.setter
    def automatic(self, wanted: bool) -> None:
        self._automatic = wanted
        if not wanted:
            self.drop()
        self.seek()

    @property
    def connecting(self) -> bool:
        """Whether it is on its way."""
        return self._is_pending(_ALARM)

    @property
    def linked(self) -> bool:
        """Whether the device is connected with a network, and not about to be connected with another."""
        return self._link.up and not self._is_pending(_LINK_ALARM)

    def _is_pending(self, name: str) -> bool:
        return any(alarm.name == name for alarm in self._agenda.pending)

    def seek(self) -> None:
        """Set out, if nothing stands in the way."""
        if self.online or self.connecting or not (self._automatic and self._may_connect()):
            return
        if not (self._link.up or self._link.network.configured):
            self._set_up()
        elif self._link.come_up() and self._network:
            self._agenda.set(_ALARM, CONNECTED_AFTER_MS, self._arrive)

    def restore(self, *, network: bool, automatic: bool, online: bool) -> None:
        """Be as it was, without doing anything about it."""
        self._network, self._automatic, self.online = network, automatic, online

    def _arrive(self) -> None:
        self.online = True

    def drop(self) -> None:
        """Go offline, until `seek` is asked again."""
        self.end(goodbye=True)
        self._agenda.cancel(_ALARM)

    def end(self, *, goodbye: bool) -> None:
        """End the session, if there is one, with a word to the cloud or without."""
        if self.online:
            self.online, self.took_leave = False, goodbye

    def leave(self) -> None:
        """Go offline and end the link, until `seek` is asked again."""
        self.drop()
        self._agenda.cancel(_LINK_ALARM)
        self._link.go_down()

    def interrupt(self, for_ms: float) -> None:
        """Go offline while the radio does something else, and set out again afterwards."""
        self.drop()
        self._agenda.set(_LINK_ALARM, for_ms, self.seek)

    def air_changed(self) -> None:
        """Notice that a network, a SIM or a cable has come or gone."""
        self._link.network.air_changed()
        if not (self._link.up and self._network):
            self.end(goodbye=False)
            self._agenda.cancel(_ALARM)
        self.seek()
