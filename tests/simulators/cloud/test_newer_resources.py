"""The newer parts of the API: secrets, logic, ledgers, SIM cards, build targets, documents, places."""

from __future__ import annotations

import pytest
from attrs import evolve
from tests.simulators.cloud.asking import Asker
from tests.simulators.cloud.far_end import FarEnd

from particle_cli.simulators.cloud.state import FIRST_PRODUCT

PRODUCT = f"/v1/products/{FIRST_PRODUCT}"
ORGANIZATION = "/v1/orgs/example-organization"
NOW = "2024-05-13T10:55:02.520Z"
SCOPES = ["/v1", ORGANIZATION]


@pytest.fixture
async def device(asker: Asker) -> FarEnd:
    far_end = FarEnd(1)
    far_end.numbers = evolve(far_end.numbers, iccid="8934076500002589174")
    asker.cloud.adopt(far_end, name="red")
    await asker.told("POST", f"{PRODUCT}/devices", {"id": far_end.id})
    return far_end


async def gone(asker: Asker, path: str) -> bool:
    """Delete something; tell whether it is no longer there."""
    assert (await asker.send("DELETE", path)).status == 204
    return (await asker.ask("GET", path))[0] == 404


@pytest.mark.parametrize("scope", SCOPES)
async def test_secrets_are_kept_and_never_shown(asker: Asker, scope: str) -> None:
    path = f"{scope}/secrets"
    told = await asker.told("PUT", f"{path}/API_KEY", {"secret": {"value": "hush"}})
    assert (told["secret"]["name"], told["secret"]["created_at"]) == ("API_KEY", NOW)
    taken = (400, {"ok": False, "error": "Failed to create secret: Name already in use"})
    assert await asker.ask("POST", path, {"secret": {"name": "API_KEY", "value": "x"}}) == taken
    await asker.told("POST", path, {"secret": {"name": "OTHER", "value": "hush"}})
    listed = await asker.send("GET", path)
    assert (listed.body.count(b'"name":"'), b"hush" in listed.body) == (2, False)
    assert await asker.told("GET", f"{path}/API_KEY") == told
    assert (await asker.ask("PUT", f"{path}/api-key", {"secret": {"value": "x"}}))[0] == 400
    assert (await asker.ask("PUT", f"{path}/API_KEY", {"secret": {}}))[0] == 400
    assert await gone(asker, f"{path}/API_KEY")


@pytest.mark.parametrize("scope", SCOPES)
async def test_logic_is_kept_but_not_run(asker: Asker, scope: str) -> None:
    path, source = f"{scope}/logic/functions", {"type": "JavaScript", "code": "while (true) {}"}
    made = await asker.told("POST", path, {"logic_function": {"name": "x", "source": source}})
    function = made["logic_function"]
    assert (function["name"], function["version"], function["source"]) == ("x", 1, source)
    number = function["id"]
    changed = await asker.told("PUT", f"{path}/{number}", {"logic_function": {"enabled": False}})
    assert (changed["logic_function"]["enabled"], changed["logic_function"]["version"]) == (False, 2)
    (listed,) = (await asker.told("GET", f"{path}?today_stats=true"))["logic_functions"]
    assert listed["today_stats"] == {"success": 0, "failure": 0, "timeout": 0}
    assert (await asker.told("GET", f"{path}/{number}/runs")) == {"logic_runs": []}
    assert (await asker.ask("GET", f"{path}/{number}/runs/r/logs"))[0] == 404
    ran = await asker.told("POST", f"{scope}/logic/execute", {"source": source, "event": {}})
    assert ran["result"]["status"] == "Success"
    assert "does not run it" in ran["result"]["logs"][0]["args"][0]
    assert (await asker.ask("POST", f"{scope}/logic/execute", {"source": {"type": "Cobol"}}))[0] == 400
    assert (await asker.ask("POST", path, {"logic_function": {}}))[0] == 400
    assert await gone(asker, f"{path}/{number}")


