"""npm's particle-api-js, and all that it knows of products and of the newer parts of the API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.strangers.particle_api import OfficialClient, content, file, official_client

pytestmark = [pytest.mark.strangers, pytest.mark.usefixtures("node")]

BORON = 13
ORG = "example-organization"
SOURCE = b"""
#include "Particle.h"
PRODUCT_VERSION(%d);
int led(String command) { return 7; }
int count = 3;
void setup() { Particle.function("led", led); Particle.variable("count", count); }
void loop() {}
"""
WORLD = """
[[product]]
name = "Fleet"
platform = "boron"
number = 2001
groups = ["kitchen"]

[[device]]
platform = "boron"
name = "one"

[[device]]
platform = "boron"
name = "two"
product = "fleet"

[[device]]
platform = "argon"
name = "foreign"
"""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficialClient]:
    home = tmp_path_factory.mktemp("home")
    scenario: Path = home / "fleet.toml"
    scenario.write_text(WORLD)
    with official_client(home, "--scenario", str(scenario)) as client:
        yield client


@pytest.fixture(scope="module")
def ids(api: OfficialClient) -> dict[str, str]:
    """The ids of the devices by name; `one` is taken into the product."""
    found = {one["name"]: one["id"] for one in api.body("listDevices")}
    told = api.body("addDeviceToProduct", product="fleet", deviceId=found["one"])
    assert (told["updated"], told["updatedDeviceIds"]) == (1, [found["one"]])
    return found


def deletes(api: OfficialClient, method: str, **args: object) -> None:
    """Call a method whose answer is that there is nothing to say."""
    told = api.call(method, **args)
    assert (told.ok, told.status, told.body) == (True, 204, {})


# Products and their devices


def test_products(api: OfficialClient) -> None:
    listed = {one["slug"]: one for one in api.body("listProducts")["products"]}
    assert set(listed) == {"example-product", "fleet"}
    for word in (2001, "fleet"):
        assert api.body("getProduct", product=word)["product"] == listed["fleet"]
    told = api.call("getProduct", product="nope")
    assert (told.status, told.body["error"]) == (404, "Product not found.")


def test_devices_of_a_product(api: OfficialClient, ids: dict[str, str]) -> None:
    listed = api.body("listDevices", product="fleet", sortAttr="deviceName", sortDir="asc", page=1, perPage=1)
    assert ([one["name"] for one in listed["devices"]], listed["meta"]) == (["one"], {"total_pages": 2})
    found = api.body("listDevices", product=2001, deviceId=ids["two"], deviceName="tw", groups=["kitchen"])
    assert found["devices"] == []
    shown = api.body("getDevice", product="fleet", deviceId=ids["two"])
    assert (shown["product_id"], shown["groups"], shown["quarantined"]) == (2001, [], False)
    told = api.call("getDevice", product="fleet", deviceId=ids["foreign"])
    assert (told.status, "not found" in told.body["error"]) == (404, True)
    told = api.call("listDevices", product="nope")
    assert (told.status, told.body["error"]) == (403, "Permission denied")


def test_a_file_of_devices(api: OfficialClient, ids: dict[str, str]) -> None:
    lines = "\n".join([ids["one"], ids["foreign"], "WAT"]).encode()
    told = api.body("addDeviceToProduct", product="fleet", file=file(lines))
    assert told == {
        "updated": 0,
        "updatedDeviceIds": [],
        "existingDeviceIds": [ids["one"]],
        "nonmemberDeviceIds": [],
        "invalidDeviceIds": [ids["foreign"], "WAT"],
        "protectedDeviceIds": [],
    }


def test_removing_and_denying_devices(api: OfficialClient, ids: dict[str, str]) -> None:
    one = {"product": "fleet", "deviceId": ids["one"]}
    deletes(api, "removeDevice", **one)
    told = api.call("removeDevice", **one)
    assert (told.status, told.body["error"]) == (404, "Device not found for this product")
    assert api.body("addDeviceToProduct", **one)["updated"] == 1
    deletes(api, "removeDevice", deny=True, **one)
    assert api.body("getDevice", **one)["denied"] is True
    assert api.body("addDeviceToProduct", **one)["updated"] == 1
    assert api.body("removeDeviceOwner", **one) == {"ok": True}
    assert api.body("claimDevice", deviceId=ids["one"])["ok"] is True
    assert api.body("renameDevice", name="one", **one)["name"] == "one"


def test_what_a_device_does_through_its_product(api: OfficialClient, ids: dict[str, str]) -> None:
    two: dict[str, Any] = {"product": "fleet", "deviceId": ids["two"]}
    assert api.body("callFunction", name="digitalWrite", argument="D7,HIGH", **two)["return_value"] == 1
    assert api.call("getVariable", name="nope", **two).status == 404
    assert api.body("signalDevice", signal=True, **two)["signaling"] is True
    assert api.body("signalDevice", signal=False, **two)["signaling"] is False
    assert api.body("setDeviceNotes", notes="hello", **two)["notes"] == "hello"
    assert api.body("markAsDevelopmentDevice", development=True, **two)["development"] is True
    assert api.body("markAsDevelopmentDevice", development=False, **two)["development"] is False
    assert api.body("unlockDeviceProductFirmware", **two)["desired_firmware_version"] is None
    assert len(api.body("getClaimCode", product="fleet")["claim_code"]) == 63
    assert len(api.body("provisionDevice", productId=2001)["device_id"]) == 24
    assert api.call("downloadManufacturingBackup", deviceId=ids["two"]).status == 404


def test_events_of_products_and_organizations(api: OfficialClient, ids: dict[str, str]) -> None:
    assert api.stream(product="fleet", name="news").ok
    assert api.body("publishEvent", product="fleet", name="news/1", data="x") == {"ok": True}
    (event,) = api.events(1)
    assert (event["name"], event["data"], event["productID"]) == ("news/1", "x", 2001)
    assert api.stream(product="fleet", deviceId=ids["two"]).ok
    assert api.stream(org=ORG).ok
    told = api.stream(org="nope")
    assert (told.ok, told.status) == (False, 403)


# Firmware


def binary(api: OfficialClient, version: int) -> bytes:
    built = api.body("compileCode", files={"main.ino": file(SOURCE % version)}, platformId=BORON)
    return content(api.call("downloadFirmwareBinary", binaryId=built["binary_id"]))


def wait_for_version(api: OfficialClient, device: str, version: int) -> None:
    """Follow the product's events until a device says that it runs a version."""
    for _ in range(60):
        if api.body("getDevice", product="fleet", deviceId=device).get("firmware_version") == version:
            return
        api.events(1)
    pytest.fail("the device never ran it")


