"""Integrations over REST."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.simulators.cloud.asking import Asker

from particle_cli.simulators.cloud.integrations import MOST_INTEGRATIONS
from particle_cli.simulators.cloud.state import FIRST_PASSWORD

HOOK = {"event": "ev", "url": "http://127.0.0.1/x", "integration_type": "Webhook"}


async def made(asker: Asker, document: object = HOOK, path: str = "/v1/integrations") -> dict[str, Any]:
    status, answer = await asker.ask("POST", path, document)
    assert (status, isinstance(answer, dict)) == (201, True), answer
    assert isinstance(answer, dict)
    return answer


async def test_a_webhook_is_stored_with_its_defaults(asker: Asker) -> None:
    answer = await made(asker)
    number = answer["id"]
    assert answer == {
        "id": number,
        "event": "ev",
        "created_at": "2024-05-13T10:55:02.520Z",
        "integration_type": "Webhook",
        "url": "http://127.0.0.1/x",
        "requestType": "POST",
        "noDefaults": False,
        "rejectUnauthorized": True,
        "ok": True,
        "hookUrl": f"https://cloud.particle.invalid/v1/webhooks/{number}",
    }
    listed = {
        key: answer[key] for key in ("id", "event", "created_at", "integration_type", "url", "requestType")
    }
    assert await asker.ask("GET", "/v1/integrations") == (200, [listed])


async def test_all_that_can_be_said_of_a_webhook_is_kept(asker: Asker) -> None:
    said: dict[str, Any] = {
        "event": "ev",
        "integration_type": "webhook",
        "name": "mine",
        "url": "https://example.com/{{x}}",
        "requestType": "put",
        "deviceid": "0123456789ABCDEF01234567",
        "json": {"a": "{{{PARTICLE_EVENT_VALUE}}}", "b": [1, None]},
        "query": {"q": "1"},
        "auth": {"username": "u", "password": "p"},
        "headers": {"H": "1"},
        "responseTopic": "r",
        "errorResponseTopic": "e",
        "responseTemplate": "{{x}}",
        "noDefaults": True,
        "rejectUnauthorized": False,
        "disabled": True,
        "unchunked": True,
        "dataUrlResponseEvent": False,
        "template": "webhook",
        "mydevices": True,
    }
    answer = await made(asker, said)
    _, shown = await asker.ask("GET", f"/v1/integrations/{answer['id'].upper()}")
    assert isinstance(shown, dict)
    kept = dict(shown["integration"])
    assert [kept.pop(key) for key in ("logs", "errors", "counters")] == [[], [], []]
    del kept["id"], kept["created_at"], said["mydevices"], said["deviceid"]
    said |= {"integration_type": "Webhook", "requestType": "PUT", "deviceID": "0123456789abcdef01234567"}
    assert kept == said
    _, listed = await asker.ask("GET", "/v1/integrations")
    assert isinstance(listed, list)
    assert {"name", "deviceID", "disabled"} <= set(listed[0])
    assert "auth" not in listed[0]


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"event": ""}, "event is required"),
        ({"event": 7}, "event must be a text"),
        ({"event": "e" * 65}, "event has at most 64 characters"),
        ({"url": None}, "url is required"),
        ({"url": "ftp://x"}, "url must begin with http:// or https://"),
        ({"requestType": "FETCH"}, "requestType must be one of GET, POST, PUT, DELETE"),
        ({"integration_type": "Carrier"}, "integration_type must be one of Webhook, AzureIotHub, "),
        ({"json": {}, "body": ""}, "Only one of json, form and body can be given"),
        ({"json": 7}, "json must be an object or a text"),
        ({"form": "a=b"}, "form must be an object"),
        ({"headers": []}, "headers must be an object"),
        ({"auth": {"username": "u"}}, "auth must have a username and a password"),
        ({"noDefaults": "perhaps"}, "noDefaults must be true or false"),
        ({"integration_type": "GoogleMaps"}, "api_key is required"),
        ({"integration_type": "AzureIotHub", "hub_name": "h"}, "policy_name is required"),
    ],
)
async def test_what_makes_no_integration_is_refused(asker: Asker, more: dict[str, Any], text: str) -> None:
    status, answer = await asker.ask("POST", "/v1/integrations", {**HOOK, **more})
    assert isinstance(answer, dict)
    assert (status, answer["ok"]) == (400, False)
    assert text in answer["error"]
    assert await asker.ask("GET", "/v1/integrations") == (200, [])


async def test_a_form_does_as_well(asker: Asker) -> None:
    form = urlencode({"event": "ev", "url": "http://127.0.0.1/", "noDefaults": "true", "deviceId": "0" * 24})
    answer = await asker.send("POST", "/v1/webhooks", form.encode(), kind="application/x-www-form-urlencoded")
    document = json.loads(answer.body)
    assert (answer.status, document["noDefaults"], document["deviceID"]) == (201, True, "0" * 24)


async def test_settings_are_replaced_as_a_whole(asker: Asker) -> None:
    first = await made(asker, {**HOOK, "headers": {"H": "1"}})
    path = f"/v1/integrations/{first['id']}"
    status, answer = await asker.ask("PUT", path, {"event": "ev2", "url": "http://127.0.0.1/y"})
    assert isinstance(answer, dict)
    kept = answer["integration"]
    assert (status, kept["event"], kept["url"], kept["created_at"]) == (
        200,
        "ev2",
        "http://127.0.0.1/y",
        first["created_at"],
    )
    assert "headers" not in kept
    assert (await asker.ask("PUT", path, {"event": "ev3"}))[0] == 400
    assert (await asker.ask("PUT", path, {**HOOK, "integration_type": "GoogleMaps", "api_key": "k"}))[
        0
    ] == 400


async def test_an_integration_is_removed_once(asker: Asker) -> None:
    path = f"/v1/integrations/{(await made(asker))['id']}"
    answer = await asker.send("DELETE", path)
    assert (answer.status, answer.body) == (204, b"")
    missing = (404, {"ok": False, "error": "Integration not found"})
    assert await asker.ask("DELETE", path) == missing
    assert await asker.ask("GET", path) == missing
    assert await asker.ask("PUT", path, HOOK) == missing


async def test_the_older_form_knows_webhooks_only(asker: Asker) -> None:
    hook = await made(asker, HOOK, "/v1/webhooks")
    maps = await made(asker, {"event": "place", "integration_type": "GoogleMaps", "api_key": "k"})
    assert maps["integrationUrl"] == f"https://cloud.particle.invalid/v1/integrations/{maps['id']}"
    _, listed = await asker.ask("GET", "/v1/webhooks")
    assert isinstance(listed, list)
    assert [one["id"] for one in listed] == [hook["id"]]
    _, shown = await asker.ask("GET", f"/v1/webhooks/{hook['id']}")
    assert isinstance(shown, dict)
    assert shown["webhook"]["url"] == HOOK["url"]
    missing = (404, {"ok": False, "error": "Webhook not found"})
    assert await asker.ask("GET", f"/v1/webhooks/{maps['id']}") == missing
    assert await asker.ask("DELETE", f"/v1/webhooks/{'0' * 24}") == missing
    assert (await asker.send("DELETE", f"/v1/webhooks/{hook['id']}")).status == 204


async def test_integrations_of_others_are_not_there(asker: Asker) -> None:
    path = f"/v1/integrations/{(await made(asker))['id']}"
    asker.cloud.open_account("she@example.com", FIRST_PASSWORD)
    _, logged_in = await asker.log_in(username="she@example.com")
    asker.token = str(logged_in["access_token"])
    assert await asker.ask("GET", "/v1/integrations") == (200, [])
    assert (await asker.ask("GET", path))[0] == 404
    assert (await asker.ask("DELETE", path))[0] == 404
    assert (await asker.ask("GET", "/v1/products/12345/integrations"))[0] == 403


async def test_there_is_an_end_to_it(asker: Asker) -> None:
    for _ in range(MOST_INTEGRATIONS):
        await made(asker)
    status, answer = await asker.ask("POST", "/v1/integrations", HOOK)
    assert (status, answer) == (400, {"ok": False, "error": "There can be at most 100 integrations"})