@pytest.mark.parametrize("scope", SCOPES)
async def test_ledgers_hold_documents_and_what_they_were(asker: Asker, scope: str) -> None:
    path = f"{scope}/ledgers"
    wanted = {"name": "things", "scope": "Device", "direction": "Upstream", "description": "d"}
    made = await asker.told("POST", path, {"ledger": wanted})
    assert made["ledger"] == {**wanted, "archived_at": None, "created_at": NOW, "updated_at": NOW}
    assert (await asker.ask("POST", path, {"ledger": wanted}))[0] == 409
    assert (await asker.ask("POST", path, {"ledger": {**wanted, "scope": "Moon"}}))[0] == 400
    one = f"{path}/things/instances/{1:024x}"
    assert (await asker.ask("GET", one))[0] == 404
    told = await asker.told("PUT", one, {"instance": {"data": {"a": 1}}})
    assert told["instance"]["scope"] == {"type": "Device", "value": f"{1:024x}"}
    told = await asker.told("PUT", f"{one}?set_mode=Merge", {"instance": {"data": {"b": 2}}})
    assert (told["instance"]["data"], told["instance"]["size_bytes"]) == ({"a": 1, "b": 2}, 13)
    told = await asker.told("PUT", f"{one}?set_mode=Replace", {"instance": {"data": {"c": 3}}})
    assert (await asker.told("GET", one))["instance"]["data"] == {"c": 3}
    versions = (await asker.told("GET", f"{one}/versions"))["versions"]
    assert [version["data"] for version in versions] == [{"a": 1, "b": 2}, {"a": 1}]
    assert (await asker.told("GET", f"{one}/versions/{NOW}"))["version"] == versions[0]
    listed = await asker.told("GET", f"{path}/things/instances?page=1&per_page=5")
    assert (len(listed["instances"]), listed["meta"]["total"]) == (1, 1)
    large = {"instance": {"data": {"a": "x" * 20_000}}}
    assert (await asker.ask("PUT", one, large))[0] == 400
    assert await gone(asker, one)
    changed = await asker.told("PUT", f"{path}/things", {"ledger": {"description": "e"}})
    assert changed["ledger"]["description"] == "e"
    assert len((await asker.told("GET", f"{path}?scope=Device&archived=false"))["ledgers"]) == 1
    assert (await asker.told("GET", f"{path}?scope=Owner"))["ledgers"] == []
    assert (await asker.told("DELETE", f"{path}/things"))["ledger"]["archived_at"] == NOW
    assert (await asker.told("GET", path))["ledgers"] == []
    assert len((await asker.told("GET", f"{path}?archived=true"))["ledgers"]) == 1


@pytest.mark.parametrize("base", ["/v1/sims", f"{PRODUCT}/sims"])
async def test_sim_cards_are_those_in_devices(asker: Asker, device: FarEnd, base: str) -> None:
    iccid = str(device.numbers.iccid)
    (card,) = (await asker.told("GET", base))["sims"]
    assert (card["iccid"], card["status"], card["device_name"]) == (iccid, "active", "red")
    assert (await asker.told("GET", f"{base}/{iccid}"))["device_id"] == device.id
    assert (await asker.told("GET", f"{base}/{iccid}/data_usage"))["used"] == 0
    assert (await asker.told("GET", f"{base}/{iccid}/status"))["sim_status"]["connected"] is True
    for action, status in (("deactivate", "deactivated"), ("reactivate", "active")):
        assert await asker.told("PUT", f"{base}/{iccid}", {"action": action}) == {"ok": True}
        assert (await asker.told("GET", f"{base}/{iccid}"))["status"] == status
    assert (await asker.ask("PUT", f"{base}/{iccid}", {"action": "fly"}))[0] == 400
    assert await asker.told("DELETE", f"{base}/{iccid}") == {"ok": True}
    assert (await asker.told("GET", base))["sims"] == []
    assert (await asker.ask("GET", f"{base}/{iccid}"))[0] == 404


async def test_sim_cards_are_imported_into_a_product(asker: Asker, device: FarEnd) -> None:
    path = f"{PRODUCT}/sims"
    assert await asker.told("POST", path, {"sims": ["8901", "8902"]}) == {"ok": True}
    listed = await asker.told("GET", f"{path}?iccid=89&per_page=2&page=2")
    assert ([one["iccid"] for one in listed["sims"]], listed["meta"]["total"]) == (["8902"], 3)
    assert len((await asker.told("GET", f"{path}?deviceName=RE"))["sims"]) == 1
    assert (await asker.told("GET", f"{path}/data_usage"))["usage_by_day"] == []
    for wrong in ([], ["x"], "8901"):
        assert (await asker.ask("POST", path, {"sims": wrong}))[0] == 400


