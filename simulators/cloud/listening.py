"""The devices that listen: which of them are told of an event that somebody publishes.

A device is told of events of its owner's devices, and of those published in its owner's name or to its
product, whose names begin as its application asks for.
"""

from __future__ import annotations

from particle_cli.simulators.cloud.broker import OVER_REST, Event
from particle_cli.simulators.cloud.call import Surroundings
from particle_cli.simulators.cloud.link import CloudDevice


class Listeners:
    """Devices that are connected, and what each has subscribed to; that is read when somebody publishes."""

    def __init__(self) -> None:
        """Begin with none."""
        self._new: dict[str, CloudDevice] = {}
        self._subscribed: dict[str, tuple[CloudDevice, tuple[str, ...]]] = {}

    def __bool__(self) -> bool:
        """Tell whether any device may listen."""
        return bool(self._new or self._subscribed)

    def add(self, device: CloudDevice) -> None:
        """Note that a device is connected."""
        self._new[device.id] = device

    def remove(self, device_id: str) -> None:
        """Note that a device is not connected any more."""
        self._new.pop(device_id, None)
        self._subscribed.pop(device_id, None)

    def tell(self, world: Surroundings, event: Event) -> None:
        """Send an event to the devices that want it."""
        for device in self._new.values():
            if prefixes := device.subscriptions:
                self._subscribed[device.id] = device, prefixes
        self._new.clear()
        for device, prefixes in tuple(self._subscribed.values()):
            if event.name.startswith(prefixes) and _concerns(world, device.id, event):
                device.hear(event.name, event.data, waited_for=event.source == OVER_REST)


def _concerns(world: Surroundings, device_id: str, event: Event) -> bool:
    record = world.state.devices.get(device_id)
    if record is None:
        return False
    return ("user", record.owner_id) in event.channels or (
        "product",
        str(record.product_id),
    ) in event.channels
