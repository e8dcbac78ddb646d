"""The cloud's part in unlocking a device, word for word."""

from __future__ import annotations

import json
from base64 import b64decode

import pytest
from tests.domain.cloud.scripted import BASE, answered, client_over

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import CloudAnswerUnreadable, CloudDeviceNotFound, CloudRefused
from particle_cli.domain.cloud.protection import (
    DeviceKeyUnknown,
    ServerProof,
    confirm_unlock,
    prepare_unlock,
    product_protects,
)

DEVICE = "0123456789abcdef01234567"
NOT_MINE = {"error": "Permission Denied", "info": "I didn't recognize that device name or ID, try …"}


async def confirmed(client: CloudClient) -> ServerProof:
    return await confirm_unlock(
        client,
        DEVICE,
        product="12",
        server_nonce=b64decode("AAAA"),
        device_nonce=b64decode("BBBB"),
        device_signature=b64decode("CCCC"),
        device_public_key_fingerprint=b64decode("DDDD"),
    )


async def test_the_first_step_brings_the_servers_number() -> None:
    client, http = client_over(answered({"server_nonce": "ERERERE="}))
    assert await prepare_unlock(client, DEVICE) == b"\x11" * 5
    assert http.asked == [f"PUT {BASE}/v1/devices/{DEVICE}/unprotect"]
    assert http.requests[0].body == b'{"action":"prepare"}'


async def test_the_second_step_is_as_recorded() -> None:
    client, http = client_over(
        answered({"server_signature": "RUVFRQ==", "server_public_key_fingerprint": "RkZGRg=="})
    )
    assert await confirmed(client) == ServerProof(b"EEEE", b"FFFF")
    assert http.asked == [f"PUT {BASE}/v1/products/12/devices/{DEVICE}/unprotect"]
    assert http.headers()["Content-Type"] == "application/json"
    assert http.requests[0].body == (
        b'{"action":"confirm","device_nonce":"BBBB","server_nonce":"AAAA","device_signature":"CCCC",'
        b'"device_public_key_fingerprint":"DDDD"}'
    )


async def test_a_key_that_the_cloud_has_not_got_is_told_with_what_to_do() -> None:
    client, _ = client_over(answered({"ok": False, "error": "Device public key was not found"}, 404))
    with pytest.raises(DeviceKeyUnknown, match="Device public key was not found") as caught:
        await confirmed(client)
    assert "connect to the cloud" in (caught.value.next_step or "")
    client, _ = client_over(answered({"ok": False, "error": "Device signature is invalid"}, 403))
    with pytest.raises(CloudRefused, match="signature is invalid"):
        await confirmed(client)
    client, _ = client_over(answered(NOT_MINE, 403))
    with pytest.raises(CloudDeviceNotFound):
        await prepare_unlock(client, DEVICE)


@pytest.mark.parametrize("nonce", [None, 5, "no base64!", "AAA"])
async def test_what_is_no_number_is_not_handed_on(nonce: object) -> None:
    client, _ = client_over(answered(json.loads(json.dumps({"server_nonce": nonce}))))
    with pytest.raises(CloudAnswerUnreadable):
        await prepare_unlock(client, DEVICE)


@pytest.mark.parametrize(("told", "expected"), [("active", True), ("disabled", False), (None, False)])
async def test_a_product_says_whether_its_devices_are_protected(told: str | None, expected: bool) -> None:
    client, http = client_over(answered({"product": {"id": 12, "device_protection": told}}))
    assert await product_protects(client, "my-product") is expected
    assert http.asked == [f"GET {BASE}/v1/products/my-product"]
