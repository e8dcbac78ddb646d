"""`particle usb setup-done`: the flag that keeps old Gen 3 devices out of listening mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.devices.setup_done import mark_setup_done
from particle_cli.entrypoints.cli.commands.each_device import Job, Outcome, each_device

if TYPE_CHECKING:
    from particle_cli.domain.devices.found import FoundDevice
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.cli.result import Result
    from particle_cli.entrypoints.wires import Wires


async def run(given: Given, wires: Wires) -> Result:
    """Set the flag of devices that have it, or clear it with `--reset`."""
    done = not given.flag("reset")

    async def carry_out(device: FoundDevice) -> Outcome:
        left_alone = await mark_setup_done(wires.usb, wires.clock, device, done=done)
        return Outcome(left_alone or "Done.", {"changed": left_alone is None})

    plan = "set the setup done flag, if it has one" if done else "clear the setup done flag, if it has one"
    return await each_device(given, wires, Job(carry_out, plan=lambda _: plan))