def test_product_firmware(api: OfficialClient, ids: dict[str, str]) -> None:
    content_5 = binary(api, 5)
    upload = {"product": "fleet", "file": file(content_5), "title": "t", "description": "d"}
    assert api.call("uploadProductFirmware", version=6, **upload).status == 400
    made = api.body("uploadProductFirmware", version=5, **upload)
    assert (made["version"], made["title"], made["size"]) == (5, "t", len(content_5))
    assert api.call("uploadProductFirmware", version=5, **upload).status == 409
    assert [one["version"] for one in api.body("listProductFirmware", product="fleet")] == [5]
    changed = api.body("updateProductFirmware", product="fleet", version=5, title="t2", description="d2")
    assert (changed["title"], changed["description"]) == ("t2", "d2")
    assert api.body("getProductFirmware", product="fleet", version=5) == changed
    assert content(api.call("downloadProductFirmware", product="fleet", version=5)) == content_5
    release = {"product": "fleet", "version": 5, "product_default": True, "intelligent": True}
    told = api.call("releaseProductFirmware", groups=["kitchen"], **release)
    assert (told.status, "runs it already" in told.body["error"]) == (400, True)

    assert api.stream(product="fleet").ok
    locked = api.body(
        "lockDeviceProductFirmware",
        product="fleet",
        deviceId=ids["two"],
        desiredFirmwareVersion=5,
        flash=True,
    )
    assert locked["desired_firmware_version"] == 5
    wait_for_version(api, ids["two"], 5)
    two = {"product": "fleet", "deviceId": ids["two"]}
    assert api.body("callFunction", name="led", argument="", **two)["return_value"] == 7
    assert api.body("getVariable", name="count", **two)["result"] == 3
    released = api.body("releaseProductFirmware", groups=["kitchen"], **release)
    assert (released["product_default"], released["groups"]) == (True, ["kitchen"])
    wait_for_version(api, ids["one"], 5)
    told = api.call("delete", uri="/v1/products/fleet/firmware/5")
    assert (told.status, "released" in told.body["error"]) == (400, True)


def test_flashing_through_a_product(api: OfficialClient, ids: dict[str, str]) -> None:
    one = {"product": "fleet", "deviceId": ids["one"]}
    assert api.body("markAsDevelopmentDevice", development=True, **one)["development"] is True
    assert api.stream(product="fleet", deviceId=ids["one"]).ok
    told = api.body("flashDevice", files={"build/fw.bin": file(binary(api, 9))}, **one)
    assert told == {"id": ids["one"], "status": "Update started"}
    wait_for_version(api, ids["one"], 9)


# Teams, groups, clients, customers, configuration


