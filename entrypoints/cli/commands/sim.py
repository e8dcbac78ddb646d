"""`particle sim …`: the devices of the embedded world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.firmware import functions
from particle_cli.domain.firmware.versions import release_of
from particle_cli.domain.platforms.names import display_name, platform_id, platform_name
from particle_cli.entrypoints.cli.result import Plain, Result, Told
from particle_cli.ports.errors import ParticleError, UsageError
from particle_cli.ports.person import NotConfirmed
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.firmware.installed import DEPENDENCIES, INTEGRITY, PLATFORM, RANGE
from particle_cli.simulators.scenario.applications import ApplicationReader
from particle_cli.simulators.scenario.description import TINKER, DeviceDescription, Scenario
from particle_cli.simulators.system.system_version import system_version

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


class Status(Result):
    """Simulated devices, each as a whole."""

    def __init__(self, world: World, devices: Sequence[SimulatedDevice]) -> None:
        """Look at the devices now: the world goes away before the result is printed."""
        self._text = "\n".join(line for device in devices for line in _lines(world, device))
        self._data: list[Plain] = [data_of(world, device) for device in devices]

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
    (device,) = await world.populate(Scenario(devices=(_described(given, wires),)))
    return await settled(world, device, "Added")


def _described(given: Given, wires: Wires) -> DeviceDescription:
    """Return the device that the words describe. Raises: UsageError, FileError."""
    application = given.text("application")
    reader = ApplicationReader(wires.files, ".")
    try:
        return DeviceDescription(
            platform=given.word("platform"),
            name=given.text("name"),
            id=given.text("id"),
            device_os=given.text("device-os"),
            application=TINKER if application is None else reader.read(application),
            mode=given.text("mode") or "normal",
            protected=given.flag("protected"),
            claimed=not given.flag("unclaimed"),
        )
    except ValueError as error:
        raise UsageError(f"There can be no such device: {error}.") from error


async def remove(given: Given, wires: Wires) -> Result:
    """Remove a device for good."""
    world = wires.world
    device = world.device(given.word("device"))
    told = title(world, device)
    world.remove(device)
    return Told(f"Removed {told}", {"id": device.id})


async def plug(given: Given, wires: Wires) -> Result:
    """Plug a device in and wait until it has come up."""
    world = wires.world
    device = world.device(given.word("device"))
    world.plug(device)
    return await settled(world, device, "Plugged in")


async def unplug(given: Given, wires: Wires) -> Result:
    """Pull a device's cable."""
    world = wires.world
    device = world.device(given.word("device"))
    world.unplug(device)
    return await settled(world, device, "Unplugged")


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
            f"{title(world, device)} is not plugged in.",
            next_step=f"Run particle sim plug {given.word('device')} first.",
        )
    device.press(button, 0.1 if seconds is None else seconds)
    return await settled(world, device, "Pressed")


async def reset_world(given: Given, wires: Wires) -> Result:
    """Forget all devices and all that the cloud knows."""
    await confirm_loss(given, wires, "Remove")
    world = wires.world
    count = len(world.devices)
    world.clear()
    return Told("The simulated world is empty.", {"removed": count})


async def confirm_loss(given: Given, wires: Wires, doing: str) -> None:
    """Ask whether all devices may go, unless that was said already. Raises: NotConfirmed, NobodyThere."""
    count = len(wires.world.devices)
    devices = f"{count} simulated device{'' if count == 1 else 's'}"
    question = f"{doing} {devices} and all the simulated cloud knows?"
    if not given.flag("yes") and not await wires.person.confirm(question, flag="--yes", default=False):
        raise NotConfirmed("Nothing was removed.")


async def settled(world: World, device: SimulatedDevice, done: str) -> Result:
    """Wait until a device stays as it is, and tell how that is."""
    await world.settle()
    return Told(f"{done} {title(world, device)}: {condition(device)}", data_of(world, device))


def title(world: World, device: SimulatedDevice) -> str:
    """Return a device as it is called in what is told of it."""
    name = world.name_of(device) or "<no name>"
    return f"{name} [{device.id}] ({display_name(device.platform_id)})"


def condition(device: SimulatedDevice) -> str:
    """Return what a device is doing, and why where it is not what it would do by itself."""
    shown = f"{device.mode.value} mode, {device.led}" if device.usb else device.mode.value
    why = device.verdict.reason if device.mode in (Mode.SAFE, Mode.DFU, Mode.DEAD) else ""
    return f"{shown} ({why})" if why else shown


def _lines(world: World, device: SimulatedDevice) -> list[str]:
    connected = "online" if device.online else "offline"
    lines = [f"{title(world, device)} is {connected}", f"  {condition(device)}"]
    lines += [f"  broken: {', '.join(device.faults)}"] if device.faults else []
    return lines + [f"  {_module_line(module)}" for module in device.modules]


def _module_line(module: InstalledModule) -> str:
    prefix = module.prefix
    failed = [name for name, check in _CHECKS if not module.passed & check]
    told = f"fails: {', '.join(failed)}" if failed else "valid"
    what = f"{functions.name(prefix.function)} {prefix.index}"
    return f"{what:16} version {prefix.version:<5} {module.size:>8} bytes at {module.address:#010x}  {told}"


def data_of(world: World, device: SimulatedDevice) -> dict[str, Plain]:
    """Return every field of a device."""
    version = system_version(device)
    return {
        "id": device.id,
        "name": world.name_of(device),
        "platform": platform_name(device.platform_id),
        "platformId": device.platform_id,
        "attached": world.is_attached(device),
        "mode": device.mode.value,
        "led": str(device.led),
        "online": device.online,
        "deviceOs": release_of(version) if version else None,
        "faults": list(device.faults),
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
