"""`particle device add|rename|remove`: whose devices are, and what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.cloud.devices import get_device
from particle_cli.domain.cloud.ownership import (
    DeviceOfAnother,
    claim_device,
    release_device,
    rename_device,
)
from particle_cli.domain.platforms.device_ids import is_device_id
from particle_cli.entrypoints.cli.commands.cloud_session import (
    check_product_device,
    cloud_session,
    prefixed,
)
from particle_cli.entrypoints.cli.result import Plain, Result, Told
from particle_cli.ports.errors import UsageError
from particle_cli.ports.person import NotConfirmed

if TYPE_CHECKING:
    from particle_cli.domain.cloud.client import CloudClient
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires


async def add(given: Given, wires: Wires) -> Result:
    """Claim a device; one of somebody else is asked for, if the person wants that."""
    word = given.word("deviceID")
    if not is_device_id(word):
        raise UsageError(
            f"A device is claimed by its id of 24 hexadecimal digits, not as '{word}'.",
            next_step="See the ids of devices attached over USB with particle usb list.",
        )
    wires.person.say(f"Claiming device {word}")
    with prefixed("Failed to claim device: "):
        async with cloud_session(wires) as client:
            try:
                transfer = await claim_device(client, word, request_transfer=given.flag("request-transfer"))
            except DeviceOfAnother:
                if given.flag("request-transfer") or not wires.person.present:
                    raise
                transfer = await _ask_for(wires, client, word)
    told: dict[str, Plain] = {"id": word.lower(), "claimed": transfer is None, "transferId": transfer}
    if transfer is not None:
        return Told(
            "Transfer requested. You will receive an email if your transfer is approved or denied.", told
        )
    return Told(f"Successfully claimed device {word}", told)


async def _ask_for(wires: Wires, client: CloudClient, word: str) -> str | None:
    question = "That device belongs to someone else. Would you like to request a transfer?"
    if not await wires.person.confirm(question, flag="--request-transfer", default=True):
        raise NotConfirmed("You cannot claim a device owned by someone else")
    return await claim_device(client, word, request_transfer=True)


async def rename(given: Given, wires: Wires) -> Result:
    """Give a device another name."""
    device, name, product = given.word("device"), given.word("name"), given.text("product")
    check_product_device(device, product)
    wires.person.say(f"Renaming device {device}")
    async with cloud_session(wires) as client:
        await rename_device(client, device, name, product=product)
    return Told(f"Successfully renamed device {device} to: {name}", {"device": device, "name": name})


async def remove(given: Given, wires: Wires) -> Result:
    """Release a device, once the person has agreed."""
    device = given.word("device")
    async with cloud_session(wires) as client:
        record = await get_device(client, device)
        if not given.flag("yes"):
            answer = await wires.person.ask("Are you sure?  Please Type yes to continue:", flag="--yes")
            if answer.strip().lower() not in ("yes", "y"):
                raise NotConfirmed("Not confirmed")
        wires.person.say(f"releasing device {device}")
        await release_device(client, record.id)
    if record.cellular:
        wires.person.warn(
            "A released device goes on being billed for its SIM card: pause or release the SIM card, too."
        )
    return Told("Okay!", {"id": record.id, "released": True})
