"""Integrations: what is asked of the cloud, and what is made of its answers."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from tests.domain.cloud.scripted import NOON, TOKEN, answered, client_over

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import CloudAnswerUnreadable, CloudNotFound, CloudRefused
from particle_cli.domain.cloud.integration_changes import changes, matching
from particle_cli.domain.cloud.integrations import (
    AzureIotHub,
    GoogleCloudPubSub,
    GoogleMaps,
    Integration,
    Owner,
    Trial,
    Webhook,
    create_integration,
    delete_integration,
    get_integration,
    integration_document,
    list_integrations,
    try_integration,
    update_integration,
)
from particle_cli.domain.cloud.reading import Json
from particle_cli.simulators.cloud.cloud import SimulatedCloud
from particle_cli.simulators.cloud.state import FIRST_TOKEN

ID = "5b0967d1f9d9356e6226535a"
MADE = {"id": ID, "event": "ev", "created_at": "2024-05-13T10:55:02.520Z", "ok": True}


async def test_a_webhook_is_made_as_the_node_tool_makes_it() -> None:
    client, http = client_over(answered(MADE, 201))
    document = integration_document("ev", Webhook("http://127.0.0.1/x"))
    assert await create_integration(client, document) == ID
    assert http.asked == ["POST https://api.test/v1/integrations"]
    assert http.headers()["Content-Type"] == "application/json"
    assert http.headers()["Authorization"] == f"Bearer {TOKEN}"
    assert http.requests[0].body == b'{"event":"ev","url":"http://127.0.0.1/x","integration_type":"Webhook"}'
    assert http.requests[0].secret


async def test_settings_of_a_file_are_sent_as_they_are() -> None:
    client, http = client_over(answered(MADE, 201))
    body = (
        b'{"event":"ev","url":"http://127.0.0.1/x","requestType":"POST",'
        b'"json":{"a":"{{{PARTICLE_EVENT_VALUE}}}"},"noDefaults":true,"rejectUnauthorized":true,'
        b'"mydevices":true,"integration_type":"Webhook"}'
    )
    await create_integration(client, json.loads(body))
    assert http.requests[0].body == body


def test_every_type_has_its_settings() -> None:
    hook = Webhook(
        "http://x/",
        request_type="PUT",
        json={"a": 1},
        auth={"username": "u", "password": "p"},
        response_topic="r",
        no_defaults=True,
    )
    assert integration_document("e", hook, device_id="d") == {
        "event": "e",
        "url": "http://x/",
        "requestType": "PUT",
        "json": {"a": 1},
        "auth": {"username": "u", "password": "p"},
        "responseTopic": "r",
        "noDefaults": True,
        "deviceid": "d",
        "integration_type": "Webhook",
    }
    assert "p'" not in repr(hook)
    azure = AzureIotHub("h", "p", "k")
    assert integration_document("e", azure) == {
        "event": "e",
        "hub_name": "h",
        "policy_name": "p",
        "policy_key": "k",
        "integration_type": "AzureIotHub",
    }
    assert integration_document("e", GoogleCloudPubSub("t"))["topic"] == "t"
    assert integration_document("e", GoogleMaps("k"))["integration_type"] == "GoogleMaps"


@pytest.mark.parametrize(
    ("owner", "path"),
    [
        (Owner(), "/v1/integrations"),
        (Owner(product="my product"), "/v1/products/my%20product/integrations"),
        (Owner(organization="acme"), "/v1/orgs/acme/integrations"),
    ],
)
async def test_integrations_belong_to_somebody(owner: Owner, path: str) -> None:
    client, http = client_over(answered([]))
    assert await list_integrations(client, owner) == ()
    await delete_integration(client, ID, owner)
    assert http.asked == [f"GET https://api.test{path}", f"DELETE https://api.test{path}/{ID}"]


@pytest.mark.parametrize("answer", [{"id": ID}, {"integration": {"id": ID}}])
async def test_the_id_is_where_the_cloud_puts_it(answer: object) -> None:
    client, _ = client_over(answered(answer))
    assert await create_integration(client, {"event": "e"}) == ID


async def test_an_error_in_an_answer_is_a_refusal() -> None:
    client, _ = client_over(answered({"ok": False, "error": "Too many webhooks"}))
    with pytest.raises(CloudRefused, match="Too many webhooks"):
        await create_integration(client, {"event": "e"})
    client, _ = client_over(answered({"ok": True}))
    with pytest.raises(CloudAnswerUnreadable):
        await create_integration(client, {"event": "e"})


@pytest.mark.parametrize("key", [None, "integrations", "webhooks"])
async def test_lists_have_several_shapes(key: str | None) -> None:
    row = {
        "id": ID,
        "event": "e",
        "created_at": "2024-05-13T10:55:02.520Z",
        "integration_type": "Webhook",
        "url": "http://x/",
        "deviceID": "d",
        "later": 1,
    }
    client, _ = client_over(answered([row] if key is None else {key: [row]}))
    (found,) = await list_integrations(client)
    assert (found.id, found.url, found.device_id, found.disabled) == (ID, "http://x/", "d", False)


@pytest.mark.parametrize("answer", [{}, "text", [{"id": 7, "event": "e"}], [7], {"integrations": {}}])
async def test_what_is_no_list_is_told(answer: object) -> None:
    client, _ = client_over(answered(answer))
    with pytest.raises(CloudAnswerUnreadable):
        await list_integrations(client)


@pytest.mark.parametrize("key", ["integration", "webhook"])
async def test_one_has_all_its_settings(key: str) -> None:
    stored = {**MADE, "url": "http://x/", "headers": {"Authorization": "secret"}}
    client, _ = client_over(answered({key: {**stored, "logs": [], "errors": [], "counters": []}}))
    found = await get_integration(client, ID)
    assert found.settings == {"event": "ev", "url": "http://x/", "headers": {"Authorization": "secret"}}
    assert "secret" not in repr(found)


async def test_one_that_is_missing_has_a_next_step() -> None:
    client, http = client_over(answered({"ok": False, "error": "Integration not found"}, 404))
    with pytest.raises(CloudNotFound) as caught:
        await update_integration(client, ID, {"event": "e"})
    assert caught.value.next_step == "See which there are with particle integration list."
    assert http.asked == [f"PUT https://api.test/v1/integrations/{ID}"]


async def test_a_trial_tells_how_it_went() -> None:
    client, http = client_over(
        answered({"pass": True, "data": None}), answered({"pass": False, "error": "no"}), answered({})
    )
    assert await try_integration(client, ID, data="1", device_id="d") == Trial(None)
    assert http.asked == [f"POST https://api.test/v1/integrations/{ID}/test"]
    assert http.requests[0].body == b'{"data":"1","device_id":"d"}'
    assert await try_integration(client, ID) == Trial("no")
    with pytest.raises(CloudAnswerUnreadable):
        await try_integration(client, ID)


async def test_with_the_simulated_cloud() -> None:
    clock = LoopClock(epoch=NOON)
    cloud = SimulatedCloud(clock)
    client = CloudClient(cloud, clock, api_url=cloud.origin, token=FIRST_TOKEN)
    hook = Webhook("http://127.0.0.1/", json={"v": "{{x}}"}, auth={"username": "u", "password": "p"})
    number = await create_integration(client, integration_document("temp", hook))
    (listed,) = await list_integrations(client)
    assert (listed.id, listed.type, listed.request_type) == (number, "Webhook", "POST")
    found = await get_integration(client, number)
    assert changes(found.settings, integration_document("temp", hook)) == ()
    await update_integration(client, number, {"event": "temp", "url": "http://127.0.0.1/y"})
    assert (await get_integration(client, number)).url == "http://127.0.0.1/y"
    outcome = await try_integration(client, number)
    assert outcome.error == "error: there is no way out of this simulated world"
    await delete_integration(client, number)
    with pytest.raises(CloudNotFound):
        await get_integration(client, number)


def test_changes_are_told_and_secrets_are_not() -> None:
    before: Mapping[str, Json] = {
        "event": "e",
        "url": "http://a/",
        "auth": {"password": "old"},
        "noDefaults": True,
    }
    after: Mapping[str, Json] = {
        "eventName": "e",
        "url": "http://b/",
        "auth": {"password": "new"},
        "deviceid": "AB",
        "mydevices": 1,
    }
    told = [change.text for change in changes(before, after)]
    assert told == [
        'url: "http://a/" -> "http://b/"',
        "auth: changed",
        'deviceID: nothing -> "ab"',
        "noDefaults: true -> false",
    ]


def test_defaults_are_no_changes() -> None:
    said: Mapping[str, Json] = {
        "event": "e",
        "url": "u",
        "requestType": "post",
        "rejectUnauthorized": True,
        "name": None,
    }
    assert changes({"event": "e", "url": "u", "integration_type": "Webhook"}, said) == ()


def test_a_file_is_meant_for_what_fits_it() -> None:
    one = Integration("1", "e", url="u", name="n")
    two = Integration("2", "e", url="u")
    maps = Integration("3", "e", type="GoogleMaps")
    there = (one, two, maps)
    assert matching({"event": "x", "name": "n"}, there) == (one,)
    assert matching({"event": "e", "url": "u"}, there) == (one, two)
    assert matching({"event": "e", "url": "u", "id": "2"}, there) == (two,)
    assert matching({"event": "e", "integration_type": "GoogleMaps"}, there) == (maps,)
    assert matching({"event": "e", "url": "u", "deviceid": "d"}, there) == ()
