"""Which firmware a product's device is meant to run, and seeing to it that it does."""

from __future__ import annotations

from contextlib import suppress

from attrs import evolve

from particle_cli.simulators.cloud.call import Surroundings
from particle_cli.simulators.cloud.device_events import tell
from particle_cli.simulators.cloud.link import CloudDevice
from particle_cli.simulators.cloud.product_firmware_rows import ProductFirmware
from particle_cli.simulators.cloud.product_rows import Product
from particle_cli.simulators.cloud.replies import Refusal
from particle_cli.simulators.cloud.reported_product import product_of
from particle_cli.simulators.cloud.rows import DeviceRecord
from particle_cli.simulators.cloud.state import CloudState
from particle_cli.simulators.firmware.boot import Mode


def in_product(state: CloudState, record: DeviceRecord, device: CloudDevice) -> DeviceRecord:
    """Return what is known of a device, with what it says of its product when it connects.

    One that says it is of a product which it was not taken into is set aside there, until somebody lets it
    in.
    """
    said, version = product_of(device.modules)
    product = state.products.get(str(said)) if said is not None else None
    if product is not None and product.id != record.product_id and product.platform_id == record.platform_id:
        record = evolve(record, product_id=product.id, quarantined=product.quarantines, denied=False)
    return evolve(record, firmware_version=version if record.product_id is not None else None)


def target_of(state: CloudState, record: DeviceRecord) -> ProductFirmware | None:
    """Return the firmware that a device is meant to run, or None where nothing is meant for it.

    What it is locked to comes first, then what its groups get, the first of them first, then the product's
    default. Devices in development, in quarantine and denied ones are left alone.
    """
    if record.product_id is None or record.quarantined or record.denied:
        return None
    if record.desired_firmware is not None:
        return state.product_firmware.get(f"{record.product_id}/{record.desired_firmware}")
    if record.development:
        return None
    found = [one for one in state.product_firmware if one.product_id == record.product_id]
    for group in record.groups:
        for firmware in found:
            if group in firmware.groups:
                return firmware
    return next((one for one in found if one.product_default), None)


def hand_out(world: Surroundings, product: Product) -> None:
    """Let those devices of a product that are connected have what is meant for them, at once."""
    for record in world.state.devices:
        if record.product_id == product.id:
            bring_up_to_date(world, record)


def bring_up_to_date(world: Surroundings, record: DeviceRecord) -> None:
    """Send a device the firmware that it is meant to run, unless it runs it, or cannot be sent any now."""
    firmware, device = target_of(world.state, record), world.devices.get(record.id)
    if firmware is None or firmware.version == record.firmware_version or device is None:
        return
    if device.online and device.mode is Mode.NORMAL and not device.receiving:
        from particle_cli.simulators.cloud.updates import start_update  # most devices run what they should

        tell(world, record, "spark/status", "auto-update")
        with suppress(Refusal):  # it has just gone, and will be back
            start_update(world, record, (firmware.content,))
