"""Events of products and organizations: which streams they are in."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest
from tests.simulators.cloud.asking import Asker
from tests.simulators.cloud.far_end import FarEnd
from tests.simulators.cloud.test_events import CLOCK, Listener, listen

from particle_cli.simulators.cloud.state import FIRST_PRODUCT

ORGANIZATION = "/v1/orgs/example-organization"


async def heard(asker: Asker, paths: list[str], happens: object) -> dict[str, list[str]]:
    """Return the names of the events that come to each stream while something happens."""
    async with AsyncExitStack() as stack:
        listeners: dict[str, Listener] = {path: await listen(asker, stack, path) for path in paths}
        await happens()  # type: ignore[operator]
        await CLOCK.sleep(0.1)
        return {path: [name for name, _ in one.events] for path, one in listeners.items()}


@pytest.fixture
async def ours(asker: Asker) -> str:
    """The path of a product of an organization's."""
    product = {"name": "Ours", "platform_id": 13}
    await asker.told("POST", f"{ORGANIZATION}/products", {"product": product})
    return "/v1/products/ours"


async def test_a_product_s_events_are_in_its_streams_and_its_organization_s(asker: Asker, ours: str) -> None:
    device = FarEnd(1)
    asker.cloud.adopt(device)
    await asker.told("POST", f"{ours}/devices", {"id": device.id})
    org = f"{ORGANIZATION}/events"
    paths = {
        f"{ours}/events": 3,
        f"{ours}/devices/events": 3,
        f"{ours}/devices/{device.id}/events": 2,
        f"{ours}/events/news": 1,
        f"{ORGANIZATION}/products/ours/events": 3,
        f"{ORGANIZATION}/products/ours/events/spark": 2,
        org: 3,
        f"{org}/news": 1,
        "/v1/products/example-product/events": 0,
        "/v1/devices/events": 2,
    }

    async def happens() -> None:
        await asker.told("POST", f"{ours}/events", {"name": "news", "private": True})
        device.go(online=False)
        device.go(online=True)

    told = await heard(asker, list(paths), happens)
    assert {path: len(names) for path, names in told.items()} == paths
    assert told[org] == ["news", "spark/status", "spark/status"]


async def test_a_product_hears_nothing_of_devices_that_are_set_aside(asker: Asker) -> None:
    product = f"/v1/products/{FIRST_PRODUCT}"
    device = FarEnd(1)
    asker.cloud.adopt(device)
    await asker.told("POST", f"{product}/devices", {"id": device.id})
    assert (await asker.send("DELETE", f"{product}/devices/{device.id}", b'{"deny":true}')).status == 204

    async def happens() -> None:
        device.go(online=False)

    told = await heard(asker, [f"{product}/events", "/v1/devices/events"], happens)
    assert told == {f"{product}/events": [], "/v1/devices/events": ["spark/status"]}


@pytest.mark.parametrize(
    "path",
    [
        "/v1/orgs/nope/events",
        f"{ORGANIZATION}/products/example-product/events",
        "/v1/products/999/events",
    ],
)
async def test_streams_of_others_are_refused(asker: Asker, path: str) -> None:
    assert (await asker.ask("GET", path))[0] == 403
