"""`particle usb env`: the environment variables of devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.control.environment import Environment, environment
from particle_cli.domain.control.errors import RequestFailed
from particle_cli.domain.control.result_codes import ResultCode
from particle_cli.domain.devices.support import request_channel
from particle_cli.entrypoints.cli.commands.each_device import Job, Outcome, each_device
from particle_cli.ports.errors import ParticleError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from particle_cli.domain.devices.found import FoundDevice
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.cli.result import Plain, Result
    from particle_cli.entrypoints.wires import Wires

_HEAD = ("Name", "Value", "Scope")
_NOTHING = "  No environment variables set"


class EnvUnsupported(ParticleError):
    """The device's Device OS has no environment variables."""

    code = "env_unsupported"


async def run(given: Given, wires: Wires) -> Result:
    """Show the variables of devices, sorted by name."""

    async def carry_out(device: FoundDevice) -> Outcome:
        found = await _asked(wires, device)
        head = f"Device: {device.id} ({device.display_name})"
        return Outcome("\n".join((head, *(_table(found) or (_NOTHING,)))), _data(device, found), titled=True)

    return await each_device(given, wires, Job(carry_out))


async def _asked(wires: Wires, device: FoundDevice) -> Environment:
    async with request_channel(wires.usb, wires.clock, device) as channel:
        try:
            return await environment(channel)
        except RequestFailed as failed:
            if failed.result != ResultCode.NOT_SUPPORTED:
                raise
            raise EnvUnsupported(
                "USB env is only supported on Device OS 6.4.0 or later: "
                f"device {device.id} runs {channel.system_version or 'an unknown version'}.",
                next_step="Update it: particle flash --local tinker --target VERSION",
            ) from failed


def _table(found: Environment) -> Sequence[str]:
    """Return the lines of the table; none for no variables."""
    rows = [
        (one.name, one.value, "Firmware" if one.is_app else "Cloud")
        for one in sorted(found.vars, key=lambda one: one.name)
    ]
    if not rows:
        return ()
    names, values, _ = (max(map(len, column)) for column in zip(_HEAD, *rows, strict=True))
    return [f"  {name:{names}}  {value:{values}}  {scope}" for name, value, scope in (_HEAD, *rows)]


def _data(device: FoundDevice, found: Environment) -> dict[str, Plain]:
    return {
        "deviceId": device.id,  # what scripts written for the Node CLI look for
        "env": {one.name: {"value": one.value, "isApp": one.is_app} for one in found.vars},
        "snapshot": {"hash": found.snapshot.hex()} if found.snapshot else None,
    }
