"""`particle webhook apply FILE`: make an integration what a file says, and tell what that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.cloud.integration_changes import Change, changes, matching
from particle_cli.domain.cloud.integrations import (
    WEBHOOK,
    Owner,
    create_integration,
    get_integration,
    list_integrations,
    update_integration,
)
from particle_cli.entrypoints.cli.commands.cloud_session import cloud_session
from particle_cli.entrypoints.cli.commands.webhook_file import checked, owner_of, read_document
from particle_cli.entrypoints.cli.result import Plain, Result, Told
from particle_cli.ports.errors import ParticleError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from particle_cli.domain.cloud.client import CloudClient
    from particle_cli.domain.cloud.reading import Json
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires


class NotTheOnlyOne(ParticleError):
    """Several integrations fit a file, or none of the id that it names."""

    code = "integration_ambiguous"


async def run(given: Given, wires: Wires) -> Result:
    """Create or update an integration."""
    owner, dry, word = owner_of(given), given.flag("dry-run"), given.path.partition(" ")[0]
    document = checked(read_document(given.word("file"), wires), WEBHOOK)
    async with cloud_session(wires) as client:
        number = await _meant(client, owner, document)
        sent = {key: value for key, value in document.items() if key != "id"}
        if number is None:
            if dry:
                return _told(f'Would create a {word} for "{document["event"]}"', "create", None, ())
            number = await create_integration(client, sent, owner)
            return _told(f"Successfully created {word} with ID {number}", "created", number, ())
        there = await get_integration(client, number, owner)
        found = changes(there.settings, sent)
        if not found:
            return _told(f"{word.capitalize()} {number} is as the file says", "unchanged", number, ())
        if not dry:
            await update_integration(client, number, sent, owner)
    head = f"Would update {word} {number}:" if dry else f"Updated {word} {number}:"
    text = "\n".join((head, *(f"    {change.text}" for change in found)))
    return _told(text, "update" if dry else "updated", number, found)


async def _meant(client: CloudClient, owner: Owner, document: Mapping[str, Json]) -> str | None:
    """Return the id of the integration that a file describes, or None if there is none yet."""
    found = matching(document, await list_integrations(client, owner))
    if len(found) > 1:
        ids = ", ".join(one.id for one in found)
        raise NotTheOnlyOne(
            f"{len(found)} integrations fit this file: {ids}.",
            next_step='Say which one is meant: put its "id" into the file.',
        )
    if not found and "id" in document:
        raise NotTheOnlyOne(
            f"There is no integration {document['id']}.",
            next_step='Take "id" out of the file to have a new one made.',
        )
    return found[0].id if found else None


def _told(text: str, action: str, number: str | None, found: tuple[Change, ...]) -> Told:
    changed: list[Plain] = [
        {"setting": one.setting, "before": one.before, "after": one.after} for one in found
    ]
    return Told(text, {"action": action, "id": number, "changes": changed})
