"""Webhooks that fire, in virtual time."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise

import pytest
from attrs import evolve
from tests.simulators.cloud.asking import NOON
from tests.simulators.cloud.far_end import FarEnd
from tests.simulators.cloud.receiver import HookAsker, answered

from particle_cli.adapters.clock import LoopClock
from particle_cli.ports.http import HttpNoRoute, HttpTimeout
from particle_cli.simulators.cloud.broker import Event
from particle_cli.simulators.cloud.cloud import SimulatedCloud
from particle_cli.simulators.cloud.state import FIRST_PRODUCT
from particle_cli.simulators.scenario.reading import read_scenario
from particle_cli.simulators.world import World

CLOCK = LoopClock()
DEVICE = f"{1:024x}"
DEFAULTS = "event=temp&data=25&coreid=api&published_at=2024-05-13T10%3A55%3A02.520Z"


@pytest.fixture
def asker() -> HookAsker:
    return HookAsker(answered("ok"))


async def test_an_event_and_an_address_are_enough(asker: HookAsker) -> None:
    await asker.hook()
    await asker.publish()
    assert (asker.receiver.last.method, asker.receiver.last.url) == ("POST", "http://127.0.0.1:8080/in")
    assert asker.receiver.body == DEFAULTS
    assert asker.receiver.told == {
        "user-agent": "ParticleBot/1.1 (https://docs.particle.io/webhooks)",
        "content-type": "application/x-www-form-urlencoded",
    }
    assert asker.receiver.last.timeout_ms == 20_000
    assert asker.heard() == [("hook-sent/temp", ""), ("hook-response/temp/0", "ok")]


async def test_an_event_triggers_by_how_its_name_begins(asker: HookAsker) -> None:
    await asker.hook()
    for name, fired in (("temp", 1), ("temperature/in", 2), ("Temp", 2), ("a/temp", 2), ("tem", 2)):
        await asker.publish(name)
        assert len(asker.receiver.requests) == fired
    assert asker.heard()[-1] == ("hook-response/temperature/in/0", "ok")


async def test_a_device_can_be_the_only_one_that_triggers(asker: HookAsker) -> None:
    device, other = FarEnd(1, online=False), FarEnd(2, online=False)
    for one in (device, other):
        asker.cloud.adopt(one, name="x")
    await asker.hook(
        event="spark/status", deviceID=DEVICE.upper(), json={"who": "{{SPARK_CORE_ID}}"}, noDefaults=True
    )
    other.go(online=True)
    await asker.cloud.settle()
    assert asker.receiver.requests == []
    device.go(online=True)
    await asker.cloud.settle()
    assert json.loads(asker.receiver.body) == {"who": DEVICE}


async def test_what_is_switched_off_does_nothing(asker: HookAsker) -> None:
    await asker.hook(disabled=True)
    await asker.publish()
    assert asker.receiver.requests == []


async def test_webhooks_are_not_chained(asker: HookAsker) -> None:
    await asker.hook(event="h")
    await asker.hook(event="answer")
    await asker.hook(responseTopic="answer")
    await asker.publish()
    assert len(asker.receiver.requests) == 1
    await asker.publish("hook-response/mine")
    assert len(asker.receiver.requests) == 1


async def test_templates_are_everywhere(asker: HookAsker) -> None:
    await asker.hook(
        url="http://127.0.0.1/{{{room}}}?a=1",
        requestType="PUT",
        query={"{{room}}": "{{c.0.ca}}"},
        headers={"X-{{n}}": "{{on}}", "content-type": "application/vnd.x"},
        auth={"username": "{{PARTICLE_EVENT_NAME}}", "password": "p:{{n}}"},
        json={"{{room}}": {"n": "{{n}}", "t": ["{{{room}}}"]}, "seven": 7},
        responseTopic="answer/{{n}}",
        noDefaults=True,
    )
    await asker.publish(data='{"room":"bath & bed","n":1.0,"on":true,"c":[{"ca":"x y"}]}')
    assert asker.receiver.last.url == "http://127.0.0.1/bath%20&%20bed?a=1&bath%20%26amp%3B%20bed=x%20y"
    assert asker.receiver.last.method == "PUT"
    assert asker.receiver.told["x-1"] == "true"
    assert asker.receiver.told["content-type"] == "application/vnd.x"
    assert asker.receiver.told["accept"] == "application/json"
    assert asker.receiver.told["authorization"] == "Basic dGVtcDpwOjE="
    assert asker.receiver.body == '{"bath &amp; bed":{"n":"1","t":["bath & bed"]},"seven":7}'
    assert asker.heard() == [("hook-sent/temp", ""), ("answer/1/0", "ok")]


@pytest.mark.parametrize(
    ("settings", "kind", "body"),
    [
        ({"noDefaults": True}, None, None),
        ({"body": "v={{{PARTICLE_EVENT_VALUE}}}"}, None, "v=25"),
        (
            {"form": {"To": "a b", "n": 7}, "noDefaults": True},
            "application/x-www-form-urlencoded",
            "To=a%20b&n=7",
        ),
        ({"form": {"data": "mine"}}, "application/x-www-form-urlencoded", DEFAULTS.replace("25", "mine", 1)),
        ({"json": '{"v":{{{PARTICLE_EVENT_VALUE}}}}', "noDefaults": True}, "application/json", '{"v":25}'),
        ({"json": "not {{json", "noDefaults": True, "body": None}, "", ""),
        ({"json": "[{{{PARTICLE_EVENT_VALUE}}}]"}, "application/json", "[25]"),
        (
            {"json": {"v": "{{{PARTICLE_EVENT_VALUE}}}"}},
            "application/json",
            '{"event":"temp","data":"25","coreid":"api","published_at":"2024-05-13T10:55:02.520Z","v":"25"}',
        ),
    ],
)
async def test_bodies(
    asker: HookAsker, settings: dict[str, object], kind: str | None, body: str | None
) -> None:
    await asker.hook(**settings)
    await asker.publish()
    if kind == "":
        assert asker.heard() == [("hook-error/temp/0", "error: unclosed tag at line 1")]
        return
    assert asker.receiver.told.get("content-type") == kind
    assert asker.receiver.last.body == (None if body is None else body.encode())


async def test_a_get_carries_everything_in_its_query(asker: HookAsker) -> None:
    await asker.hook(requestType="GET", query={"q": "{{{PARTICLE_EVENT_VALUE}}}"}, form={"f": "1"})
    await asker.publish()
    assert asker.receiver.last.url == f"http://127.0.0.1:8080/in?{DEFAULTS}&q=25&f=1"
    assert asker.receiver.last.body is None
    assert "content-type" not in asker.receiver.told


async def test_the_whole_event_is_a_variable(asker: HookAsker) -> None:
    await asker.hook(json="{{{PARTICLE_EVENT_JSON}}}", noDefaults=True)
    await asker.publish()
    whole = json.loads(asker.receiver.body)
    assert (whole["event"], whole["data"], whole["coreid"]) == ("temp", "25", "api")
    await asker.hook(event="two", headers={"x-id": "{{PARTICLE_EVENT_ID}}"})
    await asker.hook(event="two", headers={"x-id": "{{PARTICLE_EVENT_ID}}"})
    await asker.publish("two")
    ids = [dict(one.headers)["x-id"] for one in asker.receiver.requests[1:]]
    assert ids[0] == ids[1] != whole["id"]
    assert [len(part) for part in ids[0].split("-")] == [8, 4, 4, 4, 12]


async def test_an_answer_comes_in_parts(asker: HookAsker) -> None:
    asker.receiver.answer_with(answered("é" * 600))
    await asker.hook()
    await asker.publish()
    told = asker.heard()
    assert [name for name, _ in told] == ["hook-sent/temp", *(f"hook-response/temp/{n}" for n in range(3))]
    assert "".join(data or "" for _, data in told) == "é" * 600
    await asker.hook(event="one", unchunked=True, responseTopic="r/{{PARTICLE_EVENT_NAME}}")
    await asker.publish("one")
    assert asker.heard()[1:] == [("r/one", "é" * 600)]


async def test_an_answer_without_a_body_is_told_as_sent_only(asker: HookAsker) -> None:
    asker.receiver.answer_with(answered("", 204))
    await asker.hook()
    await asker.publish()
    assert asker.heard() == [("hook-sent/temp", "")]


async def test_three_attempts_are_made(asker: HookAsker) -> None:
    asker.receiver.answer_with(answered("no", 500), HttpTimeout("late"), answered("ok"))
    times: list[float] = []
    asker.receiver.on_request = lambda: times.append(CLOCK.monotonic())
    await asker.hook()
    await asker.publish()
    assert asker.heard() == [("hook-error/temp/0", "error status 500 from 127.0.0.1")]
    await CLOCK.sleep(120)
    assert [round(later - earlier) for earlier, later in pairwise(times)] == [30, 60]
    assert asker.heard() == [
        ("hook-error/temp/0", "error: no answer from 127.0.0.1 within 20 s"),
        ("hook-sent/temp", ""),
        ("hook-response/temp/0", "ok"),
    ]


async def test_after_three_failures_it_is_given_up(asker: HookAsker) -> None:
    asker.receiver.answer_with(HttpNoRoute("nobody is there."))
    hook = await asker.hook(errorResponseTopic="failed/{{PARTICLE_EVENT_VALUE}}")
    await asker.publish()
    await CLOCK.sleep(1000)
    assert asker.heard() == [("failed/25/0", "error: nobody is there.")] * 3
    log = await asker.log(hook)
    assert [(entry["type"], entry["attempt"]) for entry in log] == [("error", 3), ("error", 2), ("error", 1)]
    assert len(asker.cloud._state.deliveries) == 0  # nothing is left to be done


async def test_a_host_that_fails_is_left_alone_for_a_while(asker: HookAsker) -> None:
    asker.receiver.answer_with(answered("", 503), answered("ok"))
    await asker.hook()
    await asker.hook(event="other", url="http://localhost/")
    await asker.publish()
    await asker.publish()
    sleeping = "Sleeping, too many errors, please wait and try again"
    assert asker.heard()[1] == ("hook-error/temp/0", sleeping)
    assert len(asker.receiver.requests) == 1
    await asker.publish("other")  # another host
    assert len(asker.receiver.requests) == 2
    await CLOCK.sleep(6)
    await asker.publish()
    assert len(asker.receiver.requests) == 3
    await CLOCK.sleep(30)  # what was skipped is made up for
    assert len(asker.receiver.requests) == 5


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://example.com/", "example.com is out of reach of the simulated cloud"),
        ("http://127.0.0.1@example.com/", "example.com is out of reach of the simulated cloud"),
        ("http://10.0.0.1/", "10.0.0.1 is out of reach of the simulated cloud"),
        ("http://2130706433/", "2130706433 is out of reach of the simulated cloud"),
        ("{{{PARTICLE_EVENT_VALUE}}}://127.0.0.1/", "that is no address of a web server"),
        ("http://127.0.0.1:port/", "that is no address of a web server"),
    ],
)
async def test_only_this_machine_is_in_reach(asker: HookAsker, url: str, why: str) -> None:
    await asker.hook(url=url)
    await asker.publish(data="ftp")
    assert asker.receiver.requests == []
    assert asker.heard() == [("hook-error/temp/0", f"error: {why}")]
    await CLOCK.sleep(100)
    assert asker.heard() == []  # trying again would not help


@pytest.mark.parametrize(
    "url", ["http://localhost:1/", "http://app.localhost/", "http://[::1]/", "http://127.8.9.1/"]
)
async def test_all_of_this_machine_is(asker: HookAsker, url: str) -> None:
    await asker.hook(url=url)
    await asker.publish()
    assert asker.receiver.last.url == url


async def test_other_hosts_can_be_let_through(asker: HookAsker) -> None:
    asker.cloud.allow("Example.com")
    await asker.hook(url="https://example.com/")
    await asker.publish()
    assert asker.receiver.last.url == "https://example.com/"


async def test_a_scenario_names_hosts_that_are_in_reach(asker: HookAsker) -> None:
    world = World(CLOCK, outgoing=asker.receiver)
    await world.populate(read_scenario(b'webhook_hosts = ["hooks.example.com"]', "this"))
    asker.cloud = world.cloud
    await asker.hook(url="https://hooks.example.com/")
    await asker.publish()
    assert asker.receiver.last.url == "https://hooks.example.com/"


async def test_a_world_settles_when_its_webhooks_have_been_sent(asker: HookAsker) -> None:
    world = World(CLOCK, outgoing=asker.receiver)
    asker.cloud = world.cloud
    await asker.hook(event="spark/status", url="http://127.0.0.1/")
    world.add(13)
    await world.settle()
    assert "data=online" in asker.receiver.body


async def test_integrations_with_services_say_that_there_are_none(asker: HookAsker) -> None:
    await asker.hook(integration_type="GoogleMaps", api_key="k")
    await asker.publish()
    assert asker.heard() == [("hook-error/temp/0", "error: GoogleMaps is not part of the simulated world")]


async def test_the_log_keeps_the_last_ten_and_no_password(asker: HookAsker) -> None:
    hook = await asker.hook(auth={"username": "u", "password": "secret"}, json={"v": 1}, noDefaults=True)
    for number in range(12):
        await asker.publish(data=str(number))
    log = await asker.log(hook)
    assert [entry["event"]["data"] for entry in log] == [str(number) for number in range(11, 1, -1)]
    assert log[0]["request"] == (
        "POST /in HTTP/1.1\nhost: 127.0.0.1:8080\nUser-Agent: ParticleBot/1.1 (https://docs.particle.io/webhooks)\n"
        'Content-Type: application/json\nAccept: application/json\nAuthorization: <redacted>\n\n{"v":1}'
    )
    assert log[0]["response"] == "HTTP/1.1 200\ncontent-type: text/plain\n\nok"


async def test_a_webhook_can_be_tried_out(asker: HookAsker) -> None:
    hook = await asker.hook()
    path = f"/v1/integrations/{hook}/test"
    assert await asker.ask("POST", path, {"data": "7", "device_id": DEVICE}) == (
        200,
        {"pass": True, "data": "ok"},
    )
    assert f"event=temp&data=7&coreid={DEVICE}" in asker.receiver.body
    asker.receiver.answer_with(answered("", 404))
    assert await asker.ask("POST", path, {}) == (
        200,
        {"pass": False, "error": "error status 404 from 127.0.0.1"},
    )
    assert asker.heard() == []
    assert len(await asker.log(hook)) == 2


async def test_the_answer_is_heard_where_the_event_was(asker: HookAsker) -> None:
    await asker.hook()
    user = asker.cloud._state.user_named("you@example.com")
    assert user is not None
    heard = asker.cloud._broker.subscribe("hook-", ("user", user.id))
    public = asker.cloud._broker.subscribe("hook-", ("public", ""))
    await asker.publish(private=False)
    assert b"hook-sent/temp" in (heard.next_frame() or b"")
    assert public.next_frame() is None


async def test_products_have_webhooks_of_their_own(asker: HookAsker) -> None:
    device = FarEnd(1)
    asker.cloud.adopt(device, name="red")
    state = asker.cloud._state
    record = state.devices.get(device.id)
    assert record is not None
    path = f"/v1/products/{FIRST_PRODUCT}"
    hook = {
        "event": "spark",
        "url": "http://127.0.0.1/p",
        "json": {"p": "{{PRODUCT_ID}} {{PRODUCT_USER_ID}}"},
    }
    status, made = await asker.ask("POST", f"{path}/integrations", {**hook, "noDefaults": True})
    assert (status, isinstance(made, dict)) == (201, True)
    device.go(online=False)
    await asker.cloud.settle()
    assert asker.receiver.requests == []  # it belongs to no product
    state.devices.put(evolve(record, product_id=FIRST_PRODUCT))
    device.go(online=True)
    await asker.cloud.settle()
    assert json.loads(asker.receiver.body) == {"p": f"{FIRST_PRODUCT} {record.owner_id}"}
    assert asker.heard()[-1] == (f"{device.id}/hook-response/spark/status/0", "ok")
    assert await asker.ask("GET", "/v1/integrations") == (200, [])
    _, listed = await asker.ask("GET", "/v1/products/example-product/integrations")
    assert isinstance(listed, list)
    assert [one["event"] for one in listed] == ["spark"]


async def test_webhooks_of_an_organization_see_all_its_products(asker: HookAsker) -> None:
    state = asker.cloud._state
    product = state.products.get(str(FIRST_PRODUCT))
    (organization,) = state.organizations
    assert product is not None
    path = "/v1/orgs/example-organization/integrations"
    status, _ = await asker.ask("POST", path, {"event": "temp", "url": "http://127.0.0.1/o"})
    assert status == 201
    publish = f"/v1/products/{FIRST_PRODUCT}/events"
    await asker.ask("POST", publish, {"name": "temp", "private": True})
    await asker.cloud.settle()
    assert asker.receiver.requests == []
    state.products.put(evolve(product, organization_id=organization.id))
    await asker.ask("POST", publish, {"name": "temp", "private": True})
    await asker.cloud.settle()
    assert asker.receiver.last.url == "http://127.0.0.1/o"
    assert (await asker.ask("GET", "/v1/orgs/nosuch/integrations"))[0] == 403


# -- what is under way when the world ends -----------------------------------------------------------------


async def test_what_waits_for_its_next_attempt_keeps_nobody_waiting(asker: HookAsker) -> None:
    asker.receiver.answer_with(answered("", 500))
    await asker.hook()
    before = CLOCK.monotonic()
    await asker.publish()
    assert CLOCK.monotonic() - before < 1


async def test_what_was_under_way_goes_on_in_the_next_world(asker: HookAsker) -> None:
    asker.receiver.answer_with(answered("", 500), answered("ok"))
    await asker.hook()
    await asker.publish()
    kept = asker.cloud.dump_state()
    asker.renew()
    asker.cloud.load_state(kept)
    asker.cloud.go_on()
    await CLOCK.sleep(29)
    assert len(asker.receiver.requests) == 1
    await CLOCK.sleep(2)
    assert (
        len(asker.receiver.requests) == 3
    )  # of the first world, which has gone on as well, and of the second
    assert asker.heard().count(("hook-response/temp/0", "ok")) == 2


async def test_a_world_that_begins_after_an_attempt_was_due_makes_it_up(asker: HookAsker) -> None:
    asker.receiver.answer_with(answered("", 500), answered("ok"))
    await asker.hook()
    await asker.publish()
    kept = asker.cloud.dump_state()
    asker.cloud = SimulatedCloud(LoopClock(epoch=NOON + timedelta(hours=1)), outgoing=asker.receiver)
    asker.cloud.load_state(kept)
    assert await asker.cloud.settle()
    assert len(asker.receiver.requests) == 2
    assert "published_at=2024-05-13T10%3A55" in asker.receiver.body
    assert not await asker.cloud.settle()  # it is done


async def test_what_an_event_triggers_is_kept_at_once() -> None:
    asker = HookAsker(answered("ok"))
    await asker.hook()
    user = asker.cloud._state.user_named("you@example.com")
    assert user is not None
    event = Event("temp", "1", asker.cloud._surroundings.now, "api", (("user", user.id),))
    asker.cloud._broker.publish(event)
    kept = asker.cloud.changes()
    assert any(key.startswith("deliveries/") for key in kept)
    await asker.cloud.settle()
    assert asker.receiver.body.startswith("event=temp&data=1")


async def test_a_webhook_that_is_removed_gives_up_what_it_has_under_way(asker: HookAsker) -> None:
    asker.receiver.answer_with(answered("", 500))
    hook = await asker.hook()
    await asker.publish()
    await asker.send("DELETE", f"/v1/integrations/{hook}")
    await CLOCK.sleep(200)
    assert len(asker.receiver.requests) == 1
