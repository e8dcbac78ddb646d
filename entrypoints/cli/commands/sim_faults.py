"""`particle sim break`, `repair` and `set`: what befalls a simulated device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.entrypoints.cli.commands.sim import condition, data_of, title
from particle_cli.entrypoints.cli.result import Result, Told
from particle_cli.ports.errors import ParticleError, UsageError
from particle_cli.simulators.scenario.fault_words import read_faults

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires
    from particle_cli.simulators.firmware.application import Value

_TRUTHS = {"true": True, "false": False}


class NoSuchVariable(ParticleError):
    """The application that runs has no variable of that name, or none runs."""

    code = "sim_variable_missing"


async def break_device(given: Given, wires: Wires) -> Result:
    """Break something about a device."""
    faults = read_faults(given.rest("fault"))
    world = wires.world
    device = world.device(given.word("device"))
    world.break_device(device, faults)
    await world.settle()
    broken = ", ".join(map(str, faults))
    return Told(f"Broke {title(world, device)}: {broken}\n  {condition(device)}", data_of(world, device))


async def repair(given: Given, wires: Wires) -> Result:
    """Put right all that is broken about a device."""
    world = wires.world
    device = world.device(given.word("device"))
    repaired = world.repair(device)
    await world.settle()
    what = ", ".join(repaired) or "nothing was broken"
    text = f"Repaired {title(world, device)}: {what}\n  {condition(device)}"
    return Told(text, {**data_of(world, device), "repaired": list(repaired)})


async def set_variable(given: Given, wires: Wires) -> Result:
    """Give a variable of the application another value."""
    world = wires.world
    device = world.device(given.word("device"))
    name = given.word("variable")
    kind = device.variables.get(name)
    if kind is None:
        offered = ", ".join(device.variables) or "none"
        raise NoSuchVariable(
            f"{title(world, device)} is in {device.mode.value} mode and offers no variable '{name}'.",
            next_step=f"It offers: {offered}.",
        )
    value = _read_value(given.word("value"), kind)
    device.runtime.values[name] = value
    text = f"{name} of {title(world, device)} is {given.word('value')}"
    return Told(text, {"id": device.id, "variable": name, "value": value})


def _read_value(word: str, kind: str) -> Value:
    """Return what a word means for a variable of that type. Raises: UsageError."""
    try:
        if kind == "bool":
            return _TRUTHS[word.lower()]
        if kind == "string":
            return word
        return int(word) if kind == "int" else float(word)
    except (KeyError, ValueError):
        raise UsageError(f"'{word}' is no value for a variable of type {kind}.") from None
