"""Environment variables: set, inherited, reviewed and brought to devices."""

from __future__ import annotations

import pytest
from tests.simulators.cloud.asking import Asker
from tests.simulators.cloud.far_end import FarEnd
from tests.simulators.cloud.updating import Bench

from particle_cli.simulators.cloud.state import FIRST_PRODUCT

PRODUCT = f"/v1/products/{FIRST_PRODUCT}"
NOW = "2024-05-13T10:55:02.520Z"
ME = "you@example.com"


@pytest.fixture
async def device(asker: Asker) -> FarEnd:
    """A device of the product, and one of the account's own."""
    far_end = FarEnd(1)
    asker.cloud.adopt(far_end, name="red")
    asker.cloud.adopt(FarEnd(2), name="blue")
    await asker.told("POST", f"{PRODUCT}/devices", {"id": far_end.id})
    return far_end


def ops(*pairs: tuple[str, str | None]) -> dict[str, object]:
    """A change that sets some variables, and unsets those of None."""
    return {
        "ops": [
            {"op": "Unset", "key": key} if value is None else {"op": "Set", "key": key, "value": value}
            for key, value in pairs
        ]
    }


@pytest.mark.parametrize(
    "base", ["/v1/env", "/v1/orgs/example-organization/env", f"{PRODUCT}/env", f"/v1/env/{1:024x}"]
)
async def test_variables_are_set_in_every_place(asker: Asker, device: FarEnd, base: str) -> None:
    empty = await asker.told("GET", base)
    assert (empty["last_snapshot"], empty["latest"]["own"]) == (None, {})
    told = await asker.told("PATCH", base, ops(("A", "1"), ("B_2", "x")))
    shown = {"A": {"value": "1", "access": ["Device"]}, "B_2": {"value": "x", "access": ["Device"]}}
    assert told["latest"]["own"] == shown
    assert (told["created_at"], told["updated_by"]) == (NOW, ME)
    await asker.told("PUT", f"{base}/C", {"value": ""})
    await asker.told("DELETE", f"{base}/B_2")
    await asker.told("DELETE", f"{base}/NOT_THERE")
    told = await asker.told("PATCH", base, ops(("A", None)))
    assert list(told["latest"]["own"]) == ["C"]
    assert await asker.told("GET", f"{base}/render") == {
        "env": {"C": ""},
        "last_updated_at": NOW,
        "rollout_at": None,
        "rollout_by": None,
    }


async def test_the_nearest_wins(asker: Asker, device: FarEnd) -> None:
    await asker.told("PATCH", "/v1/env", ops(("A", "owner"), ("B", "owner"), ("C", "owner")))
    await asker.told("PATCH", f"{PRODUCT}/env", ops(("B", "product"), ("C", "product")))
    told = await asker.told("PATCH", f"/v1/env/{device.id}", ops(("C", "device")))
    assert told["latest"]["inherited"] == {
        "A": {"from": "Owner", "value": "owner"},
        "B": {"from": "Product", "value": "product"},
    }
    rendered = (await asker.told("GET", "/v1/env/red/render"))["env"]
    assert rendered == {"A": "owner", "B": "product", "C": "device"}
    own = (await asker.told("GET", f"/v1/env/{2:024x}/render"))["env"]
    assert own == {"A": "owner", "B": "owner", "C": "owner"}


async def test_a_rollout_is_reviewed_and_reaches_devices(asker: Asker, device: FarEnd) -> None:
    await asker.told("PATCH", f"{PRODUCT}/env", ops(("A", "1"), ("B", "1")))
    assert await asker.told("GET", f"{PRODUCT}/env/rollout") == {
        "from_snapshot": {
            "changes": [{"op": "Added", "key": "A", "after": "1"}, {"op": "Added", "key": "B", "after": "1"}],
            "unchanged": {},
        }
    }
    assert await asker.told("POST", f"{PRODUCT}/env/rollout", {"when": "Connect"}) == {"success": True}
    assert device.environment.from_cloud == {}
    device.go(online=False)
    device.go(online=True)
    assert device.environment.from_cloud == {"A": "1", "B": "1"}
    await asker.told("PATCH", f"{PRODUCT}/env", ops(("A", "2"), ("B", None), ("C", "1")))
    review = await asker.told("GET", f"/v1/env/{device.id}/rollout")
    changes = [
        {"op": "Changed", "key": "A", "before": "1", "after": "2"},
        {"op": "Removed", "key": "B", "before": "1"},
        {"op": "Added", "key": "C", "after": "1"},
    ]
    assert review["from_device"] == {"changes": changes, "unchanged": {}}
    await asker.told("POST", f"{PRODUCT}/env/rollout", {"when": "Immediate"})
    assert device.environment.from_cloud == {"A": "2", "C": "1"}
    shown = await asker.told("GET", f"/v1/env/{device.id}")
    assert shown["on_device"] == {"rendered": {"A": "2", "C": "1"}}
    snapshot = (await asker.told("GET", f"{PRODUCT}/env"))["last_snapshot"]
    own = {"A": {"value": "2"}, "C": {"value": "1"}}
    assert snapshot == {"own": own, "inherited": {}, "rollout_at": NOW, "rollout_by": ME}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"ops": [{"op": "Set", "key": "a", "value": "1"}]}, "ops[0].key"),
        ({"ops": [{"op": "Set", "key": "A", "value": 1}]}, "ops[0].value"),
        ({"ops": [{"op": "Set", "key": "A", "value": "1"}, {"op": "Sett", "key": "A"}]}, "ops[1].op"),
        ({"ops": [7]}, "ops[0].op"),
        ({}, "ops"),
    ],
)
async def test_what_cannot_be_set_is_refused_as_a_whole(
    asker: Asker, device: FarEnd, change: object, place: str
) -> None:
    status, told = await asker.ask("PATCH", "/v1/env", change)
    assert isinstance(told, dict)
    assert (status, told["error"]) == (400, "invalid_request")
    assert told["error_description"].startswith("Validation error: : ")
    assert told["error_description"].endswith(f' at "{place}"')
    assert (await asker.told("GET", "/v1/env"))["latest"]["own"] == {}


async def test_places_of_others_are_refused(asker: Asker, device: FarEnd) -> None:
    assert (await asker.ask("GET", f"/v1/env/{'0' * 24}"))[0] == 403
    assert (await asker.ask("GET", "/v1/products/999/env"))[0] == 403
    assert (await asker.ask("GET", "/v1/orgs/nope/env"))[0] == 403
    assert (await asker.ask("POST", "/v1/env/rollout", {"when": "Sunday"}))[0] == 400


async def test_a_simulated_device_keeps_what_was_rolled_out() -> None:
    bench = Bench()
    device = await bench.device()
    await bench.ask("PUT", "/v1/env/STAGE", {"value": "test"})
    assert await bench.ask("POST", "/v1/env/rollout", {"when": "Immediate"}) == (200, {"success": True})
    assert [(one.name, one.value) for one in device.environment.variables] == [("STAGE", "test")]
    await bench.ask("PUT", "/v1/env/STAGE", {"value": "live"})
    await bench.ask("POST", "/v1/env/rollout", {"when": "Connect"})
    assert dict(device.environment.from_cloud) == {"STAGE": "test"}
    device.press("reset")
    await bench.world.settle()
    assert dict(device.environment.from_cloud) == {"STAGE": "live"}