async def test_build_targets_are_the_releases_of_device_os(asker: Asker) -> None:
    asker.token = None
    everything = await asker.told("GET", "/v1/build_targets")
    by_name = {one["version"]: one for one in everything["targets"]}
    assert everything["platforms"]["Boron"] == 13
    assert 13 in by_name[everything["default_versions"]["13"]]["platforms"]
    assert by_name["6.2.0"]["prereleases"] == []
    prerelease = next(one for name, one in by_name.items() if "-rc" in name)
    assert prerelease["prereleases"] == prerelease["platforms"]
    featured = await asker.told("GET", "/v1/build_targets?featured=true")
    names = {one["version"] for one in featured["targets"]}
    assert names == set(everything["default_versions"].values())


async def test_the_system_document_of_a_device_is_changed_by_paths(asker: Asker, device: FarEnd) -> None:
    path = f"{PRODUCT}/devices/{device.id}/docs/system"
    apps = ["features", "applications", "desiredProperties", "apps"]

    def desired(told: dict[str, object]) -> object:
        place: object = told["data"]
        for step in apps:
            assert isinstance(place, dict)
            place = place[step]
        return place

    assert desired(await asker.told("GET", path)) == []
    for image in (1, 2):
        change = {
            "action": "upsert",
            "path": apps,
            "predicate": {"name": "a"},
            "value": {"name": "a", "image": image},
        }
        told = await asker.told("PATCH", path, change)
    assert desired(told) == [{"name": "a", "image": 2}]
    told = await asker.told("PATCH", path, {"action": "upsert", "path": ["x"], "key": "y", "value": 1})
    assert told["data"]["x"] == {"y": 1}
    told = await asker.told("PATCH", path, {"action": "remove", "path": ["x"], "key": "y"})
    assert told["data"]["x"] == {}
    told = await asker.told("PATCH", path, {"action": "remove", "path": apps, "predicate": {"name": "a"}})
    assert desired(told) == []
    for wrong in ({}, {"action": "upsert", "path": ["x"]}, {"action": "upsert", "path": [*apps, "y"]}):
        assert (await asker.ask("PATCH", path, wrong))[0] == 400


async def test_places_and_backups_are_not_modelled(asker: Asker, device: FarEnd) -> None:
    assert (await asker.told("GET", f"{PRODUCT}/locations"))["locations"] == []
    assert (await asker.ask("GET", f"{PRODUCT}/locations/{device.id}"))[0] == 404
    assert (await asker.ask("PUT", f"/v1/devices/{device.id}/backup_files"))[0] == 404
    told = await asker.told("POST", f"{PRODUCT}/registration_code", {"device_id": device.id})
    assert len(told["registration_code"]) == 40
    code = await asker.ask("POST", f"{PRODUCT}/registration_code", {"device_id": "0" * 24})
    assert code == (404, {"ok": False, "error": "Device not found for this product"})


async def test_everything_is_kept(asker: Asker, device: FarEnd) -> None:
    for method, path, document in (
        ("POST", f"{PRODUCT}/groups", {"name": "attic"}),
        ("PUT", f"{PRODUCT}/devices/{device.id}", {"groups": ["attic"]}),
        ("POST", f"{PRODUCT}/team", {"friendly_name": "p", "scopes": ["devices:list"]}),
        ("PUT", "/v1/env/A", {"value": "1"}),
        ("PUT", "/v1/secrets/S", {"secret": {"value": "hush"}}),
        ("POST", f"{PRODUCT}/sims", {"sims": ["8901"]}),
        ("PUT", f"{PRODUCT}/config", {"ä": [1, None, True]}),
        ("POST", f"{ORGANIZATION}/products", {"product": {"name": "Ours", "platform_id": 13}}),
    ):
        await asker.told(method, path, document)
    kept = asker.cloud.dump_state()
    asker.cloud.load_state(kept)
    assert asker.cloud.dump_state() == kept
    assert (await asker.told("GET", f"{PRODUCT}/config"))["configuration"] == {"ä": [1, None, True]}
    assert (await asker.told("GET", f"{PRODUCT}/groups/attic"))["group"]["device_count"] == 1
