"""A device at its serial port and towards the cloud: what it says, and firmware that comes over the air.

What this needs is loaded when it is first used, as most devices are only listed.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from particle_cli.simulators.hardware.flash_driver import PowerCut
from particle_cli.simulators.system.application_side import ApplicationSide

if TYPE_CHECKING:
    from particle_cli.simulators.control.over_the_air import OverTheAir
    from particle_cli.simulators.firmware.application import Step
    from particle_cli.simulators.serial_console.board import Board
    from particle_cli.simulators.serial_console.side import SerialSide
    from particle_cli.simulators.system.events import Events
    from particle_cli.simulators.usb.serial_end import SerialEnd


class OutwardSide(ApplicationSide):
    """The part of a device that others than a host at its control pipe meet.

    Attributes:
        uplink: what takes the events that it publishes to the cloud; None while it hangs on none.
    """

    def __init__(self) -> None:
        """Begin without anything under way."""
        super().__init__()
        self.uplink: Callable[[str, str | None, bool], None] | None = None
        self._serial_side: SerialSide | None = None
        self._events: Events | None = None
        self._delivery: OverTheAir | None = None

    @property
    @abstractmethod
    def _whole(self) -> Board:
        """The device that this is a part of."""

    # The serial port

    @property
    def serial(self) -> SerialEnd:
        """Its end of the USB serial port."""
        return self._serving_serial.end

    @property
    def console_busy(self) -> bool:
        """Whether its serial console is at work, or waits for somebody to type."""
        return self._serial_side is not None and self._serial_side.console_busy

    @property
    def _serving_serial(self) -> SerialSide:
        if self._serial_side is None:
            from particle_cli.simulators.serial_console.side import SerialSide

            self._serial_side = SerialSide(self._whole)
        return self._serial_side

    def run_application(self) -> None:
        """Let an application go on that does something by itself."""
        if self._serial_side is not None:
            self._serial_side.mode_changed()
        elif self.runtime.manifest.runs:
            assert self._serving_serial

    def perform(self, steps: Sequence[Step]) -> None:
        """Do what a handler of its application does."""
        self._serving_serial.perform(steps)

    # The cloud

    @property
    def events(self) -> Events:
        """What it publishes, and is told of."""
        if self._events is None:
            from particle_cli.simulators.system.events import Events

            self._events = Events(self._whole)
        return self._events

    def publish(self, name: str, data: str | None = None) -> bool:
        """Publish an event, as a running application does; return whether it went out."""
        return self.events.publish(name, data)

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """How the names of the events begin that its application wants to be told of."""
        return tuple(dict.fromkeys(one.prefix for one in self.runtime.manifest.subscriptions))

    def hear(self, name: str, data: str | None, *, waited_for: bool) -> None:
        """Be told of an event; see `Events.arrive`."""
        self.events.arrive(name, data, waited_for=waited_for)

    def reached_cloud(self) -> None:
        """Go on with what waits for a session with the cloud, which has just begun."""
        self.events.tell_of_update()
        if self._serial_side is not None:
            self._serial_side.cloud_reached()

    @property
    def receiving(self) -> bool:
        """Whether firmware from the cloud is on its way, or has come and will run after the reset to come."""
        return self._delivery is not None and self._delivery.under_way

    def take_firmware(self, files: Sequence[bytes], ended: Callable[[int], None]) -> None:
        """Begin to receive firmware from the cloud; see `OverTheAir`."""
        from particle_cli.simulators.control.over_the_air import OverTheAir

        self._delivery = OverTheAir(self._whole, files, ended)
        try:
            self._delivery.begin()
        except PowerCut:
            self._whole.lose_power()

    def _stop_receiving(self) -> None:
        """Forget the firmware that is under way."""
        delivery, self._delivery = self._delivery, None
        if delivery is not None:
            delivery.lost()
