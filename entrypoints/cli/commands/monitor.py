"""`particle monitor`: a variable, read again and again."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING

from particle_cli.domain.cloud.device_list import in_order, list_in_detail
from particle_cli.domain.cloud.devices import get_variable
from particle_cli.domain.cloud.errors import CloudTokenInvalid, NotLoggedIn
from particle_cli.entrypoints.cli.commands.cloud_session import check_product_device, cloud_session
from particle_cli.entrypoints.cli.commands.get import NoMatchingDevice, Reading, reading_of
from particle_cli.entrypoints.cli.result import Result, Streamed
from particle_cli.entrypoints.cli.stream import Stream
from particle_cli.ports.clock import TimeIsUp
from particle_cli.ports.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from particle_cli.domain.cloud.client import CloudClient
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

_SHORTEST_MS = 500.0


async def run(given: Given, wires: Wires) -> Result:
    """Read the variable in rounds, until somebody ends it, the time is up, or there were enough rounds."""
    device, variable, product = given.word("device"), given.word("variable"), given.text("product")
    if device != "all":
        check_product_device(device, product)
    interval_s = _interval_ms(given, wires) / 1000
    wires.person.note("Hit CTRL-C to stop!")
    seconds = given.number("timeout")
    async with cloud_session(wires) as client:
        ids = await _all_having(wires, client, variable, product) if device == "all" else [device]
        rounds = _Rounds(given, wires, client, ids, several=device == "all")
        with suppress(TimeIsUp):  # that is how it was meant to end
            async with nullcontext() if seconds is None else wires.clock.timeout(seconds):
                await rounds.run(interval_s)
    return Streamed()


async def _all_having(wires: Wires, client: CloudClient, variable: str, product: str | None) -> list[str]:
    devices = await list_in_detail(client, wires.clock, product=product)
    found = in_order([one for one in devices if variable in (one.variables or {})])
    if not found:
        raise NoMatchingDevice(
            "No matching device", next_step=f"No device that is online has a variable `{variable}`."
        )
    return [one.id for one in found]


def _interval_ms(given: Given, wires: Wires) -> float:
    """Return the milliseconds between rounds. Raises: UsageError."""
    word, flag = given.optional("interval"), given.number("delay")
    try:
        asked = flag if word is None else float(word)
    except ValueError:
        raise UsageError(f"'{word}' is no number of milliseconds.") from None
    if asked is None:
        return _SHORTEST_MS
    if not asked >= _SHORTEST_MS:
        wires.person.warn(f"Delay was too short, resetting to {_SHORTEST_MS:.0f}ms")
    return max(asked, _SHORTEST_MS)


class _Rounds:
    """Readings of the same variable of the same devices."""

    def __init__(
        self, given: Given, wires: Wires, client: CloudClient, devices: Sequence[str], *, several: bool
    ) -> None:
        self._wires = wires
        self._client = client
        self._devices = devices
        self._several = several
        self._variable = given.word("variable")
        self._product = given.text("product")
        self._timed = given.flag("time")
        self._left = None if given.number("max") is None else max(1, int(given.number("max") or 1))
        self._stream = Stream(wires.person, json=given.flag("json"))

    async def run(self, interval_s: float) -> None:
        """Read in rounds, until there were enough or nobody reads what is printed."""
        while await self._round():
            if self._left is not None:
                self._left -= 1
                if not self._left:
                    return
            await self._wires.clock.sleep(interval_s)

    async def _round(self) -> bool:
        """Print one reading of each device; return whether somebody reads them."""
        answers = await self._wires.clock.together(
            *(get_variable(self._client, one, self._variable, product=self._product) for one in self._devices)
        )
        for device, answer in zip(self._devices, answers, strict=True):
            if isinstance(answer, (NotLoggedIn, CloudTokenInvalid)):
                raise answer
            if not self._print(reading_of(self._wires, device, answer)):
                return False
        return True

    def _print(self, reading: Reading) -> bool:
        line = reading.line(several=self._several, timed=self._timed)
        return self._stream.text(f"{line}\n") and self._stream.record(reading.data(self._variable))
