"""`particle setup`, which is no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from particle_cli.ports.errors import ParticleError

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given


class CommandWithdrawn(ParticleError):
    """The command does nothing any more."""

    code = "command_withdrawn"


def run(given: Given) -> NoReturn:
    """Say where to go instead. Raises: CommandWithdrawn."""
    raise CommandWithdrawn(
        "This command is no longer available.",
        next_step="Set devices up at https://setup.particle.io; to give a device the credentials of a Wi-Fi "
        "network, run particle serial wifi.",
    )
