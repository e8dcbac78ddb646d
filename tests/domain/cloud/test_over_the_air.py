"""Handing firmware to the cloud: what goes out, and what is made of the answers."""

from __future__ import annotations

import json

import pytest
from tests.domain.cloud.scripted import BASE, TOKEN, answered, client_over

from particle_cli.domain.cloud.errors import (
    CloudAnswerUnreadable,
    CloudDeviceNotFound,
    CloudFailed,
    CloudRefused,
    DeviceSilent,
)
from particle_cli.domain.cloud.over_the_air import send_firmware
from particle_cli.domain.cloud.products import mark_as_development
from particle_cli.ports.http import Part

ID = "0123456789abcdef01234567"
STARTED = answered({"id": ID, "status": "Update started"})


async def test_a_binary_goes_out_as_the_official_client_sends_it() -> None:
    client, http = client_over(STARTED)
    await send_firmware(client, ID, "build/fw.bin", b"\x00\x01\x02\xff")
    (request,) = http.requests
    assert (request.method, request.url) == ("PUT", f"{BASE}/v1/devices/{ID}")
    assert http.headers()["Authorization"] == f"Bearer {TOKEN}"
    assert request.body == (
        Part("file", b"\x00\x01\x02\xff", "build/fw.bin", "application/octet-stream"),
        Part("latest", b"true"),
    )


async def test_a_bundle_goes_out_as_a_zip_file_and_through_a_product() -> None:
    client, http = client_over(answered({"ok": True, "message": "Update started"}))
    await send_firmware(client, ID, "app.zip", b"PK", product="12")
    (request,) = http.requests
    assert request.url == f"{BASE}/v1/products/12/devices/{ID}"
    assert isinstance(request.body, tuple)
    assert request.body[0].content_type == "application/zip"


async def test_a_device_is_marked_for_development() -> None:
    client, http = client_over(answered({"id": ID, "development": True}))
    await mark_as_development(client, "my-product", ID)
    (request,) = http.requests
    assert (request.method, request.url) == ("PUT", f"{BASE}/v1/products/my-product/devices/{ID}")
    assert isinstance(request.body, bytes)
    assert json.loads(request.body) == {"development": True}


@pytest.mark.parametrize(
    ("document", "status", "kind", "words"),
    [
        ({"ok": False, "code": 500, "errors": ["Request Timed Out"]}, 500, DeviceSilent, "Request Timed Out"),
        ({"ok": False, "error": "Out of order"}, 500, CloudFailed, "Out of order"),
        ({"ok": False, "error": "Another update"}, 409, CloudRefused, "Another update"),
        ({"ok": False, "errors": ["no binary"], "output": "x"}, 200, CloudRefused, "no binary"),
        ({"error": "x", "error_description": "described"}, 200, CloudRefused, "described"),
        ({}, 200, CloudRefused, "Flash failed"),
        (b"<html>", 200, CloudAnswerUnreadable, "can't be understood"),
        (
            {"error": "Permission Denied", "info": "I didn't recognize that device name or ID, try"},
            403,
            CloudDeviceNotFound,
            "Permission Denied",
        ),
    ],
)
async def test_what_the_cloud_says_against_it_is_passed_on(
    document: object, status: int, kind: type[Exception], words: str
) -> None:
    client, _ = client_over(answered(document, status))
    with pytest.raises(kind, match=words):
        await send_firmware(client, ID, "a.bin", b"x")
