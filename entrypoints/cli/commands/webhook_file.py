"""What is said of an integration on the command line, or in a file of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from particle_cli.domain.cloud.integrations import TYPES, WEBHOOK, Owner
from particle_cli.domain.cloud.reading import Json
from particle_cli.ports.errors import ParticleError, UsageError
from particle_cli.ports.files import FileMissing

if TYPE_CHECKING:
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

_EXAMPLE = '{"event": "temp", "url": "https://example.com/temp"}'


class WebhookFileWrong(ParticleError):
    """The file does not hold what makes an integration."""

    code = "webhook_file_wrong"


def owner_of(given: Given) -> Owner:
    """Return whose integrations are meant. Raises: UsageError."""
    product, organization = given.text("product"), given.text("org")
    if product is not None and organization is not None:
        raise UsageError(
            "An integration belongs to a product or to an organization.",
            next_step="Pass either --product or --org.",
        )
    return Owner(product, organization)


def type_named(word: str | None) -> str | None:
    """Return the type of that name in whatever case, None for no name. Raises: UsageError."""
    if word is None:
        return None
    for one in TYPES:
        if one.lower() == word.lower():
            return one
    raise UsageError(
        f"There is no type of integration '{word}'.", next_step=f"The types are {', '.join(TYPES)}."
    )


def described(given: Given, wires: Wires, *, request_type: str | None = None) -> dict[str, Json]:
    """Return the integration that a command line of `create` describes, as it is sent.

    Raises: UsageError, WebhookFileWrong, FileError.
    """
    event, url, device = given.word("event"), given.optional("url"), given.optional("device")
    kind = type_named(given.text("type") if given.path.startswith("integration") else None) or WEBHOOK
    if url is None and device is None and event.lower().endswith(".json"):
        document = read_document(event, wires)
        wires.person.say(f"Using settings from the file {event}")
        return checked(document, kind)
    request_type = request_type or given.optional("requestType")
    said = {"event": event, "url": url, "deviceid": device, "requestType": request_type}
    return checked({key: value for key, value in said.items() if value is not None}, kind)


def read_document(path: str, wires: Wires) -> dict[str, Json]:
    """Return the JSON object in a file. Raises: WebhookFileWrong, FileError."""
    try:
        text = wires.read(path)
    except FileMissing as missing:
        raise WebhookFileWrong(
            f"{path} is not found.", next_step="See whether the path is right."
        ) from missing
    try:
        document: Json = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise WebhookFileWrong(
            f"Please check your .json file for syntax error. {path}: {fault}",
            next_step=f"It has to hold a JSON object such as {_EXAMPLE}",
        ) from fault
    if not isinstance(document, dict):
        raise WebhookFileWrong(
            f"{path} does not hold a JSON object.", next_step=f"It has to be one such as {_EXAMPLE}"
        )
    return document


def checked(document: Mapping[str, Json], kind: str) -> dict[str, Json]:
    """Return a description with an event and a type, as it is sent. Raises: UsageError, WebhookFileWrong."""
    event = document.get("event") or document.get("eventName")
    if not event:
        raise UsageError("Please specify an event name", next_step=f"A file of JSON begins: {_EXAMPLE}")
    whole = {"event": event, **document}
    named = whole.pop("integration_type", kind)
    if not isinstance(event, str) or not isinstance(named, str):
        raise WebhookFileWrong(
            "The event and the integration_type of an integration are texts.",
            next_step=f"Write them in quotes, as in {_EXAMPLE}",
        )
    whole["event"] = event
    whole["integration_type"] = type_named(named)
    if whole["integration_type"] == WEBHOOK:
        url = whole.get("url")
        if not url:
            raise UsageError("Please specify a url", next_step=f"A file of JSON holds it as in {_EXAMPLE}")
        if not isinstance(url, str):
            raise WebhookFileWrong("The url is a text.", next_step=f"Write it in quotes, as in {_EXAMPLE}")
    return whole