def test_teams(api: OfficialClient) -> None:
    invited = api.body("inviteTeamMember", product="fleet", username="mfa@example.com")
    assert (invited["ok"], invited["invited"]["username"]) == (True, "mfa@example.com")
    team = [one["username"] for one in api.body("listTeamMembers", product="fleet")["team"]]
    assert team == ["you@example.com", "mfa@example.com"]
    assert api.body("removeTeamMember", product="fleet", username="mfa@example.com") == {"ok": True}
    assert api.call("removeTeamMember", product="fleet", username="mfa@example.com").status == 404


def test_groups(api: OfficialClient, ids: dict[str, str]) -> None:
    groups = "/v1/products/fleet/groups"
    made = api.body("post", uri=groups, data={"name": "attic", "color": "#f00", "description": "d"})
    assert made["group"]["name"] == "attic"
    assert len(api.body("get", uri=groups)["groups"]) == 2
    assert api.body("get", uri=groups, query={"name": "att"})["groups"] == [made["group"]]
    path = f"/v1/products/fleet/devices/{ids['two']}"
    assert api.body("put", uri=path, data={"groups": ["attic"]})["groups"] == ["attic"]
    listed = api.body("listDevices", product="fleet", groups=["attic", "kitchen"])["devices"]
    assert [one["id"] for one in listed] == [ids["two"]]
    renamed = api.body("put", uri=f"{groups}/attic", data={"name": "roof"})
    assert renamed["group"]["name"] == "roof"
    deletes(api, "delete", uri=f"{groups}/roof")


def test_clients_and_customers(api: OfficialClient) -> None:
    client = api.body("createOAuthClient", product="fleet", name="shop", type="installed")["client"]
    assert len(client["secret"]) == 40
    listed = api.body("listOAuthClients", product="fleet")["clients"]
    assert [one["id"] for one in listed] == [client["id"]]
    told = api.body("updateOAuthClient", product="fleet", clientId=client["id"], name="market")
    assert told["client"]["name"] == "market"
    told = api.call("createCustomer", product="fleet", email="a@b.c", password="x", auth=None)
    assert (told.ok, told.status) == (False, 403)  # its client is not the product's
    deletes(api, "deleteOAuthClient", product="fleet", clientId=client["id"])


def test_configuration(api: OfficialClient, ids: dict[str, str]) -> None:
    two = {"product": "fleet", "deviceId": ids["two"]}
    assert api.call("getProductConfiguration", product="fleet").status == 404
    assert api.body("getProductConfigurationSchema", product="fleet")["type"] == "object"
    told = api.body("setProductConfiguration", product="fleet", config={"a": 1})
    assert told == api.body("getProductConfiguration", product="fleet") == {"configuration": {"a": 1}}
    assert api.body("setProductDeviceConfiguration", config={"b": 2}, **two)["configuration"] == {"b": 2}
    assert api.body("getProductDeviceConfiguration", **two)["configuration"] == {"b": 2}
    assert api.body("getProductDeviceConfigurationSchema", **two)["type"] == "object"


def test_locations(api: OfficialClient, ids: dict[str, str]) -> None:
    where = {"product": "fleet", "dateRange": "2024-01-01,2024-02-01", "rectBl": "0,0", "rectTr": "1,1"}
    assert api.body("getProductLocations", page=1, perPage=5, **where)["locations"] == []
    assert api.call("getProductDeviceLocations", deviceId=ids["two"], **where).status == 404


# SIM cards


def test_sim_cards(api: OfficialClient, ids: dict[str, str]) -> None:
    cards = {one["device_name"]: one["iccid"] for one in api.body("listSIMs")["sims"]}
    assert set(cards) == {"one", "two"}
    listed = api.body(
        "listSIMs", product="fleet", iccid=cards["two"][:10], deviceName="two", page=1, perPage=5
    )
    assert [one["iccid"] for one in listed["sims"]] == [cards["two"]]
    assert api.body("getSIMDataUsage", iccid=cards["two"])["used"] == 0
    assert api.body("getSIMDataUsage", iccid=cards["two"], product="fleet")["usage_by_day"] == []
    assert api.body("getFleetDataUsage", product="fleet")["used"] == 0
    told = api.call("checkSIM", iccid=cards["two"])
    assert told.status == 200  # and yet it is an error to the client, as any answer to HEAD is
    assert api.call("checkSIM", iccid="0").status == 404
    assert api.body("removeSIM", iccid=cards["one"]) == {"ok": True}
    assert api.call("removeSIM", iccid=cards["one"], product="fleet").status == 404


# Build targets


def test_build_targets(api: OfficialClient) -> None:
    everything = api.body("listBuildTargets", auth=None)
    assert everything["platforms"]["Boron"] == BORON
    assert str(BORON) in everything["default_versions"]
    featured = api.body("listBuildTargets", onlyFeatured=True)["targets"]
    assert 0 < len(featured) < len(everything["targets"])


