"""The devices on the other side of the cloud: who is there, and what happens when one comes or goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import evolve

from particle_cli.simulators.cloud.call import Surroundings
from particle_cli.simulators.cloud.link import CloudDevice
from particle_cli.simulators.cloud.rows import DeviceRecord


class Sessions:
    """The far ends of devices, and which of them are connected."""

    def __init__(self, world: Callable[[], Surroundings]) -> None:
        """Begin with none; `world` gives what else there is, as it is at the moment."""
        self._world = world
        self._devices: dict[str, CloudDevice] = {}
        self._watchers: dict[str, Callable[[], None]] = {}
        self._online: set[str] = set()

    @property
    def devices(self) -> Mapping[str, CloudDevice]:
        """The far ends by device id."""
        return self._devices

    def attach(self, device: CloudDevice, *, resumed: bool) -> None:
        """Connect a far end.

        Args:
            device: the far end.
            resumed: whether a session that is open goes on, as the cloud remembers it; else it begins now.
        """
        self.detach(device.id)
        self._devices[device.id] = device
        if resumed and device.online:
            self._online.add(device.id)

        def look() -> None:
            self._look(device)

        self._watchers[device.id] = look
        device.watch(look)
        look()

    def detach(self, device_id: str) -> None:
        """Disconnect a far end, if it is connected."""
        device = self._devices.pop(device_id, None)
        if device is not None:
            device.unwatch(self._watchers.pop(device_id))
        self._online.discard(device_id)

    def _look(self, device: CloudDevice) -> None:
        """Notice that a device has come or gone."""
        if device.online == (device.id in self._online):
            return
        if device.online:
            self._online.add(device.id)
            self._begin(device)
        else:
            self._online.discard(device.id)
            self._tell(device.id, "spark/status", "offline")

    def _begin(self, device: CloudDevice) -> None:
        """Begin a session: a device that nobody owns shows its claim code, and every one describes itself."""
        from particle_cli.simulators.cloud.claims import take_by_code
        from particle_cli.simulators.cloud.device_document import introduced

        world = self._world()
        take_by_code(world, device)
        record = world.state.devices.get(device.id)
        if record is not None:
            record = evolve(introduced(record, device), last_handshake=world.now, last_heard=world.now)
            world.state.devices.put(record)
            self._tell(device.id, "spark/status", "online")
            if device.updates_forced != record.updates_forced:
                tell_of_updates(world, record, device)

    def _tell(self, device_id: str, name: str, data: str | None) -> None:
        """Publish an event of a device that the cloud knows."""
        from particle_cli.simulators.cloud.events import device_event

        world = self._world()
        record = world.state.devices.get(device_id)
        if record is not None:
            world.broker.publish(device_event(world, record, name, data))


def tell_of_updates(world: Surroundings, record: DeviceRecord, device: CloudDevice) -> None:
    """Tell a device whether it has to take firmware, which it confirms with an event."""
    from particle_cli.simulators.cloud.events import device_event

    device.updates_forced = record.updates_forced
    said = "true" if record.updates_forced else "false"
    world.broker.publish(device_event(world, record, "particle/device/updates/forced", said))
