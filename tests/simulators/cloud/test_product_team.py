"""Products and organizations, who works on them, and what each may do."""

from __future__ import annotations

import json

import pytest
from tests.simulators.cloud.asking import Asker
from tests.simulators.cloud.far_end import FarEnd

from particle_cli.simulators.cloud.state import FIRST_PRODUCT, FIRST_TOKEN

PRODUCT = f"/v1/products/{FIRST_PRODUCT}"
HER = "she@example.com"
NOT_YOURS = {"ok": False, "error": "Permission denied"}


async def log_in_as(asker: Asker, username: str) -> None:
    """Ask in somebody else's name from now on."""
    _, grant = await asker.log_in(username=username, password="hers")
    asker.token = str(grant["access_token"])


@pytest.fixture
async def device(asker: Asker) -> FarEnd:
    """A device of the product, and somebody who has nothing to do with it."""
    asker.cloud.open_account(HER, "hers")
    far_end = FarEnd(1, functions={"length": len}, values={"warmth": 21.5})
    asker.cloud.adopt(far_end, name="red")
    assert (await asker.ask("POST", f"{PRODUCT}/devices", {"id": far_end.id}))[0] == 200
    return far_end


# Products


async def test_the_product_that_is_there_from_the_beginning(asker: Asker) -> None:
    (product,) = (await asker.told("GET", "/v1/products"))["products"]
    assert product == {
        "id": 12345,
        "platform_id": 13,
        "name": "Example product",
        "slug": "example-product",
        "description": "",
        "user": "you@example.com",
        "subscription_id": None,
        "groups": [],
        "settings": {
            "location": {"opt_in": False},
            "known_application": {"opt_in": True},
            "quarantine": True,
        },
        "device_protection": "disabled",
    }
    for word in ("12345", "example-product"):
        assert await asker.told("GET", f"/v1/products/{word}") == {"product": product}
    unknown = (404, {"ok": False, "error": "Product not found."})
    assert await asker.ask("GET", "/v1/products/nope") == unknown
    assert await asker.ask("GET", "/v1/products/nope/devices") == (403, NOT_YOURS)


async def test_products_are_made(asker: Asker) -> None:
    wanted = {
        "name": "Weather Station!",
        "description": "d",
        "platform_id": 32,
        "settings": {"location": {"opt_in": True}},
    }
    product = (await asker.told("POST", "/v1/user/products", {"product": wanted}))["product"]
    assert (product["slug"], product["id"]) == ("weather-station", 12346)
    assert product["settings"]["location"] == {"opt_in": True}
    assert (await asker.ask("POST", "/v1/user/products", {"product": wanted}))[0] == 409
    for wrong in ({}, {"name": "x"}, {"name": "", "platform_id": 6}, {"name": "7", "platform_id": 6}):
        assert (await asker.ask("POST", "/v1/user/products", {"product": wrong}))[0] == 400
    assert (await asker.ask("POST", "/v1/user/products", {}))[0] == 400
    assert len((await asker.told("GET", "/v1/user/products"))["products"]) == 2


async def test_an_organization_has_products_of_its_own(asker: Asker, device: FarEnd) -> None:
    (organization,) = (await asker.told("GET", "/v1/orgs"))["organizations"]
    assert (organization["slug"], organization["name"]) == ("example-organization", "Example organization")
    for word in (organization["id"], "example-organization"):
        assert await asker.told("GET", f"/v1/orgs/{word}") == {"organization": organization}
    path = "/v1/orgs/example-organization/products"
    made = (await asker.told("POST", path, {"product": {"name": "Ours", "platform_id": 13}}))["product"]
    assert (made["org"], made["organization_id"]) == ("example-organization", organization["id"])
    assert (await asker.told("GET", path))["products"] == [made]
    assert [one["slug"] for one in (await asker.told("GET", "/v1/user/products"))["products"]] == [
        "example-product"
    ]
    agreements = await asker.told("GET", "/v1/orgs/example-organization/service_agreements")
    assert agreements["data"][0]["attributes"]["owner_type"] == "Org"
    assert (await asker.told("GET", "/v1/user/service_agreements"))["data"][0]["type"] == "service_agreement"
    await log_in_as(asker, HER)
    assert await asker.told("GET", "/v1/orgs") == {"organizations": []}
    assert await asker.ask("GET", path) == (403, NOT_YOURS)
    assert await asker.ask("GET", "/v1/products/ours") == (403, NOT_YOURS)
    assert await asker.told("GET", "/v1/products") == {"products": []}