# Logic and ledgers


@pytest.mark.parametrize("org", [None, ORG])
def test_logic(api: OfficialClient, org: str | None) -> None:
    scope = {"org": org} if org else {}
    logic = {"event": {}, "source": {"type": "JavaScript", "code": ""}}
    assert api.body("executeLogic", logic=logic, **scope)["result"]["status"] == "Success"
    made = api.body("createLogicFunction", logicFunction={"name": "x"}, **scope)["logic_function"]
    one = {"logicFunctionId": made["id"], **scope}
    assert api.body("getLogicFunction", **one)["logic_function"] == made
    changed = api.body("updateLogicFunction", logicFunction={"name": "y"}, **one)["logic_function"]
    assert (changed["name"], changed["version"]) == ("y", 2)
    assert len(api.body("listLogicFunctions", todayStats=True, **scope)["logic_functions"]) == 1
    assert api.body("listLogicRuns", **one) == {"logic_runs": []}
    for method in ("getLogicRun", "getLogicRunLogs"):
        assert api.call(method, logicRunId="r", **one).status == 404
    deletes(api, "deleteLogicFunction", **one)


@pytest.mark.parametrize("org", [None, ORG])
def test_ledgers(api: OfficialClient, ids: dict[str, str], org: str | None) -> None:
    scope = {"org": org} if org else {}
    wanted = {"name": "l", "scope": "Device", "direction": "Upstream"}
    made = api.body("createLedger", ledger=wanted, **scope)["ledger"]
    ledger = {"ledgerName": "l", **scope}
    assert api.body("getLedger", **ledger)["ledger"] == made
    told = api.body("updateLedger", ledger={"description": "d"}, **ledger)
    assert told["ledger"]["description"] == "d"
    listed = api.body("listLedgers", scope="Device", page=1, perPage=5, archived=False, **scope)
    assert [one["name"] for one in listed["ledgers"]] == ["l"]
    one = {"scopeValue": ids["one"], **ledger}
    assert api.call("getLedgerInstance", **one).status == 404
    for data in ({"a": 1}, {"b": 2}):
        told = api.body("setLedgerInstance", instance={"data": data}, setMode="Merge", **one)
    assert told["instance"]["data"] == {"a": 1, "b": 2}
    assert api.body("getLedgerInstance", **one) == told
    assert len(api.body("listLedgerInstances", page=1, perPage=5, **ledger)["instances"]) == 1
    (version,) = api.body("listLedgerInstanceVersions", **one)["versions"]
    found = api.body("getLedgerInstanceVersion", version=version["replaced_at"], **one)
    assert found["version"]["data"] == {"a": 1}
    deletes(api, "deleteLedgerInstance", **one)
    assert api.body("archiveLedger", **ledger)["ledger"]["archived_at"] is not None


# Environment variables


@pytest.mark.parametrize("place", ["sandbox", "org", "product", "device"])
def test_environment_variables(api: OfficialClient, ids: dict[str, str], place: str) -> None:
    scopes: dict[str, dict[str, object]] = {
        "sandbox": {"sandbox": True},
        "org": {"org": ORG},
        "product": {"product": "fleet"},
        "device": {"deviceId": ids["two"]},
    }
    scope = scopes[place]
    key = f"KEY_{place.upper()}"
    ops = [{"op": "Set", "key": key, "value": "1"}, {"op": "Unset", "key": "NONE"}]
    told = api.body("updateEnvVars", ops=ops, **scope)
    assert told["latest"]["own"][key] == {"value": "1", "access": ["Device"]}
    assert api.body("setEnvVar", key="B", value="2", **scope)["latest"]["own"]["B"]["value"] == "2"
    assert "B" not in api.body("deleteEnvVar", key="B", **scope)["latest"]["own"]
    assert api.body("renderEnvVars", **scope)["env"][key] == "1"
    changes = api.body("reviewEnvVarsRollout", **scope)["from_snapshot"]["changes"]
    assert {"op": "Added", "key": key, "after": "1"} in changes
    assert api.body("startEnvVarsRollout", when="Immediate", **scope) == {"success": True}
    shown = api.body("listEnvVars", **scope)
    assert shown["last_snapshot"]["own"][key] == {"value": "1"}
    if place == "device":
        assert shown["on_device"]["rendered"][key] == "1"
    told = api.call("updateEnvVars", ops=[{"op": "Set", "key": "no", "value": "1"}], **scope)
    assert (told.status, told.body["error"]) == (400, "invalid_request")
    assert 'at "ops[0].key"' in str(told.message)
