"""The USB bus that simulated devices are plugged into; to a host it is the usb port.

Not modelled: hubs and speeds, interrupt endpoints, and that an operating system selects alternate setting 0
again when an interface is released.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from attrs import define, evolve, field

from particle_cli.domain.platforms.values import UsbIds
from particle_cli.ports.clock import Clock, TimeIsUp
from particle_cli.ports.usb import AttachedDevice, UsbGone, UsbHandle, UsbTransfer
from particle_cli.simulators.bus.handle import SimulatedHandle
from particle_cli.simulators.bus.wire import Attachment, BusWire
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.usb.answer import Alarm
from particle_cli.simulators.usb.function import UsbFunction


@define(eq=False)
class _Socket:
    """A place where a device is plugged in."""

    device: SimulatedDevice
    path: str
    watcher: Callable[[], None] = lambda: None
    usb: UsbFunction | None = None
    attachment: Attachment | None = None
    on_time: bool = False
    timers: dict[Alarm, asyncio.Task[None]] = field(factory=dict)


class Cable(Protocol):
    """What transfers with a device pass through."""

    def through(self, handle: UsbHandle) -> UsbHandle:
        """Return the handle of a device as it is at the host's end."""
        ...


class SimulatedBus:
    """A bus with simulated devices on it.

    It also drives the devices: their alarms ring in the bus's time, from the first call inside a running
    event loop on.

    Attributes:
        cables: the cables of devices, by device id, where they are not just good ones.
    """

    def __init__(self, clock: Clock, *, tells_serials: bool = True, records: bool = True) -> None:
        """Begin with an empty bus.

        Args:
            clock: the bus's time.
            tells_serials: whether the list of devices has their serial numbers; not every system's has.
            records: whether to keep `transfers`.
        """
        self._clock = clock
        self._tells_serials = tells_serials
        self._wire = BusWire(clock, records=records)
        self.cables: dict[str, Cable] = {}
        self._sockets: list[_Socket] = []
        self._arrivals = 0
        self._last_s = 0.0
        self._news = asyncio.Event()
        self._watchers: list[Callable[[], None]] = []

    def watch(self, watcher: Callable[[], None]) -> None:
        """Have a function called whenever a device has appeared or left."""
        self._watchers.append(watcher)

    # Plugs

    def plug(self, device: SimulatedDevice, path: str | None = None) -> str:
        """Plug a device in: it gets power, boots and appears. One that has power already appears as it is.

        Args:
            device: the device, plugged in nowhere else.
            path: the bus path, default the first free one.

        Returns: the bus path.

        Raises: ValueError when the path is taken, or the device is plugged in already.
        """
        taken = {socket.path for socket in self._sockets}
        if path in taken or any(socket.device is device for socket in self._sockets):
            raise ValueError("the path is taken, or the device is plugged in already")
        number = 1
        while path is None or path in taken:
            path, number = f"1-{number}", number + 1
            if path in taken:
                path = None
        socket = _Socket(device, path)
        socket.watcher = lambda: self._look(socket)
        self._sockets.append(socket)
        device.watch(socket.watcher)
        if device.mode is Mode.OFF:
            device.power_on()
        self._look(socket)
        return path

    def unplug(self, device: SimulatedDevice) -> None:
        """Pull a device's cable: it loses its power at once, in the middle of what it does.

        Raises: ValueError when it is not plugged in.
        """
        socket = self._socket_of(device)
        device.power_off(work_done=_work_done(socket))
        device.unwatch(socket.watcher)
        self._sockets.remove(socket)

    def interrupt(self, attached: AttachedDevice, *, back_after_s: float = 1.0) -> None:
        """Take the power from the device of an enumeration for a while. Raises: ValueError."""
        socket = self._socket_of(self.device_of(attached))
        socket.device.power_off(back_after_s=back_after_s, work_done=_work_done(socket))

    def _socket_of(self, device: SimulatedDevice) -> _Socket:
        for socket in self._sockets:
            if socket.device is device:
                return socket
        raise ValueError(f"device {device.id} is not plugged in")

    @property
    def devices(self) -> tuple[SimulatedDevice, ...]:
        """What is plugged in, in the order of plugging."""
        return tuple(socket.device for socket in self._sockets)

    @property
    def transfers(self) -> list[UsbTransfer]:
        """The control transfers that took place, in order."""
        return self._wire.transfers

    def device_of(self, attached: AttachedDevice) -> SimulatedDevice:
        """Return the device that has, or had, this enumeration's bus path. Raises: ValueError."""
        for socket in self._sockets:
            if socket.path == attached.bus_path:
                return socket.device
        raise ValueError(f"nothing is plugged in at {attached.bus_path}")

    async def settle(self) -> None:
        """Wait until no device has anything under way; an application's endless loop doesn't count."""
        self._look_at_all()
        while tasks := [
            task for socket in self._sockets for alarm, task in socket.timers.items() if not alarm.background
        ]:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if not task.cancelled():
                    task.result()  # a mistake in a device must not pass unseen

    async def close(self) -> None:
        """Stop driving the devices; each stays as it is."""
        tasks = [task for socket in self._sockets for task in socket.timers.values()]
        for socket in self._sockets:
            socket.timers.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # What happens on the bus

    def _look_at_all(self) -> None:
        for socket in self._sockets:
            self._look(socket)

    def _look(self, socket: _Socket) -> None:
        """Take note of what has changed with a device."""
        device = socket.device
        if device.usb is not socket.usb:
            if socket.attachment:
                socket.attachment.depart()
            socket.usb = device.usb
            socket.attachment = self._arrive(socket) if device.usb else None
            self._news.set()
            self._news = asyncio.Event()
            for watcher in self._watchers:
                watcher()
        if not socket.on_time and _running_loop():
            socket.on_time = True
            device.agenda.follow(self._time)
        pending = device.agenda.pending
        for alarm in [one for one in socket.timers if one not in pending]:
            socket.timers.pop(alarm).cancel()
        for alarm in pending:
            if alarm not in socket.timers and (loop := _running_loop()):
                socket.timers[alarm] = loop.create_task(self._ring(socket, alarm))

    def _arrive(self, socket: _Socket) -> Attachment:
        self._arrivals += 1
        device = socket.device
        ids = _ids_of(device)
        attached = AttachedDevice(
            vendor_id=ids.vendor_id,
            product_id=ids.product_id,
            serial=device.id,
            bus_path=socket.path,
            arrival=self._arrivals,
        )
        return Attachment(self._wire, device, attached)

    def _time(self) -> float:
        """Return the clock's time, which stands still while no event loop runs."""
        if _running_loop():
            self._last_s = self._clock.monotonic()
        return self._last_s

    async def _ring(self, socket: _Socket, alarm: Alarm) -> None:
        await self._clock.sleep(alarm.after_ms / 1000)
        socket.timers.pop(alarm, None)
        socket.device.ring(alarm)

    # The usb port

    def attachments(self) -> list[Attachment]:
        """Return what is on the bus, in order of arrival."""
        found = [socket.attachment for socket in self._sockets if socket.attachment]
        return sorted(found, key=lambda one: one.attached.arrival)

    def _listing(self) -> tuple[AttachedDevice, ...]:
        shown = (one.attached for one in self.attachments())
        return tuple(shown if self._tells_serials else (evolve(one, serial=None) for one in shown))

    async def attached(self) -> tuple[AttachedDevice, ...]:
        """Return what is attached now, in order of arrival."""
        self._look_at_all()
        return self._listing()

    async def changed(
        self, seen: tuple[AttachedDevice, ...], *, timeout_ms: int
    ) -> tuple[AttachedDevice, ...]:
        """Return what is attached as soon as it differs from `seen`, or after the time as it then is."""
        self._look_at_all()
        if self._listing() == seen:
            try:
                async with self._clock.timeout(timeout_ms / 1000):
                    while self._listing() == seen:
                        await self._news.wait()
            except TimeIsUp:
                pass
        return self._listing()

    async def open(self, device: AttachedDevice) -> UsbHandle:
        """Open this enumeration of a device. Raises: UsbGone."""
        self._look_at_all()
        for attachment in self.attachments():
            if attachment.attached.arrival == device.arrival:
                handle = SimulatedHandle(attachment)
                cable = self.cables.get(attachment.device.id)
                return cable.through(handle) if cable else handle
        raise UsbGone(
            f"Device {device.serial or device.bus_path} is no longer on the USB bus.",
            next_step="Wait until it is back, or plug it in again.",
        )


def _ids_of(device: SimulatedDevice) -> UsbIds:
    usb = device.platform.usb
    ids = None
    if usb:
        ids = usb.dfu if device.mode is Mode.DFU else usb.normal
    if ids is None:
        raise ValueError(f"{device.platform.name} has no USB ids")
    return ids


def _work_done(socket: _Socket) -> float:
    return socket.attachment.work_done() if socket.attachment and _running_loop() else 1.0


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
