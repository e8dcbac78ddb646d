"""`webhook …` and `integration …` in the embedded world."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from time import sleep
from urllib.request import Request, urlopen

import pytest
from tests.entrypoints.conftest import Particle

from particle_cli.simulators.cloud.state import FIRST_TOKEN

DEVICE = "0123456789abcdef01234567"
URL = "http://127.0.0.1:9/in"


def write(name: str, document: object) -> str:
    Path(name).write_text(document if isinstance(document, str) else json.dumps(document))
    return name


def made(ran_out: str) -> str:
    return ran_out.split()[-1]


def test_a_webhook_is_created_from_words(sim: Particle) -> None:
    ran = sim("webhook", "create", "temp", URL, DEVICE, "PUT")
    number = made(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"Successfully created webhook with ID {number}\n"
    (listed,) = sim("webhook", "list", "--json").data
    created = listed.pop("createdAt")
    assert listed == {
        "id": number,
        "event": "temp",
        "type": "Webhook",
        "name": None,
        "url": URL,
        "requestType": "PUT",
        "deviceId": DEVICE,
        "disabled": False,
    }
    assert sim("webhook", "list").out == (
        "Found 1 hooks registered\n"
        "\n"
        f'    1.) Hook ID {number} is watching for "temp"\n'
        f"        and sending to: {URL}\n"
        f"        for device {DEVICE}\n"
        f"        created at {created}\n"
        "\n"
    )


def test_a_webhook_is_created_from_a_file(sim: Particle) -> None:
    path = write("hook.json", {"eventName": "temp", "url": URL, "requestType": "PUT", "mydevices": True})
    ran = sim("webhook", "create", path)
    assert ran.out.startswith("Using settings from the file hook.json\nSuccessfully created webhook with ID ")
    assert sim("webhook", "list", "--json").data[0]["requestType"] == "PUT"
    assert sim("webhook", "create", path, "--json").data["event"] == "temp"


def test_the_request_type_can_be_the_command(sim: Particle) -> None:
    assert sim("webhook", "POST", "a", URL).code == 0
    assert sim("webhook", "GET", "b", URL, DEVICE).code == 0
    listed = sim("webhook", "list", "--json").data
    assert [(one["requestType"], one["deviceId"]) for one in listed] == [("POST", None), ("GET", DEVICE)]


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (("webhook", "create"), 2, "Parameter 'event' is required."),
        (("webhook", "create", "temp"), 2, "Please specify a url"),
        (("webhook", "create", "none.json"), 1, "none.json is not found."),
        (("webhook", "create", "broken.json"), 1, "Please check your .json file for syntax error."),
        (("webhook", "create", "list.json"), 1, "list.json does not hold a JSON object."),
        (("webhook", "create", "empty.json"), 2, "Please specify an event name"),
        (("webhook", "create", "wrong.json"), 1, "The url is a text."),
        (("webhook", "create", "refused.json"), 1, "Only one of json, form and body can be given"),
        (("webhook", "create", "temp", "ftp://x"), 1, "url must begin with http:// or https://"),
        (("webhook", "create", "temp", URL, "--product", "nosuch"), 1, "Permission denied"),
        (("webhook", "list", "--product", "1", "--org", "x"), 2, "a product or to an organization"),
        (("webhook", "delete", "0" * 24), 1, "Integration not found"),
        (("webhook", "get", "0" * 24), 1, "Integration not found"),
        (("webhook", "delete", "all"), 2, "Do you want to delete ALL your webhooks?"),
        (("integration", "list", "--type", "Carrier"), 2, "There is no type of integration 'Carrier'."),
        (("integration", "create", "e", URL, "--type", "Carrier"), 2, "There is no type of integration"),
        (("integration", "create", "e", "--type", "googlemaps"), 1, "api_key is required"),
    ],
)
def test_what_cannot_be_done_is_told(sim: Particle, words: tuple[str, ...], code: int, text: str) -> None:
    write("broken.json", "{")
    write("list.json", [])
    write("empty.json", {})
    write("wrong.json", {"event": "e", "url": 7})
    write("refused.json", {"event": "e", "url": URL, "json": {}, "body": ""})
    ran = sim(*words)
    assert (ran.code, ran.out.removeprefix(f"Using settings from the file {words[-1]}\n")) == (code, "")
    assert text in ran.err
    in_json = sim(*words, "--json")
    assert in_json.code == code
    assert set(in_json.document["error"]) == {"code", "message", "hint"}


def test_webhooks_are_deleted(sim: Particle) -> None:
    first, second, third = (made(sim("webhook", "create", name, URL).out) for name in "abc")
    ran = sim("webhook", "delete", first)
    assert (ran.code, ran.out) == (0, "Successfully deleted webhook!\n")
    ran = sim("webhook", "delete", "all", "--interactive", typed="\n")
    assert (ran.code, ran.out) == (0, "")
    assert len(sim("webhook", "list", "--json").data) == 2
    ran = sim("webhook", "delete", "all", "--interactive", typed="y\n")
    assert ran.out == f"Found 2 hooks registered\n\ndeleting {second}\ndeleting {third}\n"
    assert sim("webhook", "delete", "all", "--yes", "--json").data == {"deleted": []}
    assert sim("webhook", "list").out == "Found 0 hooks registered\n\n"


def test_integrations_of_all_types_are_listed(sim: Particle) -> None:
    hook = made(sim("webhook", "create", "temp", URL).out)
    path = write("maps.json", {"event": "place", "api_key": "k"})
    ran = sim("integration", "create", path, "--type", "GOOGLEMAPS")
    maps = made(ran.out)
    assert ran.out.endswith(f"Successfully created integration with ID {maps}\n")
    lines = sim("integration", "list").out.splitlines()
    assert lines[:5] == [
        "Found 2 integrations registered",
        "",
        f'    1.) Integration ID {hook} is watching for "temp"',
        "        type: Webhook",
        f"        and sending to: {URL}",
    ]
    assert lines[7:9] == [
        f'    2.) Integration ID {maps} is watching for "place"',
        "        type: GoogleMaps",
    ]
    assert [one["id"] for one in sim("webhook", "list", "--json").data] == [hook]
    listed = sim("integration", "list", "--type", "googlemaps", "--json").data
    assert [one["id"] for one in listed] == [maps]
    assert sim("webhook", "delete", "all", "--yes").code == 0
    assert [one["id"] for one in sim("integration", "list", "--json").data] == [maps]
    assert sim("integration", "delete", maps).out == "Successfully deleted integration!\n"


def test_a_webhook_is_printed_as_create_takes_it(sim: Particle) -> None:
    said = {"event": "temp", "url": URL, "auth": {"username": "u", "password": "p4ss"}, "json": {"ä": 1}}
    number = made(sim("webhook", "create", write("hook.json", said)).out)
    ran = sim("webhook", "get", number)
    shown = json.loads(ran.out)
    assert said.items() <= shown.items()
    assert "ä" in ran.out
    assert sim("webhook", "get", number, "--json").data == shown
    again = made(sim("webhook", "create", write("again.json", ran.out)).out)
    assert json.loads(sim("webhook", "get", again).out) == shown


def test_a_file_is_applied(sim: Particle) -> None:
    said = {"event": "temp", "name": "mine", "url": URL, "auth": {"username": "u", "password": "first"}}
    path = write("hook.json", said)
    ran = sim("webhook", "apply", path, "--dry-run")
    assert (ran.code, ran.out) == (0, 'Would create a webhook for "temp"\n')
    assert sim("webhook", "list", "--json").data == []
    number = made(sim("webhook", "apply", path).out)
    assert sim("webhook", "apply", path).out == f"Webhook {number} is as the file says\n"
    write("hook.json", {**said, "url": f"{URL}/2", "auth": {"username": "u", "password": "second"}})
    told = f'    url: "{URL}" -> "{URL}/2"\n    auth: changed\n'
    assert sim("webhook", "apply", path, "--dry-run").out == f"Would update webhook {number}:\n{told}"
    assert sim("webhook", "apply", path).out == f"Updated webhook {number}:\n{told}"
    assert sim("webhook", "apply", path, "--json").data == {
        "action": "unchanged",
        "id": number,
        "changes": [],
    }
    (listed,) = sim("webhook", "list", "--json").data
    assert (listed["id"], listed["url"]) == (number, f"{URL}/2")


def test_a_file_that_fits_several_needs_an_id(sim: Particle) -> None:
    first, second = (made(sim("webhook", "create", "temp", URL).out) for _ in range(2))
    path = write("hook.json", {"event": "temp", "url": URL})
    ran = sim("webhook", "apply", path)
    assert ran.code == 1
    assert f"2 integrations fit this file: {first}, {second}." in ran.err
    write("hook.json", {"event": "temp", "url": URL, "name": "second", "id": second})
    assert sim("webhook", "apply", path).out == f'Updated webhook {second}:\n    name: nothing -> "second"\n'
    write("hook.json", {"event": "temp", "url": URL, "id": "0" * 24})
    ran = sim("webhook", "apply", path)
    assert (ran.code, f"There is no integration {'0' * 24}." in ran.err) == (1, True)


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[bytes]]]:
    """A server on this machine: its address, and the bodies that it gets."""
    bodies: list[bytes] = []

    class Receiving(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"thank you")

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Receiving) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/in", bodies
        server.shutdown()


@pytest.mark.real_time
def test_the_embedded_world_reaches_a_server_of_this_machine(
    sim: Particle, receiver: tuple[str, list[bytes]]
) -> None:
    address, bodies = receiver
    sim(
        "webhook",
        "create",
        write("hook.json", {"event": "temp", "url": address, "json": {"v": "{{v}}"}, "noDefaults": True}),
    )
    assert sim("publish", "temp", '{"v":21.5}').code == 0
    assert bodies == [b'{"v":"21.5"}']


@pytest.mark.real_time
def test_a_served_cloud_reaches_a_server_of_this_machine(
    home: Path, receiver: tuple[str, list[bytes]]
) -> None:
    address, bodies = receiver
    command = [
        sys.executable,
        "-m",
        "particle_cli.entrypoints.cli.main",
        "sim",
        "cloud",
        "--json",
        "--timeout",
        "30",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as served:
        assert served.stdout is not None
        cloud = json.loads(served.stdout.readline())["url"]

        def ask(path: str, **document: object) -> None:
            head = {"Authorization": f"Bearer {FIRST_TOKEN}", "Content-Type": "application/json"}
            body = json.dumps(document).encode()
            urlopen(Request(cloud + path, body, head, method="POST")).close()

        ask("/v1/integrations", event="temp", url=address, json={"v": "{{v}}"}, noDefaults=True)
        ask("/v1/devices/events", name="temp", data='{"v":7}')
        for _ in range(500):
            if bodies:
                break
            sleep(0.01)
        served.terminate()
    assert bodies == [b'{"v":"7"}']
