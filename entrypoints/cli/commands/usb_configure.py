"""`particle usb configure`: udev rules, so that every user of a Linux system can reach the devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.adapters.udev import Udev, UdevError
from particle_cli.domain.devices.udev_rules import FILE_NAME, udev_rules
from particle_cli.entrypoints.cli.result import Result, Told
from particle_cli.ports.errors import ParticleError

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

_RECONNECT = "Physically unplug and reconnect your Particle devices, so that the rules count for them."


class NotInstalled(ParticleError):
    """The rules could not be put in their place, or the person did not want it."""

    code = "udev_rules_not_installed"


async def run(given: Given, wires: Wires) -> Result:
    """Put the rules in their place, where there is one; with `--dry-run` only print them."""
    udev, rules = Udev(), udev_rules()
    path = udev.path(FILE_NAME)
    if given.flag("dry-run"):
        return Told(rules.rstrip("\n"), {"path": path, "rules": rules, "dryRun": True})
    if not udev.present:
        return Told("The system does not require configuration.", {"path": None, "installed": False})
    if udev.rules(FILE_NAME) == rules:
        return Told("The system is already configured.", {"path": path, "installed": False})
    try:
        if udev.writable:
            udev.install(FILE_NAME, rules)
        else:
            await _ask(given, wires, udev)
            udev.install_as_root(FILE_NAME, rules)
    except UdevError as error:
        raise NotInstalled(
            f"Could not install udev rules: {error.message}",
            next_step=f"Put the output of particle usb configure --dry-run into {path} as root.",
        ) from error
    wires.person.note(_RECONNECT)
    return Told("Done.", {"path": path, "installed": True})


async def _ask(given: Given, wires: Wires, udev: Udev) -> None:
    """See that the person wants a command to run as root. Raises: NotInstalled, NobodyThere."""
    command = udev.command_as_root(FILE_NAME)
    if given.flag("yes"):
        wires.person.note(f"Running: {command}")
        return
    question = f"The rules have to be written as root. Run `{command}` now?"
    if not await wires.person.confirm(question, flag="--yes", default=True):
        raise NotInstalled(
            "Nothing was installed.", next_step="particle usb configure --dry-run shows the rules."
        )
