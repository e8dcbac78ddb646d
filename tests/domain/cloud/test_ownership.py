"""Claiming, renaming, releasing and signalling: what is sent, and what refusals mean."""

from __future__ import annotations

import pytest
from tests.domain.cloud.scripted import BASE, answered, client_over

from particle_cli.domain.cloud.errors import CloudNotFound, CloudRefused
from particle_cli.domain.cloud.ownership import (
    DeviceOfAnother,
    claim_device,
    release_device,
    rename_device,
    signal_device,
)

ID = "0123456789abcdef01234567"
FOREIGN = {
    "ok": False,
    "errors": ["That belongs to someone else. To request a transfer add ?request_transfer=true to the URL."],
}


async def test_what_is_sent_is_what_the_official_client_sends() -> None:
    client, http = client_over(answered({"ok": True}))
    assert await claim_device(client, ID.upper()) is None
    await rename_device(client, ID, "newname")
    await rename_device(client, ID, "newname", product="12")
    await signal_device(client, ID, True)
    await signal_device(client, ID, False, product="12")
    await release_device(client, ID)
    assert http.asked == [
        f"POST {BASE}/v1/devices",
        f"PUT {BASE}/v1/devices/{ID}",
        f"PUT {BASE}/v1/products/12/devices/{ID}",
        f"PUT {BASE}/v1/devices/{ID}",
        f"PUT {BASE}/v1/products/12/devices/{ID}",
        f"DELETE {BASE}/v1/devices/{ID}",
    ]
    assert [request.body for request in http.requests] == [
        b'{"id":"0123456789abcdef01234567","request_transfer":false}',
        b'{"name":"newname"}',
        b'{"name":"newname"}',
        b'{"signal":"1"}',
        b'{"signal":"0"}',
        None,
    ]


async def test_a_device_of_another_can_be_asked_for() -> None:
    client, http = client_over(answered(FOREIGN, 403), answered({"transfer_id": "t1"}))
    with pytest.raises(DeviceOfAnother, match="belongs to someone else"):
        await claim_device(client, ID)
    assert await claim_device(client, ID, request_transfer=True) == "t1"
    assert http.requests[1].body == b'{"id":"0123456789abcdef01234567","request_transfer":true}'


async def test_refusals_say_what_to_do() -> None:
    offline = {"ok": False, "errors": [["Core isn't online", 404]]}
    client, _ = client_over(
        answered(offline, 404), answered({"ok": False, "errors": ["device not found"]}, 404)
    )
    with pytest.raises(CloudRefused, match="isn't online") as caught:
        await claim_device(client, ID)
    assert "breathes cyan" in (caught.value.next_step or "")
    with pytest.raises(CloudNotFound):
        await claim_device(client, ID)
