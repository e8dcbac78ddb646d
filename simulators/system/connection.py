"""A device's way to the cloud: whether it wants to go there, can, and has arrived."""

from __future__ import annotations

from collections.abc import Callable

from particle_cli.simulators.usb.answer import Agenda

CONNECTED_AFTER_MS = 3000.0
"""From the moment at which nothing stands in the way to being connected."""

_ALARM = "cloud"


class Connection:
    """The connection of one device.

    Attributes:
        online: whether it is connected.
    """

    def __init__(self, agenda: Agenda, may_connect: Callable[[], bool]) -> None:
        """Begin offline; `may_connect` tells whether the device is in a mode that connects."""
        self._agenda = agenda
        self._may_connect = may_connect
        self._network = True
        self._automatic = True
        self.online = False

    @property
    def network(self) -> bool:
        """Whether there is a network in reach."""
        return self._network

    @network.setter
    def network(self, there: bool) -> None:
        self._network = there
        if not there:
            self.drop()
        self.seek()

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
        return any(alarm.name == _ALARM for alarm in self._agenda.pending)

    def seek(self) -> None:
        """Set out, if nothing stands in the way."""
        wanted = self._network and self._automatic and self._may_connect()
        if wanted and not self.online and not self.connecting:
            self._agenda.set(_ALARM, CONNECTED_AFTER_MS, self._arrive)

    def _arrive(self) -> None:
        self.online = True

    def drop(self) -> None:
        """Go offline, until `seek` is asked again."""
        self.online = False
        self._agenda.cancel(_ALARM)
