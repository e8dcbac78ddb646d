"""SIM cards: those in the devices of an account or a product, and those that were imported.

A card has no network here: its status is kept and shown, and it uses no data.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import evolve

from particle_cli.ports.http import HttpResponse
from particle_cli.simulators.cloud.call import Call
from particle_cli.simulators.cloud.pages import page_of
from particle_cli.simulators.cloud.replies import Plain, moment, refused, reply
from particle_cli.simulators.cloud.rows import DeviceRecord
from particle_cli.simulators.cloud.sim_card_rows import ACTIVE, DEACTIVATED, INACTIVE, SimCard

_PER_PAGE: Final = 25
_QUOTA_MB: Final = 100
_AFTER: Final = {"activate": ACTIVE, "reactivate": ACTIVE, "deactivate": DEACTIVATED, "import": INACTIVE}
_MOST_DIGITS: Final = 22


async def list_all(call: Call) -> HttpResponse:
    """List the SIM cards of an account, or a page of those of a product that pass the filters."""
    found = [(card, record) for card, record in _cards(call) if _passes(call, card, record)]
    page = page_of(call, found, per_page=_PER_PAGE if "product" in call.places else max(1, len(found)))
    return reply({"sims": [_shown(card, record) for card, record in page.rows], "meta": page.meta})


async def show(call: Call) -> HttpResponse:
    """Show one card."""
    return reply(_shown(*_named(call)))


async def show_status(call: Call) -> HttpResponse:
    """Tell of one card whether it is connected, which none is by itself."""
    card, record = _named(call)
    connected = record is not None and call.seems_online(record)
    device: Plain = {"id": record.id, "name": record.name} if record else None
    return reply(
        {"ok": True, "sim_status": {"status": card.status, "connected": connected, "device": device}}
    )


async def show_usage(call: Call) -> HttpResponse:
    """Show how much data one card has used: none."""
    card, _ = _named(call)
    return reply({"iccid": card.iccid, **_no_usage()})


async def show_fleet_usage(call: Call) -> HttpResponse:
    """Show how much data the cards of a product have used: none."""
    call.product()
    return reply(_no_usage())


def _no_usage() -> dict[str, Plain]:
    return {"usage_by_day": [], "quota": _QUOTA_MB, "used": 0}


async def change(call: Call) -> HttpResponse:
    """Activate, deactivate or reactivate a card."""
    card, _ = _named(call)
    action = call.text("action")
    if action not in ("activate", "deactivate", "reactivate"):
        raise refused(400, "action must be activate, deactivate or reactivate")
    _act(call, card, action)
    return reply({"ok": True})


async def remove(call: Call) -> HttpResponse:
    """Release a card, so that somebody else can have it."""
    card, _ = _named(call)
    call.world.state.sim_cards.put(evolve(card, owner_id=None, product_id=None, status=DEACTIVATED))
    return reply({"ok": True})


async def import_into_product(call: Call) -> HttpResponse:
    """Take cards into a product, and activate them."""
    product, wanted = call.product(), call.fields.get("sims")
    if not isinstance(wanted, list) or not wanted:
        raise refused(400, "sims must be a list of ICCIDs")
    for iccid in map(str, wanted):
        if not (iccid.isascii() and iccid.isdecimal() and len(iccid) <= _MOST_DIGITS):
            raise refused(400, f"Not an ICCID: {iccid}")
        kept = call.world.state.sim_cards.get(iccid)
        if kept is not None and kept.owner_id not in (None, call.user.id):
            raise refused(409, f"SIM {iccid} belongs to someone else")
        _act(call, SimCard(iccid, call.user.id, product.id), "activate")
    return reply({"ok": True})


def _act(call: Call, card: SimCard, action: str) -> None:
    activated = call.world.now if _AFTER[action] == ACTIVE else card.activated
    card = evolve(card, status=_AFTER[action], last_action=action, activated=activated)
    call.world.state.sim_cards.put(card)


def _cards(call: Call) -> Iterator[tuple[SimCard, DeviceRecord | None]]:
    """Yield the cards that a path is about, with the devices that they are in. Raises: Refusal."""
    state = call.world.state
    product = call.product() if "product" in call.places else None
    seen = set()
    for record in state.devices:
        if record.iccid is None:
            continue
        ours = record.product_id == product.id if product else record.owner_id == call.user.id
        card = state.sim_cards.get(record.iccid) or SimCard(record.iccid, record.owner_id, record.product_id)
        seen.add(record.iccid)
        if ours and card.owner_id is not None:
            yield card, record
    for card in state.sim_cards:
        ours = card.product_id == product.id if product else card.owner_id == call.user.id
        if ours and card.owner_id is not None and card.iccid not in seen:
            yield card, None


def _named(call: Call) -> tuple[SimCard, DeviceRecord | None]:
    """Return the card that the path names. Raises: Refusal."""
    for card, record in _cards(call):
        if card.iccid == call.places["iccid"]:
            return card, record
    raise refused(404, "SIM not found")


def _passes(call: Call, card: SimCard, record: DeviceRecord | None) -> bool:
    parts = (
        ("iccid", card.iccid),
        ("deviceId", record.id if record else ""),
        ("deviceName", (record.name if record else None) or ""),
    )
    return all(call.query.get(key, "").lower() in value.lower() for key, value in parts)


def _shown(card: SimCard, record: DeviceRecord | None) -> dict[str, Plain]:
    return {
        "_id": card.iccid,
        "iccid": card.iccid,
        "status": card.status,
        "base_country_code": "US",
        "carrier": "Simulated",
        "last_status_change_action": card.last_action,
        "activated_on": moment(card.activated),
        "device_id": record.id if record else None,
        "device_name": record.name if record else None,
        "product_id": card.product_id,
    }