# The team

READ = ("GET", f"{PRODUCT}/devices")
CALL = ("POST", f"{PRODUCT}/devices/{1:024x}/length")
NOTE = ("PUT", f"{PRODUCT}/devices/{1:024x}")
TAKE_OUT = ("DELETE", f"{PRODUCT}/devices/{1:024x}")
GROUP = ("POST", f"{PRODUCT}/groups")
INVITE = ("POST", f"{PRODUCT}/team")
BODIES = {NOTE: {"notes": "x"}, GROUP: {"name": "attic"}, INVITE: {"username": "mfa@example.com"}}


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("administrator", {READ, CALL, NOTE, GROUP, INVITE, TAKE_OUT}),
        ("developer", {READ, CALL, NOTE, GROUP, TAKE_OUT}),
        ("support", {READ, CALL, NOTE}),
        ("viewer", {READ}),
        (None, set()),
    ],
)
async def test_each_role_may_do_its_own(
    asker: Asker, device: FarEnd, role: str | None, may: set[tuple[str, str]]
) -> None:
    if role is not None:
        told = await asker.told("POST", f"{PRODUCT}/team", {"username": HER, "role": role})
        assert told["invited"]["username"] == HER
    await log_in_as(asker, HER)
    done = set()
    for method, path in (READ, CALL, NOTE, GROUP, INVITE, TAKE_OUT):
        response = await asker.send(method, path, json.dumps(BODIES.get((method, path), {})).encode())
        if response.status < 300:
            done.add((method, path))
        else:
            assert (response.status, b"Permission denied" in response.body) == (403, True)
    assert done == may


async def test_support_changes_nothing_but_name_and_notes(asker: Asker, device: FarEnd) -> None:
    await asker.told("POST", f"{PRODUCT}/team", {"username": HER, "role": "support"})
    await log_in_as(asker, HER)
    assert (await asker.ask("PUT", NOTE[1], {"development": True}))[0] == 403
    assert (await asker.ask("PUT", NOTE[1], {"name": "blue"}))[0] == 200


async def test_a_team_is_listed_and_left(asker: Asker, device: FarEnd) -> None:
    await asker.told("POST", f"{PRODUCT}/team", {"username": HER})
    team = (await asker.told("GET", f"{PRODUCT}/team"))["team"]
    assert [(one["username"], one["role"]["id"]) for one in team] == [
        ("you@example.com", "administrator"),
        (HER, "administrator"),
    ]
    assert (await asker.ask("POST", f"{PRODUCT}/team", {"username": HER}))[0] == 409
    assert (await asker.ask("POST", f"{PRODUCT}/team", {"username": "nobody@example.com"}))[0] == 404
    assert (await asker.ask("POST", f"{PRODUCT}/team", {"username": HER, "role": "king"}))[0] == 400
    assert await asker.told("DELETE", f"{PRODUCT}/team/{HER}") == {"ok": True}
    assert (await asker.ask("DELETE", f"{PRODUCT}/team/{HER}"))[0] == 404
    assert (await asker.ask("DELETE", f"{PRODUCT}/team/you@example.com"))[0] == 400
    await log_in_as(asker, HER)
    assert await asker.ask(*READ) == (403, NOT_YOURS)


async def test_a_program_may_do_what_its_scopes_say(asker: Asker, device: FarEnd) -> None:
    wanted = {"friendly_name": "Nightly Job", "scopes": ["devices:list", "devices.function:call"]}
    created = (await asker.told("POST", f"{PRODUCT}/team", wanted))["created"]
    assert created["username"].startswith("nightly-job+")
    assert created["is_programmatic"] is True
    shown = (await asker.told("GET", f"{PRODUCT}/team"))["team"][-1]
    assert (shown["is_programmatic"], shown["scopes"]) == (True, wanted["scopes"])
    asker.token = created["tokens"][0]["token"]
    assert (await asker.ask(*READ))[0] == 200
    assert (await asker.ask(*CALL))[0] == 200
    outside = {
        "error": "unauthorized",
        "error_description": "API users are not allowed to call this endpoint",
    }
    assert await asker.ask(*NOTE, {"notes": "x"}) == (403, outside)
    assert await asker.ask("GET", "/v1/user") == (403, outside)
    asker.token = FIRST_TOKEN
    assert (await asker.ask("DELETE", f"{PRODUCT}/team/{created['username']}"))[0] == 200
    asker.token = created["tokens"][0]["token"]
    assert (await asker.ask(*READ))[0] == 401
    asker.token = FIRST_TOKEN
    wrongs: list[dict[str, object]] = [{"scopes": ["devices:fly"]}, {"scopes": []}, {"friendly_name": ""}]
    for wrong in wrongs:
        assert (await asker.ask("POST", f"{PRODUCT}/team", {**wanted, **wrong}))[0] == 400


