"""The devices on the other side of the cloud: who is there, and what happens when one comes or goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from attrs import evolve

from particle_cli.simulators.cloud.broker import Event
from particle_cli.simulators.cloud.call import Surroundings
from particle_cli.simulators.cloud.device_events import device_event, tell
from particle_cli.simulators.cloud.link import CloudDevice
from particle_cli.simulators.cloud.listening import Listeners
from particle_cli.simulators.cloud.rows import DeviceRecord
from particle_cli.simulators.cloud.traits import KEEP_ALIVE
from particle_cli.simulators.firmware.boot import Mode

WIFI_SILENCE_MS: Final = 50_000
CELLULAR_SILENCE_MS: Final = 46 * 60_000
"""Two keep-alives: for so long a device that has vanished is believed to be online."""


class Sessions:
    """The far ends of devices, and which of them are connected."""

    def __init__(self, world: Callable[[], Surroundings]) -> None:
        """Begin with none; `world` gives what else there is, as it is at the moment."""
        self._world = world
        self._devices: dict[str, CloudDevice] = {}
        self._watchers: dict[str, Callable[[], None]] = {}
        self._online: set[str] = set()
        self._fading: dict[str, int] = {}
        self._waiting: set[asyncio.Task[None]] = set()
        self._listeners = Listeners()

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
        device.uplink = self._uplink_of(device.id)
        if resumed and device.online:
            self._online.add(device.id)
            self._listeners.add(device)

        def look() -> None:
            self._look(device)

        record = self._world().state.devices.get(device.id)
        if record is not None and not device.online:
            self._expect_end(record)
        self._watchers[device.id] = look
        device.watch(look)
        look()

    def detach(self, device_id: str) -> None:
        """Disconnect a far end, if it is connected."""
        device = self._devices.pop(device_id, None)
        if device is not None:
            device.unwatch(self._watchers.pop(device_id))
            device.uplink = None
        self._online.discard(device_id)
        self._listeners.remove(device_id)

    def pass_on(self, event: Event) -> None:
        """Tell the devices that listen of an event."""
        if self._listeners:
            self._listeners.tell(self._world(), event)

    def _uplink_of(self, device_id: str) -> Callable[[str, str | None, bool], None]:
        """Return what publishes the events of a device."""

        def publish(name: str, data: str | None, publicly: bool) -> None:
            world = self._world()
            record = world.state.devices.get(device_id)
            if record is not None:
                world.broker.publish(device_event(world, record, name, data, publicly=publicly))

        return publish

    def _look(self, device: CloudDevice) -> None:
        """Notice that a device has come or gone."""
        if device.online == (device.id in self._online):
            return
        if device.online:
            self._online.add(device.id)
            self._begin(device)
            self._listeners.add(device)
            device.reached_cloud()
            return
        self._online.discard(device.id)
        self._listeners.remove(device.id)
        world = self._world()
        if device.took_leave or world.state.traits.get(KEEP_ALIVE) is None:
            end_session(world, device.id)
        else:
            self._miss(device.id)

    def _begin(self, device: CloudDevice) -> None:
        """Begin a session: a device that nobody owns shows its claim code, and every one describes itself."""
        from particle_cli.simulators.cloud.claims import take_by_code
        from particle_cli.simulators.cloud.device_document import introduced
        from particle_cli.simulators.cloud.reported_product import product_of

        world = self._world()
        take_by_code(world, device)
        record = world.state.devices.get(device.id)
        if record is not None:
            now = world.now
            record = evolve(introduced(record, device), last_handshake=now, last_heard=now, fades=None)
            if record.product_id is not None or product_of(device.modules)[0] is not None:
                from particle_cli.simulators.cloud.product_releases import in_product

                record = in_product(world.state, record, device)
            world.state.devices.put(record)
            if len(world.state.documents):
                from particle_cli.simulators.cloud.environment_scopes import bring

                bring(world, record, device)
            tell(world, record, "spark/status", "online")
            if device.updates_forced != record.updates_forced:
                tell_of_updates(world, record, device)
            if device.mode is Mode.SAFE or world.state.open_updates.get(device.id) is not None:
                from particle_cli.simulators.cloud.updates import go_on

                go_on(world, record, device)
            if record.product_id is not None:
                from particle_cli.simulators.cloud.product_releases import bring_up_to_date

                bring_up_to_date(world, record)

    # -- devices that vanish ---------------------------------------------------------------------------

    def _miss(self, device_id: str) -> None:
        """Believe a device that is not there any more to be online, until it should have been heard twice."""
        world = self._world()
        record = world.state.devices.get(device_id)
        if record is not None:
            record = evolve(record, fades=world.now + _silence_ms(record))
            world.state.devices.put(record)
            self._expect_end(record)

    def _expect_end(self, record: DeviceRecord) -> None:
        """See that the session of a device that has vanished ends in time."""
        if record.fades is not None:
            self._fading[record.id] = record.fades
            with suppress(RuntimeError):  # outside of an event loop `look_at_the_clock` has to do
                loop = asyncio.get_running_loop()
                waiting = loop.create_task(self._wait_for_end((record.fades - self._world().now) / 1000))
                self._waiting.add(waiting)
                waiting.add_done_callback(self._waiting.discard)

    async def _wait_for_end(self, seconds: float) -> None:
        await self._world().clock.sleep(max(0.0, seconds))
        self.look_at_the_clock()

    def look_at_the_clock(self) -> None:
        """End the sessions of devices that have vanished for so long that it is noticed."""
        if not self._fading:
            return
        world = self._world()
        for device_id, until in tuple(self._fading.items()):
            if until <= world.now:
                del self._fading[device_id]
                record = world.state.devices.get(device_id)
                if record is not None and record.fades == until:
                    end_session(world, device_id)


def _silence_ms(record: DeviceRecord) -> int:
    """Return two keep-alives of a device."""
    from particle_cli.simulators.cloud.account import is_cellular

    return CELLULAR_SILENCE_MS if is_cellular(record.platform_id) else WIFI_SILENCE_MS


def end_session(world: Surroundings, device_id: str) -> None:
    """Note that a device is offline, and tell of it."""
    record = world.state.devices.get(device_id)
    if record is not None:
        if record.fades is not None:
            world.state.devices.put(evolve(record, fades=None))
        tell(world, record, "spark/status", "offline")


def tell_of_updates(world: Surroundings, record: DeviceRecord, device: CloudDevice) -> None:
    """Tell a device whether it has to take firmware, which it confirms with an event."""
    device.updates_forced = record.updates_forced
    tell(world, record, "particle/device/updates/forced", "true" if record.updates_forced else "false")
