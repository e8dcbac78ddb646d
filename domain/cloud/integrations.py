"""Integrations: webhooks, and what else the cloud does by itself when an event is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, TypeAlias

from attrs import field, fields, frozen

from particle_cli.domain.cloud.answer import Answer
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import CloudAnswerUnreadable, CloudNotFound, CloudRefused
from particle_cli.domain.cloud.reading import Json, Unreadable, structure
from particle_cli.domain.cloud.requests import CloudRequest, JsonBody

WEBHOOK: Final = "Webhook"
_LISTS: Final = ("integrations", "webhooks")
_ONES: Final = ("integration", "webhook")
_NOT_SETTINGS: Final = ("id", "created_at", "logs", "errors", "counters", "ok", "hookUrl", "integrationUrl")


@frozen
class Owner:
    """Whose integrations are meant: of a product, of an organization, or (neither) the account's own.

    Attributes:
        product: id or slug.
        organization: id or slug.
    """

    product: str | None = None
    organization: str | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """Where its integrations are."""
        if self.product is not None:
            return "v1", "products", self.product, "integrations"
        if self.organization is not None:
            return "v1", "orgs", self.organization, "integrations"
        return "v1", "integrations"


OWN: Final = Owner()


@frozen
class Webhook:
    """A request that is sent when an event is published. Of None the cloud's own default is taken.

    Attributes:
        url: where to; this and all texts below may be mustache templates.
        request_type: GET, POST, PUT or DELETE.
        json: body as JSON, an object or a text that becomes one; or
        form: body as a form; or
        body: body as it is.
        query: fields of the query.
        auth: `username` and `password` of HTTP Basic authentication.
        headers: of the request.
        response_topic: name of the events that tell the answer.
        error_response_topic: name of the events that tell of failures.
        response_template: what they tell.
        no_defaults: whether name, data, source and time of the event are left out.
        reject_unauthorized: whether the server's certificate has to be good.
        unchunked: whether the answer comes in one event.
    """

    type: ClassVar[str] = WEBHOOK

    url: str
    request_type: str | None = field(default=None, metadata={"key": "requestType"})
    name: str | None = None
    json: Json = field(default=None, repr=False)
    form: Mapping[str, Json] | None = field(default=None, repr=False)
    body: str | None = field(default=None, repr=False)
    query: Mapping[str, Json] | None = field(default=None, repr=False)
    auth: Mapping[str, str] | None = field(default=None, repr=False)
    headers: Mapping[str, str] | None = field(default=None, repr=False)
    response_topic: str | None = field(default=None, metadata={"key": "responseTopic"})
    error_response_topic: str | None = field(default=None, metadata={"key": "errorResponseTopic"})
    response_template: Json = field(default=None, metadata={"key": "responseTemplate"})
    no_defaults: bool | None = field(default=None, metadata={"key": "noDefaults"})
    reject_unauthorized: bool | None = field(default=None, metadata={"key": "rejectUnauthorized"})
    unchunked: bool | None = None


@frozen
class AzureIotHub:
    """Events go to an Azure IoT hub."""

    type: ClassVar[str] = "AzureIotHub"

    hub_name: str
    policy_name: str
    policy_key: str = field(repr=False)


@frozen
class GoogleCloudPubSub:
    """Events go to a topic of Google Cloud Pub/Sub."""

    type: ClassVar[str] = "GoogleCloudPubSub"

    topic: str


@frozen
class GoogleMaps:
    """What a device sees around it becomes a place on the map."""

    type: ClassVar[str] = "GoogleMaps"

    api_key: str = field(repr=False)


Service: TypeAlias = Webhook | AzureIotHub | GoogleCloudPubSub | GoogleMaps
TYPES: Final = (Webhook.type, AzureIotHub.type, GoogleCloudPubSub.type, GoogleMaps.type)


@frozen
class Integration:
    """What the cloud says of an integration.

    Attributes:
        event: how the names of the events begin that trigger it.
        created_at: ISO 8601.
        type: one of `TYPES`, or one that came later.
        device_id: the only device that triggers it, or None for every one.
        settings: all that it was made with, by the API's names; in lists there is less. May hold secrets.
    """

    id: str
    event: str
    created_at: str | None = None
    type: str = WEBHOOK
    name: str | None = None
    url: str | None = None
    request_type: str | None = None
    device_id: str | None = None
    disabled: bool = False
    settings: Mapping[str, Json] = field(factory=dict, repr=False)


@frozen
class Trial:
    """How an integration fared when it was tried out.

    Attributes:
        error: why it failed, or None.
        data: what came back, or None.
    """

    error: str | None
    data: str | None = field(default=None, repr=False)


def integration_document(event: str, service: Service, *, device_id: str | None = None) -> dict[str, Json]:
    """Return what `create_integration` takes for events whose names begin so, of one device or of all."""
    document: dict[str, Json] = {"event": event}
    for one in fields(type(service)):
        value: Json = getattr(service, one.name)
        if value is not None:
            document[one.metadata.get("key", one.name)] = value
    if device_id is not None:
        document["deviceid"] = device_id
    document["integration_type"] = service.type
    return document


async def create_integration(client: CloudClient, document: Mapping[str, Json], owner: Owner = OWN) -> str:
    """Make an integration and return its id.

    Args:
        client: the cloud.
        document: all about it, by the API's names; sent as it is.
        owner: whose it is to be.

    Raises: CloudRefused, CloudError.
    """
    answer = await client.send(CloudRequest("POST", owner.path, JsonBody(dict(document)), secret=True))
    found = answer.json()
    if isinstance(found, dict):
        if isinstance(found.get("error"), str):
            raise CloudRefused(str(found["error"]), status=answer.status)
        for place in (found, found.get("integration")):
            if isinstance(place, dict) and isinstance(place.get("id"), str):
                return str(place["id"])
    raise CloudAnswerUnreadable(f"The answer from {answer.url} has no id in it.", status=answer.status)


async def list_integrations(client: CloudClient, owner: Owner = OWN) -> tuple[Integration, ...]:
    """Return the integrations, in the cloud's order, without all of their settings. Raises: CloudError."""
    answer = await client.send(CloudRequest("GET", owner.path))
    found = answer.json()
    if isinstance(found, dict):
        found = next((found[name] for name in _LISTS if name in found), found)
    if not isinstance(found, list):
        raise CloudAnswerUnreadable(f"The answer from {answer.url} is no list.", status=answer.status)
    return tuple(_integration(one, answer) for one in found)


