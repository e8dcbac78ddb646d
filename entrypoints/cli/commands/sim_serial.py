"""`particle sim serial`: serial ports of simulated devices, for any program of this machine to open."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from typing import TYPE_CHECKING

from particle_cli.adapters.termination import told_to_end
from particle_cli.domain.platforms.names import platform_name
from particle_cli.entrypoints.cli.commands.sim import title
from particle_cli.entrypoints.cli.result import Result, Streamed
from particle_cli.entrypoints.cli.stream import Stream
from particle_cli.ports.clock import TimeIsUp
from particle_cli.ports.errors import ParticleError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from particle_cli.adapters.pseudo_terminal import PseudoTerminal
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires
    from particle_cli.simulators.device import SimulatedDevice
    from particle_cli.simulators.usb.function import UsbFunction
    from particle_cli.simulators.world import World


class NoPseudoTerminals(ParticleError):
    """This system cannot give a simulated device a port, or not in the place that was named."""

    code = "no_pseudo_terminals"


class NothingToOffer(ParticleError):
    """There are no simulated devices."""

    code = "sim_no_devices"


class Front:
    """The pseudo terminals in front of some devices: one each, while the device has a serial port."""

    def __init__(
        self, world: World, devices: Sequence[SimulatedDevice], stream: Stream, folder: str | None
    ) -> None:
        """Offer nothing yet.

        Args:
            world: where the devices are.
            devices: those to make ports for.
            stream: told of each port that is made, and of each that is gone.
            folder: where to make a link for each port, with the name of its device; None for none.
        """
        self._world = world
        self._devices = devices
        self._stream = stream
        self._folder = folder
        self._offered: dict[str, tuple[UsbFunction, PseudoTerminal]] = {}
        self._news = asyncio.Event()
        world.bus.watch(self._news.set)

    async def follow(self) -> None:
        """Keep the ports in step with the devices until nobody reads any more which there are."""
        await self._world.bus.attached()
        read = True
        while read:
            self._news.clear()
            read = all([self._look(device) for device in self._devices])
            await self._news.wait()

    def close(self) -> None:
        """Take all ports away."""
        while self._offered:
            _, (_, port) = self._offered.popitem()
            port.close()

    def _look(self, device: SimulatedDevice) -> bool:
        """Make or take away the port of one device; return whether anybody reads of it."""
        usb = device.usb if has_port(device) else None
        offered = self._offered.get(device.id)
        if offered and offered[0] is not usb:
            offered[1].close()
            del self._offered[device.id]
            if not self._tell(device, None, None):
                return False
        if usb is None or device.id in self._offered:
            return True
        link = self._link(device)
        port = _make_port(device, link)
        self._offered[device.id] = (usb, port)
        return self._tell(device, port.path, link)

    def _link(self, device: SimulatedDevice) -> str | None:
        if self._folder is None:
            return None
        name = self._world.name_of(device) or ""
        return f"{self._folder}/{name if name.replace('-', '').replace('_', '').isalnum() else device.id}"

    def _tell(self, device: SimulatedDevice, path: str | None, link: str | None) -> bool:
        place = f"{link} -> {path}" if link else path
        read = self._stream.text(f"{title(self._world, device)}: {place or 'gone'}\n")
        name, platform = self._world.name_of(device), platform_name(device.platform_id)
        about = {"id": device.id, "name": name, "platform": platform}
        return self._stream.record({**about, "port": path, "link": link}) and read


def has_port(device: SimulatedDevice) -> bool:
    """Tell whether a device shows a serial port now."""
    return device.usb is not None and device.usb.descriptors.serial_interface is not None


def _make_port(device: SimulatedDevice, link: str | None) -> PseudoTerminal:
    """Make a pseudo terminal for a device. Raises: NoPseudoTerminals."""
    try:
        from particle_cli.adapters.pseudo_terminal import PseudoTerminal

        return PseudoTerminal(device.serial, link=link)
    except ImportError as missing:
        raise NoPseudoTerminals(
            "This system has no pseudo terminals.",
            next_step="Use particle serial monitor, which reaches simulated devices on every system.",
        ) from missing
    except OSError as refused:
        raise NoPseudoTerminals(
            f"The system refused a pseudo terminal for {device.id}: {refused}.",
            next_step=f"Make sure that {link} can be made, or leave --links out." if link else None,
        ) from refused


async def run(given: Given, wires: Wires) -> Result:
    """Offer the ports until somebody ends it, or the time is up."""
    world = wires.world
    word, folder, seconds = given.optional("device"), given.text("links"), given.number("timeout")
    devices = world.devices if word is None else (world.device(word),)
    if not devices:
        raise NothingToOffer(
            "There are no simulated devices.", next_step="Add one with particle sim add boron."
        )
    if folder is not None:
        wires.files.make_folder(folder)
    for device in devices:
        if not has_port(device):
            wires.person.note(f"{title(world, device)} has no serial port now: {device.mode.value}.")
    with told_to_end() as told:
        front = Front(world, devices, Stream(wires.person, json=given.flag("json")), folder)
        waiting = [asyncio.create_task(told.wait()), asyncio.create_task(front.follow())]
        try:
            async with wires.clock.timeout(seconds) if seconds else nullcontext():
                done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except TimeIsUp:
            pass
        finally:
            for task in waiting:
                task.cancel()
            front.close()
    return Streamed()
