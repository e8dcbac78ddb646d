"""A world of simulated devices, the bus they are attached to and the cloud they are connected with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.platforms.names import platform_name
from particle_cli.ports.clock import Clock, TimeIsUp
from particle_cli.ports.errors import ParticleError
from particle_cli.simulators.bus.bus import SimulatedBus
from particle_cli.simulators.cloud.cloud import SimulatedCloud
from particle_cli.simulators.cloud.state import FIRST_USER, CloudStateDamaged
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.keeping import restored, state_of
from particle_cli.simulators.world_errors import WorldDamaged
from particle_cli.simulators.world_file import ChangedDevice, StoredDevice

if TYPE_CHECKING:
    from particle_cli.simulators.bus.serial import SimulatedSerial
    from particle_cli.simulators.cloud.webhook_firing import Servers
    from particle_cli.simulators.network.air import Air
    from particle_cli.simulators.scenario.description import Scenario
    from particle_cli.simulators.scenario.fault_words import DeviceFault

_CLOUD: Final = "cloud/"  # begins the keys of what the cloud keeps
_OLD_CLOUD: Final = "state"  # key under which it was kept as a whole
_AIR_KEY: Final = "air"
_LONGEST_RESET_S: Final = 300.0


class NoSuchDevice(ParticleError):
    """No simulated device has that id or name."""

    code = "sim_device_missing"


class NameTaken(ParticleError):
    """Another simulated device has that name."""

    code = "sim_name_taken"


@frozen
class Changes:
    """What of a world is to be kept; see `WorldFile.save`. The air is kept with the cloud."""

    devices: tuple[ChangedDevice, ...] = field(repr=False)
    cloud: Mapping[str, bytes | None] = field(repr=False)
    devices_made: int


class World:
    """Devices, bus and cloud on one clock.

    Attributes:
        bus: the usb port that leads to the devices that are plugged in.
        cloud: the http port that leads to the cloud which all devices connect with.
    """

    def __init__(self, clock: Clock, *, outgoing: Servers | None = None) -> None:
        """Begin with a cloud of one account, and no device.

        Args:
            clock: the time in this world.
            outgoing: the way on which webhooks leave it; None: there is none.
        """
        self._clock = clock
        self.bus = SimulatedBus(clock, records=False)
        self.cloud = SimulatedCloud(clock, outgoing=outgoing)
        self._devices: dict[str, SimulatedDevice] = {}
        self._attached: set[str] = set()
        self._made = 0
        self._old_cloud = False
        self._serial: SimulatedSerial | None = None
        self._air: Air | None = None
        self._air_kept = b""

    @property
    def serial(self) -> SimulatedSerial:
        """The serial port that leads to the devices that are plugged in."""
        if self._serial is None:
            from particle_cli.simulators.bus.serial import SimulatedSerial  # most commands want none

            self._serial = SimulatedSerial(self._clock, self.bus)
        return self._serial

    @property
    def air(self) -> Air:
        """The Wi-Fi networks and the cellular one, as all devices receive them. Raises: WorldDamaged."""
        if self._air is None:
            from particle_cli.simulators.network.air import Air  # most commands leave it alone
            from particle_cli.simulators.network.keeping import air_from_text

            self._air = air_from_text(self._air_kept) if self._air_kept else Air()
            self._air.on_change = self._tell_of_the_air
        return self._air

    def _tell_of_the_air(self) -> None:
        for device in self.devices:
            device.connection.air_changed()

    # -- who is there ----------------------------------------------------------------------------------

    @property
    def devices(self) -> tuple[SimulatedDevice, ...]:
        """All devices, in the order in which they were last plugged in."""
        return tuple(self._devices.values())

    def is_attached(self, device: SimulatedDevice) -> bool:
        """Tell whether a device's cable is plugged in."""
        return device.id in self._attached

    def name_of(self, device: SimulatedDevice) -> str | None:
        """Return a device's name in the cloud, or None."""
        return self.cloud.name_of(device.id)

    def device(self, word: str) -> SimulatedDevice:
        """Return the device with that id or name. Raises: NoSuchDevice."""
        found = self._devices.get(word.lower())
        if found is None:
            found = next((device for device in self.devices if self.name_of(device) == word), None)
        if found is None:
            raise NoSuchDevice(
                f"There is no simulated device '{word}'.",
                next_step="See which there are with particle sim status.",
            )
        return found

    # -- what a person does to them --------------------------------------------------------------------

    def add(self, platform_id: int, *, name: str | None = None) -> SimulatedDevice:
        """Make a device fresh from the factory, claim it, and plug it in.

        Args:
            platform_id: its platform, one that has DFU.
            name: its name in the cloud; None: its platform's name, numbered where that is taken.

        Raises: NameTaken; ValueError for a platform that cannot be simulated.
        """
        from particle_cli.simulators.factory import make_device_id, new_device  # not needed to look around

        self._refuse_taken((name,), ())
        device = new_device(platform_id, make_device_id(platform(platform_id), self._made + 1))
        device.link.air = lambda: self.air
        self._take_in(device, name=name)
        self.plug(device)
        return device

    async def populate(self, scenario: Scenario, *, replace: bool = False) -> tuple[SimulatedDevice, ...]:
        """Add all that a scenario describes, and wait until it is as described.

        Args:
            scenario: what there is to be.
            replace: whether everything else goes.

        Returns: the scenario's devices, in its order.

        Raises: NameTaken, CannotBuild, CannotBreak; nothing has changed then.
        """
        from particle_cli.simulators.scenario.building import begin, build_device, leave, surround

        made = 0 if replace else self._made
        if not replace:
            self._refuse_taken(
                (one.name for one in scenario.devices), (one.id for one in scenario.devices if one.id)
            )
        built = [
            (build_device(one, number, lambda: self.air), one)
            for number, one in enumerate(scenario.devices, made + 1)
        ]
        if replace:
            self.clear()
        surround(scenario, air=lambda: self.air, cloud=self.cloud)
        for device, one in built:
            self._take_in(device, name=one.name, owner=one.owner or FIRST_USER, claimed=one.claimed)
            if one.product is not None:
                self.cloud.put_into_product(
                    device, one.product, groups=one.groups, development=one.development
                )
            self._lay_cable(device)
            if one.attached:
                self.plug(device)
        await self.settle()
        for device, one in built:
            begin(device, one)
        await self.settle()
        for device, one in built:
            leave(device, one)
        return tuple(device for device, _ in built)

    def _refuse_taken(self, names: Iterable[str | None], ids: Iterable[str]) -> None:
        """Raise NameTaken where another device has one of the names or ids."""
        taken = {self.name_of(device) for device in self.devices}
        for name in names:
            if name is not None and name in taken:
                raise NameTaken(
                    f"There is a simulated device '{name}' already.", next_step="Choose another name."
                )
        for number in ids:
            if number.lower() in self._devices:
                raise NameTaken(
                    f"There is a simulated device {number} already.", next_step="Choose another id."
                )

    def _take_in(
        self,
        device: SimulatedDevice,
        *,
        name: str | None = None,
        owner: str = FIRST_USER,
        claimed: bool = True,
    ) -> None:
        """Make a device part of this world, its cable not plugged in."""
        self._made += 1
        taken = {self.name_of(other) for other in self.devices}
        if claimed:
            self.cloud.adopt(device, name=name or _free_name(device.platform_id, taken), owner=owner)
        else:
            self.cloud.attach(device)
        self._devices[device.id] = device

    def remove(self, device: SimulatedDevice) -> None:
        """Take a device out of the world for good."""
        self.unplug(device)
        self.bus.cables.pop(device.id, None)
        self.cloud.release(device.id)
        del self._devices[device.id]

    def plug(self, device: SimulatedDevice) -> None:
        """Plug a device in, which gives it power; nothing happens when it is."""
        if device.id not in self._attached:
            self._attached.add(device.id)
            self._devices[device.id] = self._devices.pop(device.id)  # the last to arrive
            self.bus.plug(device)

    def unplug(self, device: SimulatedDevice) -> None:
        """Pull a device's cable, and its power with it; nothing happens when it is not plugged in."""
        if device.id in self._attached:
            self._attached.remove(device.id)
            self.bus.unplug(device)

    def break_device(self, device: SimulatedDevice, faults: Iterable[DeviceFault]) -> None:
        """Let faults befall a device, to last until it is repaired. Raises: CannotBreak."""
        from particle_cli.simulators.scenario.breaking import break_device  # a world is whole, as a rule

        break_device(device, faults)
        self._lay_cable(device)

    def repair(self, device: SimulatedDevice) -> tuple[str, ...]:
        """Put right all that is broken about a device; return what that was, in words."""
        from particle_cli.simulators.scenario.breaking import repair

        repaired = repair(device)
        self._lay_cable(device)
        return repaired

    def _lay_cable(self, device: SimulatedDevice) -> None:
        """Give a device the cable that its faults ask for."""
        from particle_cli.simulators.scenario.breaking import cable_faults
        from particle_cli.simulators.scenario.cable import Cable

        self.bus.cables.pop(device.id, None)
        if faults := cable_faults(device):
            self.bus.cables[device.id] = Cable(
                faults, self._clock, interrupt=self.bus.interrupt, unplug=lambda: self.unplug(device)
            )

    def _forget_what_is_over(self) -> None:
        """Take note of faults that are over, as a power cut is that has struck."""
        for device in self.devices:
            if device.faults:
                from particle_cli.simulators.scenario.breaking import lasting

                device.faults = lasting(device)

    def clear(self) -> None:
        """Take all devices out of the world, all that the cloud knows, and all that changed in the air."""
        for device in self.devices:
            self.remove(device)
        if self._air or self._air_kept:
            self.air.become_usual()
        self.cloud.begin_anew()
        self._made = 0

    async def settle(self) -> None:
        """Wait until no device is resetting or connecting, no webhook is under way, and all stays so."""
        with suppress(TimeIsUp):
            async with self._clock.timeout(_LONGEST_RESET_S):
                await self.bus.settle()
                while await self.cloud.settle():
                    await self.bus.settle()  # what came back may have set something off
        self._forget_what_is_over()

    # -- what is kept of them --------------------------------------------------------------------------

    def restore(
        self, devices: Iterable[StoredDevice], cloud: Mapping[str, bytes], *, devices_made: int
    ) -> None:
        """Put what was kept in the place of all that there is. Raises: WorldDamaged."""
        for device in self.devices:
            self.unplug(device)
            self.cloud.detach(device.id)
        self.bus.cables.clear()
        self._devices.clear()
        self._air, self._air_kept = None, cloud.get(_AIR_KEY, b"")
        try:
            self._restore_cloud(cloud)
            for stored in devices:
                self._restore(stored)
        except (CloudStateDamaged, ValueError, KeyError) as damage:
            raise WorldDamaged(f"The simulated world cannot be read: {damage}.") from damage
        self._made = devices_made

    def _restore_cloud(self, kept: Mapping[str, bytes]) -> None:
        """Give the cloud its memory back. Raises: CloudStateDamaged."""
        rows = {key.removeprefix(_CLOUD): value for key, value in kept.items() if key.startswith(_CLOUD)}
        self._old_cloud = _OLD_CLOUD in kept
        if rows:
            self.cloud.restore(rows)
        elif self._old_cloud:
            self.cloud.load_state(kept[_OLD_CLOUD])

    def _restore(self, stored: StoredDevice) -> None:
        device = restored(stored.state, stored.load, air=lambda: self.air)
        self._devices[device.id] = device
        if device.faults:
            from particle_cli.simulators.scenario.breaking import take_effect

            take_effect(device)
            self._lay_cable(device)
        self.cloud.attach(device, resumed=True)
        if stored.attached:
            self._attached.add(device.id)
            self.bus.plug(device)

    def changes(self) -> Changes:
        """Return what is to be kept, of sectors and cloud what changed since they were read or saved."""
        cloud: dict[str, bytes | None] = {}
        for key, value in self.cloud.changes().items():
            cloud[f"{_CLOUD}{key}"] = value
        if self._old_cloud:
            cloud[_OLD_CLOUD] = None
        if (air := self._dump_air()) != self._air_kept:
            cloud[_AIR_KEY] = air
        self._forget_what_is_over()
        return Changes(
            tuple(
                ChangedDevice(state_of(device), self.is_attached(device), device.hardware.memory.changed())
                for device in self.devices
            ),
            cloud,
            self._made,
        )

    def _dump_air(self) -> bytes:
        if self._air is None:
            return self._air_kept
        from particle_cli.simulators.network.keeping import air_as_text

        return air_as_text(self._air).encode()

    def saved(self) -> None:
        """Remember that what `changes` gave is kept now."""
        self._old_cloud, self._air_kept = False, self._dump_air()
        self.cloud.saved()
        for device in self.devices:
            device.hardware.memory.saved()


def _free_name(platform_id: int, taken: set[str | None]) -> str:
    """Return the platform's name, or the first of name-2, name-3 … that is free."""
    name = platform_name(platform_id) or "device"
    number, found = 2, name
    while found in taken:
        number, found = number + 1, f"{name}-{number}"
    return found
