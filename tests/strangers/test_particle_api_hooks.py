"""npm's particle-api-js with the webhooks and libraries of the simulated cloud."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from tests.strangers.particle_api import OfficialClient, content, file, official_client

from particle_cli.simulators.cloud.libraries import DELETE_TOKEN
from particle_cli.simulators.cloud.library_archives import pack, unpack

pytestmark = [pytest.mark.strangers, pytest.mark.usefixtures("node")]

PRODUCT = "example-product"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficialClient]:
    with official_client(tmp_path_factory.mktemp("home")) as client:
        client.log_in()
        yield client


@pytest.fixture
def receiver() -> Iterator[str]:
    """The address of a server that answers with the body it gets."""

    class Echoing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Echoing) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_webhooks(api: OfficialClient) -> None:
    made = api.call("createWebhook", event="ev", url="http://127.0.0.1/", requestType="POST")
    assert (made.status, made.body["ok"], made.body["requestType"]) == (201, True, "POST")
    number = made.body["id"]
    assert made.body["hookUrl"] == f"{api.address}/v1/webhooks/{number}"
    assert [one["id"] for one in api.body("listWebhooks")] == [number]
    told = api.call("deleteWebhook", hookId=number)
    assert (told.ok, told.status) == (True, 204)
    told = api.call("deleteWebhook", hookId=number)
    assert (told.status, told.body) == (404, {"ok": False, "error": "Webhook not found"})


def test_webhooks_of_a_product(api: OfficialClient) -> None:
    made = api.body(
        "createWebhook",
        event="ev",
        url="http://127.0.0.1/",
        device="0" * 24,
        rejectUnauthorized=False,
        noDefaults=True,
        hook={
            "method": "PUT",
            "auth": {"username": "u", "password": "p"},
            "headers": {"H": "1"},
            "query": {"q": "1"},
            "json": {"a": "{{PARTICLE_EVENT_VALUE}}"},
            "responseTemplate": "{{x}}",
            "responseEvent": "r",
            "errorResponseEvent": "e",
        },
        product=PRODUCT,
    )
    assert (made["deviceID"], made["requestType"], made["json"]) == (
        "0" * 24,
        "PUT",
        {"a": "{{PARTICLE_EVENT_VALUE}}"},
    )
    assert (made["noDefaults"], made["rejectUnauthorized"]) == (True, False)
    assert len(api.body("listWebhooks", product=PRODUCT)) == 1
    assert api.body("listWebhooks") == []
    assert api.call("deleteWebhook", hookId=made["id"], product=PRODUCT).ok


@pytest.mark.parametrize("owner", [{}, {"product": PRODUCT}, {"org": "example-organization"}])
def test_integrations(api: OfficialClient, owner: dict[str, str]) -> None:
    settings = {"integration_type": "Webhook", "url": "http://127.0.0.1/", "requestType": "POST"}
    made = api.body("createIntegration", event="ev", settings=settings, **owner)
    assert (made["integration_type"], made["url"]) == ("Webhook", "http://127.0.0.1/")
    listed = api.body("listIntegrations", **owner)
    assert [one["id"] for one in listed] == [made["id"]]
    edited = api.body(
        "editIntegration",
        integrationId=made["id"],
        event="ev2",
        settings={"url": "http://127.0.0.1/"},
        **owner,
    )
    assert edited["integration"]["event"] == "ev2"
    assert api.call("deleteIntegration", integrationId=made["id"], **owner).ok
    assert api.body("listIntegrations", **owner) == []


def test_a_webhook_fires(api: OfficialClient, receiver: str) -> None:
    settings = {"integration_type": "Webhook", "url": receiver, "json": {"v": "{{v}}"}, "noDefaults": True}
    made = api.body("createIntegration", event="temp", settings=settings)
    assert api.stream(deviceId="mine", name="hook-").ok
    api.body("publishEvent", name="temp", data='{"v":21.5}', isPrivate=True)
    told = [(event["name"], event["data"], event["coreid"]) for event in api.events(2)]
    assert told == [
        ("hook-sent/temp", "", "particle-internal"),
        ("hook-response/temp/0", '{"v":"21.5"}', "particle-internal"),
    ]
    api.call("deleteIntegration", integrationId=made["id"])


def test_libraries(api: OfficialClient) -> None:
    listed = api.body("listLibraries", page=1, limit=2, sort="name", scope="all")["data"]
    assert [one["id"] for one in listed] == ["neopixel", "rolling-mean"]
    found = api.body("listLibraries", filter="NEO", excludeScopes=["private", "mine"])["data"]
    assert [one["attributes"]["version"] for one in found] == ["1.0.4"]
    old = api.body("getLibrary", name="neopixel", version="0.0.10")["data"]
    versions = api.body("getLibraryVersions", name="neopixel", page=1, limit=5)["data"]
    assert [one["attributes"]["version"] for one in versions] == ["0.0.10", "0.0.16", "1.0.4"]
    archive = content(api.call("downloadFile", uri=old["links"]["download"], auth=None))
    assert "src/neopixel.h" in unpack(archive)
    told = api.call("getLibrary", name="nosuch")
    assert (told.status, told.body) == (404, {"errors": [{"message": "Library nosuch not found"}]})


def test_a_library_is_contributed(api: OfficialClient) -> None:
    properties = b"name=testlib\nversion=1.0.2\nauthor=me\nsentence=A test\n"
    archive = pack({"library.properties": properties, "src/testlib.h": b""})
    made = api.body("contributeLibrary", archive=file(archive))["data"]
    assert (made["id"], made["attributes"]["visibility"]) == ("testlib", "private")
    older = pack({"library.properties": properties.replace(b"1.0.2", b"1.0.1"), "src/testlib.h": b""})
    told = api.call("contributeLibrary", archive=file(older))
    text = "This version is not valid. Version must be greater than or equal to 1.0.2"
    assert (told.status, told.body) == (400, {"errors": [{"message": text}]})
    assert api.body("publishLibrary", name="testlib")["data"]["attributes"]["visibility"] == "public"
    assert api.call("deleteLibrary", name="testlib", force="guess").status == 403
    assert api.call("deleteLibrary", name="testlib", force=DELETE_TOKEN).status == 204
