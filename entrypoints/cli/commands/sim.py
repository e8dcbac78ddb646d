"""`particle sim …`: the devices of the embedded world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.firmware import functions
from particle_cli.domain.platforms.names import display_name, platform_id, platform_name
from particle_cli.entrypoints.cli.result import Plain, Result, Told
from particle_cli.ports.errors import ParticleError, UsageError
from particle_cli.simulators.firmware.installed import DEPENDENCIES, INTEGRITY, PLATFORM, RANGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires
    from particle_cli.simulators.device import SimulatedDevice
    from particle_cli.simulators.firmware.installed import InstalledModule
    from particle_cli.simulators.world import World

BUTTONS = ("reset", "mode", "both")
_CHECKS = (("integrity", INTEGRITY), ("range", RANGE), ("platform", PLATFORM), ("dependencies", DEPENDENCIES))


class NotPluggedIn(ParticleError):
    """The device has no power, so nothing happens when its buttons are pressed."""

    code = "sim_not_plugged_in"


class NotConfirmed(ParticleError):
    """The person said no."""

    code = "not_confirmed"


class Status(Result):
    """Simulated devices, each as a whole."""

    def __init__(self, world: World, devices: Sequence[SimulatedDevice]) -> None:
        """Look at the devices now: the world goes away before the result is printed."""
        self._text = "\n".join(line for device in devices for line in _lines(world, device))
        self._data: list[Plain] = [_data(world, device) for device in devices]

    def text(self, width: int) -> str:
        """Return a paragraph a device."""
        return self._text or "No simulated devices. Add one with: particle sim add boron"

    def data(self) -> Plain:
        """Return every field of every device."""
        return self._data


async def status(given: Given, wires: Wires) -> Result:
    """Show one device, or all."""
    world = wires.world
    word = given.optional("device")
    return Status(world, world.devices if word is None else (world.device(word),))


async def add(given: Given, wires: Wires) -> Result:
    """Add a device and wait until it is online."""
    word = given.word("platform")
    number = platform_id(word, public=False)
    if number is None:
        raise UsageError(
            f"There is no platform '{word}'.", next_step="See particle sim add --help for examples."
        )
    world = wires.world
    try:
        device = world.add(number, name=given.text("name"))
    except (ValueError, LookupError) as error:
        raise UsageError(f"A {display_name(number)} cannot be simulated: {error}.") from error
    return await _settled(world, device, "Added")


async def remove(given: Given, wires: Wires) -> Result:
    """Remove a device for good."""
    world = wires.world
    device = world.device(given.word("device"))
    told = _title(world, device)
    world.remove(device)
    return Told(f"Removed {told}", {"id": device.id})


async def plug(given: Given, wires: Wires) -> Result:
    """Plug a device in and wait until it has come up."""
    world = wires.world
    device = world.device(given.word("device"))
    world.plug(device)
    return await _settled(world, device, "Plugged in")


async def unplug(given: Given, wires: Wires) -> Result:
    """Pull a device's cable."""
    world = wires.world
    device = world.device(given.word("device"))
    world.unplug(device)
    return await _settled(world, device, "Unplugged")


async def press(given: Given, wires: Wires) -> Result:
    """Press a button and wait for what comes of it."""
    button = given.word("button")
    if button not in BUTTONS:
        raise UsageError(f"There is no button '{button}'.", next_step=f"Use one of: {', '.join(BUTTONS)}.")
    seconds = given.number("seconds")
    world = wires.world
    device = world.device(given.word("device"))
    if not world.is_attached(device):
        raise NotPluggedIn(
            f"{_title(world, device)} is not plugged in.",
            next_step=f"Run particle sim plug {given.word('device')} first.",
        )
    device.press(button, 0.1 if seconds is None else seconds)
    return await _settled(world, device, "Pressed")


async def reset_world(given: Given, wires: Wires) -> Result:
    """Forget all devices and all that the cloud knows."""
    world = wires.world
    count = len(world.devices)
    question = (
        f"Remove {count} simulated device{'' if count == 1 else 's'} and all the simulated cloud knows?"
    )
    if not given.flag("yes") and not await wires.person.confirm(question, flag="--yes", default=False):
        raise NotConfirmed("Nothing was removed.")
    world.clear()
    return Told("The simulated world is empty.", {"removed": count})


async def _settled(world: World, device: SimulatedDevice, done: str) -> Result:
    """Wait until a device stays as it is, and tell how that is."""
    await world.settle()
    return Told(f"{done} {_title(world, device)}: {_condition(device)}", _data(world, device))


def _title(world: World, device: SimulatedDevice) -> str:
    name = world.name_of(device) or "<no name>"
    return f"{name} [{device.id}] ({display_name(device.platform_id)})"


def _condition(device: SimulatedDevice) -> str:
    return f"{device.mode.value} mode, {device.led}" if device.usb else device.mode.value


def _lines(world: World, device: SimulatedDevice) -> list[str]:
    connected = "online" if device.online else "offline"
    lines = [f"{_title(world, device)} is {connected}", f"  {_condition(device)}"]
    return lines + [f"  {_module_line(module)}" for module in device.modules]


def _module_line(module: InstalledModule) -> str:
    prefix = module.prefix
    failed = [name for name, check in _CHECKS if not module.passed & check]
    told = f"fails: {', '.join(failed)}" if failed else "valid"
    what = f"{functions.name(prefix.function)} {prefix.index}"
    return f"{what:16} version {prefix.version:<5} {module.size:>8} bytes at {module.address:#010x}  {told}"


def _data(world: World, device: SimulatedDevice) -> dict[str, Plain]:
    return {
        "id": device.id,
        "name": world.name_of(device),
        "platform": platform_name(device.platform_id),
        "platformId": device.platform_id,
        "attached": world.is_attached(device),
        "mode": device.mode.value,
        "led": str(device.led),
        "online": device.online,
        "modules": [_module_data(module) for module in device.modules],
    }


def _module_data(module: InstalledModule) -> dict[str, Plain]:
    return {
        "function": functions.name(module.prefix.function),
        "index": module.prefix.index,
        "version": module.prefix.version,
        "address": module.address,
        "size": module.size,
        "uuid": module.module.uuid if module.module else None,
        "valid": module.valid,
        "checks": {name: bool(module.passed & check) for name, check in _CHECKS},
    }
