"""What a device does with one control transfer, and what it will do by itself later."""

from __future__ import annotations

from collections.abc import Callable

from attrs import field, frozen


@frozen
class Answer:
    """The outcome of one control transfer, as the device sees it.

    Attributes:
        data: the bytes of an IN data stage; may hold flash or keys, hence no repr.
        stalled: the device refuses with a STALL handshake.
        silent: the device never answers; the host runs into its time-out.
        busy_ms: how long after this transfer the device is too busy to answer the next one.
    """

    data: bytes = field(default=b"", repr=False)
    stalled: bool = False
    silent: bool = False
    busy_ms: float = 0.0


STALL = Answer(stalled=True)
SILENCE = Answer(silent=True)
DONE = Answer()


@frozen(eq=False)
class Alarm:
    """Something the device will do by itself, unless it is taken back before.

    Attributes:
        name: what it is for; a device has at most one alarm of a name.
        after_ms: how long after it was set it goes off.
        action: what happens then.
        background: whether it belongs to the device's steady life, as an application's endless loop does:
            nobody who waits for the device to settle waits for it.
    """

    name: str
    after_ms: float
    action: Callable[[], None] = field(repr=False)
    background: bool = False


class Agenda:
    """The alarms of one device.

    A device has no clock of its own: whoever drives it (the bus) looks at `pending` after every change, waits
    on its own clock, and calls `ring`. A device that nobody drives takes it that time passes in alarms only.
    """

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._alarms: dict[str, Alarm] = {}
        self._passed_s = 0.0
        self._clock: Callable[[], float] | None = None
        self._offset_s = 0.0
        self.on_change: Callable[[], None] = lambda: None

    @property
    def now_s(self) -> float:
        """Seconds that have passed since the agenda was made."""
        return self._offset_s + self._clock() if self._clock else self._passed_s

    def follow(self, clock: Callable[[], float]) -> None:
        """Take the time from a clock (in seconds, steady) from now on; no time is lost or won by that."""
        now = self.now_s
        self._clock, self._offset_s = clock, now - clock()

    @property
    def pending(self) -> tuple[Alarm, ...]:
        """The alarms that are set, in the order in which they were set."""
        return tuple(self._alarms.values())

    @property
    def settled(self) -> bool:
        """Whether nothing is set but background alarms."""
        return all(alarm.background for alarm in self._alarms.values())

    def set(
        self, name: str, after_ms: float, action: Callable[[], None], *, background: bool = False
    ) -> None:
        """Set the alarm of that name, in place of an earlier one; for `background` see `Alarm`."""
        self._alarms.pop(name, None)
        self._alarms[name] = Alarm(name, after_ms, action, background)
        self.on_change()

    def cancel(self, name: str) -> None:
        """Take the alarm of that name back, if it is set."""
        if self._alarms.pop(name, None):
            self.on_change()

    def clear(self) -> None:
        """Take all alarms back."""
        if self._alarms:
            self._alarms.clear()
            self.on_change()

    def ring(self, alarm: Alarm) -> None:
        """Let an alarm go off; one that was taken back or replaced does nothing."""
        if self._alarms.get(alarm.name) is alarm:
            del self._alarms[alarm.name]
            self._passed_s += alarm.after_ms / 1000
            alarm.action()
            self.on_change()
