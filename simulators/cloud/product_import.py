"""Taking devices into a product: one, many, or all that a file names."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from attrs import evolve

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.claims import give
from particle_cli.simulators.cloud.product_rows import Product
from particle_cli.simulators.cloud.replies import refused, reply
from particle_cli.simulators.cloud.roles import role_of
from particle_cli.simulators.cloud.rows import DeviceRecord, User
from particle_cli.simulators.cloud.state import CloudState


class Outcome(StrEnum):
    """What became of an id; as the answer's list of such ids is called."""

    UPDATED = "updatedDeviceIds"
    EXISTING = "existingDeviceIds"
    FOREIGN = "nonmemberDeviceIds"
    INVALID = "invalidDeviceIds"
    PROTECTED = "protectedDeviceIds"


async def import_devices(call: Call) -> HttpResponse:
    """Take devices into a product, named by id, serial number, IMEI or ICCID; let quarantined ones in."""
    product, words = call.product(), list(dict.fromkeys(filter(None, map(str.strip, _words(call)))))
    if not words:
        raise refused(400, "No device ids were given")
    claimer = _claimer(call)
    ids: dict[Outcome, list[str]] = {outcome: [] for outcome in Outcome}
    for word in words:
        ids[_import(call, product, word, claimer)].append(word)
    lists = {outcome.value: found for outcome, found in ids.items()}
    return reply({"updated": len(ids[Outcome.UPDATED]), **lists})


def _words(call: Call) -> Iterator[str]:
    """Yield what the request names devices by."""
    for file in call.files:
        yield from file.content.decode(errors="replace").splitlines()
    many = call.fields.get("ids")
    if isinstance(many, list):
        yield from (str(one) for one in many if isinstance(one, str | int))
    elif isinstance(many, str):
        yield from many.split(",")
    yield call.text("id")


def _claimer(call: Call) -> User | None:
    """Return who is to own the devices that nobody does, if that is asked for. Raises: Refusal."""
    wanted = call.text("claim_user")
    if not wanted:
        return None
    user = call.world.state.user_named(wanted)
    if user is None or role_of(call.world.state, call.product(), user.id) is None:
        raise refused(400, "claim_user must be the username of a team member")
    return user


def _import(call: Call, product: Product, word: str, claimer: User | None) -> Outcome:
    """Take one device in, unless something is against it."""
    state = call.world.state
    record = _found(call, word)
    if record is None or record.platform_id != product.platform_id:
        return Outcome.INVALID
    if record.product_id == product.id and not (record.quarantined or record.denied):
        return Outcome.EXISTING
    if _is_foreign(state, record, product, call.user):
        return Outcome.FOREIGN
    if record.protected and product.device_protection != "active":
        return Outcome.PROTECTED
    if record.product_id != product.id:
        record = evolve(record, groups=(), development=False, desired_firmware=None, firmware_version=None)
    record = evolve(record, product_id=product.id, quarantined=False, denied=False)
    state.devices.put(record)
    device = call.world.devices.get(record.id)
    if claimer is not None and record.owner_id is None and device is not None:
        give(call.world, device, claimer)
    return Outcome.UPDATED


def _found(call: Call, word: str) -> DeviceRecord | None:
    """Return the device that a word names, be it one that has never been anybody's."""
    for record in call.world.state.devices:
        if word.lower() == record.id or word in (record.serial_number, record.imei, record.iccid):
            return record
    for device in call.world.devices.values():
        numbers = device.numbers
        if word.lower() == device.id or word in (numbers.serial_number, numbers.imei, numbers.iccid):
            from particle_cli.simulators.cloud.device_document import introduced

            return introduced(DeviceRecord(device.id, device.platform_id, None), device)
    return None


def _is_foreign(state: CloudState, record: DeviceRecord, product: Product, caller: User) -> bool:
    """Tell whether a device belongs to people who have nothing to do with the product."""
    other = state.products.get(str(record.product_id)) if record.product_id != product.id else None
    if other is not None and role_of(state, other, caller.id) is None:
        return True
    owner = state.users.get(record.owner_id) if record.owner_id else None
    return owner is not None and owner.product_id != product.id and role_of(state, product, owner.id) is None
