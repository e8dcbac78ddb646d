"""`particle usb send-request`: something for the applications of devices to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.control.application import send
from particle_cli.domain.devices.support import request_channel
from particle_cli.entrypoints.cli.commands.each_device import Job, Outcome, each_device
from particle_cli.entrypoints.cli.commands.milliseconds import seconds_given
from particle_cli.entrypoints.wires import STDIN

if TYPE_CHECKING:
    from particle_cli.domain.devices.found import FoundDevice
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.cli.result import Plain, Result
    from particle_cli.entrypoints.wires import Wires


async def run(given: Given, wires: Wires) -> Result:
    """Send the payload to devices and tell what they answer."""
    word, timeout_s, silent = given.word("payload"), seconds_given(given), given.flag("silent")
    payload = wires.read(STDIN) if word == STDIN else word.encode()

    async def carry_out(device: FoundDevice) -> Outcome:
        async with request_channel(wires.usb, wires.clock, device) as channel:
            answer = await send(channel, payload, timeout_s=timeout_s)
        text = answer.decode("utf-8", "replace")
        if not silent:
            lines = [f"Device {device.id}:", f"Command was successfully sent to device {device.id}."]
            text = "\n".join(lines + ([f"Response from device {device.id}: {text}"] if answer else []))
        return Outcome(text, _data(answer), titled=True)

    return await each_device(given, wires, Job(carry_out))


def _data(answer: bytes) -> dict[str, Plain]:
    try:
        return {"response": answer.decode()}
    except UnicodeDecodeError:
        return {"response": None, "responseHex": answer.hex()}