async def get_integration(client: CloudClient, number: str, owner: Owner = OWN) -> Integration:
    """Return one integration with all of its settings. Raises: CloudNotFound, CloudError."""
    return _one(await _send(client, "GET", number, owner))


async def update_integration(
    client: CloudClient, number: str, document: Mapping[str, Json], owner: Owner = OWN
) -> None:
    """Replace all settings of an integration; see `create_integration`. Raises: CloudNotFound, CloudError."""
    await _send(client, "PUT", number, owner, JsonBody(dict(document)))


async def delete_integration(client: CloudClient, number: str, owner: Owner = OWN) -> None:
    """Remove an integration. Raises: CloudNotFound, CloudError."""
    await _send(client, "DELETE", number, owner)


async def try_integration(
    client: CloudClient,
    number: str,
    *,
    data: str | None = None,
    device_id: str | None = None,
    owner: Owner = OWN,
) -> Trial:
    """Let an integration do its work once, as if an event of its name were published.

    Args:
        client: the cloud.
        number: its id.
        data: data of that event.
        device_id: who publishes it.
        owner: whose it is.

    Raises: CloudNotFound, CloudError.
    """
    given: dict[str, Json] = {"data": data, "device_id": device_id}
    body = JsonBody({key: value for key, value in given.items() if value is not None})
    answer = await _send(client, "POST", number, owner, body, "test")
    document = answer.json()
    if not isinstance(document, dict) or not isinstance(document.get("pass"), bool):
        raise CloudAnswerUnreadable(f"The answer from {answer.url} does not say how it went.")
    error, came = document.get("error"), document.get("data")
    if document["pass"]:
        return Trial(None, came if isinstance(came, str) else None)
    return Trial(error if isinstance(error, str) else "it failed")


async def _send(
    client: CloudClient, method: str, number: str, owner: Owner, body: JsonBody | None = None, *rest: str
) -> Answer:
    """Send a request about one integration."""
    request = CloudRequest(
        method, (*owner.path, number, *rest), body, about=f"integration {number}", secret=method != "DELETE"
    )
    try:
        return await client.send(request)
    except CloudNotFound as missing:
        missing.next_step = "See which there are with particle integration list."
        raise


def _one(answer: Answer) -> Integration:
    document = answer.json()
    if isinstance(document, dict):
        document = next((document[name] for name in _ONES if name in document), document)
    return _integration(document, answer)


@frozen
class _Wire:
    id: str
    event: str
    created_at: str | None = None
    integration_type: str | None = None
    name: str | None = None
    url: str | None = None
    requestType: str | None = None
    deviceID: str | None = None
    disabled: bool | None = None


def _integration(document: Json, answer: Answer) -> Integration:
    try:
        wire = structure(document, _Wire)
    except Unreadable as fault:
        raise CloudAnswerUnreadable(f"The answer from {answer.url} can't be understood: {fault}") from fault
    assert isinstance(document, dict)
    return Integration(
        id=wire.id,
        event=wire.event,
        created_at=wire.created_at,
        type=wire.integration_type or WEBHOOK,
        name=wire.name,
        url=wire.url,
        request_type=wire.requestType,
        device_id=wire.deviceID,
        disabled=bool(wire.disabled),
        settings={key: value for key, value in document.items() if key not in _NOT_SETTINGS},
    )
