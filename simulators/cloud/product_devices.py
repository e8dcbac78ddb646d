"""The devices of a product: listed page by page, changed, and taken out of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from attrs import evolve

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.device_document import device_document
from particle_cli.simulators.cloud.pages import page_of
from particle_cli.simulators.cloud.product_rows import Product
from particle_cli.simulators.cloud.replies import Plain, refused, reply, reply_nothing
from particle_cli.simulators.cloud.rows import DeviceRecord

_PER_PAGE: Final = 25
_TRUE: Final = "true"

_LAST_CONNECTION: Final = "lastConnection"
_ORDERS: Final[dict[str, Callable[[DeviceRecord], tuple[bool, str | int]]]] = {
    "deviceName": lambda one: (one.name is None, (one.name or "").casefold()),
    "deviceId": lambda one: (False, one.id),
    "firmwareVersion": lambda one: (False, one.firmware_version or 0),
    _LAST_CONNECTION: lambda one: (False, one.last_handshake or 0),
}


async def list_page(call: Call) -> HttpResponse:
    """List a page of those of a product's devices that pass all filters."""
    product = call.product()
    found = [one for one in call.world.state.devices if one.product_id == product.id and _passes(call, one)]
    attribute = call.query.get("sortAttr", _LAST_CONNECTION)
    if attribute not in _ORDERS:
        raise refused(400, f"sortAttr must be one of {', '.join(_ORDERS)}")
    direction = call.query.get("sortDir", "desc" if attribute == _LAST_CONNECTION else "asc")
    if direction not in ("asc", "desc"):
        raise refused(400, "sortDir must be asc or desc")
    found.sort(key=lambda one: one.id)
    found.sort(key=_ORDERS[attribute], reverse=direction == "desc")
    page = page_of(call, found, per_page=_PER_PAGE)
    return reply(
        {
            "devices": [device_document(call, one) for one in page.rows],
            "customers": _customers(call, product, page.rows),
            "meta": {"total_pages": page.total_pages},
        }
    )


def _passes(call: Call, record: DeviceRecord) -> bool:
    """Tell whether a device is among those that are asked for; quarantined ones are so separately."""
    query = call.query
    parts = (("deviceId", record.id), ("deviceName", record.name), ("serialNumber", record.serial_number))
    groups = {name for name in query.get("groups", "").split(",") if name}
    return (
        all(query.get(key, "").lower() in (value or "").lower() for key, value in parts)
        and (not groups or not groups.isdisjoint(record.groups))
        and record.quarantined == (query.get("quarantined") == _TRUE)
    )


def _customers(call: Call, product: Product, records: tuple[DeviceRecord, ...]) -> list[Plain]:
    """Return those customers of the product who own one of the devices."""
    owners = {record.owner_id for record in records}
    return [
        {"id": user.id, "username": user.username}
        for user in call.world.state.users
        if user.id in owners and user.product_id == product.id
    ]


async def remove(call: Call) -> HttpResponse:
    """Take a device out of a product, or refuse to have it there."""
    record = call.device()
    if call.text("deny") == _TRUE:
        call.world.state.devices.put(evolve(record, denied=True, quarantined=True, groups=()))
    else:
        call.world.state.devices.put(
            evolve(
                record,
                product_id=None,
                groups=(),
                development=False,
                desired_firmware=None,
                quarantined=False,
                denied=False,
                firmware_version=None,
            )
        )
    return reply_nothing()


def changed_in_product(call: Call, record: DeviceRecord) -> tuple[DeviceRecord, dict[str, Plain]]:
    """Return a device with what is asked to be changed of it as one of a product, and what that is.

    Raises: Refusal.
    """
    said: dict[str, Plain] = {}
    if "development" in call.fields:
        said["development"] = development = call.text("development") in ("1", _TRUE)
        record = evolve(record, development=development)
    if "desired_firmware_version" in call.fields:
        said["desired_firmware_version"] = version = _firmware_version(call, record)
        record = evolve(record, desired_firmware=version)
    if "groups" in call.fields:
        said["groups"] = groups = _groups(call, record)
        record = evolve(record, groups=groups)
    return record, said


def _firmware_version(call: Call, record: DeviceRecord) -> int | None:
    """Return the firmware that a device is to be locked to, None for none. Raises: Refusal."""
    if call.fields["desired_firmware_version"] in (None, "", "null"):
        return None
    wanted = call.text("desired_firmware_version")
    firmware = call.world.state.product_firmware.get(f"{record.product_id}/{wanted}")
    if firmware is None:
        raise refused(404, f"Firmware version {wanted} not found for this product")
    return firmware.version


def _groups(call: Call, record: DeviceRecord) -> tuple[str, ...]:
    """Return the groups that a device is to be in. Raises: Refusal for one that there is not."""
    wanted = call.fields["groups"]
    names = wanted.split(",") if isinstance(wanted, str) else wanted
    if not isinstance(names, list):
        raise refused(400, "groups must be a list of names")
    found = tuple(dict.fromkeys(str(name) for name in names if name))
    for name in found:
        if call.world.state.groups.get(f"{record.product_id}/{name}") is None:
            raise refused(400, f"Group {name} not found")
    return found
