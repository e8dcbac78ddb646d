"""What the devices attached over USB are called: the cloud knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.platforms.device_ids import is_device_id
from particle_cli.ports.errors import ParticleError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from particle_cli.domain.cloud.devices import CloudDevice
    from particle_cli.entrypoints.wires import Wires

_PATIENCE_S = 15.0  # for names that are only shown


async def names_for(wires: Wires, words: Iterable[str]) -> Mapping[str, str]:
    """Return the names of the account's devices by id, where one of the words is not an id; else nothing.

    Raises: NotLoggedIn, CloudError.
    """
    if all(is_device_id(word) for word in words):
        return {}
    return {device.id: device.shown_name for device in await account_devices(wires) if device.shown_name}


async def known_records(wires: Wires) -> Mapping[str, CloudDevice]:
    """Return what the cloud knows of the person's devices, by id; nothing where it cannot be asked.

    Everything works without it: who is not logged in is asked nothing and told nothing.
    """
    try:
        if wires.session.in_use.value is None:
            return {}
        async with wires.clock.timeout(_PATIENCE_S):
            return {record.id: record for record in await account_devices(wires)}
    except ParticleError as error:
        wires.person.note(f"The names of the devices are not known: {error.message}")
        return {}


async def account_devices(wires: Wires) -> tuple[CloudDevice, ...]:
    """Return the devices of the account. Raises: NotLoggedIn, CloudError."""
    from particle_cli.domain.cloud.devices import list_devices
    from particle_cli.entrypoints.cli.commands.cloud_session import cloud_session

    async with cloud_session(wires) as client:
        return await list_devices(client)
