"""`particle nyan`: devices that shout rainbows with their LED, to be found among others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from particle_cli.domain.cloud.devices import list_devices
from particle_cli.domain.cloud.ownership import signal_device
from particle_cli.entrypoints.cli.commands.cloud_session import check_product_device, cloud_session
from particle_cli.entrypoints.cli.result import Plain, Result, error_data
from particle_cli.ports.errors import ParticleError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

_SWITCHES = ("on", "off")


class Signalled(Result):
    """Which devices signal now, or do not; nothing is printed where all is well."""

    def __init__(self, devices: Sequence[str], outcomes: Sequence[object], *, on: bool) -> None:
        """Keep devices and outcomes, in the same order."""
        self._outcomes = tuple(zip(devices, outcomes, strict=True))
        self._on = on
        self.errors = tuple(outcome for outcome in outcomes if isinstance(outcome, ParticleError))

    def text(self, width: int) -> str:
        """Return nothing: the LEDs tell."""
        return ""

    def data(self) -> Plain:
        """Return an entry for each device."""
        return [
            {"device": device, "signaling": self._on, "ok": True}
            if not isinstance(outcome, ParticleError)
            else {"device": device, "ok": False, "error": error_data(outcome)}
            for device, outcome in self._outcomes
        ]


async def run(given: Given, wires: Wires) -> Result:
    """Switch the signal of one device, or of all that are online."""
    device, on, product = *_meant(given), given.text("product")
    if device is not None:
        check_product_device(device, product)
    async with cloud_session(wires) as client:
        if device is not None:
            await signal_device(client, device, on, product=product)
            return Signalled([device], [None], on=on)
        online = [one.id for one in await list_devices(client, product=product) if one.is_online]
        jobs = (signal_device(client, one, on, product=product) for one in online)
        return Signalled(online, await wires.clock.together(*jobs), on=on)


def _meant(given: Given) -> tuple[str | None, bool]:
    """Return the device, None for all, and whether it is to signal. Raises: UsageError."""
    first, second = given.optional("device"), given.optional("onOff")
    if second is None and first in _SWITCHES:
        first, second = None, first
    if second is not None and second not in _SWITCHES:
        raise UsageError(f"'{second}' is neither on nor off.", next_step="Run: particle nyan [device] on|off")
    return (None if first == "all" else first), second != "off"
