"""Events of devices: those that they publish, and what the cloud tells of them."""

from __future__ import annotations

from particle_cli.simulators.cloud.broker import PUBLIC, Channel, Event
from particle_cli.simulators.cloud.call import Surroundings
from particle_cli.simulators.cloud.rows import DeviceRecord


def product_channels(world: Surroundings, product_id: int) -> tuple[Channel, ...]:
    """Return which streams the events of a product belong to: its own, and that of its organization."""
    product = world.state.products.get(str(product_id))
    if product is None or product.organization_id is None:
        return (("product", str(product_id)),)
    return ("product", product.key), ("organization", product.organization_id)


def device_event(
    world: Surroundings,
    record: DeviceRecord,
    name: str,
    data: str | None,
    *,
    source: str | None = None,
    publicly: bool = False,
) -> Event:
    """Return an event that a device publishes, or that the cloud publishes for it.

    Args:
        world: what handlers work with.
        record: the device.
        name: of the event.
        data: what goes with it, if anything does.
        source: who says so, where it is not the device.
        publicly: whether it is for everybody.
    """
    channels: list[Channel] = [("device", record.id)]
    if record.owner_id is not None:
        channels.append(("user", record.owner_id))
    if publicly:
        channels.append(PUBLIC)
    if record.product_id is not None and not (record.quarantined or record.denied):
        channels += product_channels(world, record.product_id)
        channels.append(("product device", f"{record.product_id}/{record.id}"))
    return Event(
        name,
        data,
        world.now,
        source or record.id,
        tuple(channels),
        product_id=record.product_id,
        version=record.firmware_version,
    )


def tell(world: Surroundings, record: DeviceRecord, name: str, data: str | None) -> None:
    """Publish an event of a device."""
    world.broker.publish(device_event(world, record, name, data))
