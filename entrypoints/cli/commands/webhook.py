"""`particle webhook …` and `particle integration …`: what the cloud does when events are published."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from particle_cli.domain.cloud.integrations import (
    WEBHOOK,
    Integration,
    create_integration,
    delete_integration,
    get_integration,
    list_integrations,
)
from particle_cli.entrypoints.cli.commands.cloud_session import cloud_session
from particle_cli.entrypoints.cli.commands.webhook_file import described, owner_of, type_named
from particle_cli.entrypoints.cli.result import Plain, Result, Told

if TYPE_CHECKING:
    from particle_cli.domain.cloud.client import CloudClient
    from particle_cli.domain.cloud.integrations import Owner
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

_ALL = "all"


class _Words:
    """How the two families of commands call things."""

    def __init__(self, given: Given) -> None:
        self.one = given.path.partition(" ")[0]
        self.only_webhooks = self.one == "webhook"
        self.many = "hooks" if self.only_webhooks else "integrations"
        self.short = "Hook" if self.only_webhooks else "Integration"
        self.all = "webhooks" if self.only_webhooks else "integrations"


async def create(given: Given, wires: Wires) -> Result:
    """Make an integration from words or from a file."""
    return await _create(given, wires, None)


async def create_post(given: Given, wires: Wires) -> Result:
    """Make a webhook that sends POST requests."""
    return await _create(given, wires, "POST")


async def create_get(given: Given, wires: Wires) -> Result:
    """Make a webhook that sends GET requests."""
    return await _create(given, wires, "GET")


async def _create(given: Given, wires: Wires, request_type: str | None) -> Result:
    owner, words = owner_of(given), _Words(given)
    document = described(given, wires, request_type=request_type)
    async with cloud_session(wires) as client:
        number = await create_integration(client, document, owner)
    told: dict[str, Plain] = {
        "id": number,
        "event": str(document["event"]),
        "type": str(document["integration_type"]),
    }
    return Told(f"Successfully created {words.one} with ID {number}", told)


async def list_all(given: Given, wires: Wires) -> Result:
    """List the integrations of the account, a product or an organization."""
    words = _Words(given)
    async with cloud_session(wires) as client:
        found = await _wanted(client, owner_of(given), given, words)
    return _Listed(found, words)


async def delete(given: Given, wires: Wires) -> Result:
    """Delete one integration, or all of them once the person has agreed."""
    owner, words, number = owner_of(given), _Words(given), given.word("id")
    async with cloud_session(wires) as client:
        if number != _ALL:
            await delete_integration(client, number, owner)
            return Told(f"Successfully deleted {words.one}!", {"deleted": [number]})
        question = f"Do you want to delete ALL your {words.all}?"
        if not given.flag("yes") and not await wires.person.confirm(question, flag="--yes", default=False):
            return Told("", {"deleted": []})
        found = await _wanted(client, owner, given, words)
        wires.person.say(f"Found {len(found)} {words.many} registered\n")
        for one in found:
            wires.person.say(f"deleting {one.id}")
            await delete_integration(client, one.id, owner)
    return Told("", {"deleted": [one.id for one in found]})


async def show(given: Given, wires: Wires) -> Result:
    """Print the settings of an integration as JSON that `create` and `apply` take."""
    async with cloud_session(wires) as client:
        found = await get_integration(client, given.word("id"), owner_of(given))
    settings = dict(found.settings)
    if found.type == WEBHOOK:
        settings.pop("integration_type", None)
    return Told(json.dumps(settings, indent=2, ensure_ascii=False), settings)


async def _wanted(client: CloudClient, owner: Owner, given: Given, words: _Words) -> tuple[Integration, ...]:
    """Return the integrations that a command is about."""
    kind = WEBHOOK if words.only_webhooks else type_named(given.text("type"))
    return tuple(one for one in await list_integrations(client, owner) if kind in (None, one.type))


class _Listed(Result):
    """Integrations, each with what triggers it and where it sends to."""

    def __init__(self, found: Sequence[Integration], words: _Words) -> None:
        self._found = found
        self._words = words

    def text(self, width: int) -> str:
        lines = [f"Found {len(self._found)} {self._words.many} registered", ""]
        for number, one in enumerate(self._found, 1):
            lines.append(f'    {number}.) {self._words.short} ID {one.id} is watching for "{one.event}"')
            if not self._words.only_webhooks:
                lines.append(f"        type: {one.type}")
            if one.url:
                lines.append(f"        and sending to: {one.url}")
            if one.device_id:
                lines.append(f"        for device {one.device_id}")
            if one.disabled:
                lines.append("        but is disabled")
            lines += [f"        created at {one.created_at}", ""] if one.created_at else [""]
        return "\n".join(lines)

    def data(self) -> Plain:
        return [
            {
                "id": one.id,
                "event": one.event,
                "type": one.type,
                "name": one.name,
                "url": one.url,
                "requestType": one.request_type,
                "deviceId": one.device_id,
                "disabled": one.disabled,
                "createdAt": one.created_at,
            }
            for one in self._found
        ]
