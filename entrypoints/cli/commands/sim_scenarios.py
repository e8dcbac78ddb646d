"""`particle sim scenarios` and `particle sim load`: whole worlds at once."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING

from particle_cli.entrypoints.cli.result import Plain, Result, Told
from particle_cli.ports.errors import UsageError
from particle_cli.simulators.scenario.gallery import GALLERY, gallery_description, gallery_text

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Desk, Wires
    from particle_cli.simulators.scenario.description import Scenario


def scenarios(given: Given) -> Result:
    """List the gallery, or print a scenario of it."""
    word = given.optional("scenario")
    if word is None:
        described = {name: gallery_description(name) for name in GALLERY}
        width = max(map(len, described))
        lines = [f"{name:{width}}  {what}" for name, what in described.items()]
        return Told(
            "\n".join(lines), [{"name": name, "description": what} for name, what in described.items()]
        )
    if word not in GALLERY:
        raise _unknown(word)
    text = gallery_text(word).decode()
    return Told(text.rstrip("\n"), {"name": word, "text": text})


async def load(given: Given, wires: Wires) -> Result:
    """Put the world of a scenario in the place of the one there is."""
    from particle_cli.entrypoints.cli.commands.sim import condition, confirm_loss, data_of, title

    word = given.word("scenario")
    scenario = scenario_named(word, wires)
    if wires.world.devices:
        await confirm_loss(given, wires, "Replace")
    world = wires.world
    devices = await world.populate(scenario, replace=True)
    described: list[Plain] = [data_of(world, device) for device in devices]
    told = [f"Loaded {word}: {scenario.description}".removesuffix(": ")]
    told += [f"  {title(world, device)}: {condition(device)}" for device in devices]
    data = {"scenario": word, "description": scenario.description, "devices": described}
    return Told("\n".join(told), data)


def scenario_named(word: str, desk: Desk) -> Scenario:
    """Read the scenario that a word means: one of the gallery, or a file. Raises: UsageError, FileError."""
    from particle_cli.simulators.scenario.reading import read_scenario

    if word in GALLERY:
        return read_scenario(gallery_text(word), word)
    if word != "-" and not word.endswith(".toml") and not desk.files.is_file(word):
        raise _unknown(word)
    folder = os.path.dirname(word) or "."
    return read_scenario(desk.read(word), word, files=desk.files, folder=folder)


def _unknown(word: str) -> UsageError:
    return UsageError(
        f"There is no scenario '{word}'.",
        next_step=f"Ready are {', '.join(GALLERY)}; or name a .toml file of your own.",
    )