# Groups


async def test_groups_are_made_renamed_and_removed(asker: Asker, device: FarEnd) -> None:
    groups = f"{PRODUCT}/groups"
    told = await asker.told("POST", groups, {"name": "attic", "color": "#f00", "description": "d"})
    shown = {"name": "attic", "description": "d", "color": "#f00", "fw_version": None, "device_count": 0}
    assert told["group"] == shown
    assert (await asker.ask("POST", groups, {"name": "attic"}))[0] == 409
    assert (await asker.ask("POST", groups, {"name": "no spaces"}))[0] == 400
    await asker.told("PUT", NOTE[1], {"groups": ["attic"]})
    await asker.told("POST", groups, {"name": "cellar"})
    assert [one["name"] for one in (await asker.told("GET", f"{groups}?name=att"))["groups"]] == ["attic"]
    assert (await asker.told("GET", f"{groups}/attic"))["group"]["device_count"] == 1
    assert (await asker.told("PUT", f"{groups}/attic", {"name": "roof"}))["group"]["name"] == "roof"
    assert (await asker.told("GET", NOTE[1]))["groups"] == ["roof"]
    assert (await asker.ask("PUT", f"{groups}/roof", {}))[0] == 400
    assert (await asker.ask("GET", f"{groups}/attic"))[0] == 404
    assert (await asker.send("DELETE", f"{groups}/roof")).status == 204
    assert (await asker.told("GET", NOTE[1]))["groups"] == []
    assert (await asker.told("GET", PRODUCT))["product"]["groups"] == ["cellar"]


# Configuration


async def test_configuration_is_kept_for_a_product_and_for_a_device(asker: Asker, device: FarEnd) -> None:
    for path in (f"{PRODUCT}/config", f"{PRODUCT}/config/{device.id}"):
        assert await asker.ask("GET", path) == (404, {})
        assert await asker.told("PUT", path, {"a": {"b": 1}}) == {"configuration": {"a": {"b": 1}}}
        assert await asker.told("GET", path) == {"configuration": {"a": {"b": 1}}}
        schema = await asker.send("GET", path, accept="application/schema+json")
        assert b'"type":"object"' in schema.body
    assert (await asker.ask("GET", f"{PRODUCT}/config/{'0' * 24}"))[0] == 404


# Customers


async def test_customers_are_listed_with_their_devices(asker: Asker, device: FarEnd) -> None:
    client = (await asker.told("POST", f"{PRODUCT}/clients", {"name": "c", "type": "installed"}))["client"]
    who = {"email": "jane@example.com", "password": "hers"}
    status, grant = await asker.form(
        f"{PRODUCT}/customers",
        grant_type="client_credentials",
        client_id=client["id"],
        client_secret=client["secret"],
        **who,
    )
    assert status in (200, 201)
    hers = FarEnd(5)
    asker.cloud.attach(hers)
    assert (await asker.ask("POST", f"{PRODUCT}/devices", {"id": hers.id}))[0] == 200
    mine, asker.token = asker.token, str(grant["access_token"])
    assert (await asker.ask("POST", "/v1/devices", {"id": hers.id}))[0] == 200
    assert (await asker.ask("GET", f"{PRODUCT}/customers"))[0] == 403
    asker.token = mine
    told = await asker.told("GET", f"{PRODUCT}/customers")
    assert [one["username"] for one in told["customers"]] == ["jane@example.com"]
    assert [one["id"] for one in told["devices"]] == [hers.id]
    listed = await asker.told("GET", f"{PRODUCT}/devices")
    assert listed["customers"] == told["customers"]
