"""Claiming, releasing and handing over devices."""

from __future__ import annotations

import pytest
from tests.simulators.cloud.asking import Asker
from tests.simulators.cloud.far_end import FarEnd

from particle_cli.adapters.clock import LoopClock
from particle_cli.simulators.cloud.state import FIRST_PASSWORD
from particle_cli.simulators.cloud.traits import TRANSFERS_APPROVED

CLOCK = LoopClock()
OTHER = "neighbour@example.com"


async def names(asker: Asker) -> dict[str, str | None]:
    _, listed = await asker.ask("GET", "/v1/devices")
    assert isinstance(listed, list)
    return {one["id"]: one["name"] for one in listed}


async def test_a_device_of_nobody_is_claimed_while_it_is_online(asker: Asker) -> None:
    device = FarEnd(7, online=False)
    asker.cloud.attach(device)
    offline = (404, {"ok": False, "errors": [["Core isn't online", 404]]})
    assert await asker.ask("POST", "/v1/devices", {"id": device.id, "request_transfer": False}) == offline
    device.go(online=True)
    status, answer = await asker.ask("POST", "/v1/devices", {"id": device.id.upper()})
    assert status == 200
    assert isinstance(answer, dict)
    assert (answer["id"], answer["connected"], answer["ok"]) == (device.id, True, True)
    assert device.ownership.claimed
    assert await names(asker) == {device.id: None}
    shown = await asker.told("GET", f"/v1/devices/{device.id}")
    assert shown["serial_number"] == device.numbers.serial_number
    assert shown["last_handshake_at"] is not None
    again = await asker.ask("POST", "/v1/devices", {"id": device.id})
    assert again[0] == 200


async def test_a_device_that_nobody_has_heard_of_is_not_found(asker: Asker) -> None:
    refusal = (404, {"ok": False, "errors": ["device not found"]})
    assert await asker.ask("POST", "/v1/devices", {"id": "0" * 24}) == refusal
    assert await asker.ask("POST", "/v1/devices", {}) == refusal


async def test_a_device_of_somebody_else_can_be_asked_for(asker: Asker) -> None:
    device = FarEnd(8)
    asker.cloud.open_account(OTHER, FIRST_PASSWORD)
    asker.cloud.adopt(device, name="theirs", owner=OTHER)
    status, answer = await asker.ask("POST", "/v1/devices", {"id": device.id, "request_transfer": False})
    assert (status, "belongs to someone else" in str(answer)) == (403, True)
    status, answer = await asker.ask("POST", "/v1/devices", {"id": device.id, "request_transfer": True})
    assert (status, isinstance(answer, dict) and list(answer)) == (200, ["transfer_id"])
    assert await names(asker) == {}


async def test_a_device_that_is_released_belongs_to_nobody(asker: Asker) -> None:
    device = FarEnd(9)
    asker.cloud.adopt(device, name="red")
    assert await asker.ask("DELETE", "/v1/devices/red") == (200, {"ok": True})
    assert not device.ownership.claimed
    assert (await asker.ask("GET", f"/v1/devices/{device.id}"))[0] == 403
    assert (await asker.ask("POST", "/v1/devices", {"id": device.id}))[0] == 200
    assert await names(asker) == {device.id: None}


async def test_a_claim_code_makes_a_device_somebodys_once(asker: Asker) -> None:
    old, first, second = FarEnd(1), FarEnd(2, online=False), FarEnd(3, online=False)
    asker.cloud.adopt(old, name="old")
    _, answer = await asker.ask("POST", "/v1/device_claims", {})
    assert isinstance(answer, dict)
    assert answer["device_ids"] == [old.id]
    code = answer["claim_code"]
    assert isinstance(code, str)
    assert len(code) == 63
    for device in (first, second):
        device.ownership.claim_code = code
        asker.cloud.attach(device)
        device.go(online=True)
    assert await names(asker) == {old.id: "old", first.id: None}
    assert (first.ownership.claimed, second.ownership.claimed) == (True, False)


async def test_a_claim_code_gets_old(asker: Asker) -> None:
    _, answer = await asker.ask("POST", "/v1/device_claims", {})
    assert isinstance(answer, dict)
    device = FarEnd(4, online=False)
    device.ownership.claim_code = str(answer["claim_code"])
    asker.cloud.attach(device)
    await CLOCK.sleep(24 * 3600)
    device.go(online=True)
    assert await names(asker) == {}


async def test_ids_for_new_devices_are_made_up(asker: Asker) -> None:
    status, answer = await asker.ask("POST", "/v1/devices", {"product_id": 12})
    assert isinstance(answer, dict)
    assert (status, len(str(answer["device_id"]))) == (200, 24)


# Transfers


async def asked_for(asker: Asker, device: FarEnd) -> str:
    """Ask for a device of the neighbour's."""
    asker.cloud.open_account(OTHER, FIRST_PASSWORD)
    asker.cloud.adopt(device, name="theirs", owner=OTHER)
    wish = {"id": device.id, "request_transfer": True}
    answer = await asker.told("POST", "/v1/devices", wish)
    assert await asker.told("POST", "/v1/devices", wish) == answer
    return str(answer["transfer_id"])


async def test_a_transfer_waits_for_the_owner_who_says_yes(asker: Asker) -> None:
    device = FarEnd(8)
    transfer_id = await asked_for(asker, device)
    assert [one.id for one in asker.cloud.transfers] == [transfer_id]
    assert await names(asker) == {}
    asker.cloud.answer_transfer(transfer_id, approved=True)
    assert await names(asker) == {device.id: None}
    assert asker.cloud.transfers == ()
    assert device.ownership.claimed
    with pytest.raises(LookupError):
        asker.cloud.answer_transfer(transfer_id, approved=True)


async def test_or_says_no(asker: Asker) -> None:
    transfer_id = await asked_for(asker, FarEnd(8))
    asker.cloud.answer_transfer(transfer_id, approved=False)
    assert await names(asker) == {}
    assert asker.cloud.transfers == ()


async def test_where_the_scenario_wants_it_everybody_says_yes(asker: Asker) -> None:
    asker.cloud.take_on(TRANSFERS_APPROVED)
    device = FarEnd(8)
    asker.cloud.open_account(OTHER, FIRST_PASSWORD)
    asker.cloud.adopt(device, owner=OTHER)
    answer = await asker.told("POST", "/v1/devices", {"id": device.id, "request_transfer": True})
    assert list(answer) == ["transfer_id"]
    assert await names(asker) == {device.id: None}


async def test_a_device_that_is_let_go_is_asked_for_no_more(asker: Asker) -> None:
    device = FarEnd(8)
    await asked_for(asker, device)
    _, answer = await asker.log_in(username=OTHER)
    asker.token = str(answer["access_token"])
    assert (await asker.ask("DELETE", f"/v1/devices/{device.id}"))[0] == 200
    assert asker.cloud.transfers == ()
