"""The list of an account's devices as a person wants it: filtered, in order, with what each one offers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.devices import CloudDevice, get_device, list_devices
from particle_cli.domain.cloud.errors import CloudDeviceNotFound
from particle_cli.domain.platforms.names import platform_id
from particle_cli.ports.clock import Clock
from particle_cli.ports.errors import ParticleError

_AT_ONCE: Final = 8  # requests under way at a time: quick for hundreds of devices, no burden on the cloud


def passes(device: CloudDevice, wanted: str | None) -> bool:
    """Tell whether a device belongs to a filtered list.

    Args:
        device: what the list says of it.
        wanted: `online`, `offline`, the name of a platform (no alias), a device id or exact name, or None.
    """
    if wanted is None:
        return True
    if wanted in ("online", "offline"):
        return device.is_online == (wanted == "online")
    platform = platform_id(wanted, aliases=False)
    if platform is not None and platform == device.platform_id:
        return True
    return device.shown_name == wanted or device.id == wanted.lower()


def in_order(devices: Sequence[CloudDevice]) -> tuple[CloudDevice, ...]:
    """Return the devices ordered for reading: offline first, then by name (nameless last), then by id."""

    def place(device: CloudDevice) -> tuple[bool, bool, str, str]:
        name = device.shown_name
        return device.is_online, name is None, (name or "").casefold(), device.id

    return tuple(sorted(devices, key=place))


async def list_in_detail(
    client: CloudClient, clock: Clock, *, wanted: str | None = None, product: str | None = None
) -> tuple[CloudDevice, ...]:
    """Return the devices that pass the filter, in order; those online with their functions and variables.

    The list is one request; then each device that is online is asked for by itself, a few at a time.

    Raises: CloudError.
    """
    listed = [device for device in await list_devices(client, product=product) if passes(device, wanted)]
    online = [device for device in listed if device.is_online]
    details = {
        later.id: later
        for later in await _few_at_a_time(clock, online, lambda device: _detail(client, device, product))
    }
    return in_order([device.updated(details.get(device.id, device)) for device in listed])


async def _detail(client: CloudClient, device: CloudDevice, product: str | None) -> CloudDevice:
    """Ask for one device; one that was released a moment ago stays as it was listed."""
    try:
        return await get_device(client, device.id, product=product)
    except CloudDeviceNotFound:
        return device


async def _few_at_a_time(
    clock: Clock,
    devices: Sequence[CloudDevice],
    job: Callable[[CloudDevice], Awaitable[CloudDevice]],
) -> list[CloudDevice]:
    """Run a job for every device; after the first error no other is begun, and it is raised."""
    waiting = iter(devices)
    done: list[CloudDevice] = []

    async def one_after_another() -> None:
        for device in waiting:
            try:
                done.append(await job(device))
            except ParticleError:
                for _ in waiting:
                    pass
                raise

    for result in await clock.together(*(one_after_another() for _ in devices[:_AT_ONCE])):
        if isinstance(result, ParticleError):
            raise result
    return done
