"""Whose a device is: claiming, releasing and handing over, claim codes, new ids."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from attrs import evolve

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call, Surroundings
from particle_cli.simulators.cloud.claim_rows import ClaimCode, Transfer
from particle_cli.simulators.cloud.device_document import introduced
from particle_cli.simulators.cloud.link import CloudDevice
from particle_cli.simulators.cloud.replies import Refusal, refused, reply
from particle_cli.simulators.cloud.rows import DeviceRecord, User
from particle_cli.simulators.cloud.traits import TRANSFERS_APPROVED

_CODE_LIVES_MS: Final = 24 * 3600 * 1000
_CODE_BYTES: Final = 47  # 63 characters of base64


async def claim(call: Call) -> HttpResponse:
    """Make a device the caller's, ask its owner for it, or make up an id for a device of a product."""
    if "product_id" in call.fields and "id" not in call.fields:
        return reply({"device_id": call.world.state.fresh("device")})
    number = call.text("id").lower()
    record, device = call.world.state.devices.get(number), call.world.devices.get(number)
    if record is None and device is None:
        raise Refusal(404, {"ok": False, "errors": ["device not found"]})
    owner = record.owner_id if record else None
    if owner is not None and owner != call.user.id:
        return _ask_for(call, number, owner)
    if owner is None:
        if device is None or not device.online:
            raise Refusal(404, {"ok": False, "errors": [["Core isn't online", 404]]})
        give(call.world, device, call.user)
    return reply({"user_id": call.user.id, "id": number, "connected": True, "ok": True})


def _ask_for(call: Call, number: str, owner_id: str) -> HttpResponse:
    if call.text("request_transfer") != "true":
        text = "That belongs to someone else. To request a transfer add ?request_transfer=true to the URL."
        raise Refusal(403, {"ok": False, "errors": [text]})
    state = call.world.state
    for transfer in state.transfers:
        if (transfer.device_id, transfer.asker_id) == (number, call.user.id):
            break
    else:
        transfer = Transfer(state.fresh("transfer"), number, owner_id, call.user.id)
        state.transfers.put(transfer)
    if state.traits.get(TRANSFERS_APPROVED) is not None:
        answer_transfer(call.world, transfer.id, approved=True)
    return reply({"transfer_id": transfer.id})


def answer_transfer(world: Surroundings, transfer_id: str, *, approved: bool) -> None:
    """Let the owner of a device answer a wish for it; its name and notes stay behind when he gives it away.

    Raises: LookupError for a wish that does not wait for an answer.
    """
    state = world.state
    transfer = state.transfers.get(transfer_id)
    if transfer is None:
        raise LookupError(f"no transfer {transfer_id} waits for an answer")
    state.transfers.remove(transfer_id)
    record = state.devices.get(transfer.device_id)
    if approved and record is not None and state.users.get(transfer.asker_id) is not None:
        _forget_wishes(world, record.id)
        state.devices.put(evolve(record, owner_id=transfer.asker_id, name=None, notes=None))


def _forget_wishes(world: Surroundings, device_id: str) -> None:
    """Forget who has asked for a device, as its owner is another now."""
    for transfer in world.state.transfers:
        if transfer.device_id == device_id:
            world.state.transfers.remove(transfer.id)


def give(world: Surroundings, device: CloudDevice, owner: User, *, product_id: int | None = None) -> None:
    """Make somebody the owner of a device, and let the device know."""
    kept = world.state.devices.get(device.id) or DeviceRecord(device.id, device.platform_id, None)
    product_id = kept.product_id if product_id is None else product_id
    if device.online and kept.last_handshake is None:  # its session began when it was nobody's
        kept = evolve(introduced(kept, device), last_handshake=world.now, last_heard=world.now)
    world.state.devices.put(evolve(kept, owner_id=owner.id, product_id=product_id))
    device.ownership.note(True)


def take_by_code(world: Surroundings, device: CloudDevice) -> None:
    """Give a device that has just connected to the one whose claim code it carries, if nobody owns it."""
    record = world.state.devices.get(device.id)
    code = device.ownership.claim_code
    if code is None or (record is not None and record.owner_id is not None):
        return
    row = world.state.claim_codes.get(code)
    owner = world.state.users.get(row.user_id) if row else None
    if row is None or owner is None or row.expires <= world.now:
        return
    world.state.claim_codes.remove(code)
    give(world, device, owner, product_id=row.product_id)


async def make_claim_code(call: Call) -> HttpResponse:
    """Make up a code with which a device that connects becomes the caller's."""
    state = call.world.state
    product = call.product() if "product" in call.places else None
    seed = hashlib.sha512(state.fresh("claim code", 64).encode()).digest()[:_CODE_BYTES]
    code = base64.b64encode(seed).decode().rstrip("=")[:63]
    expires = call.world.now + _CODE_LIVES_MS
    state.claim_codes.put(ClaimCode(code, call.user.id, product.id if product else None, expires))
    owned = [record.id for record in state.devices_of(call.user.id)]
    return reply({"claim_code": code, "device_ids": owned})


async def release(call: Call) -> HttpResponse:
    """Make a device nobody's; its name and notes go with its owner."""
    record = call.device()
    if record.owner_id is None:
        raise refused(404, "Device has no owner")
    let_go(call.world, record)
    return reply({"ok": True})


def let_go(world: Surroundings, record: DeviceRecord) -> None:
    """Take a device from its owner, and let the device know."""
    _forget_wishes(world, record.id)
    free = evolve(record, owner_id=None, name=None, notes=None)
    if record.product_id is None:
        world.state.devices.remove(record.id)
    else:
        world.state.devices.put(free)
    device = world.devices.get(record.id)
    if device is not None:
        device.ownership.note(False)
