"""The devices of a product: what is sent, and what answers mean."""

from __future__ import annotations

import pytest
from tests.domain.cloud.scripted import BASE, NOON, answered, client_over
from tests.simulators.cloud.far_end import FarEnd

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.devices import list_devices
from particle_cli.domain.cloud.errors import CloudAnswerUnreadable, CloudNotFound, CloudRefused
from particle_cli.domain.cloud.products import (
    Import,
    add_to_product,
    get_product_device,
    list_product_devices,
    mark_as_development,
    remove_from_product,
)
from particle_cli.ports.http import Part
from particle_cli.simulators.cloud.cloud import SimulatedCloud
from particle_cli.simulators.cloud.state import FIRST_TOKEN

ID = "0123456789abcdef01234567"
BENCH = {
    "id": ID,
    "name": "bench",
    "product_id": 12,
    "platform_id": 13,
    "online": False,
    "connected": False,
    "groups": ["a"],
    "firmware_version": 3,
    "desired_firmware_version": None,
    "targeted_firmware_release_version": 3,
    "development": False,
    "quarantined": False,
    "denied": False,
    "owner": None,
}


async def test_what_is_listed_is_asked_for_as_the_official_client_does() -> None:
    client, http = client_over(answered({"devices": [BENCH], "customers": [], "meta": {"total_pages": 4}}))
    page = await list_product_devices(client, "prod", name="na me", groups=("a", "b"), page=2, per_page=25)
    assert http.asked == [
        f"GET {BASE}/v1/products/prod/devices?deviceName=na%20me&groups=a%2Cb&page=2&per_page=25"
    ]
    (found,) = page.devices
    assert (found.device.id, found.device.shown_name) == (ID, "bench")
    assert (found.document, page.total_pages) == (BENCH, 4)
    await list_product_devices(client, "12")
    assert http.asked[1] == f"GET {BASE}/v1/products/12/devices?page=1"


async def test_devices_are_added_as_a_file_of_ids() -> None:
    client, http = client_over(
        answered(
            {
                "updated": 1,
                "updatedDeviceIds": [ID],
                "existingDeviceIds": [],
                "nonmemberDeviceIds": ["f" * 24],
                "invalidDeviceIds": ["WAT"],
                "protectedDeviceIds": [],
            }
        )
    )
    told = await add_to_product(client, "12", [ID, ID.upper(), "F" * 24, "wat"])
    assert told == Import((ID,), ("f" * 24,), ("WAT",), ())
    assert http.asked == [f"POST {BASE}/v1/products/12/devices"]
    body = f"{ID}\n{'F' * 24}\nwat".encode()
    assert http.requests[0].body == (Part("file", body, "file", "application/octet-stream"),)


async def test_devices_are_removed_and_marked() -> None:
    client, http = client_over(answered(b"", 204))
    await remove_from_product(client, "12", ID.upper())
    await remove_from_product(client, "12", ID, deny=True)
    await mark_as_development(client, "12", ID)
    path = f"{BASE}/v1/products/12/devices/{ID}"
    assert http.asked == [f"DELETE {path}", f"DELETE {path}", f"PUT {path}"]
    assert [one.body for one in http.requests] == [b"{}", b'{"deny":true}', b'{"development":true}']
    assert http.headers(0)["Content-Type"] == "application/json"


async def test_refusals_name_what_they_are_about() -> None:
    client, _ = client_over(answered({"ok": False, "error": "Permission denied"}, 403))
    with pytest.raises(CloudRefused, match=r"^Permission denied \(product 999\)$"):
        await list_product_devices(client, "999")
    client, _ = client_over(answered({"ok": False, "error": "Device not found for this product"}, 404))
    with pytest.raises(CloudNotFound, match="Device not found"):
        await remove_from_product(client, "12", ID)


@pytest.mark.parametrize("document", [[], {}, {"devices": None}, {"devices": [7]}, {"devices": [{"id": 7}]}])
async def test_an_answer_that_is_none_is_told(document: object) -> None:
    client, _ = client_over(answered(document))
    with pytest.raises(CloudAnswerUnreadable, match="The devices of product 12"):
        await list_product_devices(client, "12")


async def test_with_the_simulated_cloud() -> None:
    clock = LoopClock(epoch=NOON)
    cloud = SimulatedCloud(clock)
    client = CloudClient(cloud, clock, api_url=cloud.origin, token=FIRST_TOKEN)
    device = FarEnd(1)
    cloud.adopt(device, name="red")
    assert await add_to_product(client, "12345", [device.id, "WAT"]) == Import((device.id,), (), ("WAT",), ())
    page = await list_product_devices(client, "example-product", name="R", per_page=1)
    assert ([one.device.id for one in page.devices], page.total_pages) == ([device.id], 1)
    await mark_as_development(client, "12345", device.id)
    one = await get_product_device(client, "12345", device.id)
    assert (one.device.name, one.document["development"]) == ("red", True)
    await remove_from_product(client, "12345", device.id)
    assert (await list_product_devices(client, "12345")).devices == ()


async def test_all_pages_of_a_product_make_its_list() -> None:
    def page(*ids: str) -> dict[str, object]:
        return {"devices": [{"id": one} for one in ids], "meta": {"total_pages": 3}}

    client, http = client_over(answered(page("a", "b")), answered(page("c")), answered(page()))
    assert [one.id for one in await list_devices(client, product="12")] == ["a", "b", "c"]
    path = f"GET {BASE}/v1/products/12/devices"
    assert http.asked == [path, f"{path}?page=2", f"{path}?page=3"]
